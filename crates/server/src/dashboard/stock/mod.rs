//! `/stock`: the table, one item, the story behind a number, and the forms that change stock.

mod actions;
mod csv;
mod item;
mod item_look;
mod look;
mod table;
mod why;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, Uri, header};
use model::{ItemPut, LocationId, Seq, Sku};
use tokio_stream::wrappers::ReceiverStream;

pub(super) use actions::{adjust, count, safety};
pub(super) use item::ItemPage;
#[cfg(test)]
pub(super) use item::{ConfirmPage, Place, ShownAt};
pub(super) use table::{Asked, Show, StockPage};
#[cfg(test)]
pub(super) use table::{Cell, StockRow};
use why::WhyPage;
#[cfg(test)]
pub(super) use why::WhyPage as Why;
#[cfg(test)]
pub(super) use why::WhyRow;

use super::access::{self, Visitor};
use super::error::PageError;
use super::fields::Fields;
use super::html::{self, Html};
use super::{Pages, first_zone, must, words};
use crate::Scope;

/// Facts on a page of the story behind a number.
const STORY: usize = 50;
/// Short looks that one page may take; between two of them the writer serves others.
const LOOKS: usize = 16;
/// Items in one portion of the file.
const PORTION: usize = 200;

/// What people call an item; its SKU when nobody gave it a title.
pub(super) fn title(item: &ItemPut) -> String {
    if item.title.is_empty() { item.sku.to_string() } else { item.title.to_string() }
}

fn asked(fields: &Fields) -> Asked {
    Asked {
        text: fields.get("q").to_owned(),
        show: Show::parse(fields.get("show")),
        from: fields.number("from").unwrap_or(0),
    }
}

/// `GET /stock`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    Ok(load(&pages, &visitor, &Fields::of_query(&uri)).await?.render(&visitor))
}

/// Reads the table.
pub(super) async fn load(pages: &Pages, visitor: &Visitor, fields: &Fields) -> Result<StockPage, PageError> {
    must(visitor, Scope::StockRead)?;
    let (asked, low) = (asked(fields), pages.hub.options.reorder_below);
    let mut looking = asked.clone();
    let mut seen: Option<look::Seen> = None;
    let zone = pages.read(first_zone).await?;
    for _ in 0..LOOKS {
        let (asking, left) = (looking.clone(), look::PAGE - seen.as_ref().map_or(0, |seen| seen.rows.len()));
        let more = pages.read(move |state| look::look(state, &asking, low, left)).await?;
        let (next, cut) = (more.next, more.cut);
        seen = Some(match seen {
            Some(before) => before.and(more),
            None => more,
        });
        match next {
            Some(next) if cut => looking.from = next,
            _ => break,
        }
    }
    let seen = seen.ok_or(PageError::Inside)?;
    Ok(StockPage {
        now: pages.now(),
        zone,
        asked,
        channels: seen.channels,
        rows: seen.rows,
        next: seen.next,
        cut: seen.cut,
        items: seen.items,
    })
}

/// `GET /stock.csv`: the whole table as a file, read in portions so that the writer is never held up.
pub(super) async fn download(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, PageError> {
    must(&visitor, Scope::StockRead)?;
    let (mut asked, low) = (asked(&Fields::of_query(&uri)), pages.hub.options.reorder_below);
    let (rows, body) = tokio::sync::mpsc::channel::<Result<Bytes, PageError>>(2);
    tokio::spawn(async move {
        let mut first = true;
        loop {
            let asking = asked.clone();
            let seen = pages.read(move |state| look::look(state, &asking, low, PORTION)).await;
            let (text, next) = match seen {
                Ok(seen) => {
                    let head = if first { csv::head(&seen.channels) } else { String::new() };
                    (seen.rows.iter().map(csv::row).fold(head, |text, row| text + &row), seen.next)
                }
                Err(error) => {
                    // Breaks the download off, so that half a table is not taken for a whole one.
                    let _ = rows.send(Err(error)).await;
                    return;
                }
            };
            first = false;
            if rows.send(Ok(Bytes::from(text))).await.is_err() {
                return;
            }
            let Some(next) = next else { return };
            asked.from = next;
        }
    });
    let mut response = axum::body::Body::from_stream(ReceiverStream::new(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"stock.csv\""));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    html::guard(headers);
    Ok(response)
}

/// `GET /stock/{sku}`.
pub(super) async fn show_item(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(sku): Path<String>,
    uri: Uri,
) -> Result<Html, PageError> {
    let page = load_item(&pages, &visitor, &sku).await?;
    Ok(page.render(&visitor, pages.outcomes.take(&Fields::of_query(&uri))))
}

/// Reads one item.
pub(super) async fn load_item(pages: &Pages, visitor: &Visitor, sku: &str) -> Result<ItemPage, PageError> {
    must(visitor, Scope::StockRead)?;
    let (now, wanted, key) = (pages.now(), Sku::new(sku), access::fresh_id()?);
    let found = pages
        .read(move |state| state.catalogue().sku(&wanted).map(|item| item_look::look(state, item, now, key)))
        .await?;
    found.ok_or_else(|| PageError::Missing(format!("item with the SKU “{sku}”")))
}

/// `GET /stock/{sku}/{location}`.
pub(super) async fn show_why(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path((sku, location)): Path<(String, String)>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::StockRead)?;
    let missing = || PageError::Missing(format!("item with the SKU “{sku}” at this location"));
    let (wanted, place) = (Sku::new(&sku), LocationId(location.parse().map_err(|_| missing())?));
    let found = pages
        .read(move |state| {
            let item = state.catalogue().sku(&wanted)?;
            let at = state.catalogue().location(place)?;
            Some((item.item, title(item), at.name.to_string(), words::zone(at.zone.as_str())))
        })
        .await?;
    let (item, title, location_name, zone) = found.ok_or_else(missing)?;
    let before: Option<u64> = Fields::of_query(&uri).number("before");
    let told = pages.views(move |views| views.explain(item, place, STORY, before.map(Seq))).await?;
    let more = (told.rows.len() == STORY).then(|| told.rows.last().map(|row| row.seq.0)).flatten();
    let rows = told.rows.into_iter().map(|row| why::WhyRow {
        seq: row.seq.0,
        at: row.at,
        words: row.words,
        on_hand: row.on_hand_change,
        promised: row.reserved_change,
        after: row.on_hand_after,
    });
    let page = WhyPage {
        now: pages.now(),
        sku,
        title,
        location: place.0,
        location_name,
        zone,
        on_hand: told.on_hand,
        promised: told.reserved,
        rows: rows.collect(),
        later: before.is_some(),
        before: more,
    };
    Ok(page.render(&visitor))
}
