//! The audit for people and for those who check it: what is asked, and exports that prove themselves.
//!
//! The page, the API and the command line call it. What an export holds is described in docs/audit.md; it is enough to
//! compute the chain without the hub.

mod csv;

use std::io::Write;

use flow::{Flow, FlowError, KeptFact, KeptRecord};
use jiff::civil;
use model::{Entry, Instant};
use serde_json::{Value, json};
use views::{ViewsError, ViewsReader};

pub use csv::from_csv;

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A table for spreadsheets with the same rows.
    Csv,
}

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The first fact.
    pub from: u64,
    /// The last fact.
    pub to: u64,
    /// How many facts.
    pub facts: u64,
    /// The chain after the last, in hexadecimal.
    pub chain: String,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The hub or its journal.
    #[error("read the journal")]
    Flow(#[from] FlowError),
    /// The tables.
    #[error("read the tables")]
    Views(#[from] ViewsError),
    /// The file.
    #[error("write the export")]
    Write(#[from] std::io::Error),
    /// There is nothing in this stretch.
    #[error("export nothing: no fact lies between the two ends")]
    Nothing,
    /// An end that cannot be read.
    #[error("read {0:?}: it is neither a fact's number, a date nor a time (RFC 3339)")]
    End(String),
    /// More than a page can give at once.
    #[error("export more than {max} facts at once")]
    TooMuch {
        /// How many at most.
        max: u64,
    },
    /// The hub has no key to sign with.
    #[error("sign the export: the hub has no signing key")]
    NoKey,
}

/// The stretch between two ends, each the number of a fact, a date (UTC) or a time: a number is included, a moment is the
/// one before which. Without `to` it goes on to the last fact.
///
/// # Errors
/// When an end cannot be read, or the tables cannot.
pub fn stretch(flow: &Flow, views: &ViewsReader, from: &str, to: Option<&str>) -> Result<(u64, u64), ExportError> {
    let first = match end(from)? {
        End::Fact(seq) => seq,
        End::Moment(at) => views.first_at(at)?.0,
    };
    let last = match to.map(end).transpose()? {
        None => flow.head().0,
        Some(End::Fact(seq)) => seq,
        Some(End::Moment(at)) => views.first_at(at)?.0.saturating_sub(1),
    };
    Ok((first.max(1), last.min(flow.head().0)))
}

enum End {
    Fact(u64),
    Moment(Instant),
}

fn end(text: &str) -> Result<End, ExportError> {
    if let Ok(seq) = text.parse() {
        return Ok(End::Fact(seq));
    }
    moment(text).map(End::Moment).ok_or_else(|| ExportError::End(text.to_owned()))
}

/// A date, which begins at midnight UTC, or a time in RFC 3339.
pub(crate) fn moment(text: &str) -> Option<Instant> {
    if let Ok(date) = text.parse::<civil::Date>() {
        let begins: jiff::Timestamp = format!("{date}T00:00:00Z").parse().ok()?;
        return Some(Instant(begins.as_millisecond()));
    }
    Some(Instant(text.parse::<jiff::Timestamp>().ok()?.as_millisecond()))
}

/// What is provable of a fact: when, who, what. Sealed fields are told as sealed.
pub fn said(entry: &Entry) -> Value {
    // An entry has no map with keys that JSON does not know.
    let mut said = serde_json::to_value(entry).unwrap_or_default();
    json!({ "at": said["at"].take(), "by": said["by"].take(), "fact": said["fact"].take() })
}

/// Facts that are given out in one answer.
const DOWNLOAD_MAX: u64 = 200_000;

/// An export in memory, for the doors.
pub(crate) async fn download(
    hub: &crate::Hub,
    from: &str,
    to: Option<&str>,
    format: Format,
) -> Result<Vec<u8>, ExportError> {
    let (first, last) = stretch(&hub.flow, &hub.views, from, to)?;
    if last.saturating_sub(first) >= DOWNLOAD_MAX {
        return Err(ExportError::TooMuch { max: DOWNLOAD_MAX });
    }
    let mut out = Vec::new();
    export(&hub.flow, &hub.views, (first, last), format, hub.clock.now(), &mut out).await?;
    Ok(out)
}

/// Writes the facts of a stretch, its records whole, and a signature over its end.
///
/// # Errors
/// When the journal or the tables cannot be read, or nothing can be written.
pub async fn export(
    flow: &Flow,
    views: &ViewsReader,
    (from, to): (u64, u64),
    format: Format,
    at: Instant,
    out: &mut (dyn Write + Send),
) -> Result<Exported, ExportError> {
    if from > to || to == 0 {
        return Err(ExportError::Nothing);
    }
    let mut records = flow::records(flow, from, to).await?;
    let mut writer = Rows { format, out };
    let mut done: Option<Exported> = None;
    writer.head()?;
    while let Some(record) = records.next()? {
        let (first, last) = ends(&record)?;
        let told = done.get_or_insert(Exported { from: first, to: last, facts: 0, chain: String::new() });
        if told.facts == 0 {
            writer.row(&json!({ "row": "begin", "seq": first, "chain": record.before }))?;
        }
        for fact in &record.facts {
            let words = views.fact(model::Seq(fact.seq))?.map_or_else(String::new, |row| row.words);
            writer.row(&fact_row(fact, &words))?;
        }
        writer.row(&json!({ "row": "record", "seq": first, "chain": record.chain }))?;
        told.to = last;
        told.facts += record.facts.len() as u64;
        told.chain = record.chain;
        tokio::task::yield_now().await;
    }
    let done = done.ok_or(ExportError::Nothing)?;
    let vouched = flow.vouch(done.to, &done.chain, at).await?.ok_or(ExportError::NoKey)?;
    writer.row(&json!({ "row": "checkpoint", "seq": done.to, "checkpoint": vouched }))?;
    Ok(done)
}

fn ends(record: &KeptRecord) -> Result<(u64, u64), ExportError> {
    match (record.facts.first(), record.facts.last()) {
        (Some(first), Some(last)) => Ok((first.seq, last.seq)),
        _ => Err(ExportError::Nothing),
    }
}

fn fact_row(fact: &KeptFact, words: &str) -> Value {
    let said = said(&fact.entry);
    let stored: String = fact.stored.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "row": "fact", "seq": fact.seq, "at": said["at"], "by": said["by"], "words": words, "fact": said["fact"],
        "stored": stored,
    })
}

struct Rows<'a> {
    format: Format,
    out: &'a mut (dyn Write + Send),
}

impl Rows<'_> {
    fn head(&mut self) -> std::io::Result<()> {
        match self.format {
            Format::Jsonl => Ok(()),
            Format::Csv => self.out.write_all(csv::HEAD.as_bytes()),
        }
    }

    fn row(&mut self, row: &Value) -> std::io::Result<()> {
        match self.format {
            Format::Jsonl => writeln!(self.out, "{row}"),
            Format::Csv => self.out.write_all(csv::line(row).as_bytes()),
        }
    }
}
