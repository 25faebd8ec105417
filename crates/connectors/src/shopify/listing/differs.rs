//! What a variant lists now, and which of its fields have to be written. Called by `listing`; knows no requests.

use model::{Barcode, Listing, Money, Outcome, Title};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::shopify::graph::{Named, Shop};
use crate::shopify::scalar::{self, Amount, Gid};
use crate::shopify::write::never;
use crate::shopify::{reply, translate};
use crate::{ListingRow, Trouble};

/// Answer to what variants list.
#[derive(Deserialize)]
pub(super) struct Look {
    shop: Shop,
    nodes: Vec<Value>,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/ProductVariant>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    id: Gid,
    price: Amount,
    barcode: Option<String>,
    display_name: String,
    inventory_item: Named,
    /// Whose variant it is.
    pub(super) product: Product,
}

/// <https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Product>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Product {
    /// Global id.
    pub(super) id: Gid,
    title: String,
    /// Null only where counting failed; then it is not known to be one.
    variants_count: Option<Count>,
}

#[derive(Debug, Deserialize)]
struct Count {
    count: u32,
}

impl Look {
    /// The shop and the variants in the order asked; `None` for one that does not exist.
    ///
    /// # Errors
    /// When there are not as many as were asked for, or one is not what it should be.
    pub(super) fn shown(self, asked: usize) -> Result<(Shop, Vec<Option<Shown>>), Trouble> {
        if self.nodes.len() != asked {
            let reason = format!("data.nodes: {} of {asked} objects", self.nodes.len());
            return Err(Trouble::Garbled { reason });
        }
        let one = |(index, node): (usize, Value)| match node {
            Value::Null => Ok(None),
            node => scalar::parse_part(node, &format!("data.nodes[{index}]")).map(Some).map_err(reply::garbled),
        };
        let shown = self.nodes.into_iter().enumerate().map(one).collect::<Result<_, _>>()?;
        Ok((self.shop, shown))
    }
}

/// What has to be written of one listing; empty when it is listed already.
pub(super) struct Differs {
    /// The variant's id and the fields that change; empty when none does.
    pub(super) fields: Map<String, Value>,
    /// The product's new title.
    pub(super) title: Option<String>,
}

impl Differs {
    /// What has to be written.
    ///
    /// # Errors
    /// The outcome instead: a field shows neither what was believed nor what is wanted ([`Outcome::Stale`]), or cannot
    /// be said on Shopify.
    pub(super) fn of(row: &ListingRow, shown: &Shown, shop: &Shop) -> Result<Self, Outcome> {
        if shown.inventory_item.id.number() != row.external.as_str() {
            return Err(never("the variant belongs to another inventory item now"));
        }
        let mut fields = Map::new();
        if let Some(price) = new_price(row, shown, shop)? {
            fields.insert("price".to_owned(), json!(price));
        }
        if let Some(barcode) = new_barcode(row, shown)? {
            fields.insert("barcode".to_owned(), barcode);
        }
        if !fields.is_empty() {
            fields.insert("id".to_owned(), json!(shown.id.whole()));
        }
        Ok(Self { fields, title: new_title(row, shown)? })
    }
}

/// `Ok(false)` when it is there already.
fn wanting<T: PartialEq>(shown: &T, from: &T, to: &T) -> Result<bool, Outcome> {
    match (shown == to, shown == from) {
        (true, _) => Ok(false),
        (false, true) => Ok(true),
        (false, false) => Err(Outcome::Stale),
    }
}

fn new_price(row: &ListingRow, shown: &Shown, shop: &Shop) -> Result<Option<String>, Outcome> {
    let differ = |from: &Listing, to: &Listing| from.price != to.price || from.tax_inclusive != to.tax_inclusive;
    if !differ(&row.from, &row.to) {
        return Ok(None);
    }
    let price = row.to.price.ok_or_else(|| never("Shopify takes no variant without a price"))?;
    if price.currency.code() != shop.currency_code {
        return Err(never("the shop has another currency"));
    }
    if row.to.tax_inclusive != shop.taxes_included {
        let kept = if shop.taxes_included { "including" } else { "excluding" };
        return Err(never(&format!("the shop keeps its prices {kept} tax")));
    }
    // A price that cannot be read is none that was believed.
    let listed: Option<Money> = shown.price.money(price.currency, String::new).ok();
    let wanting = wanting(&listed, &row.from.price, &row.to.price)?;
    Ok(wanting.then(|| price.to_decimal()))
}

fn new_barcode(row: &ListingRow, shown: &Shown) -> Result<Option<Value>, Outcome> {
    let (from, to) = (row.from.barcodes.first(), row.to.barcodes.first());
    let listed = shown.barcode.as_deref().map(Barcode::new).filter(|barcode| !barcode.is_empty());
    if from == to || !wanting(&listed.as_ref(), &from, &to)? {
        return Ok(None);
    }
    Ok(Some(json!(to.map(Barcode::as_str))))
}

/// A variant is called by its product's title and its option. So the title can be written where the product has no
/// other variant, and only in front of the option.
fn new_title(row: &ListingRow, shown: &Shown) -> Result<Option<String>, Outcome> {
    let (from, to) = (&row.from.title, &row.to.title);
    let name = translate::title(&shown.display_name);
    if from == to || !wanting(&Title::new(name), from, to)? {
        return Ok(None);
    }
    if shown.product.variants_count.as_ref().is_none_or(|variants| variants.count != 1) {
        return Err(never("the title belongs to the product, which has several variants"));
    }
    let option = name.strip_prefix(shown.product.title.as_str()).unwrap_or_default();
    let title = to.as_str().strip_suffix(option);
    let title = title.ok_or_else(|| never("the variant's option is a part of its title"))?;
    if title.trim().is_empty() {
        return Err(never("Shopify takes no product without a title"));
    }
    Ok(Some(title.to_owned()))
}
