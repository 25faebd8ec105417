//! Rows of a corrected table as commands. The page and the command line give it one row after another; it changes nothing.

use std::collections::BTreeMap;

use flow::State;
use model::{
    Action, ChannelId, ChannelName, CustomerAt, CustomerKey, ExternalItem, ExternalLocation, ItemId, LocationId,
    LocationName, Sku,
};

/// Which table: what its rows are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `channel,external,sku`.
    Items,
    /// `channel,external,location`.
    Locations,
    /// `channel,customer,other_channel,other_customer,same`.
    Customers,
}

impl Kind {
    /// Every kind, each told from the others by its columns.
    pub const ALL: [Self; 3] = [Self::Items, Self::Locations, Self::Customers];

    /// Columns that are read.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Items => &["channel", "external", "sku"],
            Self::Locations => &["channel", "external", "location"],
            Self::Customers => &["channel", "customer", "other_channel", "other_customer", "same"],
        }
    }

    /// The kind whose columns are all named.
    pub fn of(has: impl Fn(&str) -> bool) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.columns().iter().all(|column| has(column)))
    }
}

/// Why a row cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misgiven {
    /// Column.
    pub field: &'static str,
    /// What is wrong, in words.
    pub reason: String,
}

/// Turns rows into commands, remembering what earlier rows of the same file said.
#[derive(Debug, Default)]
pub struct Given {
    externals: BTreeMap<(ChannelId, String), u64>,
    items: BTreeMap<(ChannelId, ItemId), u64>,
    places: BTreeMap<(ChannelId, LocationId), u64>,
    pairs: BTreeMap<(CustomerAt, CustomerAt), u64>,
}

fn wrong(field: &'static str, reason: String) -> Misgiven {
    Misgiven { field, reason }
}

impl Given {
    /// The command of one row, whose cells `get` gives by column.
    ///
    /// # Errors
    /// When a name is not known, a number was spoiled by a spreadsheet, or an earlier row said otherwise.
    pub fn read<'r>(
        &mut self,
        state: &State,
        kind: Kind,
        line: u64,
        get: impl Fn(&str) -> &'r str,
    ) -> Result<Action, Misgiven> {
        match kind {
            Kind::Items => self.item(state, line, get("channel"), get("external"), get("sku")),
            Kind::Locations => self.place(state, line, get("channel"), get("external"), get("location")),
            Kind::Customers => {
                let one = record(state, ("channel", get("channel")), ("customer", get("customer")))?;
                let there = (("other_channel", get("other_channel")), ("other_customer", get("other_customer")));
                let other = record(state, there.0, there.1)?;
                self.pair(line, one, other, get("same"))
            }
        }
    }

    /// The id, when no earlier row was about it.
    fn once(&mut self, state: &State, line: u64, channel: &str, external: &str) -> Result<ChannelId, Misgiven> {
        let id = channel_of(state, "channel", channel)?;
        let external = whole("external", external)?;
        match self.externals.insert((id, external.to_owned()), line) {
            Some(before) => Err(wrong("external", format!("{external} stands in line {before} too"))),
            None => Ok(id),
        }
    }

    /// An empty SKU takes the mapping away.
    fn item(&mut self, state: &State, line: u64, channel: &str, external: &str, sku: &str) -> Result<Action, Misgiven> {
        let item = match plain(sku) {
            "" => Ok(None),
            sku => {
                let item = state.catalogue().sku(&Sku::new(sku)).map(|item| Some(item.item));
                item.ok_or_else(|| wrong("sku", format!("{sku:?} is not known; create the item first")))
            }
        };
        // What is wrong further left is told first.
        let channel_id = channel_of(state, "channel", channel)?;
        whole("external", external)?;
        let item = item?;
        self.once(state, line, channel, external)?;
        if let Some(item) = item
            && let Some(before) = self.items.insert((channel_id, item), line)
        {
            return Err(wrong("sku", format!("line {before} gives {} to another id of this channel", plain(sku))));
        }
        Ok(Action::MapItem { channel: channel_id, external: ExternalItem::new(plain(external)), item })
    }

    /// An empty location takes the mapping away.
    fn place(
        &mut self,
        state: &State,
        line: u64,
        channel: &str,
        external: &str,
        location: &str,
    ) -> Result<Action, Misgiven> {
        let location = match plain(location) {
            "" => None,
            name => {
                let known = state.catalogue().location_named(&LocationName::new(name)).map(|known| known.location);
                let unknown = || wrong("location", format!("{name:?} is not known; add it to the configuration"));
                Some(known.ok_or_else(unknown)?)
            }
        };
        let channel = self.once(state, line, channel, external)?;
        if let Some(location) = location
            && let Some(before) = self.places.insert((channel, location), line)
        {
            return Err(wrong("location", format!("line {before} gives it to another id of this channel")));
        }
        Ok(Action::MapLocation { channel, external: ExternalLocation::new(plain(external)), location })
    }

    /// `yes` links, `no` puts the question away for good, nothing takes a link away.
    fn pair(&mut self, line: u64, one: CustomerAt, other: CustomerAt, same: &str) -> Result<Action, Misgiven> {
        let (one, other) = CustomerAt::pair(one, other);
        if let Some(before) = self.pairs.insert((one.clone(), other.clone()), line) {
            return Err(wrong("other_customer", format!("line {before} is about these two too")));
        }
        match plain(same).to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Ok(Action::LinkCustomers { one, other }),
            "no" | "false" | "0" => Ok(Action::DismissQuestion(model::MappingQuestion::same_customer(one, other))),
            "" => Ok(Action::UnlinkCustomers { one, other }),
            text => Err(wrong("same", format!("{text:?} is none of yes, no and nothing"))),
        }
    }
}

