//! The shop itself, its people, and what the app has set up: subscriptions, bulk operations, scopes.

use super::super::execute::Run;
use super::super::node::{Node, Out};
use super::{id, legacy, text, time};
use crate::shopify::hooks::API_VERSION;
use crate::shopify::ids::Kind;
use crate::shopify::records::Address;
use crate::shopify::shop::Shop;

/// One field of the shop.
pub(super) fn shop(run: &Run<'_>, field: &str) -> Out {
    let settings = &run.shop.settings;
    match field {
        "id" => Out::from("gid://shopify/Shop/55501"),
        "name" => Out::from(settings.name.as_str()),
        "email" => Out::from(format!("owner@{}", settings.shop_domain)),
        "currencyCode" => Out::from(settings.currency.as_str()),
        "ianaTimezone" => Out::from(settings.zone.as_str()),
        "taxesIncluded" => Out::from(settings.taxes_included),
        "myshopifyDomain" => Out::from(settings.shop_domain.as_str()),
        "createdAt" => time(run.shop.opened),
        "plan" => Out::Node(Node::record(
            "ShopPlan",
            vec![("publicDisplayName", Out::from("Basic")), ("shopifyPlus", Out::from(settings.restore_rate >= 1000))],
        )),
        _ => Out::NULL,
    }
}

/// The app's installation with its scopes.
pub(super) fn installation(shop: &Shop) -> Out {
    let scope = |handle: &String| Out::Node(Node::record("AccessScope", vec![("handle", Out::from(handle.as_str()))]));
    Out::Node(Node::record(
        "AppInstallation",
        vec![
            ("id", Out::from("gid://shopify/AppInstallation/55502")),
            ("accessScopes", Out::List(shop.scopes.iter().map(scope).collect())),
        ],
    ))
}

/// One field of a customer.
pub(super) fn customer(shop: &Shop, index: usize, field: &str) -> Out {
    let customer = &shop.customers[index];
    let record = |ty, text: &str, fields| match text {
        "" => Out::NULL,
        _ => Out::Node(Node::record(ty, fields)),
    };
    match field {
        "id" => id(Kind::Customer, customer.id),
        "legacyResourceId" => legacy(customer.id),
        "firstName" => text(&customer.given_name),
        "lastName" => text(&customer.family_name),
        "displayName" => {
            let name = format!("{} {}", customer.given_name, customer.family_name);
            Out::from(name.trim())
        }
        "email" => text(&customer.email),
        "phone" => text(&customer.phone),
        "note" => Out::NULL,
        "defaultAddress" => customer.addresses.first().map_or(Out::NULL, address),
        "state" => Out::from("DISABLED"),
        "tags" => Out::List(customer.tags.iter().map(|tag| Out::from(tag.as_str())).collect()),
        "taxExempt" => Out::from(false),
        "verifiedEmail" => Out::from(!customer.email.is_empty()),
        "createdAt" => time(customer.created),
        "updatedAt" => time(customer.updated),
        "numberOfOrders" => legacy(customer.orders),
        "defaultEmailAddress" => record(
            "CustomerEmailAddress",
            &customer.email,
            vec![("emailAddress", Out::from(customer.email.as_str())), ("marketingState", Out::from("NOT_SUBSCRIBED"))],
        ),
        "defaultPhoneNumber" => {
            record("CustomerPhoneNumber", &customer.phone, vec![("phoneNumber", Out::from(customer.phone.as_str()))])
        }
        _ => Out::NULL,
    }
}

/// An address as typed.
pub(in crate::shopify::api) fn address(address: &Address) -> Out {
    Out::Node(Node::record(
        "MailingAddress",
        vec![
            ("id", id(Kind::MailingAddress, address.id)),
            ("address1", text(&address.address1)),
            ("address2", text(&address.address2)),
            ("zip", text(&address.zip)),
            ("city", text(&address.city)),
            ("countryCodeV2", text(&address.country)),
        ],
    ))
}

/// One field of a subscription.
pub(super) fn subscription(run: &Run<'_>, number: u64, field: &str) -> Out {
    let Some(subscription) = run.hooks.find(number) else { return Out::NULL };
    match field {
        "id" => id(Kind::WebhookSubscription, number),
        "legacyResourceId" => legacy(number),
        "topic" => Out::from(subscription.topic.as_str()),
        "uri" => Out::from(subscription.uri.as_str()),
        "name" => subscription.name.as_deref().map_or(Out::NULL, Out::from),
        "format" => Out::from("JSON"),
        "filter" => Out::NULL,
        "includeFields" => Out::List(subscription.include_fields.iter().map(|f| Out::from(f.as_str())).collect()),
        "createdAt" => time(subscription.created),
        "updatedAt" => time(subscription.updated),
        "apiVersion" => Out::Node(Node::record(
            "ApiVersion",
            vec![
                ("handle", Out::from(API_VERSION)),
                ("displayName", Out::from(API_VERSION)),
                ("supported", Out::from(true)),
            ],
        )),
        _ => Out::NULL,
    }
}

/// One field of a bulk operation.
pub(super) fn bulk(run: &Run<'_>, number: u64, field: &str) -> Out {
    let Some(bulk) = run.bulks.find(number) else { return Out::NULL };
    match field {
        "id" => id(Kind::BulkOperation, number),
        "status" => Out::from(bulk.status()),
        "type" => Out::from("QUERY"),
        "errorCode" => bulk.failed().map_or(Out::NULL, |_| Out::from("INTERNAL_SERVER_ERROR")),
        "createdAt" => time(bulk.created),
        "completedAt" => bulk.completed().map_or(Out::NULL, time),
        "objectCount" => legacy(bulk.objects()),
        "rootObjectCount" => legacy(bulk.roots()),
        "fileSize" => bulk.file().map_or(Out::NULL, |file| legacy(file.len() as u64)),
        "url" => bulk.url().map_or(Out::NULL, Out::from),
        "partialDataUrl" => Out::NULL,
        "query" => Out::from(bulk.query.as_str()),
        _ => Out::NULL,
    }
}
