//! Samples of every page: nothing at all, an ordinary shop, and everything too long, too many, below zero and hostile.

use jiff::tz::TimeZone;
use model::{Change, Instant, Level, OrderKind, OrderState, Quantity};

use crate::access_check::{AccessFound, Grant, ScopeFound};
use crate::dashboard::audit::{self, AuditLine, AuditPage};
use crate::dashboard::channels::{
    AbilityRow, AccessPart, ChannelPage, ChannelsPage, Checked, MappingLine, News, StrangePlace, WriteLine,
};
use crate::dashboard::chart::Bar;
use crate::dashboard::documents::{DocumentLine, DocumentsPage};
use crate::dashboard::gaps::{self, ChannelLine, GapsPage, KindLine};
use crate::dashboard::layout::Undo;
use crate::dashboard::live::{ChannelCard, LivePage, Moved, Stuck, Writing};
use crate::dashboard::mappings::{
    CandidateLine, Counts, HitLine, MappedLine, MappingPage, MappingsPage, PairLine, PeoplePage, PlaceCard, PlacePage,
    PlacesPage, QuestionCard, Rows, Show as Shown, StepLine, UploadPage,
};
use crate::dashboard::orders::{self, Happened, Held, Line, OrderLine, OrderPage, OrdersPage};
use crate::dashboard::quarantine::{QuarantinePage, QuestionLine, QuestionPage, Raw};
use crate::dashboard::search::{Hit, SearchPage};
use crate::dashboard::stock::{
    Asked, Cell, ConfirmPage, ItemPage, Place, Show, ShownAt, StockPage, StockRow, Why as WhyPage, WhyRow,
};
use crate::dashboard::words::{Health, Tone};
use crate::gaps::{Freshness, GapOut, MoneyOut};
use crate::mapping::Checked as Looked;

/// How much is on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Empty,
    Ordinary,
    Extreme,
}

/// Text that tries to become markup.
pub(super) const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=\"x\"> ' & \u{202e} \0 ü";

const NOW: Instant = Instant(1_764_000_000_000);

/// A text as it is in that size.
pub(super) fn text(size: Size, ordinary: &str) -> String {
    match size {
        Size::Empty | Size::Ordinary => ordinary.to_owned(),
        Size::Extreme => format!("{HOSTILE}{}", "verylongword".repeat(20)),
    }
}

fn level(size: Size, units: i32) -> Level {
    match size {
        Size::Empty | Size::Ordinary => Level::units(units),
        Size::Extreme => Level::from_parts(-123_456_789_012_345),
    }
}

fn many<T>(size: Size, make: impl Fn(usize) -> T) -> Vec<T> {
    let count = match size {
        Size::Empty => 0,
        Size::Ordinary => 3,
        Size::Extreme => 1_000,
    };
    (0..count).map(make).collect()
}

fn ago(seconds: i64) -> Instant {
    NOW.plus_ms(-1_000 * seconds)
}

pub(super) fn undo(size: Size) -> Undo {
    Undo { sku: text(size, "MUG-1"), location: 1, change: "-2".into(), unsellable: false, key: "k".into() }
}

fn card(size: Size, number: usize) -> ChannelCard {
    let health = Health { tone: Tone::Bad, word: "Trouble", sentence: text(size, "It refused our key.") };
    ChannelCard {
        name: text(size, "web"),
        platform: "Shopify".into(),
        health,
        heard_at: (number > 0).then(|| ago(12)),
        read_at: None,
        budget: (if size == Size::Extreme { u32::MAX } else { 40 }, 1_000),
        waiting: 7,
    }
}

