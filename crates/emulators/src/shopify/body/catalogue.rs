//! Bodies about what is sold and where.

use serde_json::{Value, json};

use super::{local, money};
use crate::machine::Millis;
use crate::shopify::ids::{Kind, gid, level_gid};
use crate::shopify::records::Article;
use crate::shopify::shop::Shop;

/// `inventory_levels/update`: thin, without a cause and without the old value.
pub(in crate::shopify) fn level(shop: &Shop, article: usize, location: usize) -> String {
    let (item, place) = (shop.articles[article].item, shop.locations[location].id);
    let level = shop.level(article, location).copied().unwrap_or_default();
    json!({
        "inventory_item_id": item,
        "location_id": place,
        "available": level.available,
        "updated_at": local(shop, level.updated),
        "admin_graphql_api_id": level_gid(place, item),
    })
    .to_string()
}

/// A body carries at most this many variants. The vendor says that large products may be cut and not where; a reader has
/// to read the product back anyway.
const VARIANTS_MAX: usize = 100;

/// `products/create` and `products/update`, and `products/delete` with the id alone.
pub(in crate::shopify) fn product(shop: &Shop, product: usize) -> String {
    let known = &shop.products[product];
    if !shop.is_listed(product) {
        return json!({ "id": known.id }).to_string();
    }
    let created = local(shop, known.created);
    let living = known.articles.iter().map(|index| &shop.articles[*index]).filter(|article| !article.deleted);
    let living: Vec<&Article> = living.collect();
    let options: Vec<&str> = living.iter().map(|article| article.option_title()).collect();
    let name = if living.iter().any(|article| article.option.is_some()) { "Style" } else { "Title" };
    let shown = living.iter().enumerate().take(VARIANTS_MAX);
    let variants: Vec<Value> = shown.map(|(place, article)| variant(shop, article, place + 1)).collect();
    json!({
        "id": known.id,
        "admin_graphql_api_id": gid(Kind::Product, known.id),
        "title": known.title,
        "handle": known.title.to_lowercase().replace(' ', "-"),
        "status": "active",
        "vendor": shop.settings.name,
        "product_type": "",
        "tags": "",
        "body_html": "",
        "published_scope": "global",
        "created_at": created,
        "updated_at": local(shop, known.updated),
        "published_at": created,
        "options": [{"id": known.id + 1, "product_id": known.id, "name": name, "position": 1, "values": options}],
        "variants": variants,
        "images": [],
        "image": null,
    })
    .to_string()
}

fn variant(shop: &Shop, article: &Article, position: usize) -> Value {
    json!({
        "id": article.variant,
        "product_id": article.product,
        "admin_graphql_api_id": gid(Kind::ProductVariant, article.variant),
        "title": article.option_title(),
        "option1": article.option_title(),
        "sku": article.sku,
        "barcode": article.barcode,
        "price": money(shop, article.price_minor),
        "compare_at_price": article.compare_at_minor.map(|minor| money(shop, minor)),
        "position": position,
        "inventory_item_id": article.item,
        "inventory_quantity": article.available(),
        "old_inventory_quantity": article.available(),
        "inventory_policy": "deny",
        "taxable": true,
        "created_at": local(shop, article.created),
        "updated_at": local(shop, article.updated),
    })
}

/// `inventory_items/*`.
pub(in crate::shopify) fn item(shop: &Shop, article: usize) -> String {
    let article = &shop.articles[article];
    if article.deleted {
        return json!({ "id": article.item }).to_string();
    }
    json!({
        "id": article.item,
        "sku": article.sku,
        "created_at": local(shop, article.created),
        "updated_at": local(shop, article.updated),
        "requires_shipping": article.tracked,
        "cost": null,
        "country_code_of_origin": null,
        "tracked": article.tracked,
        "admin_graphql_api_id": gid(Kind::InventoryItem, article.item),
    })
    .to_string()
}

/// `locations/*`.
pub(in crate::shopify) fn location(shop: &Shop, location: usize) -> String {
    let location = &shop.locations[location];
    json!({
        "id": location.id,
        "name": location.name,
        "address1": null, "address2": null, "city": null, "zip": null, "province": null, "country": null,
        "phone": null,
        "created_at": local(shop, location.created),
        "updated_at": local(shop, location.updated),
        "legacy": false,
        "active": true,
        "admin_graphql_api_id": gid(Kind::Location, location.id),
    })
    .to_string()
}

/// `bulk_operations/finish`.
pub(in crate::shopify) fn bulk(shop: &Shop, id: u64, now: Millis) -> String {
    json!({
        "admin_graphql_api_id": gid(Kind::BulkOperation, id),
        "completed_at": local(shop, now),
        "created_at": local(shop, now),
        "error_code": null,
        "status": "completed",
        "type": "query",
    })
    .to_string()
}

/// `app/uninstalled`: the shop itself.
pub(in crate::shopify) fn shop(shop: &Shop, now: Millis) -> String {
    json!({
        "id": 55501,
        "name": shop.settings.name,
        "email": format!("owner@{}", shop.settings.shop_domain),
        "domain": shop.settings.shop_domain,
        "myshopify_domain": shop.settings.shop_domain,
        "currency": shop.settings.currency,
        "iana_timezone": shop.settings.zone,
        "plan_name": "basic",
        "taxes_included": shop.settings.taxes_included,
        "created_at": local(shop, shop.opened),
        "updated_at": local(shop, now),
    })
    .to_string()
}
