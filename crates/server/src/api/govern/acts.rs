//! Acts as callers name them, and how they become what the engine checks. What a caller does not say of how things
//! were is taken from how they are now.

use flow::State as Mind;
use model::{
    Act, CustomerAt, CustomerKey, ExternalItem, InstructionLine, ItemId, Level, LocationId, MakePurchase, Note,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::input;
use crate::api::items::{MoneyValue, money};
use crate::api::names;
use crate::api::problem::ApiError;

/// Goods of a purchase or transfer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GoodsIn {
    /// SKU.
    sku: String,
    /// How much, as decimal text.
    quantity: String,
    /// Cost of one, for a purchase.
    each: Option<MoneyValue>,
}

/// A customer record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerIn {
    /// Channel.
    channel: String,
    /// The platform's id.
    customer: String,
}

/// What is proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ProposedAct {
    /// Units of an item that a channel leaves unsold.
    SetBuffer {
        /// SKU.
        sku: String,
        /// Channel.
        channel: String,
        /// As it was seen; missing = as it is.
        was: Option<String>,
        /// As it should be.
        to: String,
    },
    /// Units of an item that stay unsold at a location.
    SetSafety {
        /// SKU.
        sku: String,
        /// Location.
        location: String,
        /// As it was seen; missing = as it is.
        was: Option<String>,
        /// As it should be.
        to: String,
    },
    /// A purchase order, made on a channel.
    Purchase {
        /// Where it is made.
        channel: String,
        /// The supplier's name, as the platform has it.
        supplier: String,
        /// Location where it arrives.
        location: String,
        /// What, at which cost.
        lines: Vec<GoodsIn>,
        /// When it should arrive.
        expected: Option<String>,
        /// For the people there.
        #[serde(default)]
        note: String,
    },
    /// A draft of a transfer between two locations.
    Transfer {
        /// From.
        from: String,
        /// To.
        to: String,
        /// What.
        lines: Vec<GoodsIn>,
    },
    /// Two customer records are one person.
    LinkCustomers {
        /// One of them.
        one: CustomerIn,
        /// The other.
        other: CustomerIn,
    },
    /// An external id is an item of ours.
    MapItem {
        /// Channel.
        channel: String,
        /// The platform's id.
        external: String,
        /// SKU; missing = none of ours.
        sku: Option<String>,
    },
    /// The list price of an item.
    SetPrice {
        /// SKU.
        sku: String,
        /// As it was seen; missing = as it is.
        was: Option<MoneyValue>,
        /// As it should be.
        to: MoneyValue,
    },
    /// Stock is set to another number than people counted.
    OverrideCount {
        /// SKU.
        sku: String,
        /// Location.
        location: String,
        /// On hand, as it was seen; missing = as it is.
        was: Option<String>,
        /// As it should be.
        to: String,
    },
    /// A difference that is held back is written after all.
    WriteHeld {
        /// SKU.
        sku: String,
        /// Channel.
        channel: String,
        /// Location.
        location: String,
    },
}

/// What covers demand there: on hand and on its way, less what is promised.
fn cover(mind: &Mind, item: ItemId, at: LocationId) -> Level {
    let position = mind.positions().get(item, at);
    let there = position.on_hand().parts().saturating_add(position.in_transit().parts());
    Level::from_parts(there.saturating_sub(position.reserved().parts()))
}

fn level(field: &str, text: &str) -> Result<Level, ApiError> {
    Level::parse(text).map_err(|error| ApiError::invalid(field, format!("{field} is {error}")))
}