pub(super) fn live(size: Size) -> LivePage {
    LivePage {
        now: NOW,
        zone: TimeZone::UTC,
        channels: many(size, |number| card(size, number)),
        items: 4_000,
        on_hand: level(size, 12_345),
        orders_today: u64::MAX,
        promised: level(size, 12),
        oversells: if size == Size::Empty { Vec::new() } else { vec![("sold at a till", 2), ("heard of late", 1)] },
        questions: 3,
        gaps: (size != Size::Empty).then(|| (12, "345.60 EUR".to_owned())),
        mail_trouble: (size != Size::Empty).then(|| text(size, "The mail of today could not be sent.")),
        moved: many(size, |_| Moved {
            at: ago(3),
            words: text(size, "Sold 2 at Store 1"),
            sku: text(size, "MUG-1"),
            title: text(size, "Mug"),
        }),
        writing: many(size, |more| Writing {
            channel: text(size, "web"),
            sku: text(size, "MUG-1"),
            location: text(size, "Store 1"),
            from: level(size, 5),
            to: level(size, 3),
            more,
            since: ago(1),
        }),
        stuck: many(size, |_| Stuck {
            channel: text(size, "web"),
            sku: text(size, "MUG-1"),
            title: text(size, "Mug"),
            location: 1,
            location_name: text(size, "Store 1"),
            shown: level(size, 5),
            wanted: Some(level(size, 3)),
            reason: text(size, "The shop says: item is archived."),
            since: ago(4_000),
            blocked: true,
        }),
        stuck_more: 17,
        propagation: ["0.2 s", "1 s", "longer"]
            .into_iter()
            .map(|label| Bar { label: label.into(), value: 12_345 })
            .collect(),
        propagation_ms: (size != Size::Empty).then_some((140.0, 61_000.0)),
    }
}

pub(super) fn stock(size: Size) -> StockPage {
    let cell =
        Cell { shown: Some(level(size, 6)), wanted: level(size, 4), differs: true, writing: true, at: Some(ago(90)) };
    StockPage {
        now: NOW,
        zone: TimeZone::UTC,
        asked: Asked {
            text: if size == Size::Empty { String::new() } else { text(size, "mug") },
            show: Show::All,
            from: 50,
        },
        channels: vec![text(size, "web"), text(size, "till")],
        rows: many(size, |_| StockRow {
            sku: text(size, "MUG-1"),
            title: text(size, "Mug"),
            on_hand: level(size, 6),
            promised: level(size, 2),
            available: level(size, 4),
            cells: vec![Some(cell), None],
        }),
        next: (size == Size::Extreme).then_some(100),
        cut: false,
        items: if size == Size::Empty { 0 } else { 4_000 },
    }
}

fn place(size: Size, number: usize) -> Place {
    Place {
        location: number as u32,
        name: text(size, "Store 1"),
        home: Some(text(size, "till")),
        zone: TimeZone::UTC,
        on_hand: level(size, 6),
        promised: level(size, 2),
        in_transit: level(size, 0),
        unsellable: level(size, 0),
        safety: level(size, 1),
        available: level(size, 3),
        counted_at: Some(ago(86_400)),
        shown: many(if number < 3 { size } else { Size::Ordinary }, |_| ShownAt {
            channel: text(size, "web"),
            shown: Some(level(size, 6)),
            wanted: level(size, 4),
            at: Some(ago(5)),
            writing: true,
            stuck: Some(text(size, "item is archived")),
        }),
    }
}

pub(super) fn item(size: Size) -> ItemPage {
    ItemPage {
        now: NOW,
        sku: text(size, "MUG-1"),
        title: text(size, "Mug"),
        barcodes: many(size, |_| text(size, "4006381333931")),
        price: Some("12.50 EUR".into()),
        components: if size == Size::Extreme { vec![text(size, "2 × Cup")] } else { Vec::new() },
        tracked: true,
        places: many(size, |number| place(size, number)),
        key: "abc".into(),
    }
}

pub(super) fn confirm(size: Size) -> ConfirmPage {
    ConfirmPage {
        title: text(size, "Mug"),
        sku: text(size, "MUG-1"),
        verb: "adjust",
        sentence: text(size, "2 are promised."),
        fields: vec![("reason", text(size, "broken"))],
    }
}

pub(super) fn why(size: Size) -> WhyPage {
    WhyPage {
        now: NOW,
        sku: text(size, "MUG-1"),
        title: text(size, "Mug"),
        location: 0,
        location_name: text(size, "Store 1"),
        zone: TimeZone::UTC,
        on_hand: level(size, 47),
        promised: level(size, 2),
        rows: many(size, |number| WhyRow {
            seq: number as u64,
            at: ago(number as i64),
            words: text(size, "Sold 2"),
            on_hand: Change::units(-2),
            promised: Change::ZERO,
            after: level(size, 47),
        }),
        later: true,
        before: Some(12),
    }
}

fn order_line(size: Size) -> OrderLine {
    OrderLine {
        order: 7,
        reference: text(size, "#1042"),
        channel: text(size, "web"),
        kind: OrderKind::Web,
        state: OrderState::Open,
        placed_at: ago(7_200),
        total: "1,234.50 EUR".into(),
    }
}

