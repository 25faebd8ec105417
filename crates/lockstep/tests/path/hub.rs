//! A hub with two channels and one store, put together from its real parts on a real disk.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use connectors::{Secret, connector};
use emulators::machine::{Act, Dice};
use emulators::{shopify, square};
use flow::{ChannelSettings, Clock, Flow, Keeper, Link, Meter, Puller, Sender, Settings, Stores, unsettled};
use journal::{MasterKey, Options, Prepare, Reader, RealDisk};
use model::{
    Action, Actor, ChannelId, ChannelName, Command, Currency, LocationKind, LocationName, Note, Platform, Quantity,
};
use tokio::sync::watch;

use crate::account::{Account, HandClock};

/// The web shop with the till in the store, whose stock is counted there.
pub const SHOP: usize = 0;
/// The other channel, which must not sell what the till has sold.
pub const TILLS: usize = 1;
const NAMES: [&str; 2] = ["shop", "tills"];
pub const STORE: &str = "Store";

/// Hub and accounts.
pub struct Hub {
    pub clock: Arc<HandClock>,
    pub accounts: [Arc<Account>; 2],
    pub links: Vec<Arc<Link>>,
    pub flow: Flow,
    pub reader: Box<dyn Reader>,
}

/// Everything happens when it is told to; nothing by the time of day.
fn pace() -> Settings {
    const NEVER_MS: i64 = i64::MAX / 4;
    Settings { poll_ms: NEVER_MS, reading_ms: NEVER_MS, gather_ms: 0, hint_ms: 0, ..Settings::default() }
}

impl Hub {
    /// Accounts that have an item in stock, and a hub that has read both.
    pub async fn open(folder: &Path, opening: &[Act]) -> Self {
        let clock = HandClock::begin();
        let accounts = accounts(&clock);
        accounts.iter().for_each(|account| opening.iter().for_each(|act| account.act(act)));
        let mut dice = Dice::new(11);
        let options = Options { segment_bytes: 256 * 1024, prepare: Prepare::WhenNeeded };
        let stores = Stores {
            disk: Arc::new(RealDisk::at(folder)),
            journal: options,
            raw: options,
            master: MasterKey::new([7; 32]),
            random: Box::new(move |bytes: &mut [u8]| bytes.iter_mut().for_each(|byte| *byte = dice.draw() as u8)),
        };
        let (keeper, _) = Keeper::open(stores).expect("an empty folder can be opened");
        let reader = keeper.reader();
        let flow = Flow::here(keeper);
        configure(&flow, clock.as_ref()).await;
        let links = (0..NAMES.len()).map(|number| link(number, &accounts[number], &clock)).collect();
        let hub = Self { clock, accounts, links, flow, reader };
        for number in [SHOP, TILLS] {
            hub.read_once(number).await;
        }
        hub.accounts.iter().for_each(|account| drop((account.calls(), account.deliveries())));
        hub
    }

    /// Backfill, subscription and one poll of a channel.
    async fn read_once(&self, number: usize) {
        let link = Arc::clone(&self.links[number]);
        let (stop, stopping) = watch::channel(false);
        let (_asks, asked) = watch::channel(0);
        let puller = Puller::new(self.flow.clone(), Arc::clone(&link), pace(), asked);
        let task = tokio::spawn(puller.run(stopping));
        let done = || link.health().ready && link.health().polled_at.is_some();
        self.wait(|| format!("{:?}", link.health()), async || done()).await;
        stop.send(true).expect("the puller listens");
        task.await.expect("the puller ends well");
    }

    /// Writes to a channel until it shows what it should.
    pub async fn send(&self, number: usize) {
        let link = Arc::clone(&self.links[number]);
        let channel = link.channel;
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(Sender::new(self.flow.clone(), Arc::clone(&link), pace()).run(stopping));
        let open = async || self.flow.read(move |state| unsettled(state, channel)).await.expect("the hub runs");
        self.wait(|| format!("{:?}", link.health()), async || open().await.is_settled()).await;
        stop.send(true).expect("the sender listens");
        task.await.expect("the sender ends well");
    }

