//! A first reading that is interrupted goes on where it stopped, after a restart of the hub.

#[path = "support/folder.rs"]
mod folder;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use connectors::{Reply, Request, Secret, connector};
use emulators::machine::{Act, Dice, Keys, Machine, Opening, World};
use flow::{Carrier, ChannelSettings, Clock, Flow, Keeper, Link, Lost, Meter, Puller, Settings, Stores, SystemClock};
use folder::Folder;
use journal::{MasterKey, Options, Prepare, RealDisk};
use model::{
    Action, Actor, ChannelId, ChannelName, Command, Currency, LocationKind, LocationName, Note, Platform, Quantity,
};
use tokio::sync::watch;

/// More than two pages of the catalogue.
const ITEMS: u32 = 2_300;
const CHANNEL: ChannelId = ChannelId(0);
const STORE: &str = "Store 1";

/// The platform, reachable for so many pages of its catalogue, and what it was asked for.
struct Platformed {
    machine: Mutex<(Box<dyn Machine>, Dice)>,
    pages_left: AtomicUsize,
    pages_asked: Mutex<Vec<String>>,
}

impl Carrier for Platformed {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply, Lost>> + Send + '_>> {
        Box::pin(std::future::ready(self.answer(request)))
    }
}

impl Platformed {
    fn answer(&self, request: Request) -> Result<Reply, Lost> {
        let (now, uri) = (SystemClock.now(), request.http.uri().to_string());
        if uri.contains("/items?") {
            let left = self.pages_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            left.map_err(|_| Lost::NotSent("the line is cut".into()))?;
            self.pages_asked.lock().expect("unharmed").push(uri);
        }
        let mut machine = self.machine.lock().expect("unharmed");
        let (machine, dice) = &mut *machine;
        let mut world = World { now: now.0, dice, outbox: &mut Vec::new() };
        let (parts, body) = machine.handle(&request.http.map(Bytes::from), &mut world).into_parts();
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec(), sent_at: now })
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.pages_asked.lock().expect("unharmed"))
    }
}

fn platform() -> (Arc<Platformed>, Keys) {
    let opening = Opening { api_base: "http://127.0.0.1:1".into(), rate_scale: 1_000, ..Opening::default() };
    let mut opened = emulators::open(Platform::Clover.name(), &opening).expect("an account");
    let mut dice = Dice::new(5);
    let mut acts = vec![Act::PutLocation { name: STORE.into(), zone: None }];
    acts.extend((0..ITEMS).map(|number| Act::PutItem {
        sku: format!("SKU-{number}"),
        title: format!("Thing {number}"),
        barcode: None,
        price_minor: 100,
        tracked: true,
        force_new: false,
        product: None,
        option: None,
    }));
    for act in &acts {
        let mut world = World { now: SystemClock.now().0, dice: &mut dice, outbox: &mut Vec::new() };
        opened.machine.act(act, &mut world).expect("it can be done");
    }
    let machine = Mutex::new((opened.machine, dice));
    let platform = Platformed { machine, pages_left: AtomicUsize::new(1), pages_asked: Mutex::default() };
    (Arc::new(platform), opened.keys)
}

fn open(folder: &Folder) -> Flow {
    let options = Options { segment_bytes: 1 << 20, prepare: Prepare::WhenNeeded };
    let mut dice = Dice::new(11);
    let stores = Stores {
        disk: Arc::new(RealDisk::at(folder.path())),
        journal: options,
        raw: options,
        master: MasterKey::new([7; 32]),
        random: Box::new(move |bytes: &mut [u8]| bytes.iter_mut().for_each(|byte| *byte = dice.draw() as u8)),
    };
    let (keeper, _) = Keeper::open(stores).expect("the folder can be opened");
    flow::start(keeper).expect("a thread")
}

async fn configure(flow: &Flow) {
    let abilities = connector(Platform::Clover).abilities();
    let channel = Action::PutChannel {
        name: ChannelName::new("mall"),
        platform: Platform::Clover,
        basis: abilities.basis,
        sells_from: Vec::new(),
        buffer: Quantity::ZERO,
        whole_units: abilities.whole_units,
        never_below_zero: abilities.never_below_zero,
        writes: false,
        leads: model::Fields::NONE,
        follows: model::Fields::NONE,
        hold: model::Hold::default(),
    };
    let place = Action::PutLocation {
        name: LocationName::new(STORE),
        kind: LocationKind::Store,
        zone: Note::new("Europe/Lisbon"),
        home: Some(ChannelName::new("mall")),
    };
    for action in [channel, place] {
        let command = Command { at: SystemClock.now(), by: Actor::Operator, action };
        flow.command(command).await.expect("the configuration is good");
    }
}

fn link(platform: &Arc<Platformed>, keys: &Keys) -> Arc<Link> {
    let currency = Currency::parse("EUR").expect("a code");
    let token = Secret::new(&keys.access_token);
    let base = "http://127.0.0.1:1";
    let settings = ChannelSettings::new("mall", Platform::Clover, base, token, String::new(), currency);
    let settings = ChannelSettings { account: Some(keys.account.clone()), ..settings };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Arc::new(Link::new(CHANNEL, settings, Arc::clone(platform) as _, clock, Arc::new(Meter::default())))
}

/// Reads until the condition holds, at most a minute, and is then broken off in the middle of whatever it does.
async fn reads_until(flow: &Flow, link: &Arc<Link>, mut done: impl AsyncFnMut() -> bool) {
    let (_stop, stopping) = watch::channel(false);
    let (_asks, asked) = watch::channel(0);
    let task = tokio::spawn(Puller::new(flow.clone(), Arc::clone(link), Settings::default(), asked).run(stopping));
    let mut head = flow.watch();
    for _ in 0..12_000 {
        if done().await {
            task.abort();
            return;
        }
        let _ = tokio::time::timeout(Duration::from_millis(5), head.changed()).await;
    }
    panic!("not within a minute: {:?}", link.health());
}

async fn place(flow: &Flow) -> (usize, Option<String>) {
    let read = flow.read(|state| {
        let page = state.cursor(CHANNEL).and_then(|cursor| cursor.catalogue_page);
        (state.catalogue().items().len(), page.map(|page| page.as_str().to_owned()))
    });
    read.await.expect("the hub runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_half_read_is_read_on_from_the_page_after_the_last_one_kept() {
    let folder = Folder::of("resume");
    let (platform, keys) = platform();
    let flow = open(&folder);
    configure(&flow).await;
    let cut = link(&platform, &keys);
    reads_until(&flow, &cut, async || cut.health().trouble.is_some_and(|words| words.contains("cut"))).await;
    let (known, page) = place(&flow).await;
    assert!(known > 0 && known < ITEMS as usize, "{known} items are known");
    let page = page.expect("it is not done");
    assert!(!page.is_empty(), "the first page is kept");
    assert_eq!(platform.asked().len(), 1);
    let mut head = flow.watch();
    flow.stop().await;
    while head.changed().await.is_ok() {}
    drop(flow);

    let flow = open(&folder);
    assert_eq!(place(&flow).await, (known, Some(page.clone())), "the place outlives the hub");
    platform.pages_left.store(1_000, Ordering::SeqCst);
    let again = link(&platform, &keys);
    reads_until(&flow, &again, async || again.health().ready).await;
    assert_eq!(place(&flow).await, (ITEMS as usize, None));
    let asked = platform.asked();
    assert!(asked[0].contains(&format!("offset={page}")), "{asked:?}");
    flow.stop().await;
}
