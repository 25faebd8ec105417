//! Products and variants. Every product has one variant.

use serde_json::Value;

use super::super::arguments::Arguments;
use super::super::execute::Run;
use super::super::node::{Node, Out};
use super::super::page::Cut;
use super::{NONE, id, legacy, text, time};
use crate::shopify::body::money;
use crate::shopify::ids::Kind;
use crate::shopify::shop::Shop;

/// One field of a product.
pub(super) fn product(run: &Run<'_>, index: usize, field: &str, arguments: &Arguments) -> Result<Out, Value> {
    let article = &run.shop.articles[index];
    Ok(match field {
        "id" => id(Kind::Product, article.product),
        "legacyResourceId" => legacy(article.product),
        "title" => Out::from(article.title.as_str()),
        "handle" => Out::from(article.title.to_lowercase().replace(' ', "-")),
        "status" => Out::from("ACTIVE"),
        "vendor" => Out::from(run.shop.settings.name.as_str()),
        "productType" => Out::from(""),
        "tags" => NONE,
        "createdAt" => time(article.created),
        "updatedAt" => time(article.updated),
        "totalInventory" => Out::from(article.available()),
        "tracksInventory" => Out::from(article.tracked),
        "variants" => {
            let cut = Cut::of(arguments, run.everything)?;
            cut.by_index(std::iter::once(index), Node::Variant)
        }
        _ => Out::NULL,
    })
}

/// One field of a variant.
pub(super) fn variant(shop: &Shop, index: usize, field: &str) -> Out {
    let article = &shop.articles[index];
    match field {
        "id" => id(Kind::ProductVariant, article.variant),
        "legacyResourceId" => legacy(article.variant),
        "sku" => text(&article.sku),
        "barcode" => article.barcode.as_deref().map_or(Out::NULL, text),
        "title" => Out::from("Default Title"),
        "displayName" => Out::from(format!("{} - Default Title", article.title)),
        "price" => Out::from(money(shop, article.price_minor)),
        "compareAtPrice" => article.compare_at_minor.map_or(Out::NULL, |minor| Out::from(money(shop, minor))),
        "position" => Out::from(1),
        "inventoryPolicy" => Out::from("DENY"),
        "inventoryQuantity" => Out::from(article.available()),
        "taxable" => Out::from(true),
        "createdAt" => time(article.created),
        "updatedAt" => time(article.updated),
        "product" => Out::Node(Node::Product(index)),
        "inventoryItem" => Out::Node(Node::Item(index)),
        _ => Out::NULL,
    }
}
