//! What speaks for each item that could be wanted next. Called by the ranking and while weights are learnt; it weighs
//! nothing itself.

use stats::num::{exp, ln};

use super::near::Looking;
use super::rows::Rows;
use super::tables::{LATELY_LEAST, Tables};
use super::trails::Trails;
use super::{Kind, Settings};

/// Kinds of evidence, as they are told to a person. The last six are squares of the first six, so that more of a kind
/// may count less than in proportion; they are told together with them.
pub const NAMES: [&str; WIDTH] = [
    "usually comes next",
    "usually goes together",
    "came next in similar trails",
    "is in similar trails",
    "is one step further",
    "fits where the trail leads",
    "is often wanted",
    "is often wanted lately",
    "came next in the most similar trail",
    "was looked at already",
    "was looked at just now",
    "was looked at longer ago",
    "was looked at again and again",
    "was looked at in a long trail",
    "came right after the last one",
    "is in trails with the last two",
    "was not wanted for some time",
    "is like the last one to those who look",
    "is like the last one to those who choose",
    "usually comes next",
    "usually goes together",
    "came next in similar trails",
    "is in similar trails",
    "is one step further",
    "fits where the trail leads",
];
/// How many kinds.
pub const WIDTH: usize = 25;

const NEXT: usize = 0;
const TOGETHER: usize = 1;
const STEPS: usize = 2;
const SIMILAR: usize = 3;
const FURTHER: usize = 4;
const FITS: usize = 5;
const OFTEN: usize = 6;
const LATELY: usize = 7;
const CLOSEST: usize = 8;
const SEEN: usize = 9;
const JUST: usize = 10;
const AGO: usize = 11;
const AGAIN: usize = 12;
const LONG: usize = 13;
const RIGHT_AFTER: usize = 14;
const BOTH: usize = 15;
const AGE: usize = 16;
const LOOKED: usize = 17;
const CHOSEN: usize = 18;
const SQUARES: usize = 19;

/// The kind that one of the squares is told together with; any other kind is itself.
pub(super) fn plain_kind(kind: usize) -> usize {
    if kind >= SQUARES { kind - SQUARES } else { kind }
}

/// Below this, a sum of weights is as good as nothing.
const LEAST: f64 = 1e-3;
/// Items from which one step further is taken.
const STEPS_FROM: usize = 30;
/// Candidates that are looked at closely.
const CLOSELY: usize = 400;
/// Latest items of the present trail that are looked at.
const LAST: usize = 100;
/// Latest items that may be looked at again.
const LAST_SEEN: usize = 20;
/// Newest trails of the last item, and of the one before, whose counts are taken.
const NEWEST: usize = 500;

/// The items that could be wanted, and what speaks for each. Kept between questions: it is as large as the catalogue.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// Per item: its place in `found`, or `u32::MAX`.
    slot: Vec<u32>,
    /// The items.
    pub(super) found: Vec<u32>,
    /// Per item found: raw sums, turned into what is weighed by [`gather`](Self::gather).
    pub(super) inputs: Vec<[f32; WIDTH]>,
    looking: Looking,
    stand: Vec<f32>,
}

impl Evidence {
    /// Gathers it for a trail. What was looked at may be wanted again, what is in a cart may not.
    pub(super) fn gather(&mut self, past: &Trails, tables: &Tables, settings: &Settings, trail: &[u32]) {
        let again = settings.kind == Kind::Browsing;
        self.clear(past.items());
        if !trail.is_empty() {
            self.add_rows(&tables.next, trail, settings.next.reach, NEXT);
            self.add_rows(&tables.together, trail, settings.together.reach, TOGETHER);
            self.add_near(past, settings, trail);
            self.add_counts(past, trail);
            self.add_further(tables);
        }
        if !again {
            self.drop_seen(trail);
        }
        self.narrow();
        for item in tables.favourites.iter().filter(|item| again || !trail.contains(item)) {
            self.of(*item);
        }
        if again {
            self.add_seen(trail);
        }
        self.finish(past, tables, trail);
    }

