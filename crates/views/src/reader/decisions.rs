//! What the decision endpoint answered.

use model::{Decided, Fact, IdempotencyKey, Instant, Seq};
use rusqlite::{Connection, Params, params};
use serde::Serialize;

use super::{ViewsReader, below, kept, page};
use crate::{
    ViewsError,
    words::{self, Names},
};

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecisionRow {
    /// The fact.
    pub seq: Seq,
    /// When it was decided.
    pub at: Instant,
    /// Who asked.
    pub by: String,
    /// One sentence without a full stop.
    pub words: String,
    /// Question, answer and reasons.
    pub decided: Decided,
}

impl ViewsReader {
    /// Answers, newest first, before `before_seq`.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn decisions(&self, before_seq: Option<Seq>, limit: usize) -> Result<Vec<DecisionRow>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM decisions d JOIN facts f ON f.seq = d.seq \
                   WHERE d.seq < ?1 ORDER BY d.seq DESC LIMIT ?2";
        let parameters = params![below(before_seq.map(|seq| seq.0)), page(limit)];
        self.read(|tables, names| list(tables, names, sql, parameters))
    }

    /// The last answer that was given under a caller's key.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn decision(&self, key: &IdempotencyKey) -> Result<Option<DecisionRow>, ViewsError> {
        let sql = "SELECT f.seq, f.body FROM decisions d JOIN facts f ON f.seq = d.seq \
                   WHERE d.key = ?1 ORDER BY d.seq DESC LIMIT 1";
        self.read(|tables, names| Ok(list(tables, names, sql, [key.as_str()])?.pop()))
    }
}

fn list(
    tables: &Connection,
    names: &Names<'_>,
    sql: &str,
    params: impl Params,
) -> Result<Vec<DecisionRow>, ViewsError> {
    kept::rows(tables, sql, params, |row| {
        let kept = kept::kept(row)?;
        let (seq, at, words) = (kept.seq, kept.at(), kept.words(names));
        let by = words::author(names, &kept.entry.by);
        let Fact::Decided(decided) = kept.entry.fact else { return Ok(None) };
        Ok(Some(DecisionRow { seq, at, by, words, decided: *decided }))
    })
}
