//! The hub under attack: two channels whose platforms never answer, one item with seven on hand.

use aws_lc_rs::hmac;
use base64::Engine;
use serde_json::{Value, json};

use crate::folder::Folder;
use crate::http::{Answer, call};
use crate::serve::Serve;

pub const SHOP: &str = "/hooks/shopify/web";
pub const TILLS: &str = "/hooks/square/tills";
const PUBLIC: &str = "http://hub.example.com";
const SECRET: &str = "web-secret";
const SIGNATURE_KEY: &str = "tills-key";
const API_KEY: &str = "lk_0123456789abcdef0123456789abcdef";
pub const ON_HAND: i64 = 7;

/// A hub and what it is asked.
#[derive(Debug)]
pub struct Target {
    folder: Folder,
    pub hub: Serve,
}

fn configuration(data: &str) -> String {
    let scopes = "[\"stock:read\", \"stock:write\", \"orders:read\", \"reservations:write\", \"operations:read\", \
                  \"operations:write\", \"people:read\", \"audit:read\"]";
    // Nothing listens on port 9.
    format!(
        "[hub]\nlisten = \"127.0.0.1:0\"\npublic_url = \"{PUBLIC}\"\ndata = {data:?}\n\
         [[channel]]\nname = \"web\"\nplatform = \"shopify\"\nbase_url = \"http://127.0.0.1:9\"\ntoken = \"t\"\n\
         webhook_secret = \"{SECRET}\"\naccount = \"kiln.myshopify.com\"\nsells_from = [\"Store\"]\nsubscribe = false\n\
         [[channel]]\nname = \"tills\"\nplatform = \"square\"\nbase_url = \"http://127.0.0.1:9\"\ntoken = \"t\"\n\
         webhook_secret = \"{SIGNATURE_KEY}\"\naccount = \"MLPADARIA7\"\nsells_from = [\"Store\"]\nsubscribe = false\n\
         [[location]]\nname = \"Store\"\nhome = \"web\"\n\
         [[api_key]]\nname = \"tests\"\nkey = \"{API_KEY}\"\nscopes = {scopes}\n"
    )
}

fn signature(key: &str, message: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(hmac::sign(&key, message))
}

impl Target {
    pub fn start(name: &str) -> Self {
        let folder = Folder::of(name);
        let config = folder.path().join("lockstep.toml");
        let data = folder.path().join("data");
        std::fs::write(&config, configuration(&data.display().to_string())).expect("write");
        let target = Self { hub: Serve::start(&config), folder };
        let put = target.api("PUT /v1/items/MUG", &json!({ "title": "Mug" }).to_string());
        assert_eq!(put.status, 200, "{put:?}");
        let receipt = json!({ "sku": "MUG", "location": "Store", "quantity": ON_HAND.to_string() });
        let received = target.api("POST /v1/receipts", &receipt.to_string());
        assert_eq!(received.status, 200, "{received:?}");
        target
    }

    /// A delivery of the one platform, rightly signed.
    pub fn shop(&self, topic: &str, id: &str, body: &[u8]) -> Answer {
        let signature = signature(SECRET, body);
        let headers = [
            ("Content-Type", "application/json"),
            ("X-Shopify-Topic", topic),
            ("X-Shopify-Hmac-Sha256", &signature),
            ("X-Shopify-Shop-Domain", "kiln.myshopify.com"),
            ("X-Shopify-Webhook-Id", id),
        ];
        call(&self.hub.address, &format!("POST {SHOP}"), &headers, body)
    }

    /// A delivery of the other platform, rightly signed.
    pub fn tills(&self, body: &[u8]) -> Answer {
        let signature = signature(SIGNATURE_KEY, &[PUBLIC.as_bytes(), TILLS.as_bytes(), body].concat());
        let headers = [("Content-Type", "application/json"), ("x-square-hmacsha256-signature", &signature)];
        call(&self.hub.address, &format!("POST {TILLS}"), &headers, body)
    }

    /// A call of the API with a good key.
    pub fn api(&self, line: &str, body: &str) -> Answer {
        self.api_bytes(line, body.as_bytes())
    }

    pub fn api_bytes(&self, line: &str, body: &[u8]) -> Answer {
        let key = format!("Bearer {API_KEY}");
        let headers = [("Content-Type", "application/json"), ("Authorization", &key)];
        call(&self.hub.address, line, &headers, body)
    }

