//! Reads the stock table from the engine's state. Looks at a bounded number of levels for each request, so that the
//! writer is never held up for long, however many items there are.

use std::collections::BTreeSet;

use flow::State;
use model::{Barcode, ChannelId, ItemId, ItemPut, Level, LocationId, Quantity, Sku};

use super::table::{Asked, Cell, Show, StockRow};

/// Items shown on a page.
pub(super) const PAGE: usize = 50;
/// What one look may cost, in levels; an item that is only compared with the text costs one as well.
const COST_MAX: usize = 8_000;

/// What a look found.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Names of channels, in the order of the cells.
    pub(super) channels: Vec<String>,
    /// Items.
    pub(super) rows: Vec<StockRow>,
    /// Item at which the next look begins.
    pub(super) next: Option<u32>,
    /// Whether it ended because of its cost.
    pub(super) cut: bool,
    /// Items known.
    pub(super) items: u64,
}

impl Seen {
    /// This look and the one that went on from it.
    pub(super) fn and(mut self, later: Self) -> Self {
        self.rows.extend(later.rows);
        Self { rows: self.rows, ..later }
    }
}

/// Up to `rows_max` items that fit.
pub(super) fn look(state: &State, asked: &Asked, low: Quantity, rows_max: usize) -> Seen {
    let catalogue = state.catalogue();
    let channels: Vec<ChannelId> = catalogue.channels().iter().map(|channel| channel.channel).collect();
    let items = catalogue.items();
    let mut seen = Seen {
        channels: catalogue.channels().iter().map(|channel| channel.name.to_string()).collect(),
        rows: Vec::new(),
        next: None,
        cut: false,
        items: items.len() as u64,
    };
    let row_cost = 1 + catalogue.locations().len() * (1 + channels.len());
    let text = asked.text.to_lowercase();
    let exact = exact(state, asked);
    for item in exact.iter().filter(|_| asked.from == 0).filter_map(|item| catalogue.item(*item)) {
        push(state, &channels, item, asked.show, low, &mut seen);
    }
    let mut cost = 0;
    for item in items.iter().skip(asked.from as usize) {
        if seen.rows.len() >= rows_max || cost >= COST_MAX {
            seen.next = Some(item.item.0);
            seen.cut = seen.rows.len() < rows_max;
            break;
        }
        cost += 1;
        if !exact.contains(&item.item) && fits(item, &text) {
            cost += row_cost;
            push(state, &channels, item, asked.show, low, &mut seen);
        }
    }
    seen
}

/// Items whose SKU or barcode is exactly the text: shown first, wherever they are.
fn exact(state: &State, asked: &Asked) -> BTreeSet<ItemId> {
    let catalogue = state.catalogue();
    let by_sku = catalogue.sku(&Sku::new(&asked.text)).map(|item| item.item);
    let by_barcode = catalogue.barcode(&Barcode::new(&asked.text)).map(|item| item.item);
    if asked.text.is_empty() { BTreeSet::new() } else { by_sku.into_iter().chain(by_barcode).collect() }
}

fn fits(item: &ItemPut, text: &str) -> bool {
    let has = |field: &str| field.to_lowercase().contains(text);
    text.is_empty()
        || has(item.title.as_str())
        || has(item.sku.as_str())
        || item.barcodes.iter().any(|barcode| has(barcode.as_str()))
}

fn push(state: &State, channels: &[ChannelId], item: &ItemPut, show: Show, low: Quantity, seen: &mut Seen) {
    let (row, below) = row(state, channels, item);
    let counted = item.tracked && item.components.is_empty();
    let wanted = match show {
        Show::All => true,
        Show::Different => row.cells.iter().flatten().any(|cell| cell.differs),
        Show::Below => below,
        Show::Low => counted && row.available < low.level(),
    };
    if wanted {
        seen.rows.push(row);
    }
}

/// An item over all locations, and whether it is below zero at one of them.
fn row(state: &State, channels: &[ChannelId], item: &ItemPut) -> (StockRow, bool) {
    let (mut on_hand, mut promised, mut available, mut below) = (0_i64, 0_i64, Quantity::ZERO, false);
    let locations: Vec<LocationId> = state.catalogue().locations().iter().map(|put| put.location).collect();
    for location in &locations {
        let position = state.positions().get(item.item, *location);
        on_hand = on_hand.saturating_add(position.on_hand().parts());
        promised = promised.saturating_add(position.reserved().parts());
        available = available.plus(state.available_at(item.item, *location));
        below |= position.on_hand().is_negative();
    }
    let cells = channels.iter().map(|channel| cell(state, *channel, item.item, &locations)).collect();
    let row = StockRow {
        sku: item.sku.to_string(),
        title: super::title(item),
        on_hand: Level::from_parts(on_hand),
        promised: Level::from_parts(promised),
        available: available.level(),
        cells,
    };
    (row, below)
}

/// What a channel shows of an item over all locations; `None` when it counts it nowhere.
fn cell(state: &State, channel: ChannelId, item: ItemId, locations: &[LocationId]) -> Option<Cell> {
    state.catalogue().external_item(channel, item)?;
    let mut found: Option<Cell> = None;
    for location in locations {
        let Some(wanted) = state.wanted(channel, item, *location) else { continue };
        let row = state.positions().find(item, *location).and_then(|row| state.shown().get(channel, row));
        let row = row.filter(|row| row.trust != flow::Trust::Unread);
        let sum =
            found.get_or_insert(Cell { shown: None, wanted: Level::ZERO, differs: false, writing: false, at: None });
        sum.wanted = plus(sum.wanted, wanted);
        if let Some(row) = row {
            sum.shown = Some(plus(sum.shown.unwrap_or(Level::ZERO), row.level));
            sum.differs |= row.level != wanted;
            sum.writing |= row.in_flight.is_some();
            sum.at = sum.at.max(Some(row.at));
        }
    }
    found
}

fn plus(a: Level, b: Level) -> Level {
    Level::from_parts(a.parts().saturating_add(b.parts()))
}
