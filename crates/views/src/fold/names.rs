//! Names of items, locations and channels: small tables that readers join, so that renaming renames the past too.

use model::{ChannelPut, ItemPut, LocationPut};
use rusqlite::{Connection, params};

use crate::ViewsError;

pub(super) fn channel(tables: &Connection, put: &ChannelPut) -> Result<(), ViewsError> {
    let sql = "INSERT OR REPLACE INTO channels VALUES (?1, ?2)";
    tables.prepare_cached(sql)?.execute(params![put.channel.0, put.name.as_str()])?;
    Ok(())
}

pub(super) fn location(tables: &Connection, put: &LocationPut) -> Result<(), ViewsError> {
    let sql = "INSERT OR REPLACE INTO locations VALUES (?1, ?2, ?3)";
    tables.prepare_cached(sql)?.execute(params![put.location.0, put.name.as_str(), put.zone.as_str()])?;
    Ok(())
}

pub(super) fn item(tables: &Connection, put: &ItemPut) -> Result<(), ViewsError> {
    let (sku, title) = (put.sku.as_str(), put.title.as_str());
    tables.prepare_cached("INSERT OR REPLACE INTO items VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        put.item.0,
        sku,
        title,
        sku.to_lowercase(),
        title.to_lowercase()
    ])?;
    tables.prepare_cached("DELETE FROM barcodes WHERE item = ?1")?.execute([put.item.0])?;
    let mut statement = tables.prepare_cached("INSERT OR IGNORE INTO barcodes VALUES (?1, ?2)")?;
    for barcode in &put.barcodes {
        statement.execute(params![barcode.as_str(), put.item.0])?;
    }
    Ok(())
}
