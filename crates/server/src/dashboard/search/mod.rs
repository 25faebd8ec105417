//! `/search`: items and orders for a few words.

mod page;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use http::Uri;
use views::Found;

#[cfg(test)]
pub(super) use page::Hit;
pub(super) use page::SearchPage;

use super::access::Visitor;
use super::error::PageError;
use super::fields::{Fields, encoded};
use super::html::Html;
use super::{Pages, must};
use crate::Scope;

/// Most that is listed.
const LISTED: usize = 50;

/// `GET /search?q=`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::StockRead)?;
    let text = Fields::of_query(&uri).get("q").to_owned();
    let wanted = text.clone();
    let found =
        if text.is_empty() { Vec::new() } else { pages.views(move |views| views.search(&wanted, LISTED)).await? };
    let mut page = SearchPage { text, items: Vec::new(), orders: Vec::new() };
    for found in found {
        match found {
            Found::Item { sku, title, .. } => page.items.push(page::Hit {
                address: format!("/stock/{}", encoded(&sku)),
                name: if title.is_empty() { sku.clone() } else { title },
                more: sku,
            }),
            Found::Order { order, channel_name, reference, document, .. }
                if visitor.may(Scope::OrdersRead)
                    && pages.hub.doorkeeper.shows_orders_of(&visitor.principal, &channel_name) =>
            {
                page.orders.push(page::Hit {
                    address: format!("/orders/{}", order.0),
                    name: if reference.is_empty() { document } else { reference },
                    more: channel_name,
                });
            }
            Found::Order { .. } => {}
        }
    }
    Ok(page.render(&visitor))
}
