//! Products and variants.

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
    let (shop, known) = (run.shop, &run.shop.products[index]);
    let living = known.articles.iter().copied().filter(|article| !shop.articles[*article].deleted);
    Ok(match field {
        "id" => id(Kind::Product, known.id),
        "legacyResourceId" => legacy(known.id),
        "title" => Out::from(known.title.as_str()),
        "handle" => Out::from(known.title.to_lowercase().replace(' ', "-")),
        "status" => Out::from("ACTIVE"),
        "vendor" => Out::from(run.shop.settings.name.as_str()),
        "productType" => Out::from(""),
        "tags" => NONE,
        "createdAt" => time(known.created),
        "updatedAt" => time(known.updated),
        "totalInventory" => Out::from(living.map(|article| shop.articles[article].available()).sum::<i64>()),
        "tracksInventory" => {
            let mut living = living;
            Out::from(living.any(|article| shop.articles[article].tracked))
        }
        "hasOnlyDefaultVariant" => {
            let living: Vec<usize> = living.collect();
            Out::from(living.len() == 1 && living.iter().all(|article| shop.articles[*article].option.is_none()))
        }
        "variantsCount" => {
            let count = vec![("count", Out::from(living.count())), ("precision", Out::from("EXACT"))];
            Out::Node(Node::record("Count", count))
        }
        "variants" => {
            let cut = Cut::of(arguments, run.everything)?;
            cut.by_index(living, Node::Variant)
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
        "title" => Out::from(article.option_title()),
        "displayName" => Out::from(format!("{} - {}", article.title, article.option_title())),
        "price" => Out::from(money(shop, article.price_minor)),
        "compareAtPrice" => article.compare_at_minor.map_or(Out::NULL, |minor| Out::from(money(shop, minor))),
        "position" => {
            let place = shop.products[article.family].articles.iter().position(|one| *one == index);
            Out::from(place.map_or(1, |place| place + 1))
        }
        "inventoryPolicy" => Out::from("DENY"),
        "inventoryQuantity" => Out::from(article.available()),
        "taxable" => Out::from(true),
        "createdAt" => time(article.created),
        "updatedAt" => time(article.updated),
        "product" => Out::Node(Node::Product(article.family)),
        "inventoryItem" => Out::Node(Node::Item(index)),
        _ => Out::NULL,
    }
}