pub(super) fn orders(size: Size) -> OrdersPage {
    OrdersPage {
        now: NOW,
        zone: TimeZone::UTC,
        asked: if size == Size::Empty {
            orders::Asked::default()
        } else {
            orders::Asked { text: text(size, "10"), ..orders::Asked::default() }
        },
        channels: vec![text(size, "web")],
        rows: many(size, |_| order_line(size)),
        next: Some("5-6".into()),
    }
}

pub(super) fn order(size: Size) -> OrderPage {
    OrderPage {
        now: NOW,
        zone: TimeZone::UTC,
        head: order_line(size),
        customer: Some(text(size, "Ada L.")),
        lines: many(size, |number| Line {
            sku: text(size, "MUG-1"),
            title: (number > 0).then(|| text(size, "Mug")),
            quantity: Quantity::units(2),
            price: None,
        }),
        held: many(size, |_| Held {
            sku: text(size, "MUG-1"),
            title: text(size, "Mug"),
            location: text(size, "Store 1"),
            promised: level(size, 1),
            gone: level(size, 1),
        }),
        missing: many(size, |_| text(size, "1 of Mug is missing at Store 1")),
        story: many(size, |_| Happened { at: ago(60), words: text(size, "Ordered 2") }),
    }
}

pub(super) fn channels(size: Size) -> ChannelsPage {
    ChannelsPage { now: NOW, zone: TimeZone::UTC, cards: many(size, |number| card(size, number)) }
}

pub(super) fn channel(size: Size) -> ChannelPage {
    ChannelPage {
        now: NOW,
        zone: TimeZone::UTC,
        card: card(size, 1),
        answered_at: Some(ago(2)),
        news: news(size),
        access: access(size),
        abilities: vec![AbilityRow {
            what: "Stock levels can be read",
            tone: Tone::Calm,
            why_not: Some("it has no such call"),
        }],
        writes: many(size, |_| WriteLine { at: ago(9), rows: 2, end: text(size, "Taken"), tone: Tone::Good }),
        mappings: many(size, |number| MappingLine {
            external: format!("{}{number}", text(size, "gid-1")),
            sku: String::new(),
            reason: text(size, "Two items carry this SKU"),
            candidates: if number == 0 { Vec::new() } else { vec![(1, text(size, "Mug"))] },
        }),
    }
}

fn question_line(size: Size) -> QuestionLine {
    QuestionLine {
        id: 3,
        channel: text(size, "web"),
        kind: text(size, "orders/create"),
        reason: text(size, "The item is not known."),
        at: Some(ago(600)),
        closed: None,
    }
}

pub(super) fn quarantine(size: Size) -> QuarantinePage {
    QuarantinePage {
        now: NOW,
        zone: TimeZone::UTC,
        closed: false,
        rows: many(size, |_| question_line(size)),
        before: Some(1),
        later: false,
    }
}

pub(super) fn question(size: Size) -> QuestionPage {
    let raw = match size {
        Size::Empty => Raw::None,
        Size::Ordinary => Raw::NotAllowed,
        Size::Extreme => Raw::Text(text(size, "{}"), true),
    };
    let line = question_line(size);
    QuestionPage { now: NOW, zone: TimeZone::UTC, line, document: Some(text(size, "1042")), waits_for: None, raw }
}

pub(super) fn documents(size: Size) -> DocumentsPage {
    let states = views::InstructionState::ALL;
    DocumentsPage {
        now: NOW,
        zone: TimeZone::UTC,
        state: None,
        rows: many(size, |number| DocumentLine {
            id: number as u64,
            words: text(size, "Web was told to give 25.90 EUR back for order 9"),
            asked_by: text(size, "the key erp"),
            asked_at: ago(600),
            ended_at: Some(ago(60)),
            state: states[number % states.len()],
            document: Some(text(size, "9001")),
            because: Some(text(size, "No such order")),
        }),
        before: Some(1),
        later: false,
    }
}

pub(super) fn search(size: Size) -> SearchPage {
    let hit = |_| Hit { address: "/stock/MUG-1".into(), name: text(size, "Mug"), more: text(size, "MUG-1") };
    SearchPage { text: text(size, "mug"), items: many(size, hit), orders: many(size, hit) }
}

