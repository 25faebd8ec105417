//! A hub of its own process with one web shop, and the commands run beside it.

use aws_lc_rs::hmac;
use base64::Engine;
use model::Entry;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::folder::Folder;
use crate::http::{Answer, call};
use crate::run::{Ran, run};
use crate::serve::Serve;

pub const WEBHOOK_SECRET: &str = "web-secret-5f0c1d";
pub const TOKEN: &str = "web-token-8a77e2";
pub const API_KEY: &str = "lk_9b1d0f5a7c3e4b2d8f6a1c0e5d7b9a3f";

/// A folder with a configuration in it.
#[derive(Debug)]
pub struct Place(pub Folder);

impl Place {
    pub fn of(name: &str) -> Self {
        let place = Self(Folder::of(name));
        std::fs::write(place.config(), place.configuration("data")).expect("write");
        place
    }

    pub fn configuration(&self, data: &str) -> String {
        let (data, outside) = (self.0.path().join(data), self.0.path().join("outside"));
        let scopes = "[\"stock:read\", \"stock:write\", \"orders:read\", \"operations:read\", \"people:read\", \
                      \"audit:read\", \"admin\"]";
        // Nothing listens on port 9.
        format!(
            "[hub]\nlisten = \"127.0.0.1:0\"\ndata = {data:?}\n[audit]\nfolder = {outside:?}\n\
             [[channel]]\nname = \"web\"\nplatform = \"shopify\"\nbase_url = \"http://127.0.0.1:9\"\n\
             token = \"{TOKEN}\"\nwebhook_secret = \"{WEBHOOK_SECRET}\"\naccount = \"kiln.myshopify.com\"\n\
             sells_from = [\"Store\"]\nsubscribe = false\n[[location]]\nname = \"Store\"\nhome = \"web\"\n\
             [[api_key]]\nname = \"tests\"\nkey = \"{API_KEY}\"\nscopes = {scopes}\n"
        )
    }

    pub fn config(&self) -> PathBuf {
        self.0.path().join("lockstep.toml")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a command with blanks between its words.
    pub fn run(&self, line: &str) -> Ran {
        run(self.0.path(), &line.split(' ').collect::<Vec<_>>())
    }

    /// The same, and it must end well.
    pub fn well(&self, line: &str) -> Ran {
        let ran = self.run(line);
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
        ran
    }

    pub fn serve(&self) -> Serve {
        Serve::start(&self.config())
    }
}

/// A delivery of the web shop, rightly signed.
pub fn deliver(hub: &Serve, topic: &str, id: &str, body: &[u8]) -> Answer {
    let key = hmac::Key::new(hmac::HMAC_SHA256, WEBHOOK_SECRET.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(hmac::sign(&key, body));
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Shopify-Topic", topic),
        ("X-Shopify-Hmac-Sha256", &signature),
        ("X-Shopify-Shop-Domain", "kiln.myshopify.com"),
        ("X-Shopify-Triggered-At", "2026-11-20T09:00:07Z"),
        ("X-Shopify-Webhook-Id", id),
    ];
    call(&hub.address, "POST /hooks/shopify/web", &headers, body)
}

/// A call of the API with a good key.
pub fn api(hub: &Serve, line: &str, body: &Value) -> Answer {
    api_at(&hub.address, line, body)
}

/// The same for a thread of its own, which cannot share the process.
pub fn api_at(address: &str, line: &str, body: &Value) -> Answer {
    let key = format!("Bearer {API_KEY}");
    let headers = [("Content-Type", "application/json"), ("Authorization", key.as_str())];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    call(address, line, &headers, body.as_bytes())
}

/// A body that the platform's documents show.
pub fn fixture(name: &str) -> Value {
    let path = format!("{}/../connectors/tests/fixtures/shopify/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).expect("it is there")).expect("JSON")
}

/// Units received, so that there is something in the journal.
pub fn receive(hub: &Serve, units: u32) {
    let put = api(hub, "PUT /v1/items/MUG", &json!({ "title": "Mug" }));
    assert_eq!(put.status, 200, "{put:?}");
    let received =
        api(hub, "POST /v1/receipts", &json!({ "sku": "MUG", "location": "Store", "quantity": units.to_string() }));
    assert_eq!(received.status, 200, "{received:?}");
}

/// The bytes of every file under a folder, by its path.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.is_file() {
            all.push((path.clone(), std::fs::read(&path).expect("it can be read")));
        }
    }
    all
}

/// Whether bytes hold a text.
pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Every raw body of a folder that no hub runs on, opened with the hub's own master key, and every fact as JSON.
pub async fn opened(data: &Path) -> (Vec<String>, Vec<String>) {
    let digits = std::fs::read_to_string(data.join("keys/master.key")).expect("the key");
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[place * 2..place * 2 + 2], 16).expect("digits");
    }
    let options = journal::Options { segment_bytes: 1 << 20, prepare: journal::Prepare::WhenNeeded };
    let stores = flow::Stores {
        disk: Arc::new(journal::RealDisk::at(data)),
        journal: options,
        raw: options,
        master: journal::MasterKey::new(key),
        random: Box::new(|bytes: &mut [u8]| bytes.fill(1)),
    };
    let (keeper, _) = flow::Keeper::open(stores).expect("it opens");
    let reader = keeper.reader();
    let flow = flow::Flow::here(keeper);
    let mut cursor = reader.read(journal::Seq(1)).expect("from the beginning");
    let (mut bodies, mut facts) = (Vec::new(), Vec::new());
    while let Some(batch) = cursor.next().expect("it reads") {
        for entry in Entry::decode_all(batch.body).expect("facts") {
            let raw = match &entry.fact {
                model::Fact::Delivered { raw, .. } => *raw,
                model::Fact::Quarantined(put) => put.raw,
                _ => None,
            };
            if let Some(name) = raw {
                let kept = flow.look(move |desk| desk.raw(name)).await.expect("it runs").expect("it reads");
                bodies
                    .extend(kept.map(|input| format!("{:?} {}", input.headers, String::from_utf8_lossy(&input.body))));
            }
            facts.push(serde_json::to_string(&entry).expect("JSON"));
        }
    }
    (bodies, facts)
}

/// A call of the API with a body as it stands.
pub fn api_text(hub: &Serve, line: &str, body: &str) -> Answer {
    let key = format!("Bearer {API_KEY}");
    let headers = [("Content-Type", "application/json"), ("Authorization", key.as_str())];
    call(&hub.address, line, &headers, body.as_bytes())
}
