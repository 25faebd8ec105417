//! The queries themselves: what can be asked for, and how lists are searched and sorted.

use serde_json::Value;

use super::super::arguments::Arguments;
use super::super::execute::Run;
use super::super::node::{Node, Out};
use super::super::page::{Cut, Key, error};
use super::super::search::{Search, Term};
use crate::shopify::ids::{Kind, parse_gid, parse_level_gid};
use crate::shopify::records::{Article, Customer, Order};
use crate::shopify::shop::{FIRST_ORDER_NUMBER, Shop};

/// One query.
///
/// # Errors
///
/// The entry of the reply's `errors`: a size, cursor or id that makes no sense.
pub(super) fn root(run: &Run<'_>, field: &str, arguments: &Arguments) -> Result<Out, Value> {
    let shop = run.shop;
    let by_id = |kind| lookup(run, arguments.text("id").unwrap_or(""), kind);
    Ok(match field {
        "shop" => Out::Node(Node::Shop),
        "currentAppInstallation" => super::service::installation(shop),
        "locations" => locations(run, arguments)?,
        "location" => match arguments.text("id") {
            None => Out::maybe((!shop.locations.is_empty()).then_some(Node::Location(0))),
            Some(_) => by_id(Kind::Location)?,
        },
        "products" => super::products::list(run, arguments)?,
        "productVariants" => articles(run, arguments, Article::variant_holds, Node::Variant)?,
        "inventoryItems" => articles(run, arguments, Article::item_holds, Node::Item)?,
        "product" => by_id(Kind::Product)?,
        "productVariant" => by_id(Kind::ProductVariant)?,
        "inventoryItem" => by_id(Kind::InventoryItem)?,
        "inventoryLevel" => Out::maybe(level(shop, arguments.text("id").unwrap_or(""))),
        "orders" => orders(run, arguments)?,
        "ordersCount" => orders_count(shop, arguments),
        "order" => by_id(Kind::Order)?,
        "customers" => customers(run, arguments)?,
        "customer" => by_id(Kind::Customer)?,
        "customerByIdentifier" => Out::maybe(identified(shop, arguments)),
        "inventoryTransfers" => transfers(run, arguments)?,
        "inventoryTransfer" => by_id(Kind::InventoryTransfer)?,
        "refund" => by_id(Kind::Refund)?,
        "webhookSubscriptions" => subscriptions(run, arguments)?,
        "webhookSubscription" => by_id(Kind::WebhookSubscription)?,
        "bulkOperation" => by_id(Kind::BulkOperation)?,
        "currentBulkOperation" => Out::maybe(run.bulks.newest().map(Node::Bulk)),
        "node" => node(run, arguments.text("id").unwrap_or("")),
        "nodes" => {
            let ids = arguments.list("ids").iter();
            Out::List(ids.map(|id| node(run, id.as_str().unwrap_or(""))).collect())
        }
        _ => Out::NULL,
    })
}

/// The object of an id that must be of one kind; null when there is none.
fn lookup(run: &Run<'_>, text: &str, kind: Kind) -> Result<Out, Value> {
    match parse_gid(text) {
        Some((found, id)) if found == kind => Ok(Out::maybe(find(run, kind, id))),
        Some(_) | None => Err(error(&format!("Invalid global id '{text}'"))),
    }
}

fn node(run: &Run<'_>, text: &str) -> Out {
    if let Some(level) = level(run.shop, text) {
        return Out::Node(level);
    }
    Out::maybe(parse_gid(text).and_then(|(kind, id)| find(run, kind, id)))
}

