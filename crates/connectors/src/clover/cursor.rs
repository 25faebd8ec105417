//! Where a list goes on. Made by `learn`, read by `requests`; the platform itself gives no cursors.
//!
//! A page that is counted off by `offset` shifts when something is changed while it is read. Orders are therefore walked
//! by their time of change: the next page starts at the last time seen, and `offset` serves only inside one millisecond.

use super::http_request::escaped;

/// How long a window a filter may span: 90 days, in milliseconds
/// (<https://docs.clover.com/dev/reference/ordergetorders>).
const WINDOW_MS: i64 = 90 * 86_400_000;

/// A place in the walk through orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Changed at this time or later, milliseconds since 1970.
    pub(super) from: i64,
    /// Elements to leave out.
    pub(super) offset: u64,
}

impl Place {
    /// No cursor is the start. `None` when the text is none of ours.
    pub(super) fn parse(text: Option<&str>, since: i64) -> Option<Self> {
        let Some(text) = text else { return Some(Self { from: since.max(0), offset: 0 }) };
        let (from, offset) = text.split_once(':')?;
        let place = Self { from: from.parse().ok()?, offset: offset.parse().ok()? };
        (place.from >= 0).then_some(place)
    }

    /// Where the window ends; nothing changed at that very time is in it.
    pub(super) fn end(&self) -> i64 {
        self.from.saturating_add(WINDOW_MS)
    }

    /// The place after a page. `times` are those of its elements in order, `full` says that there may be more, and `now`
    /// is a time up to which there is something to look for.
    pub(super) fn next(&self, times: &[i64], elements: usize, full: bool, now: i64) -> Option<Self> {
        if !full {
            let on = self.end();
            return (on <= now && on > self.from).then_some(Self { from: on, offset: 0 });
        }
        let sorted = times.is_sorted() && times.len() == elements;
        match times.last() {
            Some(last) if sorted && *last > self.from => Some(Self { from: *last, offset: 0 }),
            // One millisecond fills the page, or the order of the page cannot be relied on.
            _ => Some(Self { offset: self.offset.saturating_add(elements as u64), ..*self }),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.from, self.offset)
    }
}

/// How many elements two pages of a counted list have in common, so that as many changes in between lose nothing.
const OVERLAP: u64 = 50;

/// Where a counted list goes on after a full page.
fn on(offset: u64, limit: u64) -> u64 {
    offset.saturating_add(limit.saturating_sub(OVERLAP).max(1))
}

/// What a counted list holds: Clover lists what is deleted only when that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    /// What is there.
    Living,
    /// What was there.
    Deleted,
}

/// Stands before the offset while what is deleted is listed.
const DELETED: &str = "deleted:";

/// A place in the walk through both halves of a counted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Walk {
    /// Which half.
    pub(super) half: Half,
    /// Elements to leave out.
    pub(super) offset: u64,
}

impl Walk {
    /// No cursor is the start of the first half. `None` when the text is none of ours.
    pub(super) fn parse(text: Option<&str>, first: Half) -> Option<Self> {
        let Some(text) = text else { return Some(Self { half: first, offset: 0 }) };
        let (half, offset) = match text.strip_prefix(DELETED) {
            Some(offset) => (Half::Deleted, offset),
            None => (Half::Living, text),
        };
        Some(Self { half, offset: offset.parse().ok()? })
    }

    /// The place after a page; `last` is the half that is walked to the end.
    pub(super) fn next(self, full: bool, limit: u64, last: Half) -> Option<Self> {
        if full {
            return Some(Self { offset: on(self.offset, limit), ..self });
        }
        (self.half != last).then_some(Self { half: last, offset: 0 })
    }
}

impl std::fmt::Display for Walk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let half = if self.half == Half::Deleted { DELETED } else { "" };
        write!(f, "{half}{}", self.offset)
    }
}

/// How many ids a list of levels carries on to its next page.
const TAIL: usize = 2 * OVERLAP as usize;

/// A place in the list of all levels. A level must not be told twice in one reading, so the last ids of a page are
/// carried on, and what the overlap or a shifted page repeats of them is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Levels {
    /// Elements to leave out.
    pub(super) offset: u64,
    /// Ids told last, escaped.
    told: Vec<String>,
}

