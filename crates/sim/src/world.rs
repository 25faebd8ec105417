//! Everything together: clock, disk, accounts and, while it runs, the hub. Runs and scenarios drive it.

use std::sync::Arc;
use std::time::Duration;

use connectors::{Surface, connector};
use emulators::machine::{Act, Dice, Opened, Opening};
use flow::unsettled;
use journal::simdisk::SimDisk;
use model::{ChannelId, Instant};

use crate::hub::Parts;
use crate::{Door, Hub, HubSettings, Platform, Retailer, SimClock, SimError};

/// How a world begins.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Everything that happens by chance is drawn from it.
    pub seed: u64,
    /// Accounts, places, items and stock.
    pub retailer: Retailer,
    /// The hub's settings.
    pub hub: HubSettings,
}

impl Setup {
    /// A hub that does everything.
    pub fn new(seed: u64, retailer: Retailer) -> Self {
        Self { seed, retailer, hub: HubSettings::default() }
    }

    /// One item in two shops.
    pub fn one_item(seed: u64, opening: [i64; 3]) -> Self {
        Self::new(seed, Retailer::two_shops(opening))
    }
}

/// A simulated world.
#[derive(Debug)]
pub struct World {
    /// Virtual time.
    pub clock: SimClock,
    /// The hub's disk.
    pub disk: SimDisk,
    /// Accounts, by number.
    pub platforms: Vec<Arc<Platform>>,
    /// The hub's hook addresses.
    pub door: Door,
    /// The hub, while it runs.
    pub hub: Option<Hub>,
    /// How often it was opened.
    pub opened: u64,
    setup: Setup,
}

impl World {
    /// Accounts with their opening stock, and an empty disk; no hub yet. To be made inside
    /// [`on_virtual_time`](crate::on_virtual_time).
    ///
    /// # Errors
    /// When an account refuses to be set up.
    pub fn build(setup: Setup) -> Result<Self, SimError> {
        let clock = SimClock::begin();
        let door = Door::default();
        let mut platforms = Vec::new();
        for (number, plan) in setup.retailer.accounts.iter().enumerate() {
            let name = plan.name();
            let refused = |reason| SimError::Platform { platform: name, reason };
            let opened = open_account(&setup.retailer, number)?;
            let platform = Arc::new(Platform::new(number, plan.clone(), opened, setup.seed, clock));
            for act in setup.retailer.opening_acts(number) {
                platform.act(&act).map_err(refused)?;
            }
            if by_hand(plan.platform) {
                platform.subscribe(&crate::hub::hook_url(name)).map_err(refused)?;
            }
            tokio::spawn(Arc::clone(&platform).deliver(door.clone()));
            platforms.push(platform);
        }
        let disk = SimDisk::new(setup.seed ^ 0x0000_D15C);
        Ok(Self { clock, disk, platforms, door, hub: None, opened: 0, setup })
    }

    /// A world whose hub has read every channel.
    ///
    /// # Errors
    /// As [`build`](Self::build), and when the hub does not start.
    pub async fn ready(setup: Setup) -> Result<Self, SimError> {
        let mut world = Self::build(setup)?;
        world.open_hub().await?;
        world.until_ready().await?;
        Ok(world)
    }

