//! Promises, live and past.

use model::{Fact, IdempotencyKey, Instant, Note, ReservationId, ReservedLine};
use rusqlite::{Connection, Params, Row, params};
use serde::Serialize;

use super::{ViewsReader, below, kept, page};
use crate::{ViewsError, fold::stored};

/// How far a promise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// It holds its units.
    Live,
    /// The goods left.
    Committed,
    /// It was given back.
    Released,
    /// It lapsed.
    Expired,
}

impl ReservationState {
    const ALL: [Self; 4] = [Self::Live, Self::Committed, Self::Released, Self::Expired];

    /// The table's number of it.
    fn number(self) -> i64 {
        self as i64
    }
}

/// A promise as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReservationRow {
    /// Which.
    pub reservation: ReservationId,
    /// How far.
    pub state: ReservationState,
    /// What it holds or held.
    pub lines: Vec<ReservedLine>,
    /// For whom.
    pub note: Option<Note>,
    /// The caller's key.
    pub key: Option<IdempotencyKey>,
    /// When it was made.
    pub made_at: Instant,
    /// Until when it holds, extensions included.
    pub expires_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// Why it was given back.
    pub ended_because: Option<Note>,
}

const COLUMNS: &str = "SELECT f.seq, f.body, r.state, r.expires_at, e.body \
                       FROM reservations r JOIN facts f ON f.seq = r.seq LEFT JOIN facts e ON e.seq = r.ended_seq";

impl ViewsReader {
    /// Promises in one state or in any, newest first, below `before`.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn reservations(
        &self,
        state: Option<ReservationState>,
        before: Option<ReservationId>,
        limit: usize,
    ) -> Result<Vec<ReservationRow>, ViewsError> {
        let condition = if state.is_some() { "r.state = ?1" } else { "?1 IS NULL" };
        let sql = format!("{COLUMNS} WHERE {condition} AND r.id < ?2 ORDER BY r.id DESC LIMIT ?3");
        let parameters = params![state.map(ReservationState::number), below(before.map(|id| id.0)), page(limit)];
        self.read(|tables, _| list(tables, &sql, parameters))
    }

    /// One promise.
    ///
    /// # Errors
    /// SQLite's, or a kept fact that cannot be read.
    pub fn reservation(&self, reservation: ReservationId) -> Result<Option<ReservationRow>, ViewsError> {
        let sql = format!("{COLUMNS} WHERE r.id = ?1");
        self.read(|tables, _| Ok(list(tables, &sql, [stored(reservation.0)])?.pop()))
    }
}

fn list(tables: &Connection, sql: &str, params: impl Params) -> Result<Vec<ReservationRow>, ViewsError> {
    kept::rows(tables, sql, params, reservation_row)
}

fn reservation_row(row: &Row<'_>) -> Result<Option<ReservationRow>, ViewsError> {
    let kept = kept::kept(row)?;
    let made_at = kept.at();
    let Fact::Reserved(made) = kept.entry.fact else { return Ok(None) };
    let ended = row.get::<_, Option<Vec<u8>>>(4)?.map(|body| kept::entry(&body)).transpose()?;
    let number: i64 = row.get(2)?;
    let state = ReservationState::ALL.into_iter().find(|state| state.number() == number);
    Ok(Some(ReservationRow {
        reservation: made.reservation,
        state: state.unwrap_or(ReservationState::Live),
        lines: made.lines,
        note: made.note,
        key: made.key,
        made_at,
        expires_at: Instant(row.get(3)?),
        ended_at: ended.as_ref().map(|entry| entry.at),
        ended_because: ended.and_then(
            |entry| {
                if let Fact::Released { reason, .. } = entry.fact { Some(reason) } else { None }
            },
        ),
    }))
}