/// The object behind an id.
fn find(run: &Run<'_>, kind: Kind, id: u64) -> Option<Node> {
    let shop = run.shop;
    let [a, b, c] = shop.ids.home(kind, id)?;
    let live = |index: usize| shop.articles.get(index).is_some_and(|article| !article.deleted);
    match kind {
        Kind::Location => Some(Node::Location(a)),
        Kind::Product => shop.is_listed(a).then_some(Node::Product(a)),
        Kind::ProductVariant => live(a).then_some(Node::Variant(a)),
        Kind::InventoryItem => live(a).then_some(Node::Item(a)),
        Kind::Order => Some(Node::Order(a)),
        Kind::LineItem => Some(Node::Line(a, b)),
        Kind::FulfillmentOrder => Some(Node::FulfilmentOrder(a, b)),
        Kind::FulfillmentOrderLineItem => Some(Node::FulfilmentOrderLine(a, b, c)),
        Kind::Fulfillment => Some(Node::Fulfilment(a, b)),
        Kind::Refund => Some(Node::Refund(a, b)),
        Kind::Customer => shop.customers.get(a).is_some_and(|one| !one.gone).then_some(Node::Customer(a)),
        Kind::InventoryTransfer => Some(Node::Transfer(a)),
        Kind::WebhookSubscription => run.hooks.find(id).map(|_| Node::Subscription(id)),
        Kind::BulkOperation => Some(Node::Bulk(id)),
        // Not reachable by an id in the vendor's schema, or only as a part of something else.
        Kind::FulfillmentLineItem
        | Kind::RefundLineItem
        | Kind::OrderTransaction
        | Kind::InventoryAdjustmentGroup
        | Kind::MailingAddress
        | Kind::Job => None,
    }
}

fn level(shop: &Shop, text: &str) -> Option<Node> {
    let (location, item) = parse_level_gid(text)?;
    let [location, ..] = shop.ids.home(Kind::Location, location)?;
    let [article, ..] = shop.ids.home(Kind::InventoryItem, item)?;
    shop.level(article, location).map(|_| Node::Level(article, location))
}

fn locations(run: &Run<'_>, arguments: &Arguments) -> Result<Out, Value> {
    let cut = Cut::of(arguments, run.everything)?;
    let search = Search::parse(arguments.text("query"));
    let found = (0..run.shop.locations.len()).filter(|&index| {
        let location = &run.shop.locations[index];
        search.finds(|term| match term.field.as_str() {
            "id" => term.id(location.id),
            "name" => term.text(&location.name),
            "active" => term.text("true"),
            _ => true,
        })
    });
    Ok(cut.by_index(found, Node::Location))
}

fn articles(
    run: &Run<'_>,
    arguments: &Arguments,
    holds: impl Fn(&Article, &Term) -> bool,
    node: impl Fn(usize) -> Node,
) -> Result<Out, Value> {
    let cut = Cut::of(arguments, run.everything)?;
    let search = Search::parse(arguments.text("query"));
    let articles = &run.shop.articles;
    let found = |index: &usize| !articles[*index].deleted && search.finds(|term| holds(&articles[*index], term));
    if arguments.text("sortKey") != Some("UPDATED_AT") {
        return Ok(cut.by_index((0..articles.len()).filter(found), node));
    }
    let mut keys: Vec<Key> = (0..articles.len()).filter(found).map(|index| (articles[index].updated, index)).collect();
    keys.sort_unstable();
    if cut.reverse {
        keys.reverse();
    }
    Ok(cut.page(keys.into_iter(), node))
}

impl Article {
    fn variant_holds(&self, term: &Term) -> bool {
        match term.field.as_str() {
            "id" => term.id(self.variant),
            "product_id" | "product_ids" => term.id(self.product),
            _ => self.holds(term),
        }
    }

    fn item_holds(&self, term: &Term) -> bool {
        if term.field == "id" { term.id(self.item) } else { self.holds(term) }
    }

    fn holds(&self, term: &Term) -> bool {
        match term.field.as_str() {
            "sku" => term.text(&self.sku),
            "barcode" => self.barcode.as_deref().is_some_and(|barcode| term.text(barcode)),
            "created_at" => term.time(self.created),
            "updated_at" => term.time(self.updated),
            _ => true,
        }
    }
}

