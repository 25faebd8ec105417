//! Who is believed.

use connectors::{Delivery, Forged, Secret};
use http::HeaderMap;

use super::play::{SECRET, fixture, headers, shopify};

/// Made apart from this code over `inventory_levels_update.json`, with Python:
/// `base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest())`.
const BY_SECRET: &str = "ZUlDhaSVQ7aj9GA6QQTB5ipeoWfOWOTl6C0buBhd+DQ=";
/// The same with the secret `older-hush`.
const BY_OLDER: &str = "Qh1t2Gv1OFhymt00lKvf5YnFe7dIvlfB8CP97gtAzcE=";

fn judge(headers: &HeaderMap, body: &[u8], secrets: &[&str]) -> Result<(), Forged> {
    let secrets: Vec<Secret> = secrets.iter().map(|secret| Secret::new(secret)).collect();
    let delivery =
        Delivery { headers, url: "https://hub.example.test/hooks/shopify/a", topic: "", at: model::Instant(0), body };
    shopify().verify(delivery, &secrets).map(|_| ())
}

fn signed(signature: &str) -> HeaderMap {
    let mut headers = headers("inventory_levels/update", b"");
    headers.insert("x-shopify-hmac-sha256", signature.parse().expect("plain text"));
    headers
}

#[test]
fn either_secret_is_believed_while_one_is_being_rotated() {
    let body = fixture("inventory_levels_update.json");
    for signature in [BY_SECRET, BY_OLDER] {
        assert_eq!(judge(&signed(signature), &body, &[SECRET, "older-hush"]), Ok(()));
    }
    assert_eq!(judge(&signed(BY_OLDER), &body, &[SECRET]), Err(Forged::Mismatch));
}

#[test]
fn one_changed_byte_is_not_believed() {
    let body = fixture("inventory_levels_update.json");
    for at in [0, body.len() / 2, body.len() - 1] {
        let mut changed = body.clone();
        changed[at] ^= 1;
        assert_eq!(judge(&signed(BY_SECRET), &changed, &[SECRET]), Err(Forged::Mismatch));
    }
    assert_eq!(judge(&signed(BY_SECRET), &body[..body.len() - 1], &[SECRET]), Err(Forged::Mismatch));
}

#[test]
fn a_signature_of_another_form_is_told_from_a_wrong_one() {
    let body = fixture("inventory_levels_update.json");
    let malformed = Forged::Malformed { header: "X-Shopify-Hmac-Sha256" };
    assert_eq!(judge(&signed("not base64!"), &body, &[SECRET]), Err(malformed));
    for wrong in ["", "ZUlD", &BY_SECRET.replacen("ZU", "zu", 1)] {
        assert_eq!(judge(&signed(wrong), &body, &[SECRET]), Err(Forged::Mismatch));
    }
}

#[test]
fn what_every_delivery_has_must_be_there() {
    let body = fixture("inventory_levels_update.json");
    for header in ["X-Shopify-Hmac-Sha256", "X-Shopify-Topic", "X-Shopify-Shop-Domain", "X-Shopify-Webhook-Id"] {
        let mut headers = signed(BY_SECRET);
        headers.remove(header);
        assert_eq!(judge(&headers, &body, &[SECRET]), Err(Forged::Missing { header }));
    }
    assert_eq!(judge(&signed(BY_SECRET), b"", &[SECRET]), Err(Forged::Empty));
    assert_eq!(judge(&signed(BY_SECRET), &body, &[]), Err(Forged::NoSecret));
}
