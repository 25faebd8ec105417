//! Mappings as a table for spreadsheets, and such a table back in: looked through first, then carried out.

use std::collections::BTreeSet;

use flow::State;
use model::{Action, Actor, ChannelId, Command, CustomerAt, ExternalItem, ExternalLocation};
use views::{MappingQuestion, QuestionFilter};

use super::change::read_by;
use super::finder::views;
use super::given::{Given, Kind, Misgiven};
use super::people::People;
use crate::gaps::cell;
use crate::{Hub, ReadError};

/// The columns, in order. Only the first three are read back.
const HEAD: &str = "channel,external,sku,title,status\r\n";
const HEAD_PLACES: &str = "channel,external,location,name,status\r\n";
const HEAD_PEOPLE: &str = "channel,customer,other_channel,other_customer,same,status\r\n";
/// Items looked at in one job.
const LOOK: usize = 10_000;
/// Questions read at once.
const PORTION: usize = 500;
/// Rows decided in one job.
const ROWS: usize = 500;
/// Most rows of an uploaded table.
const ROWS_MAX: usize = 200_000;

/// Every location of a channel: what it is, and what nobody knows.
///
/// # Errors
/// When the hub has stopped or its tables cannot be read.
pub(crate) async fn csv_of_places(hub: &Hub, channel: ChannelId) -> Result<String, ReadError> {
    let known = hub.flow.read(move |state| {
        let catalogue = state.catalogue();
        let name = catalogue.channel(channel).map(|put| put.name.to_string()).unwrap_or_else(|| channel.to_string());
        let row = |(location, external): (model::LocationId, &ExternalLocation)| {
            let ours = catalogue.location(location).map_or("", |location| location.name.as_str());
            line([&name, external.as_str(), ours, ours, "mapped"])
        };
        let rows: String = catalogue.locations_on(channel).map(row).collect();
        (name, rows)
    });
    let (name, rows) = known.await?;
    let filter = QuestionFilter { channel: Some(channel), ..QuestionFilter::default() };
    let asked = views(hub, move |views| views.location_questions(&filter, None, PORTION)).await?;
    let open = asked.iter().map(|asked| {
        let status = format!("open: {}", asked.reason);
        line([&name, asked.external.as_str(), "", asked.name.as_str(), &status])
    });
    Ok(format!("{HEAD_PLACES}{rows}{}", open.collect::<String>()))
}

/// Every link between customer records, and the pairs that somebody is asked about. Ids and reasons, nothing personal.
///
/// # Errors
/// When the hub has stopped or its tables cannot be read.
pub(crate) async fn csv_of_people(hub: &Hub, people: &People) -> Result<String, ReadError> {
    let open = people.pairs(hub, false).await?;
    let rows = hub.flow.read(move |state| {
        let name = |channel: ChannelId| {
            state.catalogue().channel(channel).map_or_else(|| channel.to_string(), |put| put.name.to_string())
        };
        let row = |one: &CustomerAt, other: &CustomerAt, same: &str, status: &str| {
            let (at, there) = (name(one.channel), name(other.channel));
            line([&at, one.customer.as_str(), &there, other.customer.as_str(), same, status])
        };
        let linked = state.links().iter().map(|(one, other)| row(one, other, "yes", "linked"));
        let asked = open.iter().map(|pair| {
            let why: Vec<&str> = pair.why.iter().map(|(_, words)| *words).collect();
            row(&pair.one, &pair.other, "", &format!("open: {}", why.join(", ")))
        });
        linked.chain(asked).collect::<String>()
    });
    Ok(format!("{HEAD_PEOPLE}{}", rows.await?))
}

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
            let filter = QuestionFilter { channel: Some(channel), ..QuestionFilter::default() };
            views.mapping_questions(&filter, from.as_ref().map(|external| (channel, external)), PORTION)
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

fn line<const N: usize>(cells: [&str; N]) -> String {
    format!("{}\r\n", cells.map(cell).join(","))
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
    let kind = Kind::of(|column| place(column).is_some()).ok_or_else(|| {
        let missing = Kind::Items.columns().iter().find(|column| place(column).is_none()).copied().unwrap_or("sku");
        format!("its first line names no column {missing}")
    })?;
    let (mut given, mut checked) = (Given::default(), Checked::default());
    for row in reader.records() {
        let row = row.map_err(|error| format!("it cannot be read: {error}"))?;
        checked.rows += 1;
        if checked.rows > ROWS_MAX {
            return Err(format!("it has more than {ROWS_MAX} rows; import it on the command line"));
        }
        let line = row.position().map_or(0, csv::Position::line);
        let get = |column: &str| place(column).and_then(|place| row.get(place)).unwrap_or_default();
        match given.read(state, kind, line, get) {
            Ok(action) => note(state, &mut checked, action),
            Err(Misgiven { field, reason }) => checked.refused.push((line, field, reason)),
        }
    }
    Ok(checked)
}

fn note(state: &State, checked: &mut Checked, action: Action) {
    let (changes, takes_away) = match &action {
        Action::MapItem { channel, external, item } => {
            (state.catalogue().mapped_item(*channel, external) != *item, item.is_none())
        }
        Action::MapLocation { channel, external, location } => {
            (state.catalogue().mapped_location(*channel, external) != *location, location.is_none())
        }
        Action::LinkCustomers { one, other } => (!state.links().holds(one, other), false),
        Action::UnlinkCustomers { one, other } => (state.links().holds(one, other), true),
        Action::DismissQuestion(question) => (!state.is_dismissed(question), false),
        _ => (false, false),
    };
    if changes {
        checked.changes += 1;
        checked.taken += usize::from(takes_away);
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
    let reread: BTreeSet<ChannelId> = actions.iter().filter_map(read_by).collect();
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
    for channel in reread {
        hub.links.ask_reading(channel);
    }
    Ok((done, refused))
}
