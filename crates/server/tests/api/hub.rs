//! A hub for tests: everything but the platforms is real, and time moves only when a test says so.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use connectors::{Reply as PlatformReply, Request, Secret};
use flow::{Carrier, ChannelSettings, Clock, Flow, Follower, Keeper, Link, Lost, Meter, Stores};
use journal::simdisk::SimDisk;
use journal::{MasterKey, Prepare};
use model::{
    Action, Actor, Basis, ChannelId, ChannelName, Command, Currency, Fact, Instant, ItemSeen, LevelSeen, LocationKind,
    LocationName, LocationSeen, Platform, Quantity, Sku,
};
use serde_json::Value;
use server::connect::NoAccounts;
use server::{ApiKey, Bound, DoorSettings, Doorkeeper, Hub, Links, Options, Scope};
use tokio::sync::watch;
use views::Views;

/// A moment in 2026 at which every test begins.
pub const START: i64 = 1_795_514_400_000;
/// The secret of every channel.
pub const SECRET: &str = "a-secret-of-the-channel";

/// How long a request's head may take.
pub const HEAD: std::time::Duration = std::time::Duration::from_millis(400);

/// A clock that stands still.
pub struct Still(AtomicI64);

impl Still {
    /// Later by this many milliseconds.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// Nobody answers.
struct Silence;

impl Carrier for Silence {
    fn send(&self, _: Request) -> Pin<Box<dyn Future<Output = Result<PlatformReply, Lost>> + Send + '_>> {
        Box::pin(std::future::ready(Err(Lost::NotSent("there is no platform in this test".into()))))
    }
}

/// A running hub.
pub struct TestHub {
    /// `http://127.0.0.1:…`.
    pub base: String,
    /// As the doors see it.
    pub hub: Arc<Hub>,
    /// Its clock.
    pub clock: Arc<Still>,
    client: reqwest::Client,
    folder: PathBuf,
}