/// Orders by one of three orders. The incremental poll (`updated_at:>=`, sorted by it) starts in the middle of an
/// index and never reads what is older.
fn orders(run: &Run<'_>, arguments: &Arguments) -> Result<Out, Value> {
    let shop = run.shop;
    let cut = Cut::of(arguments, run.everything)?;
    let search = Search::parse(arguments.text("query"));
    if let Some(index) = named_order(shop, &search) {
        let found = index.filter(|&index| search.finds(|term| shop.orders[index].holds(shop, term)));
        return Ok(cut.by_index(found.into_iter(), Node::Order));
    }
    let earliest = search.earliest("updated_at").unwrap_or(i64::MIN);
    let found = |key: &Key| search.finds(|term| shop.orders[key.1].holds(shop, term));
    let index = match arguments.text("sortKey") {
        Some("UPDATED_AT") => Some((&shop.orders_by_updated, earliest)),
        None | Some("PROCESSED_AT") => Some((&shop.orders_by_processed, i64::MIN)),
        Some(_) => None,
    };
    Ok(match (index, cut.reverse) {
        (Some((index, from)), false) => {
            let from = cut.after.map_or((from, 0), |after| after.max((from, 0)));
            cut.page(index.range(from..).copied().filter(found), Node::Order)
        }
        (Some((index, from)), true) => {
            let to = cut.after.unwrap_or((i64::MAX, usize::MAX));
            let keys = if to < (from, 0) { index.range(to..to) } else { index.range((from, 0)..=to) };
            cut.page(keys.rev().copied().filter(found), Node::Order)
        }
        (None, _) => {
            let all = (0..shop.orders.len()).filter(|&index| found(&(0, index)));
            cut.by_index(all, Node::Order)
        }
    })
}

/// The only order that can be found when the search names it: `Some(None)` when there is no such order.
fn named_order(shop: &Shop, search: &Search) -> Option<Option<usize>> {
    if let Some(reference) = search.only("source_identifier") {
        return Some(shop.order_with_reference(reference).ok());
    }
    let name = search.only("name")?;
    let number: Option<u64> = name.trim_start_matches('#').parse().ok();
    let index = number
        .and_then(|number| number.checked_sub(FIRST_ORDER_NUMBER))
        .and_then(|index| usize::try_from(index).ok())
        .filter(|index| *index < shop.orders.len());
    Some(index)
}

fn orders_count(shop: &Shop, arguments: &Arguments) -> Out {
    let search = Search::parse(arguments.text("query"));
    let count = shop.orders.iter().filter(|order| search.finds(|term| order.holds(shop, term))).count();
    let limit = usize::try_from(arguments.int("limit").unwrap_or(10_000)).unwrap_or(10_000);
    let precision = if count > limit { "AT_LEAST" } else { "EXACT" };
    Out::Node(Node::record("Count", vec![("count", Out::from(count.min(limit))), ("precision", Out::from(precision))]))
}

impl Order {
    fn holds(&self, shop: &Shop, term: &Term) -> bool {
        match term.field.as_str() {
            "id" => term.id(self.id),
            "name" => term.text(&self.name()) || term.text(&self.number.to_string()),
            "created_at" => term.time(self.created),
            "updated_at" => term.time(self.updated),
            "processed_at" => term.time(self.processed),
            "source_name" => term.text(self.source.name()),
            "source_identifier" => term.text(&self.reference),
            "financial_status" => term.text(self.financial_status()),
            "fulfillment_status" => term.text(self.fulfilment_status().unwrap_or("unfulfilled")),
            "status" => match term.value.as_str() {
                "cancelled" => self.cancelled.is_some(),
                "open" | "not_closed" => self.cancelled.is_none(),
                "closed" => false,
                _ => true,
            },
            "location_id" => self.till.is_some_and(|till| term.id(shop.locations[till].id)),
            "customer_id" => self.customer.is_some_and(|index| term.id(shop.customers[index].id)),
            "sku" => self.lines.iter().any(|line| term.text(&shop.articles[line.article].sku)),
            _ => true,
        }
    }
}

