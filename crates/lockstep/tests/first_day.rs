//! The first day: one account on every platform, faults planted by hand, and a report that finds exactly these, without
//! a single writing call on the wire. Then the accounts are connected.

#[path = "support/folder.rs"]
mod folder;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use connectors::{Ability, Surface, connector};
use emulators::machine::{Act, Keys, Opening};
use emulators::shell::{self, Options, Running};
use folder::Folder;
use model::Platform;
use serde_json::{Value, json};

/// Locations with their home.
const PLACES: [(&str, Platform); 6] = [
    ("DC", Platform::BigCommerce),
    ("Store 1", Platform::Shopify),
    ("Store 2", Platform::Square),
    ("Store 3", Platform::Clover),
    ("Store 4", Platform::LightspeedX),
    ("Store 5", Platform::LightspeedR),
];
/// Items with price and the stock of every location.
const ITEMS: [(&str, &str, i64, i64); 4] =
    [("MUG", "Mug", 1_250, 12), ("LAMP", "Lamp", 4_900, 5), ("BOWL", "Bowl", 900, 30), ("VASE", "Vase", 2_000, 8)];

struct Account {
    platform: Platform,
    running: Running,
    keys: Keys,
}

impl Account {
    async fn open(platform: Platform) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let listen = listener.local_addr().expect("an address");
        drop(listener);
        let sells_from = PLACES.iter().map(|(name, _)| (*name).to_owned()).collect();
        let api_base = format!("http://{listen}");
        let opening = Opening { api_base, sells_from, rate_scale: 50, time_scale: 60, ..Opening::default() };
        let opened = emulators::open(platform.name(), &opening).expect("an account");
        let options = Options { listen, retry_scale: 60, ..Options::default() };
        let running = shell::start(opened.machine, options).await.expect("it listens");
        Self { platform, running, keys: opened.keys }
    }

    fn knows(&self, place: &str) -> bool {
        let surfaces = connector(self.platform).abilities().surfaces;
        let one = surfaces.iter().any(|(s, a)| *s == Surface::Locations && matches!(a, Ability::No(_)));
        !one || PLACES.iter().any(|(name, home)| *name == place && *home == self.platform)
    }

    async fn control(&self, path: &str, body: Option<Value>) -> Value {
        let url = format!("http://{}/_control/{path}", self.running.addr);
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let request = match body {
            Some(body) => http.post(url).header("content-type", "application/json").body(body.to_string()),
            None => http.get(url),
        };
        let text = request.send().await.expect("it answers").text().await.expect("a body");
        serde_json::from_str(&text).expect("JSON")
    }

    async fn must(&self, acts: &[Act]) {
        let answers = self.control("act", Some(serde_json::to_value(acts).expect("JSON"))).await;
        for answer in answers.as_array().expect("one per act") {
            assert!(answer.get("error").is_none(), "{}: {answer}", self.platform.name());
        }
    }

    /// The same goods and stock as everywhere.
    async fn fill(&self) {
        let mut acts = Vec::new();
        for (name, _) in PLACES.iter().filter(|(name, _)| self.knows(name)) {
            acts.push(Act::PutLocation { name: (*name).into(), zone: Some("Europe/London".into()) });
        }
        for (sku, title, price_minor, units) in ITEMS {
            acts.push(item(sku, title, price_minor));
            for (location, _) in PLACES.iter().filter(|(name, _)| self.knows(name)) {
                acts.push(count(sku, location, units));
            }
        }
        self.must(&acts).await;
    }

    /// Calls that asked for a change. A bulk read is asked for by a mutation that changes nothing.
    async fn writes(&self) -> u64 {
        let calls = self.control("calls", None).await;
        let bulk = calls["rows"]["bulkOperationRunQuery"].as_u64().unwrap_or_default();
        calls["writes"].as_u64().expect("a number") - bulk
    }
}

fn item(sku: &str, title: &str, price_minor: i64) -> Act {
    Act::PutItem {
        sku: sku.into(),
        title: title.into(),
        barcode: None,
        price_minor,
        tracked: true,
        force_new: false,
        product: None,
        option: None,
    }
}

fn count(sku: &str, location: &str, units: i64) -> Act {
    Act::Count { sku: sku.into(), location: location.into(), quantity: units.to_string() }
}

fn configuration(folder: &Path, accounts: &[Account]) -> String {
    let mut text = String::new();
    let data = folder.join("data").display().to_string();
    writeln!(text, "[hub]\ndata = {data:?}\nlisten = \"127.0.0.1:0\"\n[pace]\nbackfill_days = 0").expect("text");
    for Account { platform, running, keys } in accounts {
        let name = platform.name();
        writeln!(text, "[[channel]]\nname = {name:?}\nplatform = {name:?}\nbase_url = \"http://{}\"", running.addr)
            .expect("text");
        writeln!(text, "prices_include_tax = true\naccount = {:?}", keys.account).expect("text");
        let secrets = [
            ("token", &keys.access_token),
            ("refresh_token", &keys.refresh_token),
            ("client_id", &keys.client_id),
            ("client_secret", &keys.client_secret),
            ("application_token", &keys.application_token),
            ("webhook_secret", &keys.webhook_secret),
        ];
        for (key, value) in secrets.into_iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(text, "{key} = {value:?}").expect("text");
        }
    }
    for (name, home) in PLACES {
        writeln!(text, "[[location]]\nname = {name:?}\nzone = \"Europe/London\"\nhome = {:?}", home.name())
            .expect("text");
    }
    text
}

