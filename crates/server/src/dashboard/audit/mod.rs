//! `/audit`: who did what, and why, in sentences; found by order, item, customer, author and time, and taken away with proof.

mod page;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use http::Uri;
use model::{ChannelName, CustomerAt, CustomerKey, Instant, Seq, Sku};
use views::{AuditFilter, FactFilter, OrderFilter};

pub(super) use page::{Asked, AuditLine, AuditPage};

use super::access::Visitor;
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::{Pages, first_zone, must};
use crate::Scope;
use crate::audit::{self, ExportError, Format};

/// Facts on a page.
const PAGE: usize = 50;
/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

/// `GET /audit`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    Ok(load(&pages, &visitor, &Fields::of_query(&uri)).await?.render(&visitor))
}

/// Reads a page of the audit. What cannot be found is told on it.
pub(super) async fn load(pages: &Pages, visitor: &Visitor, fields: &Fields) -> Result<AuditPage, PageError> {
    must(visitor, Scope::AuditRead)?;
    let asked = Asked::parse(fields);
    let (name, sku) = (ChannelName::new(&asked.channel), Sku::new(&asked.sku));
    let (zone, channels, channel, item) = pages
        .read(move |state| {
            let catalogue = state.catalogue();
            let names: Vec<String> = catalogue.channels().iter().map(|put| put.name.to_string()).collect();
            let channel = catalogue.channel_named(&name).map(|put| put.channel);
            (first_zone(state), names, channel, catalogue.sku(&sku).map(|item| item.item))
        })
        .await?;
    let mut page = AuditPage { now: pages.now(), zone, asked, channels, rows: Vec::new(), next: None, trouble: None };
    let asked = page.asked.clone();
    let trouble = if !asked.sku.is_empty() && item.is_none() {
        Some("There is no item of this SKU.")
    } else if !asked.customer.is_empty() && channel.is_none() {
        Some("Choose the channel of the customer: ids are the platform's own.")
    } else {
        None
    };
    let order = if asked.order.is_empty() { None } else { order(pages, &asked.order).await? };
    page.trouble = trouble.or((!asked.order.is_empty() && order.is_none()).then_some("No order has this number."));
    if page.trouble.is_some() {
        return Ok(page);
    }
    let customer = channel.filter(|_| !asked.customer.is_empty());
    let customer = customer.map(|channel| CustomerAt { channel, customer: CustomerKey::new(&asked.customer) });
    let filter = AuditFilter {
        facts: FactFilter { item, channel, order, before_seq: asked.before.map(Seq), ..FactFilter::default() },
        customer,
        actor: (!asked.actor.is_empty()).then(|| asked.actor.clone()),
        since: audit::moment(&asked.since),
        // The day that is named counts whole.
        until: audit::moment(&asked.until).map(|at| Instant(at.0 + DAY_MS)),
    };
    let found = pages.views(move |views| views.audit(&filter, PAGE)).await?;
    page.next = found.next.map(|seq| seq.0);
    page.rows = found.rows.into_iter().map(line).collect();
    Ok(page)
}

fn line(row: views::FactRow) -> AuditLine {
    AuditLine { seq: row.seq.0, at: row.at, by: row.by, words: row.words }
}

/// The order that people mean by a number: the newest whose reference holds it.
async fn order(pages: &Pages, text: &str) -> Result<Option<model::OrderId>, PageError> {
    let filter = OrderFilter {
        channel: None,
        state: None,
        kind: None,
        search: Some(text.to_owned()),
        customer: None,
        before: None,
    };
    let found = pages.views(move |views| views.orders(&filter, 1)).await?;
    Ok(found.first().map(|row| row.put.order))
}

/// `GET /audit/export`.
pub(super) async fn export(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, PageError> {
    must(&visitor, Scope::AuditRead)?;
    let fields = Fields::of_query(&uri);
    let format = if fields.get("format") == "csv" { Format::Csv } else { Format::Jsonl };
    let from = if fields.get("since").is_empty() { "1" } else { fields.get("since") };
    let until = audit::moment(fields.get("until")).map(|at| Instant(at.0 + DAY_MS).to_string());
    match audit::download(&pages.hub, from, until.as_deref(), format).await {
        Ok(bytes) => Ok(crate::api::attached(bytes, format)),
        Err(ExportError::Flow(error)) => Err(error.into()),
        Err(ExportError::Views(error)) => Err(error.into()),
        Err(ExportError::NoKey) => Err(PageError::Missing("key to sign an export with".to_owned())),
        Err(ExportError::Nothing) => Err(PageError::Missing("fact between these days".to_owned())),
        Err(ExportError::TooMuch { .. }) => Err(PageError::Missing("export of so many days; ask for fewer".to_owned())),
        Err(_) => Err(PageError::Inside),
    }
}
