//! Everything together: clock, disk, accounts and, while it runs, the hub. Runs and scenarios drive it.

use std::sync::Arc;
use std::time::Duration;

use emulators::machine::{Act, Dice, Machine};
use emulators::{shopify, square};
use flow::unsettled;
use journal::simdisk::SimDisk;
use model::{ChannelId, Instant};

use crate::hub::Parts;
use crate::{CHANNELS, Door, Hub, HubSettings, LOCATIONS, Platform, Retailer, SimClock, SimError};

/// How a world begins.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Everything that happens by chance is drawn from it.
    pub seed: u64,
    /// Items and stock.
    pub retailer: Retailer,
    /// The hub's settings.
    pub hub: HubSettings,
    /// How far the accounts' clocks are off, in milliseconds, by number.
    pub skew_ms: [i64; 2],
}

impl Setup {
    /// One item, a hub that does everything.
    pub fn one_item(seed: u64, opening: [i64; 3]) -> Self {
        Self { seed, retailer: Retailer::one_item(opening), hub: HubSettings::default(), skew_ms: [0; 2] }
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
        for (number, name) in CHANNELS.into_iter().enumerate() {
            let platform = Arc::new(Platform::new(number, machine(number)?, setup.seed, setup.skew_ms[number], clock));
            for act in setup.retailer.opening_acts() {
                platform.act(&act).map_err(|reason| SimError::Platform { platform: name, reason })?;
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
            clock: self.clock,
            settings: self.setup.hub,
            seed: self.setup.seed.wrapping_mul(31).wrapping_add(self.opened),
        }
    }

    /// Goes on with another disk; to be called while no hub runs.
    pub fn set_disk(&mut self, disk: SimDisk) {
        self.disk = disk;
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
        made.map_err(|reason| SimError::Platform { platform: CHANNELS[platform], reason })
    }

    /// What is still open, in words; `None` when nothing is.
    ///
    /// # Errors
    /// When there is no hub.
    pub async fn open(&self) -> Result<Option<String>, SimError> {
        for (number, platform) in self.platforms.iter().enumerate() {
            let outbox = platform.outbox();
            if outbox.undelivered > 0 {
                return Ok(Some(format!("{} deliveries of {} are under way", outbox.undelivered, CHANNELS[number])));
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

fn machine(number: usize) -> Result<Box<dyn Machine>, SimError> {
    if number == crate::SHOPIFY {
        let settings = shopify::Settings {
            currency: "GBP".into(),
            zone: "Europe/London".into(),
            web_locations: LOCATIONS.iter().map(|(name, _)| (*name).to_owned()).collect(),
            ..shopify::Settings::default()
        };
        let made = shopify::Shopify::new(settings);
        return match made {
            Ok(machine) => Ok(Box::new(machine)),
            Err(error) => Err(SimError::Platform { platform: CHANNELS[number], reason: error.to_string() }),
        };
    }
    Ok(Box::new(square::Square::new(square::Settings::example())))
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