async fn lockstep(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    command.args(args).current_dir(folder);
    tokio::task::spawn_blocking(move || command.output()).await.expect("it is waited for").expect("it runs")
}

fn printed(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text}\n{}", String::from_utf8_lossy(&output.stderr));
    })
}

type Found = BTreeSet<(String, String, String, String)>;

fn found(report: &Value) -> Found {
    let text = |gap: &Value, field: &str| gap[field].as_str().unwrap_or_default().to_owned();
    let gaps = report["gaps"].as_array().expect("a list");
    gaps.iter().map(|gap| (text(gap, "kind"), text(gap, "channel"), text(gap, "sku"), text(gap, "location"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn planted_gaps_are_found_none_is_invented_and_nothing_is_written() {
    let folder = Folder::of("first-day");
    let mut accounts = Vec::new();
    for platform in Platform::ALL {
        let account = Account::open(platform).await;
        account.fill().await;
        accounts.push(account);
    }
    let of = |platform| accounts.iter().find(|account| account.platform == platform).expect("it was opened");
    std::fs::write(folder.path().join("l.toml"), configuration(folder.path(), &accounts)).expect("written");

    let clean = lockstep(folder.path(), &["gaps", "-c", "l.toml", "--wait", "100s"]).await;
    assert_eq!(found(&printed(&clean)), Found::new(), "{}", String::from_utf8_lossy(&clean.stderr));
    assert_eq!(clean.status.code(), Some(0));

    // Wrong stock where a channel only mirrors, another price, another title, an item without a number.
    of(Platform::Shopify).must(&[count("MUG", "Store 2", 99)]).await;
    of(Platform::BigCommerce).must(&[item("LAMP", "Lamp", 3_900)]).await;
    of(Platform::Square).must(&[item("BOWL", "Bowl (old stock)", 900)]).await;
    of(Platform::LightspeedX).must(&[count("VASE", "DC", 2)]).await;
    let dirty = lockstep(folder.path(), &["gaps", "-c", "l.toml", "--wait", "100s", "--csv", "gaps.csv"]).await;
    let report = printed(&dirty);
    let planted = [
        ("stock", "shopify", "MUG", "Store 2"),
        ("price", "bigcommerce", "LAMP", ""),
        ("title", "square", "BOWL", ""),
        ("stock", "lightspeed-x", "VASE", "DC"),
    ];
    let planted: Found =
        planted.map(|(kind, at, sku, place)| (kind.into(), at.into(), sku.into(), place.into())).into_iter().collect();
    assert_eq!(found(&report), planted);
    assert_eq!(dirty.status.code(), Some(1));
    assert_eq!(report["gaps"][0]["sku"], "MUG", "87 units at 12.50 are the worst");
    assert_eq!(report["gaps"][0]["money"], json!({ "minor": 108_750, "currency": "EUR" }));
    let table = std::fs::read_to_string(folder.path().join("gaps.csv")).expect("it was written");
    assert_eq!(table.lines().count(), 1 + planted.len());
    for account in &accounts {
        assert_eq!(account.writes().await, 0, "{} was written to", account.platform.name());
    }
    connects(&folder, &accounts).await;
}

/// Looking first makes nothing; connecting makes the subscriptions, where the platform lets a program make them.
async fn connects(folder: &Folder, accounts: &[Account]) {
    for Account { platform, .. } in accounts {
        let name = platform.name();
        let looked = lockstep(folder.path(), &["connect", name, "-c", "l.toml", "--read-only"]).await;
        let told = printed(&looked);
        assert_eq!(told["problems"], json!([]), "{name}");
        assert!(told["scopes"].as_array().is_some_and(|scopes| !scopes.is_empty()), "{name}");
        assert!(told["clock_skew_ms"].as_i64().is_some_and(|skew| skew.abs() <= 2_000), "{name}: {told}");
        assert_eq!(told["subscriptions"], json!([]), "{name}: looking makes nothing");
        let connected = lockstep(folder.path(), &["connect", name, "-c", "l.toml"]).await;
        let told = printed(&connected);
        assert_eq!(told["problems"], json!([]), "{name}");
        let can = connector(*platform).abilities().can(Surface::Subscribe);
        assert_eq!(told["subscriptions"].as_array().is_some_and(|made| !made.is_empty()), can, "{name}");
    }
}
