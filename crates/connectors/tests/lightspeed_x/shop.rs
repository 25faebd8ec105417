//! A toy shop that is obviously right, and batches driven against it while replies get lost: whatever happens, no change
//! is made twice, and what is said to be done is done.

use std::collections::BTreeMap;

use connectors::{Account, Batch, Reply, Request, Row, Run, Step};
use http::Method;
use model::{Change, Instant, Level, Outcome, WriteMode};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::{account, at, item, level, lightspeed, place};

const PLACE: &str = "outlet-1";

/// Levels, recorded adjustments and a clock of its own.
struct Shop {
    levels: BTreeMap<String, Level>,
    recorded: Vec<Recorded>,
    version: u64,
    now_ms: i64,
    ahead_ms: i64,
    dated: bool,
}

struct Recorded {
    product: String,
    quantity: String,
    reason: String,
    at: Instant,
    version: u64,
    ours: bool,
}

/// What happens to a request on its way.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    /// It never arrives.
    LostThere,
    /// It is done, and the answer never arrives.
    LostBack,
    /// It is answered, but a sale is made before it arrives.
    AfterASale,
    /// The platform fails after it was done.
    FailedLate,
}

impl Shop {
    fn clock(&self) -> Instant {
        Instant(self.now_ms + self.ahead_ms)
    }

    fn record(&mut self, product: &str, quantity: &str, reason: &str, ours: bool) {
        self.version += 7;
        let (at, version) = (self.clock(), self.version);
        let (quantity, reason) = (quantity.to_owned(), reason.to_owned());
        self.recorded.push(Recorded { product: product.to_owned(), quantity, reason, at, version, ours });
        let shown = self.levels.entry(product.to_owned()).or_default();
        let change = Change::parse(&self.recorded.last().expect("just pushed").quantity).expect("a number");
        *shown = shown.after(change);
    }

    fn sell(&mut self, product: &str) {
        let shown = self.levels.entry(product.to_owned()).or_default();
        *shown = shown.after(Change::units(-1));
    }

    fn answer(&mut self, request: &Request) -> Reply {
        let path = request.http.uri().path().trim_start_matches("/api/2026-07");
        let body: Value = serde_json::from_slice(request.http.body()).unwrap_or(Value::Null);
        let (status, body) = match (request.http.method(), path) {
            (&Method::POST, "/stock_adjustments") => (201, self.adjust(&body)),
            (&Method::GET, "/stock_adjustments") => (200, self.list(request.http.uri().query().unwrap_or_default())),
            (&Method::POST, "/inventory_levels") => (200, self.report(&body)),
            other => panic!("the toy does not know {other:?}"),
        };
        let clock = self.clock().to_string();
        let (day, time) = (&clock[8..10], &clock[11..19]);
        let date = format!("Sat, {day} Nov 2026 {time} GMT");
        let headers = if self.dated { crate::desk::headers(&[("Date", &date)]) } else { http::HeaderMap::new() };
        Reply { status, headers, body: body.to_string().into_bytes(), sent_at: Instant(self.now_ms) }
    }

    fn adjust(&mut self, body: &Value) -> Value {
        let rows = body["stock_adjustments"].as_array().expect("a list").clone();
        assert!(!rows.is_empty());
        let before = self.recorded.len();
        for row in rows {
            let text = |name: &str| row[name].as_str().expect("text").to_owned();
            let lowers = text("quantity").starts_with('-');
            assert_eq!(lowers, text("reason") == "INTERNAL_USE", "the sign fits the reason");
            self.record(&text("product_id"), &text("quantity"), &text("reason"), true);
        }
        json!({"data": self.recorded[before..].iter().map(shown).collect::<Vec<_>>()})
    }

    fn list(&self, query: &str) -> Value {
        let number = |name: &str| -> u64 {
            let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            pair.and_then(|text| text.parse().ok()).expect("a number")
        };
        // Small pages, so that the search has something to do.
        let size = usize::try_from(number("page_size")).expect("small").min(3);
        let page = self.recorded.iter().filter(|made| made.version > number("after")).take(size);
        json!({"data": page.map(shown).collect::<Vec<_>>(), "version": {"min": 1, "max": 2}})
    }

    fn report(&self, body: &Value) -> Value {
        let wanted = body["product_ids"].as_array().expect("a list");
        let rows = self.levels.iter().filter(|(product, _)| wanted.iter().any(|id| id == product.as_str()));
        let row = |(product, level): (&String, &Level)| {
            let level: Value = serde_json::from_str(&level.to_string()).expect("a number");
            json!({"product_id": product, "location_id": PLACE, "current_inventory_level": level})
        };
        Value::Array(rows.map(row).collect())
    }

    fn times_made(&self, row: &Row) -> usize {
        let quantity = row.from.to(row.to).to_string();
        let alike = |made: &&Recorded| made.ours && made.product == row.external.as_str() && made.quantity == quantity;
        self.recorded.iter().filter(alike).count()
    }
}

fn shown(made: &Recorded) -> Value {
    json!({
        "product_id": made.product, "outlet_id": PLACE, "quantity": made.quantity, "reason": made.reason,
        "created_at": made.at.to_string(), "updated_at": made.at.to_string(), "version": made.version,
    })
}

