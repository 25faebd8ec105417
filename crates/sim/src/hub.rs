//! The hub as the roof puts it together, on a simulated disk: keeper, links, pullers, senders, the timer of promises.

use std::sync::Arc;
use std::time::Duration;

use connectors::Secret;
use flow::{
    ChannelSettings, Clerk, Clock, Flow, FlowError, Keeper, Link, Meter, Opened, Puller, Sender, Settings, State,
    Stores, connector,
};
use journal::simdisk::SimDisk;
use journal::{MasterKey, Options, Prepare, Reader};
use model::{
    Action, Actor, ChannelId, ChannelName, Command, Component, Currency, LocationKind, LocationName, Note, Quantity,
    Refusal, Sku, Title, Unit,
};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::{Door, Platform, Retailer, SimCarrier, SimClock, SimError};

/// What differs between simulated hubs.
#[derive(Clone, Copy, Debug)]
pub struct HubSettings {
    /// Pace of the flow.
    pub pace: Settings,
    /// Whether pullers and senders work. Without them a hub only takes deliveries in.
    pub works: bool,
    /// Bytes of one journal segment: small ones are changed often.
    pub segment_bytes: u64,
}

impl Default for HubSettings {
    /// Everything works; polls every minute, readings every half hour.
    fn default() -> Self {
        let pace = Settings { reading_ms: 1_800_000, backfill_ms: 24 * 3_600_000, ..Settings::default() };
        Self { pace, works: true, segment_bytes: 64 * 1024 }
    }
}

/// A running hub.
pub struct Hub {
    /// The way to the keeper.
    pub flow: Flow,
    /// Links, by number of the channel.
    pub links: Vec<Arc<Link>>,
    /// Figures.
    pub meter: Arc<Meter>,
    /// What was found when it was opened.
    pub opened: Opened,
    reader: Box<dyn Reader>,
    readings: Vec<watch::Sender<u64>>,
    /// Held so that pullers and senders go on.
    _stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hub({:?})", self.flow)
    }
}

/// What a hub is started from.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    pub disk: &'a SimDisk,
    pub platforms: &'a [Arc<Platform>],
    pub retailer: &'a Retailer,
    pub clock: SimClock,
    pub settings: HubSettings,
    /// For keys and nonces; another one at each start.
    pub seed: u64,
}

/// Tasks of a hub that nobody holds any more would work on for ever.
impl Drop for Hub {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Hub {
    /// Opens the disk, carries the configuration out and starts all tasks.
    pub(crate) async fn start(parts: &Parts<'_>) -> Result<Self, SimError> {
        let (mut keeper, opened) = Keeper::open(stores(parts))?;
        let meter = Arc::new(Meter::default());
        keeper.measured_by(Arc::clone(&meter));
        let reader = keeper.reader();
        let flow = Flow::here(keeper);
        configure(&flow, parts.retailer, parts.clock).await?;
        let clock: Arc<dyn Clock> = Arc::new(parts.clock);
        let mut links = Vec::new();
        for platform in parts.platforms {
            links.push(link(platform, parts.clock, &clock, &meter)?);
        }
        let (stop, stopping) = watch::channel(false);
        let mut hub = Self { flow, links, meter, opened, reader, readings: Vec::new(), _stop: stop, tasks: Vec::new() };
        if parts.settings.works {
            hub.work(parts, &stopping);
        }
        Ok(hub)
    }

    fn work(&mut self, parts: &Parts<'_>, stopping: &watch::Receiver<bool>) {
        let pace = parts.settings.pace;
        for link in &self.links {
            let (wanted, asked) = watch::channel(0);
            self.readings.push(wanted);
            let puller = Puller::new(self.flow.clone(), Arc::clone(link), pace, asked);
            self.tasks.push(tokio::spawn(puller.run(stopping.clone())));
            let clerk = Clerk::new(self.flow.clone(), Arc::clone(link));
            self.tasks.push(tokio::spawn(clerk.run(stopping.clone())));
            let sender = Sender::new(self.flow.clone(), Arc::clone(link), pace);
            self.tasks.push(tokio::spawn(sender.run(stopping.clone())));
        }
        self.tasks.push(tokio::spawn(expire(self.flow.clone(), parts.clock)));
    }