fn news(size: Size) -> News {
    let health = flow::LinkHealth {
        greeting: (size == Size::Extreme).then(|| text(size, "c0de")),
        missed: if size == Size::Empty { 0 } else { 7 },
        missed_at: Some(ago(90)),
        reading: Some(("items", 1_234)),
        ..flow::LinkHealth::default()
    };
    News { health, ours: true, address: text(size, "https://hub.example/hooks"), unknown: 12, skew_ms: Some(-45_000) }
}

/// A check of access, and locations over there.
pub(super) fn access(size: Size) -> AccessPart {
    let scope =
        |grant| ScopeFound { name: "read_orders", phase: flow::Phase::Read, what_for: "to hear of sales", grant };
    let found = AccessFound {
        account: text(size, "acme"),
        account_name: text(size, "Acme Ltd"),
        scopes: [Grant::Granted, Grant::Missing, Grant::Untold, Grant::Extra, Grant::Later].map(scope).into(),
        places: Vec::new(),
        subscriptions: None,
        skew_ms: Some(400),
        problems: many(size, |_| text(size, "the scope read_orders is missing")),
    };
    AccessPart {
        checked: (size != Size::Empty).then(|| std::sync::Arc::new(Checked { at: ago(30), found, told: None })),
        strange: many(size, |number| StrangePlace {
            external: format!("{}{number}", text(size, "place-9")),
            name: text(size, "Pop-up store"),
            active: number > 0,
        }),
        free: vec![(1, text(size, "Store 2"))],
        mapped: many(size, |_| text(size, "Store 1")),
    }
}

pub(super) fn gaps(size: Size) -> GapsPage {
    let gap = |number: usize| GapOut {
        kind: flow::GapKind::ALL[number % flow::GapKind::ALL.len()].name(),
        channel: (number > 0).then(|| text(size, "web")),
        sku: text(size, "MUG-1"),
        title: (number != 1).then(|| text(size, "Mug")),
        location: (number == 0).then(|| text(size, "Store 1")),
        shown: text(size, "5"),
        wanted: text(size, "3"),
        money: (number != 2).then(|| MoneyOut { minor: i64::MAX, currency: euro() }),
    };
    GapsPage {
        now: NOW,
        zone: TimeZone::UTC,
        made_at: ago(3),
        asked: gaps::Asked {
            channel: if size == Size::Empty { String::new() } else { text(size, "web") },
            ..gaps::Asked::default()
        },
        kinds: many(size, |_| KindLine {
            kind: flow::GapKind::Stock,
            count: 7,
            money: "345.60 EUR and 2.00 USD".into(),
        }),
        all: (if size == Size::Empty { 0 } else { 4_321 }, "345.60 EUR".into()),
        channels: many(size, |number| ChannelLine {
            fresh: Freshness { channel: text(size, "web"), read_at: (number > 0).then(|| ago(60)), unknown: number },
            count: 9,
        }),
        everywhere: 4_321,
        found: 4_321,
        rows: many(size, gap),
        next: (size == Size::Extreme).then_some(50),
    }
}

fn euro() -> model::Currency {
    model::Currency::parse("EUR").expect("a code")
}

fn question_card(size: Size, number: usize) -> QuestionCard {
    QuestionCard {
        channel: text(size, "web"),
        external: format!("{}{number}", text(size, "gid-1")),
        sku: if number == 0 { String::new() } else { text(size, "MUG-1") },
        reason: text(size, "it has no SKU; give it one, or say which item it is"),
        title: text(size, "Enamel mug 350 ml, blue"),
        price: (number > 0).then(|| "12.90 EUR".to_owned()),
        barcodes: many(size, |_| text(size, "4006381333931")),
        candidates: many(if number < 3 { size } else { Size::Empty }, |place| CandidateLine {
            item: place as u32,
            sku: text(size, "MUG-350-B"),
            title: text(size, "Mug, enamel, blue, 350 ml"),
            percent: 82,
            why: vec![
                (54, text(size, "both titles say blue, enamel, mug, 350")),
                (28, text(size, "the price is the same")),
            ],
            taken: (place == 1).then(|| text(size, "gid-7")),
        }),
    }
}

pub(super) fn mappings(size: Size, show: usize) -> MappingsPage {
    let rows = match show {
        0 => Rows::Open(many(size, |number| question_card(size, number))),
        1 => Rows::Dismissed(many(size, |number| question_card(size, number))),
        _ => Rows::Mapped(
            text(size, "web"),
            many(size, |_| MappedLine {
                external: text(size, "gid-1"),
                sku: text(size, "MUG-1"),
                title: text(size, "Mug"),
            }),
        ),
    };
    MappingsPage {
        channels: many(size, |_| text(size, "web")),
        channel: String::new(),
        query: if size == Size::Empty { String::new() } else { text(size, "mug") },
        counts: Counts { items: (12, 1), locations: (3, 0) },
        rows,
        more: (size == Size::Extreme).then(|| "after=0:x".to_owned()),
        later: size == Size::Extreme,
    }
}

