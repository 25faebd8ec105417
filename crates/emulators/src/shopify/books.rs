//! The shop's own books: every level and every line of every document, for comparison with what the hub believes.
//! Document and line ids are written as the numbers of the webhook bodies; the `gid` ends in the same number.

use super::records::{Article, Order, RefundCause};
use super::shop::Shop;
use crate::machine::{BookLevel, BookLine, BookListing, Books};

/// All listings, levels and lines. A web order has a line per place that hands it over, with what is left after edits and
/// cancellation; what a cancellation took off is listed once more as `cancel`.
pub(super) fn books(shop: &Shop) -> Books {
    let mut lines = Vec::new();
    for order in &shop.orders {
        order_lines(shop, order, &mut lines);
        refund_lines(shop, order, &mut lines);
    }
    lines.extend(shop.notes.iter().map(|note| BookLine {
        kind: note.kind.to_owned(),
        reference: note.reference.clone(),
        document: note.document.to_string(),
        line: String::new(),
        sku: shop.articles[note.article].sku.clone(),
        location: shop.locations[note.location].name.clone(),
        quantity: note.quantity.to_string(),
        at: note.at,
    }));
    Books { listings: listings(shop), levels: levels(shop), lines, ..Books::default() }
}

fn listings(shop: &Shop) -> Vec<BookListing> {
    let living = shop.articles.iter().filter(|article| !article.deleted);
    let listing = |article: &Article| BookListing {
        sku: article.sku.clone(),
        title: article.name(),
        price_minor: article.price_minor,
        barcode: article.barcode.clone().unwrap_or_default(),
    };
    living.map(listing).collect()
}

fn levels(shop: &Shop) -> Vec<BookLevel> {
    let mut levels = Vec::new();
    for article in &shop.articles {
        for (level, location) in article.levels.iter().zip(&shop.locations) {
            levels.push(BookLevel {
                sku: article.sku.clone(),
                location: location.name.clone(),
                quantity: level.available.to_string(),
            });
        }
    }
    levels
}

fn order_lines(shop: &Shop, order: &Order, lines: &mut Vec<BookLine>) {
    let kind = if order.till.is_some() { "sale" } else { "web_order" };
    for place in &order.fulfilment_orders {
        for part in &place.lines {
            let line = &order.lines[part.line];
            lines.push(BookLine {
                kind: kind.to_owned(),
                reference: order.reference.clone(),
                document: order.id.to_string(),
                line: line.id.to_string(),
                sku: shop.articles[line.article].sku.clone(),
                location: shop.locations[place.location].name.clone(),
                quantity: part.total.to_string(),
                at: order.processed,
            });
        }
    }
}

fn refund_lines(shop: &Shop, order: &Order, lines: &mut Vec<BookLine>) {
    for refund in &order.refunds {
        for part in &refund.lines {
            let line = &order.lines[part.line];
            let (kind, handed_in) = match refund.cause {
                RefundCause::Cancelled => ("cancel", None),
                RefundCause::Returned(location) => ("return", location),
            };
            let location = part.location.or(handed_in);
            lines.push(BookLine {
                kind: kind.to_owned(),
                reference: refund.reference.clone(),
                document: refund.id.to_string(),
                line: part.id.to_string(),
                sku: shop.articles[line.article].sku.clone(),
                location: location.map_or_else(String::new, |l| shop.locations[l].name.clone()),
                quantity: part.quantity.to_string(),
                at: refund.created,
            });
        }
    }
}