fn channel_of(state: &State, field: &'static str, name: &str) -> Result<ChannelId, Misgiven> {
    let name = plain(name);
    let known = state.catalogue().channel_named(&ChannelName::new(name));
    known.map(|known| known.channel).ok_or_else(|| wrong(field, format!("{name:?} is no channel")))
}

/// An id that is there, and as the platform gave it.
fn whole<'t>(field: &'static str, text: &'t str) -> Result<&'t str, Misgiven> {
    let text = plain(text);
    if text.is_empty() {
        return Err(wrong(field, "is empty".into()));
    }
    if is_shortened(text) {
        let reason = format!("{text} is a number that a spreadsheet has shortened; format the column as text");
        return Err(wrong(field, reason));
    }
    Ok(text)
}

fn record(
    state: &State,
    (channel_field, channel): (&'static str, &str),
    (field, customer): (&'static str, &str),
) -> Result<CustomerAt, Misgiven> {
    let channel = channel_of(state, channel_field, channel)?;
    Ok(CustomerAt { channel, customer: CustomerKey::new(whole(field, customer)?) })
}

/// Without the apostrophe by which our own tables keep a cell from being a formula.
fn plain(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(text)
}

/// `4.2E+13`.
fn is_shortened(text: &str) -> bool {
    let Some((digits, power)) = text.split_once(['E', 'e']) else { return false };
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    power.strip_prefix('+').is_some_and(number) && digits.split(['.', ',']).all(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_a_spreadsheet_has_shortened_are_told_from_ids() {
        for spoiled in ["4.1E+13", "1E+5", "4,10001E+13"] {
            assert!(is_shortened(spoiled), "{spoiled}");
        }
        for id in ["41000000000001", "E+13", "4E13", "a1E+5", "1E+", "gid://shop/1E+x"] {
            assert!(!is_shortened(id), "{id}");
        }
    }

    #[test]
    fn the_apostrophe_of_our_own_tables_is_taken_off_and_any_other_is_kept() {
        assert_eq!((plain("'=A1"), plain(" '-7 "), plain("'quoted"), plain("x")), ("=A1", "-7", "'quoted", "x"));
    }
}
