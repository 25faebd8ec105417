//! Orders, with the people behind them only for who may see people.

use model::{Instant, OrderId, OrderKind, OrderPut, OrderState, Sealed};
use views::{OrderCursor, OrderDetail, OrderFilter, OrderRow};

use super::look_behind;
use crate::Hub;
use crate::api::orders::{MovementWords, OrderLineOut, OrderOne, OrderOut, OrdersQuery, PersonOut, ReturnOut};
use crate::api::page::Page;
use crate::api::problem::ApiError;
use crate::api::{ask, input, names};

/// Orders, newest first.
pub(in crate::api) async fn orders(hub: &Hub, query: OrdersQuery) -> Result<Page<OrderOut>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let channel = match query.channel {
        Some(name) => Some(ask::read(hub, move |mind| names::channel(mind, "channel", &name)).await?),
        None => None,
    };
    let search = query.reference.as_deref().map(|reference| input::word("reference", reference)).transpose()?;
    let filter = OrderFilter {
        channel,
        state: query.state.as_deref().map(state).transpose()?,
        kind: query.kind.as_deref().map(kind).transpose()?,
        search: search.map(str::to_owned),
        customer: None,
        before: query.cursor.as_deref().map(cursor).transpose()?,
    };
    let rows = look_behind(hub, move |views| views.orders(&filter, limit)).await?;
    let next = if rows.len() >= limit { rows.last().map(OrderRow::cursor) } else { None };
    Ok(Page {
        items: rows.iter().map(head).collect(),
        next: next.map(|next| format!("{}-{}", next.placed_at.0, next.order.0)),
    })
}

fn state(word: &str) -> Result<OrderState, ApiError> {
    match word {
        "open" => Ok(OrderState::Open),
        "completed" => Ok(OrderState::Completed),
        "cancelled" => Ok(OrderState::Cancelled),
        _ => Err(ApiError::invalid("state", "state is open, completed or cancelled")),
    }
}

fn kind(word: &str) -> Result<OrderKind, ApiError> {
    match word {
        "till" => Ok(OrderKind::Till),
        "web" => Ok(OrderKind::Web),
        _ => Err(ApiError::invalid("kind", "kind is till or web")),
    }
}

fn cursor(text: &str) -> Result<OrderCursor, ApiError> {
    // An order placed before 1970 has a leading minus, so the last dash divides.
    let parts = text.rsplit_once('-').and_then(|(at, order)| Some((at.parse().ok()?, order.parse().ok()?)));
    let (at, order) = parts.ok_or_else(|| ApiError::invalid("cursor", "cursor is not one that was given out"))?;
    Ok(OrderCursor { placed_at: Instant(at), order: OrderId(order) })
}

fn head(row: &OrderRow) -> OrderOut {
    let put = &row.put;
    OrderOut {
        id: put.order.to_string(),
        channel: row.channel_name.clone(),
        document: put.document.to_string(),
        reference: put.reference.to_string(),
        kind: match put.kind {
            OrderKind::Till => "till",
            OrderKind::Web => "web",
        }
        .into(),
        state: match put.state {
            OrderState::Open => "open",
            OrderState::Completed => "completed",
            OrderState::Cancelled => "cancelled",
        }
        .into(),
        placed_at: put.placed_at.to_string(),
        total: put.total.into(),
    }
}

/// One order.
pub(in crate::api) async fn order(hub: &Hub, id: OrderId, people: bool) -> Result<Option<OrderOne>, ApiError> {
    let Some(detail) = look_behind(hub, move |views| views.order(id)).await? else { return Ok(None) };
    let person = if people { person(hub, &detail.order.put).await? } else { None };
    let named = ask::read(hub, move |mind| Ok(one(mind, detail))).await?;
    Ok(Some(OrderOne { person, ..named }))
}

fn one(mind: &flow::State, detail: OrderDetail) -> OrderOne {
    let lines = detail.order.put.lines.iter().map(|line| OrderLineOut {
        line: line.line.to_string(),
        sku: line.item.map(|item| names::sku_of(mind, item)),
        printed_sku: line.sku.to_string(),
        quantity: line.quantity.to_string(),
        price: line.price.map(Into::into),
    });
    let returns = detail.returns.iter().map(|back| ReturnOut {
        document: back.returned.document.to_string(),
        sku: back.returned.item.map(|item| names::sku_of(mind, item)),
        quantity: back.returned.quantity.to_string(),
        restocked: back.returned.restocked.map(|place| names::location_of(mind, place)),
        at: back.returned.happened_at.to_string(),
    });
    let movements = detail.movements.iter().map(|row| MovementWords { seq: row.seq.0, words: row.words.clone() });
    OrderOne {
        order: head(&detail.order),
        lines: lines.collect(),
        returns: returns.collect(),
        movements: movements.collect(),
        customer: detail.order.put.customer.as_ref().map(ToString::to_string),
        person: None,
    }
}

/// The personal fields of the order itself, or else those of its customer.
async fn person(hub: &Hub, put: &OrderPut) -> Result<Option<PersonOut>, ApiError> {
    let sealed: Option<Sealed> = match (&put.contact, &put.customer) {
        (Some(contact), _) => Some(contact.clone()),
        (None, Some(customer)) => {
            let (channel, customer) = (put.channel, customer.clone());
            look_behind(hub, move |views| views.customer(channel, &customer)).await?.and_then(|row| row.put.person)
        }
        (None, None) => None,
    };
    let Some(sealed) = sealed else { return Ok(None) };
    Ok(hub.flow.look(move |desk| desk.unseal(&sealed)).await?.map(PersonOut::from))
}
