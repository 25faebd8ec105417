//! What happens in a run, drawn step by step: people at tills and in shops, callers of the API, and mishaps.

use emulators::machine::{Act, ActCustomer, ActLine, Dice};

use crate::{LOCATIONS, Retailer, SHOPIFY, SQUARE};

/// Documents that are remembered to be changed later.
const REMEMBERED: usize = 40;

/// One step of a run.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Somebody acts inside an account.
    Act(usize, Act),
    /// A caller of the API.
    Api(Ask),
    /// Something goes wrong.
    Mishap(Mishap),
}

/// What a caller of the API asks. Asked again, with the same key, until it is answered.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// A promise; a `lasting` one does not lapse during the run.
    Reserve { key: String, sku: String, location: &'static str, units: u32, lasting: bool },
    /// The goods of a lasting promise leave.
    Commit { key: String },
    /// A promise is given back.
    Release { key: String },
    /// Units come or go by hand.
    Adjust { key: String, sku: String, location: &'static str, units: i32 },
}

/// What goes wrong with the hub or its accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// kill -9.
    Kill,
    /// The power goes now.
    PowerNow,
    /// The power goes in the middle of this operation of the disk from now.
    PowerSoon(u64),
    /// The disk is full.
    Full,
    /// The next sync fails.
    FailedSync,
    /// Somebody removes the webhook subscriptions of an account.
    Unsubscribe(usize),
    /// An account does not answer for this many milliseconds.
    Silent(usize, u64),
    /// A snapshot is written: no mishap, but it changes what the next start reads.
    Snapshot,
}

/// Draws steps.
#[derive(Debug)]
pub(crate) struct Traffic {
    pub(crate) dice: Dice,
    retailer: Retailer,
    mishaps: bool,
    number: u64,
    /// Open web orders: account, reference, lines.
    open: Vec<(usize, String, Vec<ActLine>)>,
    /// Documents whose goods have left: account, reference, lines.
    gone: Vec<(usize, String, Vec<ActLine>)>,
    /// Lasting promises that are neither committed nor given back.
    promised: Vec<String>,
}

impl Traffic {
    pub(crate) fn new(seed: u64, retailer: Retailer, mishaps: bool) -> Self {
        let (open, gone, promised) = Default::default();
        Self { dice: Dice::new(seed ^ 0x0007_AFF1), retailer, mishaps, number: 0, open, gone, promised }
    }

    /// Pause before the next step, in milliseconds: bursts, everyday pace, and now and then a lull.
    pub(crate) fn pause_ms(&mut self) -> u64 {
        match self.dice.below(100) {
            0..30 => 0,
            30..95 => self.dice.below(1_500),
            _ => self.dice.below(60_000),
        }
    }

    pub(crate) fn next(&mut self) -> Step {
        self.number += 1;
        if self.mishaps && self.dice.chance(45_000) {
            return Step::Mishap(self.mishap());
        }
        match self.dice.below(100) {
            0..32 => self.till_sale(),
            32..50 => self.web_order(SHOPIFY),
            50..54 => self.web_order(SQUARE),
            54..66 => self.fulfil(),
            66..70 => self.cancel(),
            70..74 => self.edit(),
            74..82 => self.give_back(),
            82..90 => self.by_hand(),
            _ => Step::Api(self.ask()),
        }
    }

    /// A web order was refused, or a till sale accepted: what may follow it changes.
    pub(crate) fn answered(&mut self, platform: usize, act: &Act, accepted: bool) {
        let list = match act {
            Act::WebOrder { .. } => &mut self.open,
            Act::TillSale { .. } => &mut self.gone,
            _ => return,
        };
        if let (true, Act::WebOrder { reference, lines, .. } | Act::TillSale { reference, lines, .. }) = (accepted, act)
        {
            list.push((platform, reference.clone(), lines.clone()));
            if list.len() > REMEMBERED {
                list.remove(0);
            }
        }
    }

    /// A lasting promise was made.
    pub(crate) fn promised(&mut self, key: &str) {
        self.promised.push(key.to_owned());
    }

    fn pick(&mut self, length: usize) -> usize {
        usize::try_from(self.dice.below(length as u64)).unwrap_or(0)
    }

    fn sku(&mut self) -> String {
        let place = self.pick(self.retailer.goods.len());
        self.retailer.goods[place].sku.clone()
    }

    fn lines(&mut self) -> Vec<ActLine> {
        (0..=self.dice.below(3))
            .map(|_| ActLine {
                sku: self.sku(),
                quantity: (1 + self.dice.below(2)).to_string(),
                unit_price_minor: 1_000,
                of_line: None,
            })
            .collect()
    }

    fn customer(&mut self) -> Option<ActCustomer> {
        let number = self.dice.below(20);
        (number < 10).then(|| ActCustomer {
            reference: format!("P{number}"),
            given_name: "Guest".into(),
            family_name: format!("{number}"),
            email: format!("guest-{number}@example.com"),
            phone: String::new(),
        })
    }

