//! What happens in a run, drawn step by step: people at tills and in shops, callers of the API, and mishaps.

use connectors::connector;
use emulators::machine::{Act, ActCustomer, ActLine, Dice};

use crate::{Edit, Retailer, Sold, habits};

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
    Reserve { key: String, sku: String, location: String, units: u32, lasting: bool },
    /// The goods of a lasting promise leave.
    Commit { key: String },
    /// A promise is given back.
    Release { key: String },
    /// Units come or go by hand.
    Adjust { key: String, sku: String, location: String, units: i32 },
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
    /// Places with tills, by number, and the account of the tills.
    tills: Vec<(usize, usize)>,
    /// Accounts with a web shop; the first one gets most orders.
    shops: Vec<usize>,
    /// Pairs of places between which an account moves goods.
    ways: Vec<(usize, usize, usize)>,
}

impl Traffic {
    pub(crate) fn new(seed: u64, retailer: Retailer, mishaps: bool) -> Self {
        let (open, gone, promised) = Default::default();
        let places = retailer.places.iter().enumerate();
        let tills = places.filter_map(|(number, place)| Some((number, place.home.filter(|_| place.tills)?))).collect();
        let accounts = 0..retailer.accounts.len();
        let shops = accounts.filter(|account| !retailer.accounts[*account].sells_from.is_empty()).collect();
        let ways = ways(&retailer);
        let dice = Dice::new(seed ^ 0x0007_AFF1);
        Self { dice, retailer, mishaps, number: 0, open, gone, promised, tills, shops, ways }
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
            32..54 => self.web_order(),
            54..66 => self.fulfil(),
            66..70 => self.cancel(),
            70..74 => self.edit(),
            74..82 => self.give_back(),
            82..88 => self.by_hand(),
            88..90 => self.transfer(),
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

    /// Anything but a bundle: what a channel makes of those is the matter of a scenario of its own, and they are
    /// promised and committed through the API here.
    fn piece(&mut self) -> String {
        let own = |goods: &&crate::Goods| goods.parts().is_empty();
        let skus: Vec<String> = self.retailer.goods.iter().filter(own).map(|goods| goods.sku.clone()).collect();
        let place = self.pick(skus.len());
        skus[place].clone()
    }

    fn lines(&mut self, account: usize, at_till: bool) -> Vec<ActLine> {
        let mut lines: Vec<ActLine> = Vec::new();
        for _ in 0..=self.dice.below(3) {
            let sku = self.piece();
            let by_weight = self.retailer.item(&sku).is_some_and(|goods| goods.sold == Sold::ByWeight);
            let fractions = at_till && !connector(self.retailer.accounts[account].platform).abilities().whole_units;
            let quantity = match (by_weight && fractions, self.dice.below(2)) {
                (true, 0) => "0.25".to_owned(),
                (true, _) => "1.375".to_owned(),
                (false, more) => (1 + more).to_string(),
            };
            lines.push(ActLine { sku, quantity, unit_price_minor: 1_000, of_line: None });
        }
        lines
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

    fn place(&mut self) -> usize {
        self.pick(self.retailer.places.len())
    }

    fn name(&self, place: usize) -> String {
        self.retailer.places[place].name.clone()
    }

    fn till_sale(&mut self) -> Step {
        let till = self.pick(self.tills.len());
        let (place, platform) = self.tills[till];
        let offline_ms = if self.dice.chance(100_000) { 60_000 + self.dice.below(1_800_000) as i64 } else { 0 };
        let (reference, lines, customer) = (self.reference(), self.lines(platform, true), self.customer());
        Step::Act(platform, Act::TillSale { reference, location: self.name(place), lines, customer, offline_ms })
    }

    fn web_order(&mut self) -> Step {
        let other = self.pick(self.shops.len());
        let platform = self.shops[if self.dice.chance(700_000) { 0 } else { other }];
        let (reference, lines, customer) = (self.reference(), self.lines(platform, false), self.customer());
        let place = self.place();
        let pickup = self.dice.chance(200_000).then(|| self.name(place));
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
        let ordered: u64 = lines[line].quantity.parse().unwrap_or(1);
        let quantity = match habits(self.retailer.accounts[platform].platform).edit {
            Edit::Any => self.dice.below(4),
            Edit::Less => self.dice.below(ordered + 1),
            Edit::Never => return self.till_sale(),
        };
        Step::Act(platform, Act::Edit { reference, line, quantity: quantity.to_string() })
    }

    fn give_back(&mut self) -> Step {
        if self.gone.is_empty() {
            return self.till_sale();
        }
        let place = self.pick(self.gone.len());
        let (platform, of, lines) = self.gone[place].clone();
        let of_line = self.pick(lines.len());
        // What was weighed comes back whole, pieces come back one by one.
        let weighed = lines[of_line].quantity.contains('.');
        let quantity = if weighed { lines[of_line].quantity.clone() } else { "1".into() };
        let line = ActLine { of_line: Some(of_line), quantity, ..lines[of_line].clone() };
        let homes = |place: &usize| self.retailer.places[*place].home == Some(platform);
        let counters: Vec<usize> = (0..self.retailer.places.len()).filter(homes).collect();
        let counter = self.pick(counters.len());
        let location = self.name(counters[counter]);
        let (reference, restock) = (self.reference(), !self.dice.chance(200_000));
        let of = Some(of);
        Step::Act(platform, Act::Return { reference, of, location, lines: vec![line], restock })
    }

    /// Counted or changed inside an account; now and then inside one that is not the location's home.
    fn by_hand(&mut self) -> Step {
        let place = self.place();
        let home = self.retailer.places[place].home;
        let knowing = |account: &usize| Some(*account) != home && self.retailer.knows(*account, place);
        let others: Vec<usize> = (0..self.retailer.accounts.len()).filter(knowing).collect();
        let other = others[self.pick(others.len())];
        let platform = home.filter(|_| !self.dice.chance(250_000)).unwrap_or(other);
        let (sku, location) = (self.piece(), self.name(place));
        let act = if self.dice.chance(500_000) {
            Act::Count { sku, location, quantity: self.dice.below(8).to_string() }
        } else {
            let delta = if self.dice.chance(600_000) { "3" } else { "-1" };
            Act::Adjust { sku, location, delta: delta.into(), reason: "damaged".into(), reference: self.reference() }
        };
        Step::Act(platform, act)
    }

    /// Moved inside an account, where one knows such a thing.
    fn transfer(&mut self) -> Step {
        if self.ways.is_empty() {
            return self.by_hand();
        }
        let way = self.pick(self.ways.len());
        let (platform, from, to) = self.ways[way];
        let (reference, lines) = (self.reference(), self.lines(platform, false));
        Step::Act(platform, Act::Transfer { reference, from: self.name(from), to: self.name(to), lines })
    }

    fn ask(&mut self) -> Ask {
        let key = format!("K{}", self.number);
        let place = self.place();
        let location = self.name(place);
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
                Ask::Adjust { key, sku: self.piece(), location, units }
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
            14 => Mishap::Unsubscribe(self.pick(self.retailer.accounts.len())),
            15..17 => Mishap::Silent(self.pick(self.retailer.accounts.len()), 1_000 + self.dice.below(90_000)),
            _ => Mishap::Snapshot,
        }
    }
}

/// Account, from, to: both ends must be counted in the account that moves the goods, or nobody could tell what moved.
fn ways(retailer: &Retailer) -> Vec<(usize, usize, usize)> {
    let mut ways = Vec::new();
    for (from, one) in retailer.places.iter().enumerate() {
        for (to, other) in retailer.places.iter().enumerate() {
            let home = one.home.filter(|home| from != to && other.home == Some(*home));
            if let Some(home) = home.filter(|home| habits(retailer.accounts[*home].platform).transfers) {
                ways.push((home, from, to));
            }
        }
    }
    ways
}
