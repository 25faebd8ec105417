//! Mappings as a table for spreadsheets, and such a table back in: looked through first, then carried out.

use std::collections::BTreeMap;

use flow::State;
use model::{Action, Actor, ChannelId, ChannelName, Command, ExternalItem, ItemId, Sku};
use views::MappingQuestion;

use super::finder::views;
use crate::gaps::cell;
use crate::{Hub, ReadError};

/// The columns, in order. Only the first three are read back.
const HEAD: &str = "channel,external,sku,title,status\r\n";
/// Items looked at in one job.
const LOOK: usize = 10_000;
/// Questions read at once.
const PORTION: usize = 500;
/// Rows decided in one job.
const ROWS: usize = 500;
/// Most rows of an uploaded table.
const ROWS_MAX: usize = 200_000;

/// Every mapping and every open question of a channel.
///
/// # Errors
/// When the hub has stopped or its tables cannot be read.
pub(crate) async fn csv(hub: &Hub, channel: ChannelId) -> Result<String, ReadError> {
    let mut text = HEAD.to_owned();
    let name = hub.flow.read(move |state| state.catalogue().channel(channel).map(|put| put.name.to_string())).await?;
    let name = name.unwrap_or_else(|| channel.to_string());
    let mut from = 0;
    loop {
        let label = name.clone();
        let part = hub.flow.read(move |state| mapped(state, channel, &label, from)).await?;
        let Some(part) = part else { break };
        text.push_str(&part);
        from += LOOK;
    }
    let mut after: Option<ExternalItem> = None;
    loop {
        let from = after.clone();
        let part = views(hub, move |views| {
            views.mapping_questions(Some(channel), from.as_ref().map(|external| (channel, external)), PORTION)
        });
        let part = part.await?;
        part.iter().for_each(|question| text.push_str(&open(&name, question)));
        after = part.last().map(|last| last.external.clone());
        if part.len() < PORTION {
            return Ok(text);
        }
    }
}

fn mapped(state: &State, channel: ChannelId, name: &str, from: usize) -> Option<String> {
    let items = state.catalogue().items().get(from..)?;
    if items.is_empty() {
        return None;
    }
    let rows = items.iter().take(LOOK).filter_map(|item| {
        let external = state.catalogue().external_item(channel, item.item)?;
        Some(line([name, external.as_str(), item.sku.as_str(), item.title.as_str(), "mapped"]))
    });
    Some(rows.collect())
}

fn open(name: &str, question: &MappingQuestion) -> String {
    let title = question.listing.as_ref().map_or("", |listing| listing.title.as_str());
    let status = format!("open: {}", question.reason);
    line([name, question.external.as_str(), "", title, &status])
}

fn line(cells: [&str; 5]) -> String {
    format!("{}\r\n", cells.map(cell).join(","))
}

/// Why a row cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misgiven {
    /// Column.
    pub field: &'static str,
    /// What is wrong, in words.
    pub reason: String,
}

/// Turns rows of `channel,external,sku` into commands, remembering what earlier rows of the same file said.
#[derive(Debug, Default)]
pub struct Given {
    externals: BTreeMap<(ChannelId, ExternalItem), u64>,
    items: BTreeMap<(ChannelId, ItemId), u64>,
}