    fn reference(&self) -> String {
        format!("D{}", self.number)
    }

    fn till_sale(&mut self) -> Step {
        let (location, platform) = LOCATIONS[1 + self.pick(2)];
        let offline_ms = if self.dice.chance(100_000) { 60_000 + self.dice.below(1_800_000) as i64 } else { 0 };
        let (reference, lines, customer) = (self.reference(), self.lines(), self.customer());
        Step::Act(platform, Act::TillSale { reference, location: location.into(), lines, customer, offline_ms })
    }

    fn web_order(&mut self, platform: usize) -> Step {
        let (reference, lines, customer) = (self.reference(), self.lines(), self.customer());
        let pickup = self.dice.chance(200_000).then(|| LOCATIONS[self.pick(3)].0.to_owned());
        Step::Act(platform, Act::WebOrder { reference, lines, customer, force: false, pickup })
    }

    fn fulfil(&mut self) -> Step {
        if self.open.is_empty() {
            return self.till_sale();
        }
        let place = self.pick(self.open.len());
        let (platform, reference, lines) = self.open.swap_remove(place);
        self.gone.push((platform, reference.clone(), lines));
        Step::Act(platform, Act::Fulfil { reference })
    }

    fn cancel(&mut self) -> Step {
        if self.open.is_empty() {
            return self.till_sale();
        }
        let place = self.pick(self.open.len());
        let (platform, reference, _) = self.open.swap_remove(place);
        Step::Act(platform, Act::Cancel { reference })
    }

    fn edit(&mut self) -> Step {
        if self.open.is_empty() {
            return self.till_sale();
        }
        let place = self.pick(self.open.len());
        let (platform, reference, lines) = self.open[place].clone();
        let line = self.pick(lines.len());
        // Square takes stock when an order is paid. Whether one that is paid in part was once paid whole cannot be
        // told from its document, so its lines are only ever lowered here.
        let ordered: u64 = lines[line].quantity.parse().unwrap_or(1);
        let quantity = self.dice.below(if platform == SQUARE { ordered + 1 } else { 4 }).to_string();
        Step::Act(platform, Act::Edit { reference, line, quantity })
    }

    fn give_back(&mut self) -> Step {
        if self.gone.is_empty() {
            return self.till_sale();
        }
        let place = self.pick(self.gone.len());
        let (platform, of, lines) = self.gone[place].clone();
        let of_line = self.pick(lines.len());
        let line = ActLine { of_line: Some(of_line), quantity: "1".into(), ..lines[of_line].clone() };
        let location = if platform == SQUARE { LOCATIONS[2].0 } else { LOCATIONS[self.pick(2)].0 };
        let (reference, restock) = (self.reference(), !self.dice.chance(200_000));
        let of = Some(of);
        Step::Act(platform, Act::Return { reference, of, location: location.into(), lines: vec![line], restock })
    }

    /// Counted or changed inside an account; now and then inside one that is not the location's home.
    fn by_hand(&mut self) -> Step {
        let (location, home) = LOCATIONS[self.pick(3)];
        let platform = if self.dice.chance(250_000) { 1 - home } else { home };
        let (sku, location) = (self.sku(), location.to_owned());
        let act = if self.dice.chance(500_000) {
            Act::Count { sku, location, quantity: self.dice.below(8).to_string() }
        } else {
            let delta = if self.dice.chance(600_000) { "3" } else { "-1" };
            Act::Adjust { sku, location, delta: delta.into(), reason: "damaged".into(), reference: self.reference() }
        };
        Step::Act(platform, act)
    }

    fn ask(&mut self) -> Ask {
        let key = format!("K{}", self.number);
        let location = LOCATIONS[self.pick(3)].0;
        match self.dice.below(10) {
            0..2 if !self.promised.is_empty() => {
                let place = self.pick(self.promised.len());
                Ask::Commit { key: self.promised.swap_remove(place) }
            }
            2..4 if !self.promised.is_empty() => {
                let place = self.pick(self.promised.len());
                Ask::Release { key: self.promised.swap_remove(place) }
            }
            0..7 => {
                let (units, lasting) = (1 + self.pick(2) as u32, self.dice.chance(500_000));
                Ask::Reserve { key, sku: self.sku(), location, units, lasting }
            }
            _ => {
                let units = if self.dice.chance(700_000) { 2 } else { -1 };
                Ask::Adjust { key, sku: self.sku(), location, units }
            }
        }
    }

    fn mishap(&mut self) -> Mishap {
        match self.dice.below(20) {
            0..5 => Mishap::Kill,
            5..7 => Mishap::PowerNow,
            7..12 => Mishap::PowerSoon(1 + self.dice.below(12)),
            12 => Mishap::Full,
            13 => Mishap::FailedSync,
            14 => Mishap::Unsubscribe(self.pick(2)),
            15..17 => Mishap::Silent(self.pick(2), 1_000 + self.dice.below(90_000)),
            _ => Mishap::Snapshot,
        }
    }
}
