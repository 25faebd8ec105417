//! Prices written by the hub.

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

/// `productVariantsBulkUpdate`: price, compare-at price and barcode.
pub(super) fn update(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let product = change.shop.ids.home_of_gid(Kind::Product, arguments.text("productId").unwrap_or(""));
    let Some([product, ..]) = product.filter(|home| !change.shop.articles[home[0]].deleted) else {
        let code = "PRODUCT_DOES_NOT_EXIST";
        return Err(UserError::new(&["productId"], code, "Product does not exist").into());
    };
    let input = Value::Object(arguments.0.clone());
    let mut wishes = Vec::new();
    for (number, row) in rows(&input, "variants")?.iter().enumerate() {
        wishes.push(wish(change, product, number, row)?);
    }
    for wish in wishes {
        let article = &mut change.shop.articles[wish.article];
        article.price_minor = wish.price_minor.unwrap_or(article.price_minor);
        article.compare_at_minor = wish.compare_at_minor.unwrap_or(article.compare_at_minor);
        if let Some(barcode) = wish.barcode {
            article.barcode = barcode;
        }
        article.updated = change.now;
    }
    change.happened.note(Event::Product { article: product, topic: "PRODUCTS_UPDATE" });
    Ok(vec![
        ("product", Out::Node(Node::Product(product))),
        ("productVariants", Out::List(vec![Out::Node(Node::Variant(product))])),
    ])
}

fn wish(change: &Change<'_>, product: usize, number: usize, row: &Value) -> Result<Wish, Refused> {
    let wrong = |field: &str, code, why: &str| {
        Refused::from(UserError::new(&["variants", &number.to_string(), field], code, why))
    };
    let article = match change.shop.ids.home_of_gid(Kind::ProductVariant, text_of(row, "id")) {
        Some([article, ..]) if article == product => article,
        Some(_) | None => {
            let code = "PRODUCT_VARIANT_DOES_NOT_EXIST";
            return Err(wrong("id", code, "Product variant does not exist"));
        }
    };
    let amount = |field: &str| -> Result<Option<Option<i64>>, Refused> {
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