impl Given {
    /// The command of one row. An empty SKU takes the mapping away.
    ///
    /// # Errors
    /// When a name is not known, a number was spoiled by a spreadsheet, or an earlier row said otherwise.
    pub fn row(
        &mut self,
        state: &State,
        line: u64,
        channel: &str,
        external: &str,
        sku: &str,
    ) -> Result<Action, Misgiven> {
        let wrong = |field, reason: String| Misgiven { field, reason };
        let (channel, external, sku) = (plain(channel), plain(external), plain(sku));
        let known = state.catalogue().channel_named(&ChannelName::new(channel));
        let id = known.ok_or_else(|| wrong("channel", format!("{channel:?} is no channel")))?.channel;
        if external.is_empty() {
            return Err(wrong("external", "is empty".into()));
        }
        if is_shortened(external) {
            let reason = format!("{external} is a number that a spreadsheet has shortened; format the column as text");
            return Err(wrong("external", reason));
        }
        let external = ExternalItem::new(external);
        let item = match sku {
            "" => None,
            sku => {
                let item = state.catalogue().sku(&Sku::new(sku)).map(|item| item.item);
                Some(item.ok_or_else(|| wrong("sku", format!("{sku:?} is not known; create the item first")))?)
            }
        };
        if let Some(before) = self.externals.insert((id, external.clone()), line) {
            return Err(wrong("external", format!("{external} stands in line {before} too")));
        }
        if let Some(item) = item
            && let Some(before) = self.items.insert((id, item), line)
        {
            return Err(wrong("sku", format!("line {before} gives {sku} to another id of this channel")));
        }
        Ok(Action::MapItem { channel: id, external, item })
    }
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

/// A table that was looked through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checked {
    /// What it would have done.
    pub actions: Vec<Action>,
    /// Rows in it.
    pub rows: usize,
    /// Rows that would change something.
    pub changes: usize,
    /// Of these, mappings that would be taken away.
    pub taken: usize,
    /// Line, column and reason of what cannot be carried out.
    pub refused: Vec<(u64, &'static str, String)>,
}

/// Why a whole table cannot be read.
pub(crate) type Checks = Result<Checked, String>;

/// Looks a table through against the present state. Changes nothing.
pub(crate) fn check(state: &State, text: &str) -> Checks {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b','].into_iter().find(|sign| head.as_bytes().contains(sign)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| format!("its first line cannot be read: {error}"))?.clone();
    let place = |wanted: &str| names.iter().position(|name| name.trim().eq_ignore_ascii_case(wanted));
    let column = |wanted: &str| place(wanted).ok_or_else(|| format!("its first line names no column {wanted}"));
    let (channel, external, sku) = (column("channel")?, column("external")?, column("sku")?);
    let (mut given, mut checked) = (Given::default(), Checked::default());
    for row in reader.records() {
        let row = row.map_err(|error| format!("it cannot be read: {error}"))?;
        checked.rows += 1;
        if checked.rows > ROWS_MAX {
            return Err(format!("it has more than {ROWS_MAX} rows; import it on the command line"));
        }
        let line = row.position().map_or(0, csv::Position::line);
        let get = |place: usize| row.get(place).unwrap_or_default();
        match given.row(state, line, get(channel), get(external), get(sku)) {
            Ok(action) => note(state, &mut checked, action),
            Err(Misgiven { field, reason }) => checked.refused.push((line, field, reason)),
        }
    }
    Ok(checked)
}

fn note(state: &State, checked: &mut Checked, action: Action) {
    let Action::MapItem { channel, external, item } = &action else { return };
    if state.catalogue().mapped_item(*channel, external) != *item {
        checked.changes += 1;
        checked.taken += usize::from(item.is_none());
        checked.actions.push(action);
    }
}

/// Carries a table out that was looked through. Answers how many rows were done, and what the engine refused.
///
/// # Errors
/// When the hub has stopped.
pub(crate) async fn apply(hub: &Hub, by: &Actor, actions: Vec<Action>) -> Result<(usize, Vec<String>), ReadError> {
    let (mut done, mut refused) = (0, Vec::new());
    let at = hub.clock.now();
    for part in actions.chunks(ROWS) {
        let commands: Vec<Command> =
            part.iter().map(|action| Command { at, by: by.clone(), action: action.clone() }).collect();
        let answer = hub.flow.decide(move |_| Ok(commands)).await?;
        for result in answer.results {
            match result {
                Ok(_) => done += 1,
                Err(refusal) => refused.push(refusal.to_string()),
            }
        }
    }
    Ok((done, refused))
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
