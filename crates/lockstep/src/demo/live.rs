//! Live traffic: tills, web orders, hand-overs, returns, counts, drawn from the seed.

use std::time::Duration;

use emulators::machine::{Act, ActCustomer, ActLine, Dice};

use super::child::Hub;
use super::platforms::Platforms;
use super::replay::Told;
use super::retailer::{Account, Outlet, OutletKind, Retailer};

/// Pause between two things that happen, in milliseconds.
const PAUSE_MS: u64 = 250;
/// Open web orders and sold documents that are remembered.
const REMEMBERED: usize = 200;

/// Runs until `--for` is over or Ctrl-C.
///
/// # Errors
/// When an emulator does not answer or the hub cannot be started again.
pub(super) async fn run(
    retailer: &Retailer,
    platforms: &Platforms,
    hub: &mut Hub,
    args: &super::Args,
) -> anyhow::Result<Told> {
    let mut traffic = Traffic::new(retailer, args.seed, PAUSE_MS);
    let end = async {
        match args.for_ {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    traffic.play(end, platforms, hub).await?;
    Ok(traffic.told)
}

/// What happens at the outlets, one thing after another.
pub(super) struct Traffic<'a> {
    retailer: &'a Retailer,
    dice: Dice,
    pause_ms: u64,
    /// What has happened so far.
    pub told: Told,
    number: u64,
    open: Vec<(Account, String)>,
    sold: Vec<(Account, String, String, ActLine)>,
}

impl<'a> Traffic<'a> {
    /// Nothing has happened yet; there will be `pause_ms` milliseconds between two things.
    pub(super) fn new(retailer: &'a Retailer, seed: u64, pause_ms: u64) -> Self {
        let (dice, told) = (Dice::new(seed), Told::default());
        Self { retailer, dice, pause_ms, told, number: 0, open: Vec::new(), sold: Vec::new() }
    }

    /// Goes on until `end` or Ctrl-C.
    ///
    /// # Errors
    /// When an emulator does not answer or the hub cannot be started again.
    pub(super) async fn play(
        &mut self,
        end: impl Future<Output = ()>,
        platforms: &Platforms,
        hub: &mut Hub,
    ) -> anyhow::Result<()> {
        tokio::pin!(end);
        let mut tick = tokio::time::interval(Duration::from_millis(self.pause_ms));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut end => return Ok(()),
                _ = tokio::signal::ctrl_c() => return Ok(()),
                _ = tick.tick() => {}
            }
            hub.keep_alive()?;
            let (account, act) = self.next();
            let acts = [act];
            self.told.ring_up(account, &acts);
            let refused = platforms.act(account, &acts).await?;
            *self.told.sales.entry(account.name()).or_default() += 1;
            // A shopper who finds too little stock goes away: that is no fault.
            tracing::debug!(?refused, "traffic");
        }
    }

    fn next(&mut self) -> (Account, Act) {
        self.number += 1;
        let reference = format!("D{}", self.number);
        let outlet = self.retailer.outlets[self.dice.below(self.retailer.outlets.len() as u64) as usize].clone();
        match self.dice.below(100) {
            0..10 if !self.open.is_empty() => {
                let place = self.dice.below(self.open.len() as u64) as usize;
                let (account, reference) = self.open.swap_remove(place);
                (account, Act::Fulfil { reference })
            }
            10..13 if !self.open.is_empty() => {
                let place = self.dice.below(self.open.len() as u64) as usize;
                let (account, reference) = self.open.swap_remove(place);
                (account, Act::Cancel { reference })
            }
            13..20 if !self.sold.is_empty() => self.give_back(reference),
            20..23 => self.count(&outlet),
            _ => self.sale(reference, &outlet),
        }
    }

    fn sku(&mut self) -> (String, i64) {
        // Squaring the draw makes some items sell far more than others.
        let draw = self.dice.below(1 << 16);
        let place = (draw * draw * self.retailer.items.len() as u64) >> 32;
        let item = &self.retailer.items[place as usize % self.retailer.items.len()];
        (item.sku.clone(), item.price_minor)
    }

    fn customer(&mut self) -> Option<ActCustomer> {
        let number = self.dice.below(300);
        (number < 200).then(|| ActCustomer {
            reference: format!("P{number}"),
            given_name: "Guest".into(),
            family_name: format!("{number}"),
            email: format!("guest-{number}@example.com"),
            phone: String::new(),
        })
    }

    fn sale(&mut self, reference: String, outlet: &Outlet) -> (Account, Act) {
        let lines: Vec<ActLine> = (0..=self.dice.below(3))
            .map(|_| {
                let (sku, unit_price_minor) = self.sku();
                ActLine { sku, quantity: (1 + self.dice.below(2)).to_string(), unit_price_minor, of_line: None }
            })
            .collect();
        let customer = self.customer();
        if outlet.kind == OutletKind::Web {
            self.open.push((outlet.account, reference.clone()));
            if self.open.len() > REMEMBERED {
                self.open.remove(0);
            }
            return (outlet.account, Act::WebOrder { reference, lines, customer, force: false, pickup: None });
        }
        let first = ActLine { of_line: Some(0), ..lines[0].clone() };
        self.sold.push((outlet.account, reference.clone(), outlet.location.to_owned(), first));
        if self.sold.len() > REMEMBERED {
            self.sold.remove(0);
        }
        (outlet.account, Act::TillSale { reference, location: outlet.location.into(), lines, customer, offline_ms: 0 })
    }

    fn give_back(&mut self, reference: String) -> (Account, Act) {
        let place = self.dice.below(self.sold.len() as u64) as usize;
        let (account, of, location, line) = self.sold.swap_remove(place);
        (account, Act::Return { reference, of: Some(of), location, lines: vec![line], restock: true })
    }

    fn count(&mut self, outlet: &Outlet) -> (Account, Act) {
        let (sku, _) = self.sku();
        let quantity = (3 + self.dice.below(20)).to_string();
        (outlet.account, Act::Count { sku, location: outlet.location.into(), quantity })
    }
}
