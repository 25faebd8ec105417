//! Locations, inventory items and levels.

use serde_json::Value;

use super::super::arguments::Arguments;
use super::super::execute::Run;
use super::super::node::{Node, Out};
use super::super::page::Cut;
use super::super::search::Search;
use super::{id, legacy, text, time};
use crate::shopify::ids::{Kind, level_gid};
use crate::shopify::shop::Shop;

/// One field of a location.
pub(super) fn location(run: &Run<'_>, index: usize, field: &str, arguments: &Arguments) -> Result<Out, Value> {
    let shop = run.shop;
    let location = &shop.locations[index];
    Ok(match field {
        "id" => id(Kind::Location, location.id),
        "legacyResourceId" => legacy(location.id),
        "name" => Out::from(location.name.as_str()),
        "isActive" | "shipsInventory" => Out::from(true),
        "fulfillsOnlineOrders" => Out::from(shop.web_locations().contains(&index)),
        "createdAt" => time(location.created),
        "updatedAt" => time(location.updated),
        "inventoryLevel" => {
            let item = arguments.text("inventoryItemId").unwrap_or("");
            let home = shop.ids.home_of_gid(Kind::InventoryItem, item);
            Out::maybe(home.and_then(|[article, ..]| known(shop, article, index)))
        }
        "inventoryLevels" => {
            let stocked = |article: &usize| shop.level(*article, index).is_some();
            let articles = (0..shop.articles.len()).filter(stocked);
            let search = Search::parse(arguments.text("query"));
            let found = articles.filter(|&article| level_found(shop, article, index, &search));
            Cut::of(arguments, run.everything)?.by_index(found, |article| Node::Level(article, index))
        }
        _ => Out::NULL,
    })
}

/// One field of an inventory item.
pub(super) fn item(run: &Run<'_>, index: usize, field: &str, arguments: &Arguments) -> Result<Out, Value> {
    let shop = run.shop;
    let article = &shop.articles[index];
    Ok(match field {
        "id" => id(Kind::InventoryItem, article.item),
        "legacyResourceId" => legacy(article.item),
        "sku" => text(&article.sku),
        "tracked" | "requiresShipping" => Out::from(article.tracked),
        "duplicateSkuCount" => {
            let same = |other: &&crate::shopify::records::Article| {
                !other.deleted && other.sku == article.sku && !article.sku.is_empty()
            };
            Out::from(shop.articles.iter().filter(same).count().saturating_sub(1))
        }
        "createdAt" => time(article.created),
        "updatedAt" => time(article.updated),
        "variant" => Out::Node(Node::Variant(index)),
        "inventoryLevel" => {
            let place = arguments.text("locationId").unwrap_or("");
            let home = shop.ids.home_of_gid(Kind::Location, place);
            Out::maybe(home.and_then(|[location, ..]| known(shop, index, location)))
        }
        "inventoryLevels" => {
            let search = Search::parse(arguments.text("query"));
            let found = (0..article.levels.len()).filter(|&location| level_found(shop, index, location, &search));
            Cut::of(arguments, run.everything)?.by_index(found, |location| Node::Level(index, location))
        }
        _ => Out::NULL,
    })
}

/// One field of a level.
pub(super) fn level(shop: &Shop, article: usize, location: usize, field: &str, arguments: &Arguments) -> Out {
    let level = shop.level(article, location).copied().unwrap_or_default();
    let gid = level_gid(shop.locations[location].id, shop.articles[article].item);
    match field {
        "id" => Out::from(gid),
        "isActive" => Out::from(true),
        "item" => Out::Node(Node::Item(article)),
        "location" => Out::Node(Node::Location(location)),
        "createdAt" => time(level.created),
        "updatedAt" => time(level.updated),
        "quantities" => {
            let names = arguments.list("names").iter().filter_map(Value::as_str);
            let quantities = names.filter_map(|name| {
                let quantity = level.named(name)?;
                Some(Out::Node(Node::record(
                    "InventoryQuantity",
                    vec![
                        ("id", Out::from(gid.replace("InventoryLevel", "InventoryQuantity") + "&name=" + name)),
                        ("name", Out::from(name)),
                        ("quantity", Out::from(quantity)),
                        ("updatedAt", time(level.updated)),
                    ],
                )))
            });
            Out::List(quantities.collect())
        }
        _ => Out::NULL,
    }
}

fn known(shop: &Shop, article: usize, location: usize) -> Option<Node> {
    shop.level(article, location).map(|_| Node::Level(article, location))
}

fn level_found(shop: &Shop, article: usize, location: usize, search: &Search) -> bool {
    shop.level(article, location).is_some_and(|level| {
        search.finds(|term| match term.field.as_str() {
            "updated_at" => term.time(level.updated),
            "created_at" => term.time(level.created),
            "inventory_item_id" => term.id(shop.articles[article].item),
            _ => true,
        })
    })
}
