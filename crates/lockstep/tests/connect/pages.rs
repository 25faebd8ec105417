//! At the pages.

use journal::{KeyId, KeyStore, MasterKey, RealDisk};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use model::Platform;
use serde_json::{Value, json};

use crate::account::{Account, STORE, call, client, configuration, is_read};
use crate::folder::Folder;
use crate::serve::Serve;

/// A browser without scripts: one person at this machine.
struct Browser<'a> {
    home: &'a str,
    token: String,
}

struct Page {
    status: u16,
    cookie: Option<String>,
    text: String,
}

impl<'a> Browser<'a> {
    async fn open(home: &'a str) -> Self {
        let page = Page::of(client().get(format!("{home}/connect?platform=square"))).await;
        let (_, rest) = page.text.split_once("name=\"token\" value=\"").expect("a form");
        Self { home, token: rest.split('"').next().unwrap_or_default().to_owned() }
    }

    async fn get(&self, path: &str) -> Page {
        Page::of(client().get(format!("{}{path}", self.home))).await
    }

    /// Posts a form and follows to the page that tells what it did.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut body = format!("token={}", self.token);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", escaped(value)));
        }
        let request = client().post(format!("{}{path}", self.home)).body(body);
        let reply = request.send().await.expect("the hub answers");
        match reply.headers().get("location").map(|to| to.to_str().expect("text").to_owned()) {
            Some(to) => self.get(&to).await,
            None => Page::from(reply).await,
        }
    }

    /// Goes to the platform's page and gives access; answers the query of the way back and the question's cookie.
    async fn consents(&self, account: &Account, phase: &str) -> (String, String) {
        let name = account.platform.name();
        let page = self.post(&format!("/connect/{name}/authorize"), &[("phase", phase)]).await;
        assert_eq!(page.status, 200, "{name}: {}", page.text);
        let (_, rest) = page.text.split_once("class=\"button main\" href=\"").expect("a way to the platform");
        let address = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
        let cookie = page.cookie.expect("a cookie for this question");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        (account.consents(&address).await, cookie.split(';').next().unwrap_or_default().to_owned())
    }

    async fn comes_back(&self, query: &str, cookie: &str) -> Page {
        Page::of(client().get(format!("{}/connect/callback?{query}", self.home)).header("cookie", cookie)).await
    }
}

impl Page {
    async fn of(request: reqwest::RequestBuilder) -> Self {
        Self::from(request.send().await.expect("the hub answers")).await
    }

