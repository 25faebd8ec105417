//! An emulated account with a few goods, and a hub that knows its app but no channel.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use emulators::machine::{Act, Keys, Opening};
use emulators::shell::{self, Options, Running};
use model::Platform;
use reqwest::redirect::Policy;
use serde_json::Value;

/// The store that every account has.
pub const STORE: &str = "Store 1";
/// The key of a program that may do everything.
pub const KEY: &str = "lk_0123456789abcdef01234567";

/// An account over there.
pub struct Account {
    pub platform: Platform,
    pub keys: Keys,
    running: Running,
}

/// A port that nobody listens on.
pub fn free() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}

/// A client that goes where it is told to and nowhere else.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().expect("a client")
}

impl Account {
    pub async fn open(platform: Platform) -> Self {
        let listen = free();
        let api_base = format!("http://{listen}");
        let sells_from = vec![STORE.to_owned()];
        let opening = Opening { api_base, sells_from, rate_scale: 50, time_scale: 60, ..Opening::default() };
        let opened = emulators::open(platform.name(), &opening).expect("an account");
        let running = shell::start(opened.machine, Options { listen, retry_scale: 60, ..Options::default() });
        let account = Self { platform, keys: opened.keys, running: running.await.expect("it listens") };
        account.fill().await;
        account
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.running.addr)
    }

    async fn fill(&self) {
        let mut acts = vec![Act::PutLocation { name: STORE.into(), zone: Some("Europe/London".into()) }];
        for number in 0..12 {
            let sku = format!("SKU-{number:02}");
            acts.push(Act::PutItem {
                sku: sku.clone(),
                title: format!("Thing {number}"),
                barcode: None,
                price_minor: 900 + number,
                tracked: true,
                force_new: false,
                product: None,
                option: None,
            });
            acts.push(Act::Count { sku, location: STORE.into(), quantity: "7".into() });
        }
        let answers = self.control("act", Some(serde_json::to_value(acts).expect("JSON"))).await;
        for answer in answers.as_array().expect("one per act") {
            assert!(answer.get("error").is_none(), "{}: {answer}", self.platform.name());
        }
    }

    async fn control(&self, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}/_control/{path}", self.address());
        let request = match body {
            Some(body) => client().post(url).header("content-type", "application/json").body(body.to_string()),
            None => client().get(url),
        };
        let text = request.send().await.expect("it answers").text().await.expect("a body");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Calls that asked for a change of goods or subscriptions. A bulk read is asked for by a mutation that changes
    /// nothing.
    pub async fn writes(&self) -> u64 {
        let calls = self.control("calls", None).await;
        let bulk = calls["rows"]["bulkOperationRunQuery"].as_u64().unwrap_or_default();
        calls["writes"].as_u64().expect("a number") - bulk
    }

    /// Gives access at the platform's page; answers the query with which the person is sent back.
    pub async fn consents(&self, page: &str) -> String {
        let reply = client().get(page).send().await.expect("the platform answers");
        let back = reply.headers().get("location").map(|to| to.to_str().expect("text").to_owned());
        let (status, text) = (reply.status(), reply.text().await.expect("a body"));
        let back = back.unwrap_or_else(|| panic!("{} sends nobody back: {status} {text}", self.platform.name()));
        back.split_once('?').expect("a query").1.to_owned()
    }
}

/// A hub's configuration: its apps, its place, one key, no channel. Answers the file and the hub's address.
pub fn configuration(folder: &Path, accounts: &[Account]) -> (PathBuf, String) {
    let (listen, data) = (free(), folder.join("data").display().to_string());
    let mut text = format!(
        "[hub]\ndata = {data:?}\nlisten = \"{listen}\"\npublic_url = \"http://{listen}\"\n[pace]\nbackfill_days = 0\n\
         [[location]]\nname = {STORE:?}\nzone = \"Europe/London\"\n\
         [[api_key]]\nname = \"program\"\nkey = {KEY:?}\nscopes = [\"admin\", \"operations:read\", \"audit:read\"]\n"
    );
    for account in accounts {
        let (name, address, keys) = (account.platform.name(), account.address(), &account.keys);
        writeln!(text, "[[app]]\nplatform = {name:?}\nbase_url = {address:?}\nauth_url = {address:?}").expect("text");
        let keys = [
            ("client_id", &keys.client_id),
            ("client_secret", &keys.client_secret),
            ("application_token", &keys.application_token),
        ];
        for (key, value) in keys.into_iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(text, "{key} = {value:?}").expect("text");
        }
    }
    let file = folder.join("l.toml");
    std::fs::write(&file, text).expect("written");
    (file, format!("http://{listen}"))
}

/// What the API answers with; `wanted` is its status.
pub async fn call(home: &str, method: &str, path: &str, body: Option<Value>, wanted: u16) -> Value {
    let method = method.parse().expect("a method");
    let mut request = client().request(method, format!("{home}{path}")).bearer_auth(KEY);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let reply = request.send().await.expect("the hub answers");
    let (status, text) = (reply.status().as_u16(), reply.text().await.expect("a body"));
    assert_eq!(status, wanted, "{path}: {text}");
    serde_json::from_str(&text).expect("JSON")
}

/// Waits until everything of a channel was read once.
pub async fn is_read(home: &str, name: &str) -> Value {
    let mut last = Value::Null;
    for _ in 0..600 {
        last = call(home, "GET", &format!("/v1/channels/{name}/connection"), None, 200).await;
        if last["progress"]["done"] == true {
            return last;
        }
        // The next look, and no sooner: what changes is in another process.
        let mut look = tokio::time::interval(Duration::from_millis(100));
        look.tick().await;
        look.tick().await;
    }
    panic!("not within a minute: {last}");
}