    /// Starts the hub from its disk.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open_hub(&mut self) -> Result<(), SimError> {
        self.opened += 1;
        let hub = Hub::start(&self.parts()).await?;
        hub.open_door(&self.door);
        self.hub = Some(hub);
        Ok(())
    }

    /// Opens the disk without starting anything; to be called while no hub runs.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_keeper(&self) -> Result<(flow::Keeper, flow::Opened), SimError> {
        Ok(flow::Keeper::open(crate::hub::stores(&self.parts()))?)
    }

    fn parts(&self) -> Parts<'_> {
        Parts {
            disk: &self.disk,
            platforms: &self.platforms,
            retailer: &self.setup.retailer,
            clock: self.clock,
            settings: self.setup.hub,
            seed: self.setup.seed.wrapping_mul(31).wrapping_add(self.opened),
        }
    }

    /// Goes on with another disk; to be called while no hub runs.
    pub fn set_disk(&mut self, disk: SimDisk) {
        self.disk = disk;
    }

    /// Accounts, places and items as they were when the world began.
    pub fn retailer(&self) -> &Retailer {
        &self.setup.retailer
    }

    /// Another pace for the next start.
    pub fn set_hub(&mut self, settings: HubSettings) {
        self.setup.hub = settings;
    }

    /// Ends the hub where it is: kill -9. Platforms go on.
    pub async fn kill_hub(&mut self) {
        self.door.close();
        if let Some(hub) = self.hub.take() {
            hub.end().await;
        }
    }

    /// Cuts the power: the hub ends, and what was not synced may be lost.
    pub async fn cut_power(&mut self) {
        self.kill_hub().await;
        self.disk.restart();
    }

    /// The hub.
    ///
    /// # Errors
    /// When there is none at the moment.
    pub fn hub(&self) -> Result<&Hub, SimError> {
        self.hub.as_ref().ok_or(SimError::NoHub)
    }

    /// Lets virtual time pass.
    pub async fn pass(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    /// Waits, at most an hour, until every channel has been read. Answers whether it was.
    ///
    /// # Errors
    /// When there is no hub.
    pub async fn until_ready(&self) -> Result<bool, SimError> {
        for _ in 0..36_000 {
            if self.hub()?.links.iter().all(|link| link.health().ready) {
                return Ok(true);
            }
            self.pass(100).await;
        }
        Ok(false)
    }

    /// An act that must be possible.
    ///
    /// # Errors
    /// The account's words.
    pub fn act(&self, platform: usize, act: &Act) -> Result<serde_json::Value, SimError> {
        let made = self.platforms[platform].act(act);
        made.map_err(|reason| SimError::Platform { platform: self.platforms[platform].name(), reason })
    }

    /// What is still open, in words; `None` when nothing is.
    ///
    /// # Errors
    /// When there is no hub.
    pub async fn open(&self) -> Result<Option<String>, SimError> {
        for platform in &self.platforms {
            let outbox = platform.outbox();
            if outbox.undelivered > 0 {
                return Ok(Some(format!("{} deliveries of {} are under way", outbox.undelivered, platform.name())));
            }
        }
        for link in &self.hub()?.links {
            let channel: ChannelId = link.channel;
            let open = self.hub()?.read(move |state| unsettled(state, channel)).await?;
            if !open.is_settled() {
                return Ok(Some(format!("{}: {open:?}", link.settings.name)));
            }
        }
        Ok(None)
    }

    /// Waits until nothing is open three seconds in a row. Answers what still is when the time is over.
    ///
    /// # Errors
    /// When there is no hub.
    pub async fn until_quiet(&self, limit_ms: u64) -> Result<Option<String>, SimError> {
        let (mut quiet, mut last) = (0, None);
        for _ in 0..limit_ms.div_ceil(1_000) {
            last = self.open().await?;
            quiet = if last.is_none() { quiet + 1 } else { 0 };
            if quiet >= 3 {
                return Ok(None);
            }
            self.pass(1_000).await;
        }
        Ok(last.or(Some("it was never quiet for three seconds".into())))
    }

    /// Waits until nothing is open, has everything read once more, and waits again.
    ///
    /// # Errors
    /// When there is no hub.
    pub async fn settle(&self, limit_ms: u64) -> Result<Option<String>, SimError> {
        if let Some(open) = self.until_quiet(limit_ms).await? {
            return Ok(Some(open));
        }
        let hub = self.hub()?;
        let read_at = || hub.links.iter().map(|link| link.health().read_at).collect::<Vec<Option<Instant>>>();
        let before = read_at();
        hub.ask_for_readings();
        for _ in 0..limit_ms.div_ceil(1_000) {
            if read_at().iter().zip(&before).all(|(now, before)| now > before) {
                return self.until_quiet(limit_ms).await;
            }
            self.pass(1_000).await;
        }
        Ok(Some("not every channel was read again".into()))
    }
}

fn open_account(retailer: &Retailer, number: usize) -> Result<Opened, SimError> {
    let plan = &retailer.accounts[number];
    let opening = Opening {
        currency: plan.currency.into(),
        tax_inclusive: plan.tax_inclusive,
        zone: "Europe/London".into(),
        api_base: crate::hub::base_url(plan.name()),
        sells_from: plan.sells_from.iter().map(|place| retailer.places[*place].name.clone()).collect(),
        suppliers: vec![crate::SUPPLIER.into()],
        ..Opening::default()
    };
    emulators::open(plan.platform.name(), &opening)
        .map_err(|error| SimError::Platform { platform: plan.name(), reason: error.to_string() })
}

/// Whether a person must subscribe to its news.
pub fn by_hand(platform: model::Platform) -> bool {
    let abilities = connector(platform).abilities();
    !abilities.can(Surface::Subscribe) && abilities.can(Surface::HearSales)
}

/// A disk with the same files, all of them synced.
pub fn copy_of(disk: &SimDisk) -> SimDisk {
    let copy = SimDisk::new(1);
    for path in disk.paths() {
        copy.put(&path, &disk.contents(&path).unwrap_or_default());
    }
    copy
}

/// Puts a list into a drawn order.
pub fn shuffle<T>(list: &mut [T], dice: &mut Dice) {
    for place in (1..list.len()).rev() {
        let other = usize::try_from(dice.below(place as u64 + 1)).unwrap_or(0);
        list.swap(place, other);
    }
}
