//! `/orders`: the list and one order.

mod list;
mod one;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use http::Uri;
use jiff::tz::TimeZone;
use model::{ChannelName, Instant, ItemId, Level, LocationId, OrderId, Sealed};
use views::{FactFilter, OrderCursor, OrderDetail, OrderFilter, OrderRow};

#[cfg(test)]
pub(super) use list::OrderLine;
pub(super) use list::{Asked, OrdersPage};
pub(super) use one::OrderPage;
#[cfg(test)]
pub(super) use one::{Happened, Held, Line};

use super::access::Visitor;
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::{Pages, first_zone, must, words};
use crate::Scope;

/// Orders on a page.
const PAGE: usize = 50;
/// Facts told of one order.
const STORY: usize = 200;

/// `GET /orders`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    Ok(load(&pages, &visitor, &Fields::of_query(&uri)).await?.render(&visitor))
}

/// Reads the list.
pub(super) async fn load(pages: &Pages, visitor: &Visitor, fields: &Fields) -> Result<OrdersPage, PageError> {
    must(visitor, Scope::OrdersRead)?;
    let asked = Asked::parse(fields);
    let name = ChannelName::new(&asked.channel);
    let (zone, channels, channel) = pages
        .read(move |state| {
            let names: Vec<String> = state.catalogue().channels().iter().map(|put| put.name.to_string()).collect();
            (first_zone(state), names, state.catalogue().channel_named(&name).map(|put| put.channel))
        })
        .await?;
    let filter = OrderFilter {
        channel,
        state: asked.state,
        kind: asked.kind,
        search: (!asked.text.is_empty()).then(|| asked.text.clone()),
        customer: None,
        before: cursor(&asked.from),
    };
    let found = pages.views(move |views| views.orders(&filter, PAGE + 1)).await?;
    let next = (found.len() > PAGE).then(|| found[PAGE - 1].cursor());
    let shown = |row: &&OrderRow| pages.hub.doorkeeper.shows_orders_of(&visitor.principal, &row.channel_name);
    Ok(OrdersPage {
        now: pages.now(),
        zone,
        asked,
        channels,
        rows: found.iter().take(PAGE).filter(shown).map(line).collect(),
        next: next.map(|at| format!("{}-{}", at.placed_at.0, at.order.0)),
    })
}

/// Where a page begins, from its address.
fn cursor(text: &str) -> Option<OrderCursor> {
    let (placed_at, order) = text.rsplit_once('-')?;
    Some(OrderCursor { placed_at: Instant(placed_at.parse().ok()?), order: OrderId(order.parse().ok()?) })
}

fn line(row: &OrderRow) -> list::OrderLine {
    let put = &row.put;
    let reference = if put.reference.is_empty() { put.document.to_string() } else { put.reference.to_string() };
    list::OrderLine {
        order: put.order.0,
        reference,
        channel: row.channel_name.clone(),
        kind: put.kind,
        state: put.state,
        placed_at: put.placed_at,
        total: words::money(put.total),
    }
}

/// `GET /orders/{order}`.
pub(super) async fn show_one(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(order): Path<String>,
) -> Result<Html, PageError> {
    must(&visitor, Scope::OrdersRead)?;
    let missing = || PageError::Missing("order of this number".to_owned());
    let id = OrderId(order.parse().map_err(|_| missing())?);
    let (found, story) = pages
        .views(move |views| {
            let filter = FactFilter { order: Some(id), ..FactFilter::default() };
            Ok((views.order(id)?, views.facts(&filter, STORY)?))
        })
        .await?;
    let theirs = |channel: &str| pages.hub.doorkeeper.shows_orders_of(&visitor.principal, channel);
    let found = found.filter(|found| theirs(&found.order.channel_name)).ok_or_else(missing)?;
    let known = state_of(&pages, &visitor, &found, id).await?;
    let page = OrderPage {
        now: pages.now(),
        zone: known.zone,
        head: line(&found.order),
        customer: known.customer,
        lines: known.lines,
        held: known.held,
        missing: found.shortages.into_iter().map(|row| row.words).collect(),
        story: story.into_iter().map(|row| one::Happened { at: row.at, words: row.words }).collect(),
    };
    Ok(page.render(&visitor))
}

/// What the engine and the keys know of an order.
struct Known {
    zone: TimeZone,
    lines: Vec<one::Line>,
    held: Vec<one::Held>,
    customer: Option<String>,
}

async fn state_of(pages: &Pages, visitor: &Visitor, found: &OrderDetail, id: OrderId) -> Result<Known, PageError> {
    let (put, people) = (found.order.put.clone(), visitor.may(Scope::PeopleRead));
    let seen = pages.hub.flow.look(move |desk| {
        let state = desk.state();
        let title = |item: ItemId| state.catalogue().item(item).map(super::stock::title);
        let lines = put.lines.iter().map(|line| one::Line {
            sku: line
                .item
                .and_then(|item| state.catalogue().item(item))
                .map_or(line.sku.to_string(), |item| item.sku.to_string()),
            title: line.item.and_then(title),
            quantity: line.quantity,
            price: line.price.map(words::money),
        });
        let contact = put.contact.as_ref().filter(|_| people);
        Known {
            zone: first_zone(state),
            lines: lines.collect(),
            held: held(state, id),
            customer: contact.and_then(|sealed| name(desk, sealed)),
        }
    });
    Ok(seen.await?)
}

/// Units by item and location, all lines of the order together.
fn held(state: &flow::State, id: OrderId) -> Vec<one::Held> {
    let mut sums: BTreeMap<(ItemId, LocationId), (i64, i64)> = BTreeMap::new();
    for holding in state.orders().get(id).map_or(&[][..], |order| &order.holdings) {
        let sum = sums.entry((holding.item, holding.location)).or_default();
        sum.0 = sum.0.saturating_add(holding.promised);
        sum.1 = sum.1.saturating_add(holding.gone);
    }
    let catalogue = state.catalogue();
    sums.into_iter()
        .filter_map(|((item, location), (promised, gone))| {
            let (item, location) = (catalogue.item(item)?, catalogue.location(location)?);
            Some(one::Held {
                sku: item.sku.to_string(),
                title: super::stock::title(item),
                location: location.name.to_string(),
                promised: Level::from_parts(promised),
                gone: Level::from_parts(gone),
            })
        })
        .collect()
}

fn name(desk: &flow::Desk<'_>, sealed: &Sealed) -> Option<String> {
    let person = desk.unseal(sealed)?;
    let name = format!("{} {}", person.given_name, person.family_name);
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