    /// Lets deliveries in.
    pub(crate) fn open_door(&self, door: &Door) {
        door.open(self.flow.clone(), self.links.clone());
    }

    /// Ends all tasks where they are, as a kill would, and lets go of the disk.
    pub(crate) async fn end(mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        for task in std::mem::take(&mut self.tasks) {
            // Every end is right, a cancelled one above all.
            let _ = task.await;
        }
    }

    /// Has every channel read once more.
    pub fn ask_for_readings(&self) {
        for reading in &self.readings {
            reading.send_modify(|count| *count += 1);
        }
    }

    /// Reads the state.
    ///
    /// # Errors
    /// When the hub has stopped.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&State) -> T + Send + 'static,
    ) -> Result<T, SimError> {
        Ok(self.flow.read(read).await?)
    }

    /// Has one command decided for a caller of the API.
    ///
    /// # Errors
    /// When the hub has stopped; the engine's refusal is inside.
    pub async fn ask(&self, clock: &SimClock, action: Action) -> Result<Result<(), Refusal>, FlowError> {
        let command = Command { at: clock.now(), by: Actor::Key(Note::new("sim")), action };
        match self.flow.command(command).await {
            Ok(_) => Ok(Ok(())),
            Err(FlowError::Refused(refusal)) => Ok(Err(refusal)),
            Err(error) => Err(error),
        }
    }

    /// Whether it takes nothing any more.
    pub async fn has_stopped(&self) -> bool {
        self.flow.decide(|_| Ok(Vec::new())).await.is_err()
    }

    /// Reads the journal from its beginning.
    pub(crate) fn reader(&self) -> &dyn Reader {
        &*self.reader
    }
}

/// Where the hub keeps everything.
pub(crate) fn stores(parts: &Parts<'_>) -> Stores {
    let options = Options { segment_bytes: parts.settings.segment_bytes, prepare: Prepare::WhenNeeded };
    let mut dice = emulators::machine::Dice::new(parts.seed);
    let random = move |bytes: &mut [u8]| bytes.iter_mut().for_each(|byte| *byte = dice.draw() as u8);
    Stores {
        disk: Arc::new(parts.disk.clone()),
        journal: options,
        raw: options,
        master: MasterKey::new([7; 32]),
        random: Box::new(random),
    }
}

/// Promises lapse by a timer outside the engine.
async fn expire(flow: Flow, clock: SimClock) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        for action in [Action::Expire { max: 10_000 }, Action::Lapse { max: 1_000 }, Action::Watch] {
            let command = Command { at: clock.now(), by: Actor::System, action };
            if let Err(FlowError::Stopped) = flow.command(command).await {
                return;
            }
        }
    }
}

/// Channels without their places, the places, whole channels: a location's home is a channel, and a channel sells from
/// locations. Then the items of which the hub must know more than a platform tells.
async fn configure(flow: &Flow, retailer: &Retailer, clock: SimClock) -> Result<(), SimError> {
    let known = flow.read(|state| state.catalogue().channels().len()).await?;
    let accounts = 0..retailer.accounts.len();
    let bare = accounts.clone().skip(known).map(|number| channel(retailer, number, &[]));
    let places = retailer.places.iter().map(|place| Action::PutLocation {
        name: LocationName::new(&place.name),
        kind: LocationKind::Store,
        zone: Note::new("Europe/London"),
        home: place.home.map(|home| ChannelName::new(retailer.accounts[home].name())),
    });
    let whole = accounts.map(|number| channel(retailer, number, &retailer.accounts[number].sells_from));
    for action in bare.chain(places).chain(whole) {
        flow.command(Command { at: clock.now(), by: Actor::Operator, action }).await?;
    }
    for action in special_items(flow, retailer).await? {
        flow.command(Command { at: clock.now(), by: Actor::Operator, action }).await?;
    }
    Ok(())
}

