//! `/v1/audit`: who did what, and why, to be searched and taken away with proof; and where the journal stands.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use model::{CustomerAt, CustomerKey, OrderId, Seq};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use views::{AuditFilter, FactFilter, FactKind};

use super::facts::FactOut;
use super::input::{self, Asked};
use super::page::Page;
use super::problem::ApiError;
use super::{Door, ask, names, past};
use crate::audit::{self, Format};

/// Where the journal stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeadOut {
    /// Number of the last durable fact; 0 before the first.
    seq: u64,
    /// Hash over everything up to it, in hexadecimal.
    chain: String,
    /// BLAKE3 of the state after fact `state_seq`, in hexadecimal.
    state_hash: String,
    /// The fact after which the state was hashed.
    state_seq: u64,
}

/// Head of the journal: number, chain and hash of the state.
#[utoipa::path(get, path = "/v1/audit/head", tag = "audit",
    responses((status = 200, description = "The head", body = HeadOut)))]
pub(crate) async fn head(State(door): State<Arc<Door>>) -> Result<Json<HeadOut>, ApiError> {
    // In a batch the state runs ahead of the journal, so both numbers are told. The state is written out on the
    // keeper's thread and hashed here.
    let (head, seq, bytes) =
        door.hub.flow.look(|desk| (desk.head(), desk.state().seq(), desk.state().snapshot())).await?;
    Ok(Json(HeadOut {
        seq: head.next.0.saturating_sub(1),
        chain: head.chain.to_string(),
        state_hash: blake3::hash(&bytes).to_hex().to_string(),
        state_seq: seq.0,
    }))
}

/// What of the audit. All conditions must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Only facts about this order, by its number.
    order: Option<String>,
    /// Only facts about this item.
    sku: Option<String>,
    /// Only facts at this location.
    location: Option<String>,
    /// Only facts about, or told by, this channel.
    channel: Option<String>,
    /// Only facts about this customer of `channel` and their orders, by the platform's id.
    customer: Option<String>,
    /// Only facts whose author's name holds this text: a person, a key, a channel, `the hub`, `the operator`.
    actor: Option<String>,
    /// Only this kind of fact.
    kind: Option<String>,
    /// Not before this date (UTC) or time, RFC 3339.
    since: Option<String>,
    /// Before this date (UTC) or time, RFC 3339.
    until: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

/// Who did what, and why, newest first. A page may be short, or empty, and still have a `next`: so many facts were looked
/// at for it.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "A page of the audit", body = Page<FactOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<AuditQuery>,
) -> Result<Json<Page<FactOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let filter = filter(&door, query).await?;
    let (items, next) = past::audit(&door.hub, filter, limit).await?;
    Ok(Json(Page { items, next: next.map(|seq| seq.0.to_string()) }))
}

async fn filter(door: &Door, query: AuditQuery) -> Result<AuditFilter, ApiError> {
    let moment = |field: &'static str, text: Option<&String>| {
        let read = |text: &String| {
            audit::moment(text).ok_or_else(|| ApiError::invalid(field, "is no date and no time in RFC 3339"))
        };
        text.map(read).transpose()
    };
    let (since, until) = (moment("since", query.since.as_ref())?, moment("until", query.until.as_ref())?);
    let before_seq = input::counted("cursor", query.cursor.as_deref())?.map(Seq);
    let order = query
        .order
        .as_deref()
        .map(|order| order.parse().map(OrderId).map_err(|_| ApiError::invalid("order", "is no order's number")));
    let kinds = query.kind.as_deref().map(|kind| {
        FactKind::parse(kind).map(|kind| vec![kind]).ok_or_else(|| ApiError::invalid("kind", "is no kind of fact"))
    });
    let (order, kinds) = (order.transpose()?, kinds.transpose()?.unwrap_or_default());
    if query.customer.is_some() && query.channel.is_none() {
        return Err(ApiError::invalid("channel", "is needed with customer: ids are the platform's own"));
    }
    ask::read(&door.hub, move |mind| {
        let item = query.sku.as_deref().map(|sku| names::item(mind, "sku", sku)).transpose()?;
        let location = query.location.as_deref().map(|name| names::location(mind, "location", name)).transpose()?;
        let channel = query.channel.as_deref().map(|name| names::channel(mind, "channel", name)).transpose()?;
        let customer = query.customer.as_deref().map(|customer| input::word("customer", customer)).transpose()?;
        let customer = channel
            .zip(customer)
            .map(|(channel, customer)| CustomerAt { channel, customer: CustomerKey::new(customer) });
        let facts = FactFilter { item, location, channel, order, kinds, before_seq, ..FactFilter::default() };
        Ok(AuditFilter { facts, customer, actor: query.actor, since, until })
    })
    .await
}

/// Which stretch of the journal, and how it is written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// The first fact by its number, a date (UTC) or a time, RFC 3339; the first of all when missing.
    from: Option<String>,
    /// The last fact by its number, or the date or time before which; the last of all when missing.
    to: Option<String>,
    /// `jsonl`, which it is when missing, or `csv`.
    format: Option<String>,
}

/// Facts with what proves that they belong to the chain, and a signature over the end. At most 200000 facts; the command
/// line has no such bound. docs/audit.md says how it is checked.
#[utoipa::path(get, path = "/v1/audit/export", tag = "audit", params(ExportQuery),
    responses((status = 200, description = "JSON lines, or a table", body = String, content_type = "application/jsonl")))]
pub(crate) async fn export(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<ExportQuery>,
) -> Result<Response, ApiError> {
    let format = match query.format.as_deref() {
        None | Some("jsonl") => Format::Jsonl,
        Some("csv") => Format::Csv,
        Some(_) => return Err(ApiError::invalid("format", "is neither jsonl nor csv")),
    };
    let from = query.from.as_deref().filter(|from| !from.is_empty()).unwrap_or("1");
    let to = query.to.as_deref().filter(|to| !to.is_empty());
    match audit::download(&door.hub, from, to, format).await {
        Ok(bytes) => Ok(attached(bytes, format)),
        Err(audit::ExportError::End(text)) => {
            Err(ApiError::invalid("from", format!("{text:?} is no fact's number, date or time")))
        }
        Err(audit::ExportError::TooMuch { max }) => {
            Err(ApiError::invalid("to", format!("the stretch holds more than {max} facts; ask for less at once")))
        }
        Err(audit::ExportError::Nothing) => Err(ApiError::not_found("any fact between the two ends")),
        Err(audit::ExportError::NoKey) => Err(ApiError::not_found("a key to sign an export with")),
        Err(audit::ExportError::Flow(error)) => Err(error.into()),
        Err(error) => Err(ApiError::Unavailable { cause: error.to_string() }),
    }
}

/// As a file to be saved.
pub(crate) fn attached(bytes: Vec<u8>, format: Format) -> Response {
    let (kind, name) = match format {
        Format::Jsonl => ("application/jsonl; charset=utf-8", "attachment; filename=\"audit.jsonl\""),
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""),
    };
    let mut response = bytes.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    response
}
