//! Webhook subscriptions: one topic at a time until all are there.
//!
//! Called by `requests` and `learn`. Shopify deletes a subscription after eight failed deliveries in a row, so `flow`
//! lists them now and then and asks for what is missing.
//! <https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/webhookSubscriptionCreate>

use model::Instant;
use serde::Deserialize;

use super::graph::{Subscription as Theirs, UserError};
use super::queries::TOPICS;
use super::reply;
use crate::{Page, Question, Reply, Subscription, Trouble};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    webhook_subscription_create: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    webhook_subscription: Option<Theirs>,
    user_errors: Vec<UserError>,
}

/// The first topic we need that is not there.
pub(super) fn missing(present: &[String]) -> Option<&'static str> {
    TOPICS.into_iter().find(|topic| !present.iter().any(|there| there == topic))
}

/// What came of subscribing to the first missing topic, and the next one.
///
/// # Errors
/// When the platform refuses the address or the topic.
pub(super) fn learn(url: &str, present: &[String], since: Instant, reply: &Reply) -> Result<Page, Trouble> {
    let Some(topic) = missing(present) else {
        reply::data::<serde_json::Value>(reply)?;
        return Ok(Page::default());
    };
    let payload = reply::data::<Created>(reply)?.webhook_subscription_create;
    // Two of our own requests may cross: that the topic is subscribed already is what was wanted. This mutation's
    // errors have no code, only words.
    let refused = payload.user_errors.iter().find(|error| !error.message.contains("already been taken"));
    if let Some(error) = refused {
        return Err(Trouble::Refused { reason: format!("{topic}: {}", reply::words(&error.message)) });
    }
    let mut present = present.to_vec();
    present.push(topic.to_owned());
    let next = missing(&present).map(|_| Question::Subscribe { url: url.to_owned(), present: present.clone(), since });
    Ok(Page { subscriptions: payload.webhook_subscription.map(ours).into_iter().collect(), next, ..Page::default() })
}

/// In our words. A subscription that Shopify has switched off is gone, so one that is listed is on.
pub(super) fn ours(theirs: Theirs) -> Subscription {
    let (id, url) = (theirs.id.whole().to_owned(), theirs.uri);
    Subscription { id, topics: vec![theirs.topic], url, enabled: true, secret: None }
}
