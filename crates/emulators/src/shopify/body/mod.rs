//! Webhook bodies, in the vendor's REST shape. Each function reads the shop and gives the JSON text; nothing here
//! signs or sends. Called by `hooks`.

mod catalogue;
mod order;
mod people;
mod shape;

use serde::Serialize;

use super::shop::Shop;
use crate::machine::Millis;

pub(super) use catalogue::{bulk, item, level, location, product, shop};
pub(super) use order::{fulfilment, order, order_edited, refund};
pub(super) use people::{customer, merged, redact};

/// Milliseconds as an instant in UTC with a fraction, as `X-Shopify-Triggered-At` has it.
pub(super) fn instant(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Milliseconds as an instant in UTC with whole seconds, as the GraphQL `DateTime` has it.
pub(super) fn utc_seconds(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Milliseconds with whole seconds and the shop's offset, as the REST bodies have it.
fn local(shop: &Shop, at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at)
        .unwrap_or_default()
        .to_zoned_datetime(shop.zone.clone())
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

/// Minor units as the vendor's decimal string, for example `41.90`.
pub(super) fn money(shop: &Shop, minor: i64) -> String {
    let digits = shop.minor_digits as usize;
    if digits == 0 {
        return minor.to_string();
    }
    let unit = 10_u64.pow(shop.minor_digits);
    let size = minor.unsigned_abs();
    let sign = if minor < 0 { "-" } else { "" };
    format!("{sign}{}.{:0digits$}", size / unit, size % unit)
}

/// A decimal string as minor units; `None` when it has more places than the currency, or is no amount.
pub(super) fn parse_money(shop: &Shop, text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = shop.minor_digits as usize;
    let tail = fraction.get(digits..).unwrap_or("");
    if tail.bytes().any(|digit| digit != b'0') || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let kept = &fraction[..fraction.len().min(digits)];
    let text = format!("{whole}{kept:0<digits$}");
    text.parse().ok()
}

#[derive(Serialize)]
struct Amount<'a> {
    amount: String,
    currency_code: &'a str,
}

#[derive(Serialize)]
struct AmountSet<'a> {
    shop_money: Amount<'a>,
    presentment_money: Amount<'a>,
}

fn amount_set(shop: &Shop, minor: i64) -> AmountSet<'_> {
    let amount = || Amount { amount: money(shop, minor), currency_code: &shop.settings.currency };
    AmountSet { shop_money: amount(), presentment_money: amount() }
}

fn text(body: &impl Serialize) -> String {
    serde_json::to_string(body).expect("the bodies have string keys only, so they can be written")
}

fn some(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}