/// Runs a batch as the hub does: anew from the start, and not as the first, whenever an outcome is not known.
fn drive(shop: &mut Shop, batch: &Batch, fates: &[Fate]) -> Vec<Outcome> {
    let account: Account = account();
    let body = lightspeed().compose(batch).expect("it can be said");
    let mut fates = fates.iter().copied().chain(std::iter::repeat(Fate::Answered));
    let (mut first, mut replies) = (true, Vec::new());
    for _ in 0..2_000 {
        shop.now_ms += 700;
        let request = match lightspeed().step(batch, &body, &account, &Run { first, replies: &replies }) {
            Ok(Step::Settled(outcomes)) => return outcomes,
            Ok(Step::Send(request)) => request,
            Err(trouble) => panic!("the toy gives no trouble: {trouble}"),
        };
        let lost = match fates.next().expect("it never ends") {
            Fate::Answered => {
                replies.push(shop.answer(&request));
                false
            }
            Fate::AfterASale => {
                shop.sell(batch.rows[0].external.as_str());
                replies.push(shop.answer(&request));
                false
            }
            Fate::LostThere => true,
            Fate::LostBack | Fate::FailedLate => {
                shop.answer(&request);
                true
            }
        };
        if lost {
            (first, replies) = (false, Vec::new());
        }
    }
    panic!("the batch does not settle")
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Answered),
        1 => Just(Fate::LostThere),
        2 => Just(Fate::LostBack),
        1 => Just(Fate::AfterASale),
        1 => Just(Fate::FailedLate),
    ]
}

/// Rows over three products: what they show at first, and by how much they are to change.
fn rows() -> impl Strategy<Value = Vec<(i32, i32)>> {
    proptest::collection::vec((-3_i32..20, 1_i32..5), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_change_is_made_twice_and_what_is_said_to_be_done_is_done(
        mode in proptest::sample::select(vec![WriteMode::Lower, WriteMode::Raise, WriteMode::Correct]),
        rows in rows(),
        fates in proptest::collection::vec(fate(), 0..30),
        // Adjustments like ours, made by others some seconds before: product and age.
        noise in proptest::collection::vec((0_usize..3, prop_oneof![4_i64..40, 4_i64..4_000]), 0..12),
        ahead_ms in -90_000_i64..90_000,
        dated in any::<bool>(),
    ) {
        let noon = at("2026-11-21T12:00:00Z");
        let mut shop = Shop {
            levels: BTreeMap::new(), recorded: vec![], version: 31_000_000_000, now_ms: 0, ahead_ms, dated,
        };
        let rows: Vec<Row> = rows.iter().enumerate().map(|(index, (from, by))| {
            let to = match mode {
                WriteMode::Lower => from - by,
                WriteMode::Raise => from + by,
                WriteMode::Correct | WriteMode::List => if index % 2 == 0 { from + by } else { from - by },
            };
            let level = |units: i32| level(&units.to_string());
            Row { external: item(&format!("p{index}")), aliases: Vec::new(), location: place(PLACE), from: level(*from), to: level(to) }
        }).collect();
        let mut noise = noise;
        noise.sort_by_key(|(_, age)| -age);
        for (index, age_s) in noise {
            let Some(row) = rows.get(index) else { continue };
            shop.now_ms = noon.0 - age_s * 1_000;
            let change = row.from.to(row.to);
            let reason = if change.is_loss() { "INTERNAL_USE" } else { "STOCK_FOUND" };
            shop.record(row.external.as_str(), &change.to_string(), reason, false);
        }
        shop.now_ms = noon.0;
        for row in &rows {
            shop.levels.insert(row.external.as_str().to_owned(), row.from);
        }
        let batch = Batch { mode, key: "k".to_owned(), dated: noon, rows: rows.clone(), listings: vec![] };
        let outcomes = drive(&mut shop, &batch, &fates);
        prop_assert_eq!(outcomes.len(), rows.len());
        for (row, outcome) in rows.iter().zip(outcomes) {
            let times = shop.times_made(row);
            prop_assert!(times <= 1, "{row:?} was made {times} times");
            match outcome {
                Outcome::Done { after: None } => prop_assert_eq!(times, 1, "{:?}", row),
                Outcome::Stale | Outcome::Again | Outcome::Never { .. } => prop_assert_eq!(times, 0, "{:?}", row),
                Outcome::Done { after: Some(level) } => prop_assert_eq!(level, row.to),
                Outcome::Unknown => {}
            }
        }
    }
}

#[test]
fn without_any_fault_every_row_is_done_and_the_levels_show_it() {
    let rows = vec![
        Row { external: item("p0"), aliases: Vec::new(), location: place(PLACE), from: level("3"), to: level("5.5") },
        Row { external: item("p1"), aliases: Vec::new(), location: place(PLACE), from: level("0"), to: level("1") },
    ];
    let levels = BTreeMap::from([("p0".to_owned(), level("3"))]);
    let noon = at("2026-11-21T12:00:00Z");
    let mut shop = Shop { levels, recorded: vec![], version: 9, now_ms: noon.0, ahead_ms: 0, dated: true };
    let batch = Batch { mode: WriteMode::Raise, key: "k".to_owned(), dated: noon, rows, listings: vec![] };
    let outcomes = drive(&mut shop, &batch, &[]);
    assert_eq!(outcomes, [Outcome::Done { after: None }, Outcome::Done { after: None }]);
    assert_eq!(shop.levels["p0"], level("5.5"));
    assert_eq!(shop.levels["p1"], level("1"));
}