    /// Leaves the candidates for which most speaks at first sight: each raw sum as a share of its largest.
    fn narrow(&mut self) {
        if self.found.len() <= CLOSELY {
            return;
        }
        let kinds = [NEXT, TOGETHER, STEPS, SIMILAR, FURTHER];
        let mut largest = [1e-30_f32; 5];
        for inputs in &self.inputs {
            largest.iter_mut().zip(kinds).for_each(|(largest, kind)| *largest = largest.max(inputs[kind]));
        }
        let at_first =
            |inputs: &[f32; WIDTH]| largest.iter().zip(kinds).map(|(all, kind)| inputs[kind] / all).sum::<f32>();
        let mut order: Vec<(f32, u32, u32)> = self
            .found
            .iter()
            .zip(&self.inputs)
            .zip(0..)
            .map(|((item, inputs), place)| (at_first(inputs), *item, place))
            .collect();
        order.select_nth_unstable_by(CLOSELY, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        order.truncate(CLOSELY);
        order.sort_unstable_by_key(|one| one.2);
        for item in &self.found {
            self.slot[*item as usize] = u32::MAX;
        }
        for (new, (_, item, place)) in order.iter().enumerate() {
            self.found[new] = *item;
            self.inputs[new] = self.inputs[*place as usize];
            self.slot[*item as usize] = new as u32;
        }
        self.found.truncate(CLOSELY);
        self.inputs.truncate(CLOSELY);
    }

    /// Raw sums become what is weighed, and what depends on the item alone is added.
    fn finish(&mut self, past: &Trails, tables: &Tables, trail: &[u32]) {
        tables.vectors.stand(trail, &mut self.stand);
        let long = ln(trail.len().max(1) as f64) as f32;
        let least = |raw: f32, least: f64| ln(least + f64::from(raw.max(0.0))) as f32;
        for (item, inputs) in self.found.iter().zip(&mut self.inputs) {
            inputs[FITS] = tables.vectors.pull(&self.stand, *item);
            (inputs[LOOKED], inputs[CHOSEN]) =
                trail.last().map_or((0.0, 0.0), |last| tables.vectors.alike(*last, *item));
            inputs[OFTEN] = tables.often.get(*item as usize).copied().unwrap_or(0.0);
            inputs[LATELY] = tables.lately.get(*item as usize).copied().unwrap_or(ln(LATELY_LEAST) as f32);
            let newest = past.holders(*item).last().map_or(0, |newest| *newest as usize);
            inputs[AGE] = least((past.len() - newest) as f32, 1.0);
            inputs[LONG] = inputs[SEEN] * long;
            inputs[NEXT..=FURTHER].iter_mut().for_each(|raw| *raw = least(*raw, LEAST));
            inputs[CLOSEST] = least(inputs[CLOSEST], LEAST);
            inputs[RIGHT_AFTER] = least(inputs[RIGHT_AFTER], 0.1);
            inputs[BOTH] = least(inputs[BOTH], 0.1);
            for kind in NEXT..=FITS {
                // Brought to about the same size first: the sums are logarithms around -3, the fit is a logit.
                let centred = if kind == FITS { inputs[kind] / 3.0 } else { inputs[kind] } + 3.0;
                inputs[SQUARES + kind] = 0.1 * centred * centred;
            }
        }
    }

    fn clear(&mut self, items: usize) {
        for item in self.found.drain(..) {
            self.slot[item as usize] = u32::MAX;
        }
        self.inputs.clear();
        self.slot.resize(items, u32::MAX);
    }

    fn of(&mut self, item: u32) -> &mut [f32; WIDTH] {
        let slot = &mut self.slot[item as usize];
        if *slot == u32::MAX {
            *slot = self.found.len() as u32;
            self.found.push(item);
            self.inputs.push([0.0; WIDTH]);
        }
        &mut self.inputs[*slot as usize]
    }

    fn add_rows(&mut self, rows: &Rows, trail: &[u32], reach: f64, kind: usize) {
        for (back, item) in trail.iter().rev().take(LAST).enumerate() {
            let worn = exp(-(back as f64) / reach);
            if worn < 0.01 {
                break;
            }
            for (other, weight) in rows.row(*item) {
                self.of(*other)[kind] += (worn * f64::from(*weight)) as f32;
            }
        }
    }

    fn add_near(&mut self, past: &Trails, settings: &Settings, trail: &[u32]) {
        let mut looking = std::mem::take(&mut self.looking);
        settings.steps.each(past, trail, &mut looking, |item, weight| {
            let inputs = self.of(item);
            inputs[STEPS] += weight;
            inputs[CLOSEST] = inputs[CLOSEST].max(weight);
        });
        settings.similar.each(past, trail, &mut looking, |item, weight| self.of(item)[SIMILAR] += weight);
        self.looking = looking;
    }

    /// Plain counts: right after the last item, and in one trail with the last two.
    fn add_counts(&mut self, past: &Trails, trail: &[u32]) {
        let Some((last, before)) = trail.split_last() else { return };
        for holder in past.holders(*last).iter().rev().take(NEWEST) {
            for two in past.all()[*holder as usize].windows(2).filter(|two| two[0] == *last) {
                self.of(two[1])[RIGHT_AFTER] += 1.0;
            }
        }
        let Some(other) = before.last() else { return };
        for holder in past.holders(*other).iter().rev().take(NEWEST) {
            let items = &past.all()[*holder as usize];
            if items.contains(last) {
                items.iter().for_each(|item| self.of(*item)[BOTH] += 1.0);
            }
        }
    }

    /// From what most likely comes next, to what comes after that.
    fn add_further(&mut self, tables: &Tables) {
        let next = |(item, inputs): (&u32, &[f32; WIDTH])| (inputs[NEXT], *item);
        let mut best: Vec<(f32, u32)> =
            self.found.iter().zip(&self.inputs).map(next).filter(|one| one.0 > 0.0).collect();
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if best.len() > STEPS_FROM {
            best.select_nth_unstable_by(STEPS_FROM, order);
            best.truncate(STEPS_FROM);
        }
        best.sort_unstable_by(order);
        for (strength, item) in best {
            for (other, weight) in tables.next.row(item).iter().filter(|cell| cell.1 > 0.0) {
                self.of(*other)[FURTHER] += strength * weight;
            }
        }
    }

    fn add_seen(&mut self, trail: &[u32]) {
        for (back, item) in trail.iter().rev().take(LAST_SEEN).enumerate() {
            let inputs = self.of(*item);
            if inputs[SEEN] == 0.0 {
                inputs[SEEN] = 1.0;
                inputs[JUST] = if back == 0 { 1.0 } else { 0.0 };
                inputs[AGO] = ln(back as f64 + 1.0) as f32;
            } else {
                inputs[AGAIN] = (inputs[AGAIN] + 1.0).min(3.0);
            }
        }
    }

    fn drop_seen(&mut self, trail: &[u32]) {
        for item in trail {
            let slot = self.slot[*item as usize];
            if slot != u32::MAX {
                self.slot[*item as usize] = u32::MAX;
                self.found.swap_remove(slot as usize);
                self.inputs.swap_remove(slot as usize);
                if let Some(moved) = self.found.get(slot as usize) {
                    self.slot[*moved as usize] = slot;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ItemId;

    fn memory(lists: &[&[u32]]) -> Trails {
        let mut trails = Trails::default();
        for list in lists {
            trails.push(&list.iter().copied().map(ItemId).collect::<Vec<_>>());
        }
        trails
    }

    #[test]
    fn counts_are_those_of_the_memory() {
        let past = memory(&[&[0, 1, 2], &[0, 1, 3], &[1, 4]]);
        let tables = Tables::default();
        let mut evidence = Evidence::default();
        evidence.gather(&past, &tables, &Settings::of(Kind::Browsing), &[0, 1]);
        let of = |item: u32, kind: usize| {
            let place = evidence.found.iter().position(|found| *found == item).expect("found");
            f64::from(evidence.inputs[place][kind])
        };
        // Once right after 1; with both, in the first trail only.
        assert!(
            (of(2, RIGHT_AFTER) - stats::num::ln(1.1)).abs() < 1e-6 && (of(2, BOTH) - stats::num::ln(1.1)).abs() < 1e-6
        );
        assert!(
            (of(4, RIGHT_AFTER) - stats::num::ln(1.1)).abs() < 1e-6 && (of(4, BOTH) - stats::num::ln(0.1)).abs() < 1e-6
        );
        // Looked at just now, and one step ago.
        assert_eq!((of(1, SEEN), of(1, JUST), of(0, SEEN), of(0, JUST)), (1.0, 1.0, 1.0, 0.0));
        assert!((of(0, AGO) - stats::num::ln(2.0)).abs() < 1e-6);
        // The newest trail with it: one ago is the last.
        assert!((of(4, AGE) - stats::num::ln(2.0)).abs() < 1e-6 && (of(2, AGE) - stats::num::ln(4.0)).abs() < 1e-6);
    }

    #[test]
    fn what_is_in_a_cart_is_not_found_and_nothing_stays_from_the_question_before() {
        let past = memory(&[&[0, 1, 2], &[0, 1, 3], &[1, 4]]);
        let settings = Settings::of(Kind::Cart);
        let tables = Tables::of(&past, &settings, &mut |_| {});
        let (mut used, mut fresh) = (Evidence::default(), Evidence::default());
        used.gather(&past, &tables, &settings, &[3, 4]);
        used.gather(&past, &tables, &settings, &[0, 1]);
        fresh.gather(&past, &tables, &settings, &[0, 1]);
        assert_eq!((&used.found, &used.inputs), (&fresh.found, &fresh.inputs));
        assert!(!used.found.contains(&0) && !used.found.contains(&1) && used.found.contains(&2));
        assert!(tables.is_whole(past.items()) && !tables.is_whole(1));
    }

    #[test]
    fn a_square_is_told_together_with_its_kind() {
        assert!((SQUARES..WIDTH).all(|kind| NAMES[kind] == NAMES[plain_kind(kind)]));
        assert_eq!((plain_kind(SQUARES), plain_kind(CHOSEN)), (NEXT, CHOSEN));
    }
}
