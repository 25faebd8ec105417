//! What the app sets up for itself: webhook subscriptions and bulk operations.

use serde_json::Value;

use super::{Change, Payload, Refused, UserError, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::api::bulk::check;
use crate::shopify::api::node::{Node, Out};
use crate::shopify::hooks::Subscription;
use crate::shopify::ids::{Kind, parse_gid};

/// `webhookSubscriptionCreate`.
pub(super) fn subscribe(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let topic = arguments.text("topic").unwrap_or("");
    let input = arguments.0.get("webhookSubscription").unwrap_or(&Value::Null);
    let uri = text_of(input, "uri");
    let id = change.shop.ids.give(Kind::WebhookSubscription, [0, 0, 0]);
    let subscription = change
        .hooks
        .add(id, topic, uri, None, change.now)
        .map_err(|why| UserError::new(&["webhookSubscription", "callbackUrl"], "", why))?;
    describe(subscription, input);
    Ok(vec![("webhookSubscription", Out::Node(Node::Subscription(id)))])
}

/// `webhookSubscriptionUpdate`.
pub(super) fn change_subscription(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("webhookSubscription").unwrap_or(&Value::Null);
    let now = change.now;
    let subscription = named(arguments).and_then(|id| change.hooks.find_mut(id));
    let Some(subscription) = subscription else { return Err(missing()) };
    if let Some(uri) = input.get("uri").and_then(Value::as_str) {
        subscription.uri = uri.to_owned();
    }
    describe(subscription, input);
    subscription.updated = now;
    let id = subscription.id;
    Ok(vec![("webhookSubscription", Out::Node(Node::Subscription(id)))])
}

/// `webhookSubscriptionDelete`.
pub(super) fn unsubscribe(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let removed = named(arguments).is_some_and(|id| change.hooks.remove(id));
    if !removed {
        return Err(missing());
    }
    let id = arguments.text("id").unwrap_or("");
    Ok(vec![("deletedWebhookSubscriptionId", Out::from(id))])
}

/// `bulkOperationRunQuery`.
pub(super) fn run_bulk(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let query = arguments.text("query").unwrap_or("");
    let wrong = |why: &str| Refused::from(UserError::new(&["query"], "INVALID", why));
    let document = change.documents.check(query).map_err(|errors| {
        let first = errors.first().and_then(|error| error.get("message")).and_then(Value::as_str);
        wrong(&format!("Invalid bulk query: {}", first.unwrap_or("unknown")))
    })?;
    check(&document).map_err(wrong)?;
    let id = change.shop.ids.give(Kind::BulkOperation, [0, 0, 0]);
    let due = change.now + change.shop.settings.bulk_ms;
    change.bulks.start(id, query, change.base_url, change.now, due).map_err(|running| {
        let why = format!("A bulk query operation for this app and shop is already in progress: {running}.");
        UserError::new(&[], "OPERATION_IN_PROGRESS", why)
    })?;
    Ok(vec![("bulkOperation", Out::Node(Node::Bulk(id)))])
}

fn describe(subscription: &mut Subscription, input: &Value) {
    if let Some(name) = input.get("name") {
        subscription.name = name.as_str().map(str::to_owned);
    }
    if let Some(fields) = input.get("includeFields").and_then(Value::as_array) {
        subscription.include_fields = fields.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
}

fn named(arguments: &Arguments) -> Option<u64> {
    let (kind, id) = parse_gid(arguments.text("id")?)?;
    (kind == Kind::WebhookSubscription).then_some(id)
}

fn missing() -> Refused {
    UserError::new(&["id"], "", "Webhook subscription does not exist").into()
}
