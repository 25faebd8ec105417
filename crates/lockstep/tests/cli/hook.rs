//! Why is my webhook refused? The same answer as at the hub's door.

use super::transcript::{compare, play};
use crate::folder::Folder;

const ORDER: &str = r#"{"id": 820982911946154500, "order_edit": {"order_id": 820982911946154508}}"#;
const EVENT: &str = r#"{"merchant_id":"MLPADARIA7","type":"catalog.version.updated","event_id":"e-1","data":{"type":"catalog_version","object":{"catalog_version":{"updated_at":"2026-11-20T16:42:06Z"}}}}"#;

// Signatures made elsewhere: Python 3, `base64.b64encode(hmac.new(key, message, hashlib.sha256).digest())`, where the
// message is the body for the one platform and the address with the body for the other.
const ORDER_SIGNATURE: &str = "57WB8EL+hSEWdtiX03sw+XFNQE61g1+SbCOG51tksNw=";
const EVENT_SIGNATURE: &str = "FhA6RVhFZzHOemO36UrU0BICegvinmdliDs7UurCNiM=";

fn hooks(name: &str) -> Folder {
    let folder = Folder::of(name);
    std::fs::write(folder.path().join("order.json"), ORDER).expect("write");
    std::fs::write(folder.path().join("changed.json"), format!("{ORDER} ")).expect("write");
    std::fs::write(folder.path().join("event.json"), EVENT).expect("write");
    folder
}

#[test]
fn a_delivery_signed_over_its_body_is_judged_like_at_the_door() {
    let folder = hooks("hook-body");
    let verify = |topic: &str, secret: &str, file: &str| {
        format!(
            "hook verify --platform shopify --secret {secret} --header 'X-Shopify-Hmac-Sha256: {ORDER_SIGNATURE}' \
             --header 'X-Shopify-Topic: {topic}' --header 'X-Shopify-Shop-Domain: kiln.myshopify.com' --header \
             'X-Shopify-Webhook-Id: d-1' {file}\n"
        )
    };
    let script = [
        verify("orders/edited", "hush-hush", "order.json"),
        verify("orders/create", "hush-hush", "order.json"),
        verify("orders/edited", "another", "order.json"),
        verify("orders/edited", "hush-hush", "changed.json"),
        "hook verify --platform shopify --secret hush-hush order.json\n".to_owned(),
        "hook verify --platform abacus --secret hush-hush order.json\n".to_owned(),
        "hook verify --platform shopify --secret hush-hush --header nonsense order.json\n".to_owned(),
    ];
    compare("hook_body", &play(&folder, &script.concat()));
}

#[test]
fn a_delivery_signed_over_its_address_too_is_judged_like_at_the_door() {
    let folder = hooks("hook-address");
    let verify = |url: &str, signature: &str| {
        format!(
            "hook verify --platform square --secret sIgNaTuRe-kEy-9 --url {url} --now 1700000000 --header \
             'x-square-hmacsha256-signature: {signature}' event.json\n"
        )
    };
    let script = [
        verify("https://hub.example.com/hooks/square/main", EVENT_SIGNATURE),
        verify("https://hub.example.com/hooks/square/other", EVENT_SIGNATURE),
        verify("https://hub.example.com/hooks/square/main", "no-base64!"),
    ];
    compare("hook_address", &play(&folder, &script.concat()));
}