    pub fn get(&self, path: &str) -> Value {
        let answer = self.api(&format!("GET {path}"), "");
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        serde_json::from_str(&unchunked(&answer.body)).unwrap_or_else(|error| panic!("{path}: {error}: {answer:?}"))
    }

    /// On hand of the one item.
    pub fn on_hand(&self) -> String {
        self.get("/v1/positions?sku=MUG&location=Store")["items"][0]["on_hand"].as_str().unwrap_or_default().to_owned()
    }

    /// It lives, its number is right; after SIGTERM it has ended well and its journal is whole.
    pub fn ends_well(mut self, on_hand: i64) {
        assert!(self.hub.is_alive(), "the hub ended under attack");
        assert_eq!(self.on_hand(), on_hand.to_string(), "a number changed");
        let head = self.get("/v1/audit/head");
        let (status, said) = self.hub.stop();
        assert!(status.success(), "{status}: {said:#?}");
        assert!(!said.iter().any(|line| line.contains("panicked")), "{said:#?}");
        let words = ["audit", "verify", "--data"];
        let audit = std::process::Command::new(env!("CARGO_BIN_EXE_lockstep"))
            .args(words)
            .arg(self.folder.path().join("data"))
            .env_remove("LOCKSTEP_CONFIG")
            .output()
            .expect("the program can be started");
        let audit: Value = serde_json::from_slice(&audit.stdout).expect("one object");
        assert_eq!(audit["valid"], json!(true), "{audit}");
        assert!(audit["facts"].as_u64() >= head["seq"].as_u64(), "{audit} against {head}");
    }
}

/// The body of an answer, with the lengths of its chunks taken out when it came in chunks.
fn unchunked(body: &str) -> String {
    let (mut rest, mut whole) = (body, String::new());
    while let Some((length, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).ok().filter(|length| *length > 0);
        let Some((chunk, next)) = length.and_then(|length| Some((after.get(..length)?, after.get(length..)?))) else {
            break;
        };
        whole.push_str(chunk);
        rest = next.trim_start_matches("\r\n");
    }
    if whole.is_empty() { body.to_owned() } else { whole }
}

/// What a delivery may be answered: taken in or set aside, or refused; never an error of the hub.
pub fn is_orderly(answer: &Answer) -> bool {
    answer.status == 200 || (400..500).contains(&answer.status)
}

/// The word in the answer to a delivery.
pub fn word(answer: &Answer) -> String {
    let json: Value = serde_json::from_str(&unchunked(&answer.body)).unwrap_or_default();
    json["status"].as_str().unwrap_or_default().to_owned()
}

/// A till sale of one mug with some text in every field that takes text.
pub fn order(number: u64, text: &str) -> Value {
    json!({
        "id": 5_500_000_000_000_u64 + number, "name": text, "order_number": number,
        "created_at": "2026-11-20T09:00:00+01:00", "updated_at": "2026-11-20T09:00:05+01:00",
        "processed_at": "2026-11-20T09:00:00+01:00", "cancelled_at": null, "closed_at": null, "currency": "EUR",
        "presentment_currency": "EUR", "taxes_included": true, "test": false, "source_name": "pos",
        "source_identifier": text, "location_id": 61_234_567, "user_id": 7_788, "email": text, "phone": text,
        "financial_status": "paid", "fulfillment_status": "fulfilled", "subtotal_price": "20.95", "total_tax": "0.00",
        "total_discounts": "0.00", "total_price": "20.95", "current_total_price": "20.95",
        "customer": { "id": 80_020_000 + number, "email": text, "first_name": text, "last_name": text, "updated_at": "2026-11-20T09:00:00+01:00" },
        "billing_address": null, "shipping_address": null,
        "line_items": [line(number, text)],
        "shipping_lines": [], "refunds": [],
        "fulfillments": [{
            "id": 490_000_000 + number, "status": "success", "location_id": 61_234_567,
            "line_items": [{ "id": 14_000_000_000_u64 + number, "quantity": 1 }]
        }],
        "payment_gateway_names": ["cash"], "note": text, "note_attributes": [], "tags": text
    })
}

fn line(number: u64, text: &str) -> Value {
    json!({
            "id": 14_000_000_000_u64 + number, "variant_id": 43_000, "product_id": 8_100, "sku": text, "name": text,
            "title": text, "quantity": 1, "current_quantity": 1, "fulfillable_quantity": 0,
            "fulfillment_status": "fulfilled", "price": "20.95", "total_discount": "0.00", "taxable": true,
            "requires_shipping": false, "gift_card": false, "grams": 300, "tax_lines": [], "discount_allocations": []
    })
}