    async fn from(reply: reqwest::Response) -> Self {
        let cookie = reply.headers().get("set-cookie").map(|value| value.to_str().expect("text").to_owned());
        Self { status: reply.status().as_u16(), cookie, text: reply.text().await.expect("a body") }
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn kept(folder: &Path, name: &str) -> Value {
    let file = folder.join(format!("data/tokens/{name}.json"));
    let mode = std::fs::metadata(&file).expect("tokens are kept").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{name}: readable by the hub's user alone");
    let text = std::fs::read_to_string(&file).expect("read");
    let sealed = text.trim().strip_prefix("lockstep-sealed 1 ").expect("a token is kept sealed");
    let data = folder.join("data");
    let master = std::fs::read_to_string(data.join("keys/master.key")).expect("the hub's own master key");
    let master = MasterKey::new(digits(&master).try_into().expect("32 bytes"));
    let disk = RealDisk::read_only(&data);
    let key = KeyStore::peek(&disk, &master, &KeyId::named("lockstep secrets")).expect("the key store opens");
    let plain = journal::unseal(&key.expect("the hub has a key of its own"), b"lockstep secret", &digits(sealed));
    serde_json::from_slice(&plain.expect("it was sealed under that key")).expect("JSON")
}

/// Bytes of hexadecimal digits.
fn digits(text: &str) -> Vec<u8> {
    let pairs = text.trim().as_bytes().chunks_exact(2);
    pairs.map(|two| u8::from_str_radix(std::str::from_utf8(two).expect("ASCII"), 16).expect("a digit")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_every_platform_is_connected_read_found_again_and_let_write() {
    let folder = Folder::of("connect-pages");
    let mut accounts = Vec::new();
    for platform in Platform::ALL {
        accounts.push(Account::open(platform).await);
    }
    let (file, home) = configuration(folder.path(), &accounts);
    let serve = Serve::start(&file);
    let mut given = Vec::new();
    for account in &accounts {
        given.push(connects(&folder, &home, account).await);
    }
    let (status, said) = serve.stop();
    assert!(status.success(), "{said:?}");
    let serve = Serve::start(&file);
    let browser = Browser::open(&home).await;
    for (account, given) in accounts.iter().zip(given) {
        let name = account.platform.name();
        let again = is_read(&home, name).await;
        assert_eq!((&again["has_token"], &again["writes"]), (&json!(true), &json!(false)), "{name}");
        assert_eq!(account.writes().await, given, "{name} was written to");
        writes(&home, &browser, account).await;
    }
    drop(serve);
}

/// Answers how many writing calls the platform counted: those that gave a token, and no other.
async fn connects(folder: &Folder, home: &str, account: &Account) -> u64 {
    let (name, browser) = (account.platform.name(), Browser::open(home).await);
    let fields = [
        ("platform", name),
        ("name", name),
        ("base_url", &account.address()),
        ("account", &account.keys.account),
        ("currency", "EUR"),
        ("from-0", "yes"),
    ];
    let made = browser.post("/connect", &fields).await;
    assert!(made.text.contains("Now it needs access."), "{name}: {}", made.text);
    let twice = browser.post("/connect", &fields).await;
    assert_eq!(twice.status, 422);
    assert!(twice.text.contains("there is a channel of this name already"), "{}", twice.text);

    let (query, cookie) = browser.consents(account, "read").await;
    let stranger = browser.comes_back(&query, "lockstep_consent=0123").await;
    assert_eq!(stranger.status, 400, "{name}: another browser came back");
    let spent = browser.comes_back(&query, &cookie).await;
    assert_eq!(spent.status, 400, "{name}: a question that somebody else answered is open no more");
    assert!(spent.text.contains("no question that is still open"), "{}", spent.text);
    let (query, cookie) = browser.consents(account, "read").await;
    let back = browser.comes_back(&query, &cookie).await;
    assert!(back.text.contains("Access was given"), "{name}: {}", back.text);
    assert_eq!(browser.comes_back(&query, &cookie).await.status, 400, "{name}: the answer counts once");

    let given = account.writes().await;
    assert!(given <= 1, "{name}: {given} writing calls for one token");
    let page = browser.get(&format!("/connect/{name}")).await;
    assert!(page.text.contains("Has a token") && page.text.contains("Not started"), "{name}: {}", page.text);
    assert!(!page.text.contains("Missing</span>"), "{name}: {}", page.text);
    let started = browser.post(&format!("/connect/{name}/start"), &[]).await;
    assert!(started.text.contains("It is being read."), "{name}: {}", started.text);
    let read = is_read(home, name).await;
    assert_eq!(read["progress"]["items_known"], 12, "{name}: {read}");
    assert!(read["progress"]["requests"].as_u64().is_some_and(|sent| sent > 0), "{name}: {read}");
    assert_eq!(account.writes().await, given, "{name} was written to");

    let secret = kept(folder.path(), name)["access"].as_str().expect("a token").to_owned();
    let section = std::fs::read_to_string(folder.path().join(format!("data/channels/{name}.toml"))).expect("written");
    let page = browser.get(&format!("/connect/{name}")).await.text;
    for (place, text) in [("its file", &section), ("its page", &page), ("the API", &read.to_string())] {
        assert!(!text.contains(&secret), "{name}: {place} shows the token");
    }
    let facts = call(home, "GET", "/v1/facts?limit=500", None, 200).await.to_string();
    assert!(facts.contains("channel_put") && !facts.contains(&secret), "{name}");
    assert!(section.contains(STORE), "{section}");
    given
}

/// More is asked for, and only then it may write.
async fn writes(home: &str, browser: &Browser<'_>, account: &Account) {
    let name = account.platform.name();
    let tried = browser.post(&format!("/connect/{name}/write"), &[]).await;
    let lacked = tried.text.contains("Nothing was changed: the token lacks");
    let (query, cookie) = browser.consents(account, "write").await;
    let back = browser.comes_back(&query, &cookie).await;
    assert!(back.text.contains("Access was given"), "{name}: {}", back.text);
    let done = browser.post(&format!("/connect/{name}/write"), &[]).await;
    assert!(done.text.contains("The hub may write now."), "{name}: {}", done.text);
    let now = is_read(home, name).await;
    assert_eq!(now["writes"], true, "{name}");
    let tells = matches!(account.platform, Platform::Shopify | Platform::Square);
    assert!(lacked || !tells, "{name} tells its scopes, and was let write without them: {}", tried.text);
}
