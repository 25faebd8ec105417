//! Items: what can be sold.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::State as Mind;
use model::{Action, Barcode, Component, Currency, ItemId, ItemPut, Money, Sku, Title, Unit};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::Caller;
use super::input::{self, Asked, Input, Place};
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names};

/// Items looked at for one page of a search, so that a rare word never holds up the hub.
const LOOK: usize = 20_000;

/// An amount in the smallest coin of its currency.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoneyValue {
    /// Minor units: 12.34 EUR is 1234.
    minor: i64,
    /// ISO 4217.
    #[schema(example = "EUR")]
    currency: String,
}

impl From<Money> for MoneyValue {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency.code().to_owned() }
    }
}

/// An amount as sent.
pub(crate) fn money(field: &str, sent: &MoneyValue) -> Result<Money, ApiError> {
    let currency = Currency::parse(&sent.currency).ok_or_else(|| {
        let field = format!("{field}.currency");
        let problem = format!("{field} is not a three-letter code such as EUR");
        ApiError::invalid(&field, problem)
    })?;
    Ok(Money { minor: sent.minor, currency })
}

/// A part of a bundle.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComponentValue {
    /// SKU that is taken from stock.
    sku: String,
    /// How much of it one bundle takes, as decimal text.
    quantity: String,
}

/// What one of an item is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnitValue {
    /// Sold by the piece.
    #[default]
    Piece,
    /// Sold by weight.
    Kilogram,
    /// Sold by length.
    Metre,
    /// Sold by volume.
    Litre,
}

impl From<Unit> for UnitValue {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Piece => Self::Piece,
            Unit::Kilogram => Self::Kilogram,
            Unit::Metre => Self::Metre,
            Unit::Litre => Self::Litre,
        }
    }
}

impl From<UnitValue> for Unit {
    fn from(unit: UnitValue) -> Self {
        match unit {
            UnitValue::Piece => Self::Piece,
            UnitValue::Kilogram => Self::Kilogram,
            UnitValue::Metre => Self::Metre,
            UnitValue::Litre => Self::Litre,
        }
    }
}

/// An item as it should be; replaces what is known under the SKU.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemIn {
    /// For people.
    title: String,
    /// GTINs.
    #[serde(default)]
    barcodes: Vec<String>,
    /// Unit of measure; `piece` when missing.
    #[serde(default)]
    unit: UnitValue,
    /// Not empty for a bundle.
    #[serde(default)]
    components: Vec<ComponentValue>,
    /// List price.
    price: Option<MoneyValue>,
    /// Whether the price includes tax.
    #[serde(default)]
    tax_inclusive: bool,
}

/// An item.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemOut {
    /// SKU.
    sku: String,
    /// For people.
    title: String,
    /// GTINs.
    barcodes: Vec<String>,
    /// Unit of measure.
    unit: UnitValue,
    /// What a bundle is made of.
    components: Vec<ComponentValue>,
    /// List price.
    price: Option<MoneyValue>,
    /// Whether the price includes tax.
    tax_inclusive: bool,
    /// False for services, which have no stock.
    tracked: bool,
}

fn item_out(mind: &Mind, item: &ItemPut) -> ItemOut {
    let component =
        |part: &Component| ComponentValue { sku: names::sku_of(mind, part.item), quantity: part.quantity.to_string() };
    ItemOut {
        sku: item.sku.to_string(),
        title: item.title.to_string(),
        barcodes: item.barcodes.iter().map(ToString::to_string).collect(),
        unit: item.unit.into(),
        components: item.components.iter().map(component).collect(),
        price: item.price.map(MoneyValue::from),
        tax_inclusive: item.tax_inclusive,
        tracked: item.tracked,
    }
}

/// Which items.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ItemsQuery {
    /// Words of the title, the beginning of an SKU, or a barcode.
    q: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing. A page may hold fewer although there are more.
    limit: Option<String>,
}

/// Items, in the order in which they became known.
#[utoipa::path(get, path = "/v1/items", tag = "catalogue", params(ItemsQuery),
    responses((status = 200, description = "A page of items", body = Page<ItemOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<ItemsQuery>,
) -> Result<Json<Page<ItemOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let from = input::counted("cursor", query.cursor.as_deref())?.unwrap_or(0);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let wanted = input::text("q", query.q.as_deref().unwrap_or_default())?.to_lowercase();
    let page = ask::read(&door.hub, move |mind| {
        let all = mind.catalogue().items();
        let mut items = Vec::new();
        let mut looked = 0;
        for item in all.iter().skip(from).take(LOOK) {
            if items.len() == limit {
                break;
            }
            looked += 1;
            if fits(item, &wanted) {
                items.push(item_out(mind, item));
            }
        }
        let next = from.saturating_add(looked);
        Ok(Page { items, next: (next < all.len()).then(|| next.to_string()) })
    });
    page.await.map(Json)
}

fn fits(item: &ItemPut, wanted: &str) -> bool {
    wanted.is_empty()
        || item.sku.as_str().to_lowercase().starts_with(wanted)
        || item.barcodes.iter().any(|barcode| barcode.as_str() == wanted)
        || {
            let title = item.title.as_str().to_lowercase();
            wanted.split_whitespace().all(|word| title.contains(word))
        }
}

/// Create or replace an item.
#[utoipa::path(put, path = "/v1/items/{sku}", tag = "catalogue", request_body = ItemIn,
    params(("sku" = String, Path, description = "SKU")),
    responses((status = 200, description = "As it is now, and durable", body = ItemOut)))]
pub(crate) async fn put(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(sku): Place<String>,
    Input(sent): Input<ItemIn>,
) -> Result<Json<ItemOut>, ApiError> {
    let sku = Sku::new(input::word("sku", &sku)?);
    let wanted = sku.clone();
    ask::command(&door.hub, caller.actor(), move |mind| item_in(mind, sku, &sent)).await?;
    let item = ask::read(&door.hub, move |mind| {
        let item = mind.catalogue().sku(&wanted).ok_or_else(|| ApiError::not_found(&wanted))?;
        Ok(item_out(mind, item))
    });
    item.await.map(Json)
}

fn item_in(mind: &Mind, sku: Sku, sent: &ItemIn) -> Result<Action, ApiError> {
    let barcode =
        |(place, barcode): (usize, &String)| input::word(&format!("barcodes[{place}]"), barcode).map(Barcode::new);
    let component = |(place, part): (usize, &ComponentValue)| {
        let item: ItemId = names::item(mind, &format!("components[{place}].sku"), &part.sku)?;
        Ok(Component { item, quantity: input::quantity(&format!("components[{place}].quantity"), &part.quantity)? })
    };
    let price = sent.price.as_ref().map(|price| money("price", price));
    Ok(Action::PutItem {
        sku,
        title: Title::new(input::word("title", &sent.title)?),
        barcodes: sent.barcodes.iter().enumerate().map(barcode).collect::<Result<_, ApiError>>()?,
        unit: sent.unit.into(),
        components: sent.components.iter().enumerate().map(component).collect::<Result<_, ApiError>>()?,
        price: price.transpose()?,
        tax_inclusive: sent.tax_inclusive,
    })
}
