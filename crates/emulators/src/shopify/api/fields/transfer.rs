//! Transfers and their lines.

use serde_json::Value;

use super::super::arguments::Arguments;
use super::super::execute::Run;
use super::super::node::{Node, Out};
use super::super::page::Cut;
use super::{NONE, id, text, time};
use crate::shopify::ids::{Kind, gid};

/// One field of a transfer.
pub(super) fn transfer(run: &Run<'_>, index: usize, field: &str, arguments: &Arguments) -> Result<Out, Value> {
    let transfer = &run.shop.transfers[index];
    let snapshot = |location: Option<usize>| match location {
        None => Out::NULL,
        Some(location) => Out::Node(Node::record(
            "LocationSnapshot",
            vec![
                ("name", Out::from(run.shop.locations[location].name.as_str())),
                ("snapshottedAt", time(transfer.created)),
                ("location", Out::Node(Node::Location(location))),
            ],
        )),
    };
    Ok(match field {
        "id" => id(Kind::InventoryTransfer, transfer.id),
        "name" => Out::from(format!("#T{:04}", index + 1)),
        "status" => Out::from("DRAFT"),
        "referenceName" => text(&transfer.reference),
        "note" => text(&transfer.note),
        "tags" => NONE,
        "dateCreated" => time(transfer.created),
        "origin" => snapshot(transfer.from),
        "destination" => snapshot(transfer.to),
        "totalQuantity" => Out::from(transfer.lines.iter().map(|(_, units)| units).sum::<i64>()),
        "receivedQuantity" => Out::from(0),
        "lineItems" => {
            let line = |row: usize| {
                let (article, units) = transfer.lines[row];
                let number = format!("{}?line={row}", gid(Kind::InventoryTransfer, transfer.id));
                Node::record(
                    "InventoryTransferLineItem",
                    vec![
                        ("id", Out::from(number.replace("InventoryTransfer/", "InventoryTransferLineItem/"))),
                        ("title", Out::from(run.shop.articles[article].title.as_str())),
                        ("inventoryItem", Out::Node(Node::Item(article))),
                        ("totalQuantity", Out::from(units)),
                        ("shippedQuantity", Out::from(0)),
                    ],
                )
            };
            Cut::of(arguments, run.everything)?.by_index(0..transfer.lines.len(), line)
        }
        _ => Out::NULL,
    })
}
