//! The shop's own books: every level and every line of every document, for comparison with what the hub believes.
//! Document and line ids are written as the numbers of the webhook bodies; the `gid` ends in the same number.

use super::records::{Article, Customer, Line, Order, Refund, RefundCause, RefundLine, Transfer};
use super::shop::Shop;
use crate::machine::{BookDocument, BookLevel, BookLine, BookListing, Books};

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
    Books { listings: listings(shop), levels: levels(shop), lines, documents: documents(shop) }
}

fn documents(shop: &Shop) -> Vec<BookDocument> {
    let refunds = shop.orders.iter().flat_map(|order| order.refunds.iter().map(move |refund| (order, refund)));
    let living = shop.customers.iter().filter(|customer| !customer.gone);
    let orders = shop.orders.iter().map(|order| order_document(shop, order));
    let refunds = refunds.map(|(order, refund)| refund_document(shop, order, refund));
    let transfers = shop.transfers.iter().map(|transfer| transfer_document(shop, transfer));
    orders.chain(refunds).chain(living.map(customer_document)).chain(transfers).collect()
}

fn order_document(shop: &Shop, order: &Order) -> BookDocument {
    let places: Vec<&str> = order
        .fulfilment_orders
        .iter()
        .filter(|place| !place.cancelled)
        .map(|place| shop.locations[place.location].name.as_str())
        .collect();
    let line = |line: &Line| (shop.articles[line.article].sku.clone(), line.current().to_string());
    BookDocument {
        kind: "order".to_owned(),
        document: order.id.to_string(),
        reference: order.reference.clone(),
        state: order.financial_status().to_owned(),
        location: places.join(", "),
        lines: order.lines.iter().map(line).collect(),
        amount_minor: order.current_minor(),
        ..BookDocument::default()
    }
}

fn refund_document(shop: &Shop, order: &Order, refund: &Refund) -> BookDocument {
    let line =
        |part: &RefundLine| (shop.articles[order.lines[part.line].article].sku.clone(), part.quantity.to_string());
    let location = refund.lines.iter().find_map(|part| part.location);
    BookDocument {
        kind: "refund".to_owned(),
        document: format!("refund:{}", refund.id),
        reference: refund.reference.clone(),
        state: String::new(),
        location: location.map_or_else(String::new, |index| shop.locations[index].name.clone()),
        lines: refund.lines.iter().map(line).collect(),
        amount_minor: refund.amount_minor,
        ..BookDocument::default()
    }
}

fn customer_document(customer: &Customer) -> BookDocument {
    let name = format!("{} {}", customer.given_name, customer.family_name);
    BookDocument {
        kind: "customer".to_owned(),
        document: customer.id.to_string(),
        reference: customer.tags.join(", "),
        person: [name.trim(), &customer.email, &customer.phone].join(" ").trim().to_owned(),
        ..BookDocument::default()
    }
}

fn transfer_document(shop: &Shop, transfer: &Transfer) -> BookDocument {
    let line = |(article, units): &(usize, i64)| (shop.articles[*article].sku.clone(), units.to_string());
    BookDocument {
        kind: "transfer".to_owned(),
        document: transfer.id.to_string(),
        reference: transfer.reference.clone(),
        state: "draft".to_owned(),
        location: transfer.to.map_or_else(String::new, |index| shop.locations[index].name.clone()),
        lines: transfer.lines.iter().map(line).collect(),
        ..BookDocument::default()
    }
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
            // Units that were never handed over do not come back.
            let (kind, handed_in) = match refund.cause {
                RefundCause::Returned(location) if !part.was_open => ("return", location),
                RefundCause::Returned(_) | RefundCause::Cancelled => ("cancel", None),
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