impl Levels {
    /// No cursor is the start. `None` when the text is none of ours.
    pub(super) fn parse(text: Option<&str>) -> Option<Self> {
        let Some(text) = text else { return Some(Self::default()) };
        let (offset, told) = text.split_once(':')?;
        let told = told.split(',').filter(|id| !id.is_empty()).map(str::to_owned);
        Some(Self { offset: offset.parse().ok()?, told: told.collect() })
    }

    /// Remembers an id; false when it was told lately.
    pub(super) fn is_new(&mut self, id: &str) -> bool {
        let id = escaped(id);
        if self.told.contains(&id) {
            return false;
        }
        if self.told.len() >= TAIL {
            self.told.remove(0);
        }
        self.told.push(id);
        true
    }

    /// Where it goes on after a full page.
    pub(super) fn on(self, limit: u64) -> Self {
        Self { offset: on(self.offset, limit), ..self }
    }
}

impl std::fmt::Display for Levels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.offset, self.told.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_levels_carries_on_its_last_ids_and_no_more() {
        let mut place = Levels::parse(None).expect("no cursor is the start");
        assert!(place.is_new("A,1") && place.is_new("B") && !place.is_new("A,1"));
        let mut next = Levels::parse(Some(&place.on(1_000).to_string())).expect("it reads back");
        assert_eq!(next.offset, 950);
        assert!(!next.is_new("B") && next.is_new("C"));
        for number in 0..98 {
            assert!(next.is_new(&number.to_string()));
        }
        assert!(next.is_new("A,1") && !next.is_new("C"), "the oldest is forgotten");
        assert_eq!((Levels::parse(Some("950")), Levels::parse(Some("x:"))), (None, None));
    }

    #[test]
    fn one_half_of_a_list_is_walked_after_the_other() {
        let start = Walk::parse(None, Half::Deleted).expect("no cursor is the start");
        let second = start.next(true, 1_000, Half::Living).expect("the page is full");
        assert_eq!(second.to_string(), "deleted:950");
        assert_eq!(Walk::parse(Some("deleted:950"), Half::Living), Some(second));
        let living = second.next(false, 1_000, Half::Living).expect("the other half is left");
        assert_eq!((living.half, living.to_string().as_str()), (Half::Living, "0"));
        assert_eq!(living.next(false, 1_000, Half::Living), None);
    }

    const DAY: i64 = 86_400_000;

    #[test]
    fn a_full_page_goes_on_at_the_last_time_seen() {
        let start = Place::parse(None, 1_000).expect("no cursor is the start");
        let next = start.next(&[1_000, 2_000], 2, true, 0).expect("the page is full");
        assert_eq!(next.to_string(), "2000:0");
        assert_eq!(Place::parse(Some("2000:0"), 1_000), Some(next));
    }

    #[test]
    fn a_page_of_one_millisecond_or_out_of_order_is_counted_off() {
        let start = Place { from: 1_000, offset: 3 };
        assert_eq!(start.next(&[1_000, 1_000], 2, true, 0), Some(Place { from: 1_000, offset: 5 }));
        assert_eq!(start.next(&[3_000, 2_000], 2, true, 0), Some(Place { from: 1_000, offset: 5 }));
        // One element of the page could not be read, so its last time is not known.
        assert_eq!(start.next(&[2_000], 2, true, 0), Some(Place { from: 1_000, offset: 5 }));
    }

    #[test]
    fn a_long_history_is_walked_in_windows_of_ninety_days() {
        let now = 200 * DAY;
        let first = Place { from: 0, offset: 0 };
        let second = first.next(&[5], 1, false, now).expect("there is another window");
        assert_eq!((second.from, second.end()), (90 * DAY, 180 * DAY));
        let third = second.next(&[], 0, false, now).expect("there is a third");
        assert_eq!(third.next(&[], 0, false, now), None);
        assert_eq!(Place { from: i64::MAX, offset: 0 }.next(&[], 0, false, i64::MAX), None);
    }

    #[test]
    fn a_cursor_of_somebody_else_is_refused() {
        for text in ["", "x", "1", "1:", ":1", "-1:0", "1:-1", "1:0:0"] {
            assert_eq!(Place::parse(Some(text), 0), None, "{text}");
        }
        for text in ["", "x", "-7", "deleted:", "deleted:-1", "deleted"] {
            assert_eq!(Walk::parse(Some(text), Half::Living), None, "{text}");
        }
        assert_eq!((on(0, 1_000), on(u64::MAX, 1_000), on(5, 10)), (950, u64::MAX, 6));
    }
}
