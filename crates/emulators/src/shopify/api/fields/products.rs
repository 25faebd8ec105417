//! The list of products: by their own words, or by those of any of their variants.

use serde_json::Value;

use super::super::arguments::Arguments;
use super::super::execute::Run;
use super::super::node::{Node, Out};
use super::super::page::{Cut, Key};
use super::super::search::{Search, Term};
use crate::shopify::shop::Shop;

/// `products`.
///
/// # Errors
///
/// The entry of the reply's `errors`: a size or cursor that makes no sense.
pub(super) fn list(run: &Run<'_>, arguments: &Arguments) -> Result<Out, Value> {
    let cut = Cut::of(arguments, run.everything)?;
    let search = Search::parse(arguments.text("query"));
    let shop = run.shop;
    let found = |index: &usize| shop.is_listed(*index) && search.finds(|term| holds(shop, *index, term));
    let found = (0..shop.products.len()).filter(found);
    if arguments.text("sortKey") != Some("UPDATED_AT") {
        return Ok(cut.by_index(found, Node::Product));
    }
    let mut keys: Vec<Key> = found.map(|index| (shop.products[index].updated, index)).collect();
    keys.sort_unstable();
    if cut.reverse {
        keys.reverse();
    }
    Ok(cut.page(keys.into_iter(), Node::Product))
}

fn holds(shop: &Shop, index: usize, term: &Term) -> bool {
    let product = &shop.products[index];
    let mut variants = product.articles.iter().map(|article| &shop.articles[*article]).filter(|one| !one.deleted);
    match term.field.as_str() {
        "id" => term.id(product.id),
        "title" => term.text(&product.title),
        "created_at" => term.time(product.created),
        "updated_at" => term.time(product.updated),
        "sku" => variants.any(|one| term.text(&one.sku)),
        "barcode" => variants.any(|one| one.barcode.as_deref().is_some_and(|barcode| term.text(barcode))),
        _ => true,
    }
}
