//! The small books: customers, ends of promises, quarantine, transfers, decisions, oversells. Most
//! rows only point at the fact that tells the rest.

use model::{
    CustomerPut, Decided, Instant, Oversold, OversoldBy, QuarantineId, Quarantined, ReservationId, Seq, TransferPut,
    TransferState,
};
use rusqlite::{Connection, params};

use super::{NONE, stored};
use crate::{ViewsError, Week};

pub(super) fn customer(tables: &Connection, seq: Seq, put: &CustomerPut) -> Result<(), ViewsError> {
    let sql = "INSERT OR REPLACE INTO customers VALUES (?1, ?2, ?3)";
    tables.prepare_cached(sql)?.execute(params![put.channel.0, put.customer.as_str(), stored(seq.0)])?;
    Ok(())
}

pub(super) fn extended(tables: &Connection, id: ReservationId, until: Instant) -> Result<(), ViewsError> {
    let sql = "UPDATE reservations SET expires_at = ?2 WHERE id = ?1 AND state = 0";
    tables.prepare_cached(sql)?.execute(params![stored(id.0), until.0])?;
    Ok(())
}

pub(super) fn quarantined(tables: &Connection, seq: Seq, put: &Quarantined) -> Result<(), ViewsError> {
    let sql = "INSERT OR REPLACE INTO quarantine VALUES (?1, ?2, ?3, NULL)";
    tables.prepare_cached(sql)?.execute(params![put.id.0, stored(seq.0), put.channel.0])?;
    Ok(())
}

pub(super) fn quarantine_closed(tables: &Connection, seq: Seq, id: QuarantineId) -> Result<(), ViewsError> {
    let sql = "UPDATE quarantine SET closed_seq = ?2 WHERE id = ?1 AND closed_seq IS NULL";
    tables.prepare_cached(sql)?.execute(params![id.0, stored(seq.0)])?;
    Ok(())
}

pub(super) fn transfer(tables: &Connection, seq: Seq, put: &TransferPut) -> Result<(), ViewsError> {
    let sql = "INSERT INTO transfers VALUES (?1, ?2, ?2, ?3) \
               ON CONFLICT DO UPDATE SET seq = excluded.seq, state = excluded.state";
    tables.prepare_cached(sql)?.execute(params![put.transfer.0, stored(seq.0), transfer_number(put.state)])?;
    Ok(())
}

pub(crate) fn transfer_number(state: TransferState) -> i64 {
    match state {
        TransferState::Draft => 0,
        TransferState::InTransit => 1,
        TransferState::Received => 2,
        TransferState::Closed => 3,
    }
}

pub(super) fn decided(tables: &Connection, seq: Seq, decided: &Decided) -> Result<(), ViewsError> {
    let sql = "INSERT INTO decisions VALUES (?1, ?2)";
    tables.prepare_cached(sql)?.execute(params![stored(seq.0), decided.key.as_ref().map(|key| key.as_str())])?;
    Ok(())
}

pub(super) fn oversold(tables: &Connection, week: Week, oversold: &Oversold) -> Result<(), ViewsError> {
    let sql = "INSERT INTO oversell_weeks VALUES (?1, ?2, ?3, ?4, 1, ?5) ON CONFLICT DO UPDATE SET \
               incidents = incidents + 1, units = CAST(units + excluded.units AS INTEGER)";
    tables.prepare_cached(sql)?.execute(params![
        week.number(),
        oversold.location.0,
        oversold.channel.map_or(NONE, |channel| i64::from(channel.0)),
        oversold_number(oversold.by),
        oversold.units.parts(),
    ])?;
    Ok(())
}

fn oversold_number(by: OversoldBy) -> i64 {
    match by {
        OversoldBy::Till => 0,
        OversoldBy::Race => 1,
        OversoldBy::Late => 2,
        OversoldBy::ShopSetting => 3,
        OversoldBy::Hub => 4,
    }
}

/// From what [`oversold_number`] gives; a number that it never gives is the hub's own fault.
pub(crate) fn oversold_from(number: i64) -> OversoldBy {
    [OversoldBy::Till, OversoldBy::Race, OversoldBy::Late, OversoldBy::ShopSetting]
        .into_iter()
        .find(|by| oversold_number(*by) == number)
        .unwrap_or(OversoldBy::Hub)
}
