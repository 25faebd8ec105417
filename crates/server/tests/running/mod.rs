//! A running hub for the tests of the pages: real journal, real tables, a small shop made through the engine.

#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

mod shop;

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use connectors::{Reply, Request, Secret};
use flow::{Carrier, ChannelSettings, Clock, Flow, Follower, Keeper, Link, Lost, Meter, Stores, SystemClock};
use journal::{MasterKey, Prepare, RealDisk};
use model::{Action, Actor, ChannelName, Command, Currency, Instant, Platform, Seq};
use server::connect::NoAccounts;
use server::{ApiKey, Bound, DoorSettings, Doorkeeper, Hub, Links, Options, Scope};
use tokio::sync::watch;
use views::Views;

/// The key that may do everything, for hubs whose pages are closed.
pub(crate) const KEY: &str = "lk_test_0123456789";

/// A hub and what it lies in.
pub(crate) struct Running {
    pub(crate) hub: Arc<Hub>,
    pub(crate) flow: Flow,
    folder: PathBuf,
}

/// No platform is reachable from here, but for the one that tells which locations it has.
struct Nobody;

/// Our three locations as the tills have them, one that has none of our names, and one that is closed.
const PLACES: &str = r#"{ "locations": [
    { "id": "place-0", "name": "High Street", "status": "ACTIVE" },
    { "id": "place-1", "name": "Airport", "status": "ACTIVE" },
    { "id": "place-2", "name": "Warehouse", "status": "ACTIVE" },
    { "id": "place-8", "name": "Pop-up at the fair", "status": "ACTIVE" },
    { "id": "place-9", "name": "Old shop", "status": "INACTIVE" } ] }"#;

impl Carrier for Nobody {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply, Lost>> + Send + '_>> {
        let reply = match request.http.uri().path() {
            "/v2/locations" => Ok(Reply {
                status: 200,
                headers: http::HeaderMap::new(),
                body: PLACES.as_bytes().to_vec(),
                sent_at: SystemClock.now(),
            }),
            _ => Err(Lost::NotSent("there is no platform in this test".into())),
        };
        Box::pin(std::future::ready(reply))
    }
}

impl Running {
    /// A hub without anything in it.
    pub(crate) fn empty(options: Options) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("lockstep-pages-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let small = || journal::Options { segment_bytes: 1 << 20, prepare: Prepare::WhenNeeded };
        let mut dice = 1_u64;
        let stores = Stores {
            disk: Arc::new(RealDisk::at(&folder)),
            journal: small(),
            raw: small(),
            master: MasterKey::new([7; 32]),
            random: Box::new(move |bytes| {
                for byte in bytes {
                    dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    *byte = (dice >> 56) as u8;
                }
            }),
        };
        let (keeper, _) = Keeper::open(stores).expect("a new data folder opens");
        let tables = Views::open(&folder.join("views.sqlite")).expect("new tables open");
        let (reader, facts) = (tables.reader().expect("a reader"), keeper.reader());
        let (told, shown) = watch::channel(Seq(0));
        let flow = flow::start(keeper).expect("a thread");
        let (head, handle) = (flow.watch(), tokio::runtime::Handle::current());
        std::thread::spawn(move || {
            let _inside = handle.enter();
            Follower::new(facts, tables, told).run(head, &handle)
        });
        let (clock, meter): (Arc<dyn Clock>, Arc<Meter>) = (Arc::new(SystemClock), Arc::default());
        let links = links(&clock, &meter);
        let hub = Hub {
            flow: flow.clone(),
            links: Arc::new(Links::new(links.into_iter().map(bound).collect())),
            accounts: Arc::new(NoAccounts),
            views: reader,
            shown,
            meter,
            clock,
            keys: vec![ApiKey {
                name: "desk".into(),
                hash: *blake3::hash(KEY.as_bytes()).as_bytes(),
                scopes: Scope::ALL.to_vec(),
            }],
            doorkeeper: Arc::new(Doorkeeper::in_memory(DoorSettings::default()).expect("the built-in rules")),
            options,
        };
        Self { hub: Arc::new(hub), flow, folder }
    }

    /// A hub of a small shop.
    pub(crate) async fn shop(options: Options) -> Self {
        let running = Self::empty(options);
        shop::open(&running).await;
        running.settled().await;
        running
    }

    /// Has something done that must succeed.
    pub(crate) async fn does(&self, action: Action) {
        self.does_by(Actor::Operator, action).await;
    }

    /// The same by somebody.
    pub(crate) async fn does_by(&self, by: Actor, action: Action) {
        let command = Command { at: self.now(), by, action };
        self.flow.command(command).await.expect("the engine takes it");
    }

    /// Puts many items on the web shop, of which the last shows what it should not.
    pub(crate) async fn has_many_items(&self, count: u32) {
        let at = self.now();
        let command = move |action| Command { at, by: Actor::Operator, action };
        let items = shop::bulk_items(count).map(Action::ItemSeen).map(command).collect();
        let told = self.flow.decide(move |_| Ok(items)).await.expect("the hub takes it");
        assert!(told.results.iter().all(Result::is_ok));
        for reading in shop::bulk_readings(count, self.flow.head(), at) {
            self.does(reading).await;
        }
        self.settled().await;
    }

    /// Ends the keeper and waits until nobody takes jobs any more.
    pub(crate) async fn stops(&self) {
        let mut head = self.flow.watch();
        self.flow.stop().await;
        while head.changed().await.is_ok() {}
    }

    pub(crate) fn now(&self) -> Instant {
        self.hub.clock.now()
    }

    /// Waits until the tables know everything that is durable.
    pub(crate) async fn settled(&self) {
        let mut shown = self.hub.shown.clone();
        let head = self.flow.head();
        let followed = shown.wait_for(|shown| *shown >= head);
        tokio::time::timeout(std::time::Duration::from_secs(20), followed).await.expect("in time").expect("a follower");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Read by nobody here, as far as the pages know it is.
fn bound(link: Arc<Link>) -> Bound {
    Bound { link, reading: watch::channel(0).0, reads: true }
}

fn links(clock: &Arc<dyn Clock>, meter: &Arc<Meter>) -> Vec<Arc<Link>> {
    let channels = [("Web shop", Platform::Shopify), ("Tills", Platform::Square)];
    let link = |(number, (name, platform)): (usize, (&str, Platform))| {
        let settings = ChannelSettings {
            name: ChannelName::new(name),
            platform,
            base_url: "http://127.0.0.1:1".into(),
            token: Secret::new("token"),
            auth_url: String::new(),
            client_id: String::new(),
            client_secret: None,
            refresh_token: None,
            application_token: None,
            secrets: vec![Secret::new("secret")],
            hook_url: "http://127.0.0.1:1/hooks".into(),
            currency: Currency::parse("EUR").expect("a code"),
            prices_include_tax: None,
            account: None,
            subscribe: true,
        };
        let channel = model::ChannelId(number as u32);
        Arc::new(Link::new(channel, settings, Arc::new(Nobody), Arc::clone(clock), Arc::clone(meter)))
    };
    channels.into_iter().enumerate().map(link).collect()
}
