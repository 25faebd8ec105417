//! A gap in words and numbers for outsiders.

use flow::{Gap, GapKind, State};
use model::Money;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::Report;

/// An amount in the smallest coin of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoneyOut {
    /// Minor units: 12.34 EUR is 1234.
    pub minor: i64,
    /// ISO 4217.
    #[schema(value_type = String, example = "EUR")]
    pub currency: model::Currency,
}

impl From<Money> for MoneyOut {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency }
    }
}

/// A difference between a channel and the hub's books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GapOut {
    /// `stock`, `price`, `title`, `barcode`, `unmapped`, `duplicate`, `sold_but_unlisted`, `unsold_but_listed`.
    pub kind: &'static str,
    /// Channel; missing for a fault in the hub's own record.
    pub channel: Option<String>,
    /// SKU, or what is printed there; may be empty.
    pub sku: String,
    /// Title, where the item is known.
    pub title: Option<String>,
    /// Location, for stock.
    pub location: Option<String>,
    /// What is there.
    pub shown: String,
    /// What should be.
    pub wanted: String,
    /// What is at stake; missing when no price is known.
    pub money: Option<MoneyOut>,
}

impl GapOut {
    pub(super) fn of(state: &State, gap: &Gap) -> Self {
        let catalogue = state.catalogue();
        let channel = gap.channel.and_then(|id| catalogue.channel(id)).map(|channel| channel.name.to_string());
        let location = gap.location.and_then(|id| catalogue.location(id)).map(|location| location.name.to_string());
        let title = gap.item.and_then(|id| catalogue.item(id)).map(|item| item.title.to_string());
        Self {
            kind: gap.kind.name(),
            channel,
            sku: gap.sku.clone(),
            title,
            location,
            shown: gap.shown.clone(),
            wanted: gap.wanted.clone(),
            money: gap.money.map(MoneyOut::from),
        }
    }

    /// Whether it is of this kind and on this channel.
    pub fn is(&self, kind: Option<GapKind>, channel: Option<&str>) -> bool {
        kind.is_none_or(|kind| kind.name() == self.kind)
            && channel.is_none_or(|channel| self.channel.as_deref() == Some(channel))
    }
}

/// The report as the command line prints it.
pub fn json(report: &Report) -> Value {
    let kinds: serde_json::Map<String, Value> = GapKind::ALL
        .into_iter()
        .map(|kind| (kind.name().to_owned(), json!(report.gaps.iter().filter(|gap| gap.is(Some(kind), None)).count())))
        .collect();
    let channels: Vec<Value> = report
        .channels
        .iter()
        .map(|fresh| {
            let read_at = fresh.read_at.map(|at| at.to_string());
            json!({ "channel": fresh.channel, "read_at": read_at, "unknown": fresh.unknown })
        })
        .collect();
    json!({ "at": report.at.to_string(), "gaps": report.gaps, "kinds": kinds, "channels": channels })
}