impl ProposedAct {
    /// What the engine checks. `field` is where it stands, such as `acts[0]`.
    pub(super) fn act(&self, mind: &Mind, field: &str) -> Result<Act, ApiError> {
        let at = |name: &str| format!("{field}.{name}");
        Ok(match self {
            Self::SetBuffer { sku, channel, was, to } => {
                let item = names::item(mind, &at("sku"), sku)?;
                let channel = names::channel(mind, &at("channel"), channel)?;
                let was = was.as_ref().map(|was| input::quantity(&at("was"), was)).transpose()?;
                let was = was.unwrap_or_else(|| mind.catalogue().buffer(channel, item));
                Act::SetBuffer { item, channel, was, to: input::quantity(&at("to"), to)? }
            }
            Self::SetSafety { sku, location, was, to } => {
                let item = names::item(mind, &at("sku"), sku)?;
                let location = names::location(mind, &at("location"), location)?;
                let was = was.as_ref().map(|was| input::quantity(&at("was"), was)).transpose()?;
                let was = was.unwrap_or_else(|| mind.positions().get(item, location).safety().positive());
                Act::SetSafety { item, location, was, to: input::quantity(&at("to"), to)? }
            }
            Self::Purchase { channel, supplier, location, lines, expected, note } => {
                let location = names::location(mind, &at("location"), location)?;
                let lines = goods(mind, field, lines)?;
                let cover = lines.iter().map(|line| cover(mind, line.item, location)).collect();
                let expected = expected.as_deref().map(|text| input::instant(&at("expected"), text)).transpose()?;
                let supplier = Note::new(input::word(&at("supplier"), supplier)?);
                let note = Note::new(input::text(&at("note"), note)?);
                let channel = names::channel(mind, &at("channel"), channel)?;
                Act::Purchase { channel, purchase: MakePurchase { supplier, location, lines, expected, note }, cover }
            }
            Self::Transfer { from, to, lines } => {
                let to = names::location(mind, &at("to"), to)?;
                let lines: Vec<_> =
                    goods(mind, field, lines)?.into_iter().map(|line| (line.item, line.quantity)).collect();
                let cover = lines.iter().map(|(item, _)| cover(mind, *item, to)).collect();
                Act::Transfer { from: names::location(mind, &at("from"), from)?, to, lines, cover }
            }
            Self::LinkCustomers { one, other } => {
                let customer = |name: &str, sent: &CustomerIn| -> Result<CustomerAt, ApiError> {
                    let channel = names::channel(mind, &at(&format!("{name}.channel")), &sent.channel)?;
                    let field = at(&format!("{name}.customer"));
                    Ok(CustomerAt { channel, customer: CustomerKey::new(input::word(&field, &sent.customer)?) })
                };
                Act::LinkCustomers { one: customer("one", one)?, other: customer("other", other)? }
            }
            Self::MapItem { channel, external, sku } => {
                let channel = names::channel(mind, &at("channel"), channel)?;
                let external = ExternalItem::new(input::word(&at("external"), external)?);
                let was = mind.catalogue().mapped_item(channel, &external);
                let to = sku.as_ref().map(|sku| names::item(mind, &at("sku"), sku)).transpose()?;
                Act::MapItem { channel, external, was, to }
            }
            Self::SetPrice { sku, was, to } => {
                let item = names::item(mind, &at("sku"), sku)?;
                let was = was.as_ref().map(|was| money(&at("was"), was)).transpose()?;
                let now = mind.catalogue().item(item).and_then(|item| item.price);
                Act::SetPrice { item, was: was.or(now), to: money(&at("to"), to)? }
            }
            Self::OverrideCount { sku, location, was, to } => {
                let item = names::item(mind, &at("sku"), sku)?;
                let location = names::location(mind, &at("location"), location)?;
                let was = was.as_ref().map(|was| level(&at("was"), was)).transpose()?;
                let was = was.unwrap_or_else(|| mind.positions().get(item, location).on_hand());
                Act::OverrideCount { item, location, was, to: input::quantity(&at("to"), to)? }
            }
            Self::WriteHeld { sku, channel, location } => {
                let item = names::item(mind, &at("sku"), sku)?;
                let location = names::location(mind, &at("location"), location)?;
                let channel = names::channel(mind, &at("channel"), channel)?;
                let row = mind.positions().find(item, location).and_then(|row| mind.shown().get(channel, row));
                let shown = row.map(|row| row.level).unwrap_or_default();
                let wanted = mind.wanted(channel, item, location).unwrap_or_default();
                Act::WriteHeld { channel, item, location, shown, wanted }
            }
        })
    }
}

fn goods(mind: &Mind, field: &str, sent: &[GoodsIn]) -> Result<Vec<InstructionLine>, ApiError> {
    let line = |(place, line): (usize, &GoodsIn)| {
        let at = |name: &str| format!("{field}.lines[{place}].{name}");
        Ok(InstructionLine {
            item: names::item(mind, &at("sku"), &line.sku)?,
            quantity: input::quantity(&at("quantity"), &line.quantity)?,
            each: line.each.as_ref().map(|each| money(&at("each"), each)).transpose()?,
        })
    };
    sent.iter().enumerate().map(line).collect()
}