fn customers(run: &Run<'_>, arguments: &Arguments) -> Result<Out, Value> {
    let cut = Cut::of(arguments, run.everything)?;
    let search = Search::parse(arguments.text("query"));
    let all = &run.shop.customers;
    let found = |index: &usize| {
        let customer = &all[*index];
        !customer.gone
            && search.finds(|term| match term.field.as_str() {
                "id" => term.id(customer.id),
                "email" => term.text(&customer.email),
                "phone" => term.text(&customer.phone),
                "first_name" => term.text(&customer.given_name),
                "last_name" => term.text(&customer.family_name),
                "tag" => customer.tags.iter().any(|tag| term.text(tag)),
                "created_at" | "customer_date" => term.time(customer.created),
                "updated_at" => term.time(customer.updated),
                _ => true,
            })
    };
    if arguments.text("sortKey") != Some("UPDATED_AT") {
        return Ok(cut.by_index((0..all.len()).filter(found), Node::Customer));
    }
    let mut keys: Vec<Key> = (0..all.len()).filter(found).map(|index| (all[index].updated, index)).collect();
    keys.sort_unstable();
    if cut.reverse {
        keys.reverse();
    }
    Ok(cut.page(keys.into_iter(), Node::Customer))
}

/// The customer with this id, e-mail address or telephone number.
fn identified(shop: &Shop, arguments: &Arguments) -> Option<Node> {
    let identifier = arguments.get("identifier")?;
    let given = |name: &str| identifier.get(name).and_then(Value::as_str);
    let is_meant = |one: &Customer| match (given("id"), given("emailAddress"), given("phoneNumber")) {
        (Some(id), _, _) => parse_gid(id) == Some((Kind::Customer, one.id)),
        (None, Some(email), _) => one.email.eq_ignore_ascii_case(email),
        (None, None, Some(phone)) => one.phone == phone,
        (None, None, None) => false,
    };
    shop.customers.iter().position(|one| !one.gone && is_meant(one)).map(Node::Customer)
}

fn transfers(run: &Run<'_>, arguments: &Arguments) -> Result<Out, Value> {
    let cut = Cut::of(arguments, run.everything)?;
    let search = Search::parse(arguments.text("query"));
    let found = (0..run.shop.transfers.len()).filter(|&index| {
        let transfer = &run.shop.transfers[index];
        search.finds(|term| match term.field.as_str() {
            "id" => term.id(transfer.id),
            "status" => term.text("draft"),
            "created_at" => term.time(transfer.created),
            _ => true,
        })
    });
    Ok(cut.by_index(found, Node::Transfer))
}

fn subscriptions(run: &Run<'_>, arguments: &Arguments) -> Result<Out, Value> {
    let cut = Cut::of(arguments, run.everything)?;
    let topics = arguments.list("topics");
    let uri = arguments.text("uri");
    let mut ids: Vec<u64> = run
        .hooks
        .iter()
        .filter(|subscription| {
            let topic = topics.is_empty() || topics.iter().any(|t| t == subscription.topic.as_str());
            topic && uri.is_none_or(|uri| uri == subscription.uri)
        })
        .map(|subscription| subscription.id)
        .collect();
    ids.sort_unstable();
    let key = |(position, id): (usize, &u64)| (i64::try_from(*id).unwrap_or(i64::MAX), position);
    let keys: Vec<Key> = ids.iter().enumerate().map(key).collect();
    let node = |position: usize| Node::Subscription(ids[position]);
    Ok(if cut.reverse { cut.page(keys.into_iter().rev(), node) } else { cut.page(keys.into_iter(), node) })
}
