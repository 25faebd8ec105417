//! Rows of items.

use engine::State;
use model::{Action, Barcode, Component, Currency, Instant, Money, Quantity, Sku, Title, Unit};

use super::Refused;
use eval::table::Row;

/// `sku,title,barcode,price,currency,tax_inclusive,unit,components`.
pub(super) fn read(state: &State, row: &Row, _at: Instant) -> Result<Action, Refused> {
    let sku = Sku::new(row.get("sku"));
    if sku.is_empty() {
        return Err(Refused::of("sku", "is empty"));
    }
    Ok(Action::PutItem {
        sku,
        title: Title::new(row.get("title")),
        barcodes: row.get("barcode").split([' ', ';', '|']).filter(|code| !code.is_empty()).map(Barcode::new).collect(),
        unit: Unit::parse(row.get("unit"))
            .ok_or_else(|| Refused::of("unit", "is none of piece, kilogram, metre, litre"))?,
        components: components(state, row.get("components"))?,
        price: price(row)?,
        tax_inclusive: flag(row.get("tax_inclusive"))?,
    })
}

fn price(row: &Row) -> Result<Option<Money>, Refused> {
    let text = row.get("price");
    if text.is_empty() {
        return Ok(None);
    }
    let currency = Currency::parse(row.get("currency"))
        .ok_or_else(|| Refused::of("currency", "is no three-letter code; a price needs one"))?;
    let price = Money::parse(text, currency).filter(|price| price.minor >= 0);
    price.map(Some).ok_or_else(|| Refused::of("price", format!("{text:?} is no amount in {}", currency.code())))
}

fn flag(text: &str) -> Result<bool, Refused> {
    match text.to_ascii_lowercase().as_str() {
        "" | "false" | "no" | "0" => Ok(false),
        "true" | "yes" | "1" => Ok(true),
        other => Err(Refused::of("tax_inclusive", format!("{other:?} is neither true nor false"))),
    }
}

/// `SKU*2 + SKU*1`.
fn components(state: &State, text: &str) -> Result<Vec<Component>, Refused> {
    let parts = text.split('+').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (sku, quantity) = part.rsplit_once('*').unwrap_or((part, "1"));
            let known = state.catalogue().sku(&Sku::new(sku));
            let item = known
                .ok_or_else(|| Refused::of("components", format!("{sku} is not known; list it before the bundle")))?;
            let quantity = Quantity::parse(quantity)
                .map_err(|error| Refused::of("components", format!("{quantity:?}: {error}")))?;
            Ok(Component { item: item.item, quantity })
        })
        .collect()
}
