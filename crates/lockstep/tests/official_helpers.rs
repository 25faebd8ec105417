//! Signatures against the vendors' own packages: what an emulator signs, the vendor's helper and our dictionary both
//! believe; what was changed on the way neither does; and what a helper signs, our dictionary believes.
//!
//! Runs when `LOCKSTEP_VENDOR_HELPERS` names a folder into which `npm install @shopify/shopify-api@11 square@43
//! standardwebhooks@1.1.1` was done; `.ci/run` does it. Otherwise it says that it did not run.

use std::io::Write;
use std::process::{Command, Stdio};

use connectors::{Delivery, Secret, connector};
use emulators::machine::{Act, ActCustomer, Dice, Opening, Outgoing, World};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::{Instant, Platform};
use serde_json::{Value, json};

const HUB: &str = "https://hub.example/hooks/a/b";
/// Platforms for which there is a package that judges webhooks.
const PLATFORMS: [Platform; 3] = [Platform::Shopify, Platform::Square, Platform::BigCommerce];

fn helpers() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the packages are outside the repository")]
    let folder = std::env::var("LOCKSTEP_VENDOR_HELPERS").ok();
    if folder.is_none() {
        println!("skipped: LOCKSTEP_VENDOR_HELPERS is not set");
    }
    folder
}

fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// A delivery as the emulator signs it, and the secret.
fn delivery(platform: Platform) -> (Outgoing, String) {
    let mut opened = emulators::open(platform.name(), &Opening::default()).expect("an account");
    let (mut dice, mut outbox) = (Dice::new(1), Vec::new());
    let mut world = World { now: now_ms(), dice: &mut dice, outbox: &mut outbox };
    let secret = Some(opened.keys.webhook_secret.as_str()).filter(|secret| !secret.is_empty());
    let made = opened.machine.subscribe(HUB, &[], secret, &mut world).expect("a subscription");
    let customer = ActCustomer {
        reference: "C1".into(),
        given_name: "Zoë".into(),
        family_name: "O'Neill".into(),
        email: "zoe@example.com".into(),
        phone: String::new(),
    };
    opened.machine.act(&Act::PutCustomer { customer }, &mut world).expect("a customer");
    let secret = secret.map(str::to_owned).unwrap_or_else(|| signature_key(&made));
    (outbox.pop().expect("a delivery"), secret)
}

/// The key that the platform made with the subscription.
fn signature_key(made: &Value) -> String {
    match made {
        Value::Object(fields) => match fields.get("signature_key") {
            Some(Value::String(key)) => key.clone(),
            _ => fields.values().map(signature_key).find(|key| !key.is_empty()).unwrap_or_default(),
        },
        Value::Array(rows) => rows.iter().map(signature_key).find(|key| !key.is_empty()).unwrap_or_default(),
        _ => String::new(),
    }
}

fn headers(pairs: &[(String, String)]) -> HeaderMap {
    let pair = |(name, value): &(String, String)| {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
        (name, HeaderValue::from_str(value).expect("a header's value"))
    };
    pairs.iter().map(pair).collect()
}

fn ours(platform: Platform, pairs: &[(String, String)], body: &[u8], secret: &str) -> bool {
    let headers = headers(pairs);
    let delivery = Delivery { headers: &headers, url: HUB, topic: "", at: Instant(now_ms()), body };
    connector(platform).verify(delivery, &[Secret::new(secret)]).is_ok()
}

fn asked(platform: Platform, delivery: &Outgoing, body: &str, secret: &str) -> Value {
    let headers: serde_json::Map<String, Value> =
        delivery.headers.iter().map(|(name, value)| (name.to_lowercase(), json!(value))).collect();
    json!({ "platform": platform.name(), "secret": secret, "url": HUB, "headers": headers, "body": body })
}

fn theirs(folder: &str, question: &Value) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/helpers/verify.js");
    let mut node = Command::new("node")
        .arg(script)
        .env("NODE_PATH", format!("{folder}/node_modules"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    node.stdin.take().expect("a pipe").write_all(question.to_string().as_bytes()).expect("node reads");
    let told = node.wait_with_output().expect("node ends");
    assert!(told.status.success(), "the helpers failed");
    serde_json::from_slice(&told.stdout).expect("JSON")
}

#[test]
fn the_vendors_helpers_and_ours_judge_alike_and_believe_each_other() {
    let Some(folder) = helpers() else { return };
    let sign = json!({ "id": "msg_1", "secret": "a client secret", "body": r#"{"scope":"store/customer/created"}"# });
    let (mut deliveries, mut expected) = (Vec::new(), Vec::new());
    for platform in PLATFORMS {
        let (delivery, secret) = delivery(platform);
        let body = String::from_utf8(delivery.body.to_vec()).expect("text");
        let changed = body.replacen("example.com", "example.net", 1).replacen("\"type\"", "\"Type\"", 1);
        for (body, secret) in [(&body, secret.clone()), (&changed, secret.clone()), (&body, format!("{secret}x"))] {
            deliveries.push(asked(platform, &delivery, body, &secret));
            expected.push(ours(platform, &delivery.headers, body.as_bytes(), &secret));
        }
    }
    assert_eq!(expected, [true, false, false].repeat(PLATFORMS.len()), "our own judgement");
    let told = theirs(&folder, &json!({ "deliveries": deliveries, "sign": sign }));
    assert_eq!(told["valid"], json!(expected), "the vendors' judgement");
    let signed = [
        ("webhook-id".to_owned(), "msg_1".to_owned()),
        ("webhook-timestamp".to_owned(), told["signed"]["at_s"].to_string()),
        ("webhook-signature".to_owned(), told["signed"]["signature"].as_str().expect("a signature").to_owned()),
    ];
    let body = sign["body"].as_str().expect("text").as_bytes();
    assert!(ours(Platform::BigCommerce, &signed, body, "a client secret"), "what the helper signed");
    assert!(!ours(Platform::BigCommerce, &signed, body, "another secret"));
}