    /// Waits for a condition, at most a minute.
    async fn wait(&self, state: impl Fn() -> String, mut done: impl AsyncFnMut() -> bool) {
        let mut head = self.flow.watch();
        for _ in 0..12_000 {
            if done().await {
                return;
            }
            // Whatever changes the answer mostly leaves a fact; the limit is for what does not.
            let _ = tokio::time::timeout(Duration::from_millis(5), head.changed()).await;
        }
        panic!("not within a minute: {}", state());
    }
}

fn accounts(clock: &Arc<HandClock>) -> [Arc<Account>; 2] {
    let settings = shopify::Settings {
        web_locations: vec![STORE.into()],
        escaped_slash_per_million: 0,
        product_echo_per_million: 0,
        bulk_ms: 0,
        ..shopify::Settings::default()
    };
    let shop = shopify::Shopify::new(settings).expect("the settings are good");
    let tills = square::Square::new(square::Settings { currency: "EUR".into(), ..square::Settings::example() });
    [Account::of(Box::new(shop), 3, clock), Account::of(Box::new(tills), 4, clock)]
}

fn platform(number: usize) -> Platform {
    if number == SHOP { Platform::Shopify } else { Platform::Square }
}

async fn configure(flow: &Flow, clock: &HandClock) {
    let channel = |number: usize, sells_from: &[LocationName]| {
        let abilities = connector(platform(number)).abilities();
        Action::PutChannel {
            name: ChannelName::new(NAMES[number]),
            platform: platform(number),
            basis: abilities.basis,
            sells_from: sells_from.to_vec(),
            buffer: Quantity::ZERO,
            whole_units: abilities.whole_units,
            never_below_zero: abilities.never_below_zero,
            writes: true,
            leads: model::Fields::NONE,
            follows: model::Fields::NONE,
            hold: model::Hold::default(),
        }
    };
    let place = Action::PutLocation {
        name: LocationName::new(STORE),
        kind: LocationKind::Store,
        zone: Note::new("Europe/Lisbon"),
        home: Some(ChannelName::new(NAMES[SHOP])),
    };
    let places = [LocationName::new(STORE)];
    let bare = [SHOP, TILLS].map(|number| channel(number, &[]));
    let whole = [SHOP, TILLS].map(|number| channel(number, &places));
    for action in bare.into_iter().chain([place]).chain(whole) {
        let command = Command { at: clock.now(), by: Actor::Operator, action };
        flow.command(command).await.expect("the configuration is good");
    }
}

fn link(number: usize, account: &Arc<Account>, clock: &Arc<HandClock>) -> Arc<Link> {
    let (shop, tills) = (shopify::Settings::default(), square::Settings::example());
    let is_shop = number == SHOP;
    let settings = ChannelSettings {
        name: ChannelName::new(NAMES[number]),
        platform: platform(number),
        base_url: if is_shop { "http://shop.example.com" } else { "http://tills.example.com" }.into(),
        token: Secret::new(if is_shop { &shop.access_token } else { &tills.access_token }),
        auth_url: String::new(),
        client_id: String::new(),
        client_secret: None,
        refresh_token: None,
        application_token: (!is_shop).then(|| Secret::new(&tills.application_token)),
        secrets: if is_shop { vec![Secret::new(&shop.client_secret)] } else { Vec::new() },
        hook_url: format!("https://hub.example.com/hooks/{}/{}", platform(number).name(), NAMES[number]),
        currency: Currency::parse("EUR").expect("EUR is a currency"),
        prices_include_tax: None,
        account: Some(if is_shop { shop.shop_domain } else { tills.merchant_id }),
        subscribe: true,
    };
    let channel = ChannelId(u32::try_from(number).expect("two channels"));
    Arc::new(Link::new(channel, settings, Arc::clone(account) as _, Arc::clone(clock) as _, Arc::new(Meter::default())))
}
