//! Prices, barcodes and titles written by the hub.

use serde_json::Value;

use super::{Change, Payload, Refused, UserError, rows, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::api::node::{Node, Out};
use crate::shopify::body::parse_money;
use crate::shopify::happened::Event;
use crate::shopify::ids::Kind;

/// What a row asks for; `None` leaves a field as it is.
struct Wish {
    article: usize,
    price_minor: Option<i64>,
    compare_at_minor: Option<Option<i64>>,
    barcode: Option<Option<String>>,
}

/// `productVariantsBulkUpdate`: price, compare-at price and barcode. With `allowPartialUpdates` the rows that are right
/// are written although others are wrong.
pub(super) fn update(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let product = living(change, arguments.text("productId").unwrap_or(""));
    let Some(product) = product else {
        let code = "PRODUCT_DOES_NOT_EXIST";
        return Err(UserError::new(&["productId"], code, "Product does not exist").into());
    };
    let input = Value::Object(arguments.0.clone());
    let (mut wishes, mut errors) = (Vec::new(), Vec::new());
    for (number, row) in rows(&input, "variants")?.iter().enumerate() {
        match wish(change, product, number, row) {
            Ok(wish) => wishes.push(wish),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() && !arguments.is_true("allowPartialUpdates") {
        return Err(Refused::User(errors));
    }
    let written: Vec<Out> = wishes.iter().map(|wish| Out::Node(Node::Variant(wish.article))).collect();
    if !wishes.is_empty() {
        write(change, product, wishes);
    }
    if !errors.is_empty() {
        return Err(Refused::User(errors));
    }
    Ok(vec![("product", Out::Node(Node::Product(product))), ("productVariants", Out::List(written))])
}

/// The index of a product that is there.
fn living(change: &Change<'_>, gid: &str) -> Option<usize> {
    let home = change.shop.ids.home_of_gid(Kind::Product, gid)?;
    Some(home[0]).filter(|product| change.shop.is_listed(*product))
}

fn write(change: &mut Change<'_>, product: usize, wishes: Vec<Wish>) {
    for wish in wishes {
        let article = &mut change.shop.articles[wish.article];
        article.price_minor = wish.price_minor.unwrap_or(article.price_minor);
        article.compare_at_minor = wish.compare_at_minor.unwrap_or(article.compare_at_minor);
        if let Some(barcode) = wish.barcode {
            article.barcode = barcode.filter(|barcode| !barcode.is_empty());
        }
        article.updated = change.now;
    }
    change.shop.products[product].updated = change.now;
    change.happened.note(Event::Product { product, topic: "PRODUCTS_UPDATE" });
}

/// `productUpdate`: the title.
pub(super) fn rename(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("product").unwrap_or(&Value::Null);
    let Some(product) = living(change, text_of(input, "id")) else {
        return Err(UserError::new(&["id"], "", "Product does not exist").into());
    };
    if let Some(title) = input.get("title").and_then(Value::as_str) {
        if title.trim().is_empty() {
            return Err(UserError::new(&["title"], "", "Title can't be blank").into());
        }
        change.shop.rename(product, title);
        for article in change.shop.products[product].articles.clone() {
            change.shop.articles[article].updated = change.now;
        }
        change.shop.products[product].updated = change.now;
        change.happened.note(Event::Product { product, topic: "PRODUCTS_UPDATE" });
    }
    Ok(vec![("product", Out::Node(Node::Product(product)))])
}

fn wish(change: &Change<'_>, product: usize, number: usize, row: &Value) -> Result<Wish, UserError> {
    let wrong = |field: &str, code, why: &str| UserError::new(&["variants", &number.to_string(), field], code, why);
    let article = match change.shop.ids.home_of_gid(Kind::ProductVariant, text_of(row, "id")) {
        Some([article, ..])
            if change.shop.articles[article].family == product && !change.shop.articles[article].deleted =>
        {
            article
        }
        Some(_) | None => {
            let code = "PRODUCT_VARIANT_DOES_NOT_EXIST";
            return Err(wrong("id", code, "Product variant does not exist"));
        }
    };
    let amount = |field: &str| -> Result<Option<Option<i64>>, UserError> {
        let Some(value) = row.get(field) else { return Ok(None) };
        let text = match value {
            Value::Null => return Ok(Some(None)),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match parse_money(change.shop, &text) {
            Some(minor) if minor >= 0 => Ok(Some(Some(minor))),
            Some(_) => Err(wrong(field, "NEGATIVE_PRICE_VALUE", "Price must be zero or more")),
            None => Err(wrong(field, "INVALID_INPUT", "Price is not an amount")),
        }
    };
    Ok(Wish {
        article,
        price_minor: amount("price")?.flatten(),
        compare_at_minor: amount("compareAtPrice")?,
        barcode: row.get("barcode").map(|value| value.as_str().map(str::to_owned)),
    })
}