impl Drop for TestHub {
    fn drop(&mut self) {
        // Left over files in the folder for temporary files do no harm.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A header as text, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The key that has only this scope.
pub fn key_of(scope: Scope) -> String {
    format!("lk_{}", scope.name())
}

fn keys() -> Vec<ApiKey> {
    let key = |name: &str, text: &str, scopes: Vec<Scope>| ApiKey {
        name: name.into(),
        hash: *blake3::hash(text.as_bytes()).as_bytes(),
        scopes,
    };
    let mut keys = vec![key("everything", "lk_all", Scope::ALL.to_vec()), key("nothing", "lk_none", Vec::new())];
    for scope in Scope::ALL {
        keys.push(key(scope.name(), &key_of(scope), vec![scope]));
        let others = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
        keys.push(key("all but one", &format!("lk_not_{}", scope.name()), others));
    }
    keys
}

fn settings(name: &str, platform: Platform) -> ChannelSettings {
    ChannelSettings {
        name: ChannelName::new(name),
        platform,
        base_url: "http://127.0.0.1:9".into(),
        token: Secret::new("token"),
        auth_url: String::new(),
        client_id: String::new(),
        client_secret: None,
        refresh_token: None,
        application_token: None,
        secrets: vec![Secret::new(SECRET)],
        hook_url: format!("https://hub.example/hooks/{}/{name}", platform.name()),
        currency: Currency::parse("EUR").expect("a code"),
        prices_include_tax: None,
        account: None,
        subscribe: false,
    }
}

/// Opens the stores on a disk, without tables or doors.
fn keeper(disk: &SimDisk) -> Keeper {
    let options = journal::Options { segment_bytes: 1 << 20, prepare: Prepare::WhenNeeded };
    let mut next = 0_u8;
    let random = move |bytes: &mut [u8]| {
        for byte in bytes {
            next = next.wrapping_mul(31).wrapping_add(17);
            *byte = next;
        }
    };
    let stores = Stores {
        disk: Arc::new(disk.clone()),
        journal: options,
        raw: options,
        master: MasterKey::new([7; 32]),
        random: Box::new(random),
    };
    Keeper::open(stores).expect("an empty disk opens").0
}

/// Starts a hub with two locations, two channels and two items: TEA (10 in Store 1, 4 in Store 2) and CUP (none).
pub async fn start() -> TestHub {
    start_with(Options::default()).await
}

/// As [`start`], set up otherwise.
pub async fn start_with(options: Options) -> TestHub {
    start_kept(options, DoorSettings::default()).await
}

/// As [`start_with`], with doors kept otherwise.
pub async fn start_kept(options: Options, door: DoorSettings) -> TestHub {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    let folder = std::env::temp_dir().join(format!("lockstep-server-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    let keeper = keeper(&SimDisk::new(number));
    let reader = keeper.reader();
    let flow = flow::start(keeper).expect("a thread");
    let views = Views::open(&folder.join("views.sqlite")).expect("tables");
    let views_reader = views.reader().expect("a reader");
    let (told, shown) = watch::channel(views.checkpoint());
    let (follower, head, wait) = (Follower::new(reader, views, told), flow.watch(), tokio::runtime::Handle::current());
    std::thread::spawn(move || {
        let _within = wait.enter();
        follower.run(head, &wait)
    });
    let clock = Arc::new(Still(AtomicI64::new(START)));
    let meter = Arc::new(Meter::default());
    let link = |id: u32, name: &str, platform: Platform| {
        let clock: Arc<dyn Clock> = clock.clone();
        Arc::new(Link::new(ChannelId(id), settings(name, platform), Arc::new(Silence), clock, Arc::clone(&meter)))
    };
    let links = vec![link(0, "web", Platform::Shopify), link(1, "till", Platform::Square)];
    let bound = |link| Bound { link, reading: watch::channel(0).0, reads: true };
    let hub = Arc::new(Hub {
        flow: flow.clone(),
        links: Arc::new(Links::new(links.into_iter().map(bound).collect())),
        accounts: Arc::new(NoAccounts),
        views: views_reader,
        shown,
        meter,
        clock: clock.clone(),
        keys: keys(),
        doorkeeper: Arc::new(Doorkeeper::in_memory(door).expect("the built-in rules")),
        options,
    });
    furnish(&flow).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let router = server::router(Arc::clone(&hub));
    tokio::spawn(server::serve(listener, router, HEAD));
    TestHub { base, hub, clock, client: reqwest::Client::new(), folder }
}

async fn furnish(flow: &Flow) {
    let place = |name: &str, home: Option<&str>| Action::PutLocation {
        name: LocationName::new(name),
        kind: LocationKind::Store,
        zone: "Europe/Berlin".into(),
        home: home.map(ChannelName::new),
    };
    let channel = |name: &str, platform| Action::PutChannel {
        name: ChannelName::new(name),
        platform,
        basis: Basis::OnHand,
        sells_from: vec![LocationName::new("Store 1"), LocationName::new("Store 2")],
        buffer: Quantity::ZERO,
        whole_units: true,
        never_below_zero: false,
        writes: true,
        leads: model::Fields::NONE,
        follows: model::Fields::NONE,
        hold: model::Hold::default(),
    };
    for action in [
        place("Store 1", None),
        place("Store 2", None),
        channel("web", Platform::Shopify),
        channel("till", Platform::Square),
    ] {
        command(flow, action).await;
    }
    for id in [0, 1] {
        for (external, name) in [("11", "Store 1"), ("12", "Store 2")] {
            let seen =
                LocationSeen { channel: ChannelId(id), external: external.into(), name: name.into(), active: true };
            command(flow, Action::LocationSeen(seen)).await;
        }
        command(flow, item(ChannelId(id), "21", "TEA", "Green tea")).await;
        command(flow, item(ChannelId(id), "22", "CUP", "Cup, blue")).await;
    }
    for (location, level) in [("11", 10), ("12", 4)] {
        let seen = LevelSeen { external: "21".into(), location: location.into(), level: model::Level::units(level) };
        let read = Action::LevelsSeen {
            channel: ChannelId(1),
            since: flow.head(),
            read_at: Instant(START),
            levels: vec![seen],
            whole: false,
        };
        command(flow, read).await;
        let count = model::Count {
            item: model::ItemId(0),
            location: model::LocationId(if location == "11" { 0 } else { 1 }),
            counted: Quantity::units(u32::try_from(level).expect("above zero")),
            counted_at: Instant(START),
            reason: "opening".into(),
        };
        command(flow, Action::Count { key: None, count }).await;
    }
}

/// An item as a channel's catalogue has it.
pub fn item(channel: ChannelId, external: &str, sku: &str, title: &str) -> Action {
    Action::ItemSeen(ItemSeen {
        channel,
        external: external.into(),
        aliases: Vec::new(),
        sku: Sku::new(sku),
        title: title.into(),
        barcodes: Vec::new(),
        price: None,
        tax_inclusive: true,
        tracked: true,
        deleted: false,
    })
}

/// Has a command decided, which must be possible.
pub async fn command(flow: &Flow, action: Action) -> Vec<Fact> {
    let command = Command { at: Instant(START), by: Actor::Operator, action };
    flow.command(command).await.expect("it is possible")
}

impl TestHub {
    /// Stops the keeper and waits until its thread has gone.
    pub async fn stop(&self) {
        let mut head = self.hub.flow.watch();
        self.hub.flow.stop().await;
        while head.changed().await.is_ok() {}
    }

    /// A call as it is.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// Sends a call.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.expect("the hub answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.expect("a body").to_vec();
        Reply { status, headers, body }
    }

    /// A call with every scope.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.keyed(method, path, body, None).await
    }

    /// As [`call`](Self::call), with an idempotency key.
    pub async fn keyed(&self, method: &str, path: &str, body: Option<Value>, key: Option<&str>) -> Reply {
        self.call_as(method, path, body, key, "lk_all").await
    }

    /// As [`keyed`](Self::keyed), with the API key of somebody.
    pub async fn call_as(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
        bearer: &str,
    ) -> Reply {
        let mut request = self.request(method, path).bearer_auth(bearer);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request).await
    }

    /// A call that must be done, and its answer.
    pub async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let body = if body.is_null() { None } else { Some(body) };
        let reply = self.call(method, path, body).await;
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert!((200..300).contains(&reply.status), "{method} {path}: {} {text}", reply.status);
        reply.json()
    }

    /// A reading, and its answer.
    pub async fn get(&self, path: &str) -> Value {
        self.done("GET", path, Value::Null).await
    }

    /// A call that must be refused with this status, and the problem document.
    pub async fn refused(&self, method: &str, path: &str, body: Value, status: u16) -> Value {
        let body = if body.is_null() { None } else { Some(body) };
        let reply = self.call(method, path, body).await;
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert_eq!(reply.status, status, "{method} {path}: {text}");
        problem(&reply)
    }
}

/// A problem document, whole.
pub fn problem(reply: &Reply) -> Value {
    assert_eq!(reply.header("content-type"), "application/problem+json");
    let problem = reply.json();
    assert_eq!(problem["status"], reply.status, "{problem}");
    for field in ["type", "title", "detail", "remedy"] {
        assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field} is missing in {problem}");
    }
    problem
}