/// Weighed items and bundles, when the hub does not know them yet; the parts of a bundle before it.
async fn special_items(flow: &Flow, retailer: &Retailer) -> Result<Vec<Action>, SimError> {
    let is_part = |sku: &str| retailer.goods.iter().any(|goods| goods.parts().iter().any(|(part, _)| part == sku));
    let of_use = retailer.goods.iter().filter(|goods| goods.sold != crate::Sold::ByPiece || is_part(&goods.sku));
    let (bundles, plain): (Vec<_>, Vec<_>) = of_use.partition(|goods| !goods.parts().is_empty());
    let known = flow.read(|state| state.catalogue().items().len()).await?;
    if known > 0 {
        return Ok(Vec::new());
    }
    // Nothing is known yet, so items are numbered in the order in which they are told here.
    let number =
        |sku: &str| plain.iter().position(|goods| goods.sku == sku).and_then(|place| u32::try_from(place).ok());
    let action = |goods: &&crate::Goods| Action::PutItem {
        sku: Sku::new(&goods.sku),
        title: Title::new(&format!("Item {}", goods.sku)),
        barcodes: Vec::new(),
        unit: if goods.sold == crate::Sold::ByWeight { Unit::Kilogram } else { Unit::Piece },
        components: goods
            .parts()
            .iter()
            .filter_map(|(sku, units)| {
                Some(Component { item: model::ItemId(number(sku)?), quantity: Quantity::units(*units) })
            })
            .collect(),
        price: None,
        tax_inclusive: true,
    };
    Ok(plain.iter().chain(&bundles).map(action).collect())
}

fn channel(retailer: &Retailer, number: usize, sells_from: &[usize]) -> Action {
    let plan = &retailer.accounts[number];
    let abilities = connector(plan.platform).abilities();
    Action::PutChannel {
        name: ChannelName::new(plan.name()),
        platform: plan.platform,
        basis: abilities.basis,
        sells_from: sells_from.iter().map(|place| LocationName::new(&retailer.places[*place].name)).collect(),
        buffer: Quantity::ZERO,
        whole_units: abilities.whole_units,
        never_below_zero: abilities.never_below_zero,
        writes: true,
        leads: plan.leads,
        follows: plan.follows,
        hold: model::Hold::default(),
    }
}

/// Where an account's API is.
pub(crate) fn base_url(name: &str) -> String {
    format!("http://{name}.sim")
}

/// Where an account's news go. Some vendors deliver to nothing but https.
pub(crate) fn hook_url(name: &str) -> String {
    format!("https://hub.sim/hooks/{name}/{name}")
}

fn link(
    platform: &Arc<Platform>,
    sim: SimClock,
    clock: &Arc<dyn Clock>,
    meter: &Arc<Meter>,
) -> Result<Arc<Link>, SimError> {
    let (plan, keys) = (&platform.plan, &platform.keys);
    let currency = Currency::parse(plan.currency).ok_or_else(|| SimError::Platform {
        platform: plan.name(),
        reason: format!("{} is no currency", plan.currency),
    })?;
    let secret = |text: &str| (!text.is_empty()).then(|| Secret::new(text));
    let settings = ChannelSettings {
        client_id: keys.client_id.clone(),
        client_secret: secret(&keys.client_secret),
        refresh_token: secret(&keys.refresh_token),
        application_token: secret(&keys.application_token),
        secrets: secret(&keys.webhook_secret).into_iter().collect(),
        account: Some(keys.account.clone()),
        subscribe: true,
        prices_include_tax: Some(plan.tax_inclusive),
        ..ChannelSettings::new(
            plan.name(),
            plan.platform,
            &base_url(plan.name()),
            Secret::new(&keys.access_token),
            hook_url(plan.name()),
            currency,
        )
    };
    let channel = ChannelId(u32::try_from(platform.number).unwrap_or(u32::MAX));
    let carrier = Arc::new(SimCarrier { platform: Arc::clone(platform), clock: sim });
    let link = Link::new(channel, settings, carrier, Arc::clone(clock), Arc::clone(meter));
    Ok(Arc::new(link.with_wallet(Arc::clone(&platform.wallet) as Arc<dyn flow::Wallet>)))
}
