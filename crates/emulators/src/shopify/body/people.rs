//! Bodies about customers.

use serde_json::{Value, json};

use super::{local, some};
use crate::shopify::ids::{Kind, gid};
use crate::shopify::records::{Address, Customer};
use crate::shopify::shop::Shop;

/// `customers/*`.
pub(in crate::shopify) fn customer(shop: &Shop, customer: usize) -> String {
    let customer = &shop.customers[customer];
    let consent = if customer.email.is_empty() {
        Value::Null
    } else {
        json!({"state": "not_subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": null})
    };
    json!({
        "id": customer.id,
        "admin_graphql_api_id": gid(Kind::Customer, customer.id),
        "email": some(&customer.email),
        "phone": some(&customer.phone),
        "first_name": some(&customer.given_name),
        "last_name": some(&customer.family_name),
        "note": null,
        "state": "disabled",
        "verified_email": !customer.email.is_empty(),
        "tax_exempt": false,
        "currency": shop.settings.currency,
        "tags": customer.tags.join(", "),
        "created_at": local(shop, customer.created),
        "updated_at": local(shop, customer.updated),
        "email_marketing_consent": consent,
        "sms_marketing_consent": null,
        "default_address": customer.addresses.first().map(|one| address(customer, one, true)),
        "addresses": customer.addresses.iter().enumerate().map(|(n, one)| address(customer, one, n == 0)).collect::<Vec<_>>(),
    })
    .to_string()
}

fn address(customer: &Customer, address: &Address, default: bool) -> Value {
    json!({
        "id": address.id,
        "customer_id": customer.id,
        "first_name": some(&customer.given_name),
        "last_name": some(&customer.family_name),
        "address1": some(&address.address1),
        "address2": some(&address.address2),
        "zip": some(&address.zip),
        "city": some(&address.city),
        "country_code": some(&address.country),
        "default": default,
    })
}

/// `customers/merge`. The names of its fields are in no reference, only in samples.
pub(in crate::shopify) fn merged(shop: &Shop, kept: usize, gone: usize) -> String {
    let id = |customer: usize| gid(Kind::Customer, shop.customers[customer].id);
    json!({
        "admin_graphql_api_customer_kept_id": id(kept),
        "admin_graphql_api_customer_deleted_id": id(gone),
        "admin_graphql_api_job_id": null,
        "status": "completed",
        "errors": [],
    })
    .to_string()
}

/// `customers/redact`: whom the app has to forget, and whose orders.
pub(in crate::shopify) fn redact(shop: &Shop, customer: usize) -> String {
    let theirs = shop.orders.iter().filter(|order| order.customer == Some(customer));
    let orders: Vec<u64> = theirs.map(|order| order.id).collect();
    json!({
        "shop_id": 55501,
        "shop_domain": shop.settings.shop_domain,
        "customer": {"id": shop.customers[customer].id, "email": null, "phone": null},
        "orders_to_redact": orders,
    })
    .to_string()
}