pub(super) fn mapping(size: Size) -> MappingPage {
    MappingPage {
        now: NOW,
        zone: TimeZone::UTC,
        channel: text(size, "web"),
        external: text(size, "gid-1"),
        card: (size != Size::Empty).then(|| question_card(size, 1)),
        dismissed: size == Size::Extreme,
        mapped: None,
        suggested: text(size, "MUG-1"),
        query: text(size, "mug"),
        hits: many(size, |number| HitLine {
            item: number as u32,
            sku: text(size, "MUG-1"),
            title: text(size, "Mug"),
            taken: (number > 0).then(|| text(size, "gid-2")),
        }),
        steps: many(size, |_| StepLine {
            at: ago(600),
            by: text(size, "the operator"),
            what: if size == Size::Extreme { "dismissed" } else { "mapped" },
            from: None,
            to: Some(text(size, "MUG-1")),
        }),
    }
}

pub(super) fn upload(size: Size) -> UploadPage {
    let looked = Looked {
        actions: Vec::new(),
        rows: 1_200,
        changes: if size == Size::Empty { 0 } else { 17 },
        taken: 2,
        refused: many(size, |line| (line as u64, "sku", text(size, "\"X\" is not known"))),
    };
    UploadPage { id: "abc".into(), checked: Ok(looked) }
}

fn place_card(size: Size, number: usize) -> PlaceCard {
    PlaceCard {
        channel: text(size, "web"),
        external: text(size, "place-7"),
        name: text(size, "Pop-up at the fair"),
        reason: (number == 0).then(|| text(size, "no location of ours is called so")),
        candidates: many(size, |number| {
            (
                number as u32,
                text(size, "Fair"),
                40,
                text(size, "both are called fair"),
                (number > 0).then(|| text(size, "place-1")),
            )
        }),
    }
}

pub(super) fn places(size: Size, show: Shown) -> PlacesPage {
    PlacesPage {
        channels: many(size, |_| text(size, "web")),
        channel: String::new(),
        query: if size == Size::Empty { String::new() } else { text(size, "fair") },
        counts: Counts::default(),
        show,
        cards: many(size, |number| place_card(size, number)),
        more: (size == Size::Extreme).then(|| "after=0:x".to_owned()),
        later: size == Size::Extreme,
    }
}

pub(super) fn place_there(size: Size) -> PlacePage {
    PlacePage {
        now: NOW,
        zone: TimeZone::UTC,
        card: place_card(size, 0),
        mapped: (size != Size::Ordinary).then(|| text(size, "Fair")),
        dismissed: size == Size::Ordinary,
        steps: mapping(size).steps,
    }
}

pub(super) fn people(size: Size, show: Shown) -> PeoplePage {
    let pair = |_| PairLine {
        records: [(text(size, "web"), text(size, "c-1")), (text(size, "tills"), text(size, "c-2"))],
        fields: [(size != Size::Empty).then(|| text(size, "Ann Example")), None],
        percent: (show != Shown::Done).then_some(90),
        why: vec!["the e-mail address is the same", "the telephone number is the same"],
    };
    PeoplePage {
        channels: many(size, |_| text(size, "web")),
        channel: String::new(),
        counts: Counts::default(),
        show,
        pairs: many(size, pair),
        more: (size == Size::Extreme).then(|| "from=20".to_owned()),
        later: size == Size::Extreme,
    }
}

/// The audit.
pub(super) fn audit(size: Size) -> AuditPage {
    let row =
        |seq| AuditLine { seq, at: NOW, by: text(size, "the till"), words: text(size, "2 of MUG were sold at Store") };
    AuditPage {
        now: NOW,
        zone: TimeZone::UTC,
        asked: audit::Asked { order: text(size, "1001"), actor: text(size, "till"), ..audit::Asked::default() },
        channels: vec![text(size, "web")],
        rows: if size == Size::Empty { Vec::new() } else { (1..4).map(row).collect() },
        next: (size == Size::Extreme).then_some(u64::MAX),
        trouble: None,
    }
}
