//! A small shop: two channels, three locations, sixty items, a few sales, and some trouble.

use model::{Act, Actor, Agent, Answer, Approval, Proposal, ProposalId, Reason};
use model::{
    Action, Barcode, Basis, ChannelId, ChannelName, Currency, Deed, DocumentKey, ExternalItem, ExternalLocation,
    IdempotencyKey, Instant, ItemId, ItemSeen, Level, LevelSeen, LineSeen, LocationId, LocationKind, LocationName,
    LocationSeen, MakeRefund, Money, Note, OrderKind, OrderSeen, OrderState, Outcome, PartSeen, PartState, Platform,
    Quantity, Seq, Sku, Title, Write, WriteId, WriteMode,
};

use super::Running;

const WEB: ChannelId = ChannelId(0);
const TILLS: ChannelId = ChannelId(1);
const PLACES: [&str; 3] = ["High Street", "Airport", "Warehouse"];
const THINGS: [&str; 12] = [
    "Mug",
    "Teapot",
    "Linen apron",
    "Oak board",
    "Bread knife",
    "Candle",
    "Wool blanket",
    "Vase",
    "Carafe",
    "Bowl",
    "Tray",
    "Jar",
];

fn external(number: u32) -> ExternalItem {
    ExternalItem::new(&format!("item-{number}"))
}

fn euros(minor: i64) -> Money {
    Money { minor, currency: Currency::parse("EUR").expect("a code") }
}

/// Opens the shop.
pub(super) async fn open(running: &Running) {
    places(running).await;
    items(running).await;
    readings(running).await;
    sales(running).await;
    trouble(running).await;
    documents(running).await;
    proposals(running).await;
    for ms in [80, 120, 180, 240, 300, 420, 700, 900, 1_500, 2_600, 7_000] {
        running.hub.meter.histogram("lockstep_converge_seconds", "").record_us(ms * 1_000);
    }
}

async fn places(running: &Running) {
    let place = |name: &str, home: Option<&str>| Action::PutLocation {
        name: LocationName::new(name),
        kind: LocationKind::Store,
        zone: Note::new("Europe/Berlin"),
        home: home.map(ChannelName::new),
    };
    for name in PLACES {
        running.does(place(name, None)).await;
    }
    for (name, platform) in [("Web shop", Platform::Shopify), ("Tills", Platform::Square)] {
        running
            .does(Action::PutChannel {
                name: ChannelName::new(name),
                platform,
                basis: Basis::OnHand,
                sells_from: PLACES.map(LocationName::new).to_vec(),
                buffer: Quantity::ZERO,
                whole_units: true,
                never_below_zero: false,
                writes: true,
                leads: model::Fields::NONE,
                follows: model::Fields::NONE,
                hold: model::Hold::default(),
            })
            .await;
    }
    running.does(place("High Street", Some("Tills"))).await;
    running.does(place("Airport", Some("Tills"))).await;
    for channel in [WEB, TILLS] {
        for (number, name) in PLACES.iter().enumerate() {
            let external = ExternalLocation::new(&format!("place-{number}"));
            running
                .does(Action::LocationSeen(LocationSeen {
                    channel,
                    external,
                    name: LocationName::new(name),
                    active: true,
                }))
                .await;
        }
    }
}

async fn items(running: &Running) {
    for channel in [WEB, TILLS] {
        for number in 0..60 {
            running.does(Action::ItemSeen(item(channel, number, &format!("SKU-{number:03}")))).await;
        }
    }
    // On the web shop alone, so that the tills may have them under no number.
    for (number, sku, title) in [(61, "TEA-9-BLUE", "Teapot, blue, size 9"), (62, "TEA-8-BLUE", "Teapot, blue, size 8")]
    {
        running.does(Action::ItemSeen(ItemSeen { title: Title::new(title), ..item(WEB, number, sku) })).await;
    }
    // What somebody once typed in: longer than any screen, and with the signs of markup.
    let endless = format!("Endless{} <b>&amp;\"</b>", "ly long".repeat(30).replace(' ', ""));
    running
        .does(Action::ItemSeen(ItemSeen {
            title: Title::new(&endless),
            ..item(WEB, 60, &format!("SKU/{}?#", "0".repeat(90)))
        }))
        .await;
}

fn item(channel: ChannelId, number: u32, sku: &str) -> ItemSeen {
    ItemSeen {
        channel,
        external: external(number),
        aliases: Vec::new(),
        sku: Sku::new(sku),
        title: Title::new(&format!("{}, size {}", THINGS[number as usize % THINGS.len()], number / 12 + 1)),
        barcodes: vec![Barcode::new(&format!("40063813{number:05}"))],
        price: Some(euros(1_250)),
        tax_inclusive: true,
        tracked: true,
        deleted: false,
    }
}

async fn readings(running: &Running) {
    for channel in [TILLS, WEB] {
        let level = |item: u32, place: u32| {
            // The web shop was kept by hand: here and there it shows something else.
            let wrong = i32::from(channel == WEB && item.is_multiple_of(9));
            let level =
                if place == 2 && channel == TILLS { 0 } else { 3 + (item as i32 * 7 + place as i32 * 5) % 40 + wrong };
            let level = if place == 2 { 0 } else { level };
            LevelSeen {
                external: external(item),
                location: ExternalLocation::new(&format!("place-{place}")),
                level: Level::units(level),
            }
        };
        let levels =
            (0..60).flat_map(|item| (0..3).map(move |place| (item, place))).map(|(item, place)| level(item, place));
        let since = running.flow.head();
        running
            .does(Action::LevelsSeen { channel, since, read_at: running.now(), levels: levels.collect(), whole: true })
            .await;
    }
}

/// An order of one line.
pub(crate) fn order(running: &Running, number: u32, item: u32, units: u32, kind: OrderKind) -> Action {
    let (channel, state, part) = match kind {
        OrderKind::Till => (TILLS, OrderState::Completed, PartState::Gone),
        OrderKind::Web => (WEB, OrderState::Open, PartState::Promised),
    };
    let (quantity, place) = (Quantity::units(units), ExternalLocation::new("place-0"));
    Action::OrderSeen(Box::new(OrderSeen {
        channel,
        document: DocumentKey::new(&format!("doc-{number}")),
        reference: Note::new(&format!("#{}", 1_040 + number)),
        version: 1,
        placed_at: running.now(),
        kind,
        customer: None,
        contact: None,
        currency: Currency::parse("EUR").expect("a code"),
        tax_inclusive: true,
        total: euros(1_250 * i64::from(units)),
        state,
        lines: Some(vec![LineSeen {
            line: Note::new("1"),
            item: Some(external(item)),
            sku: Sku::new(&format!("SKU-{item:03}")),
            quantity,
            price: Some(euros(1_250)),
            parts: vec![PartSeen { location: Some(place), quantity, state: part }],
        }]),
        returns: Vec::new(),
    }))
}

async fn sales(running: &Running) {
    for number in 0..9 {
        let kind = if number % 3 == 0 { OrderKind::Web } else { OrderKind::Till };
        running.does(order(running, number, number * 4, 1 + number % 3, kind)).await;
    }
    // More than lies there: the books go below zero.
    running.does(order(running, 20, 40, 30, OrderKind::Till)).await;
}

async fn trouble(running: &Running) {
    let (item, location) = (ItemId(9), LocationId(0));
    let level = move |state: &flow::State, channel| {
        let row = state.positions().find(item, location)?;
        Some((state.shown().get(channel, row)?.level, state.wanted(channel, item, location)?))
    };
    let (from, to) =
        running.flow.read(move |state| level(state, WEB)).await.expect("a hub").expect("a level that differs");
    let batch = |writes| Action::IntendWrites {
        channel: WEB,
        mode: WriteMode::Lower,
        dated: running.now(),
        writes,
        listings: Vec::new(),
        key: IdempotencyKey::new("web-1"),
        body: b"{}".to_vec(),
    };
    running.does(batch(vec![Write { item, location, from, to }])).await;
    let refused = Outcome::Never {
        because: Note::new("The item is archived in the shop; bring it back there, or end its mapping."),
    };
    running.does(Action::SettleWrites { id: WriteId(1), outcomes: vec![refused] }).await;
    running.does(Action::ItemSeen(ItemSeen { external: ExternalItem::new("item-double"), ..item_twice() })).await;
    // A new mug under no number, and a location that has one of ours not yet.
    running
        .does(Action::ItemSeen(ItemSeen {
            external: ExternalItem::new("item-nameless"),
            sku: Sku::new(""),
            title: Title::new("Teapots of size 9 (blue)"),
            barcodes: Vec::new(),
            ..item_twice()
        }))
        .await;
    running
        .does(Action::PutLocation {
            name: LocationName::new("Fair"),
            kind: LocationKind::Store,
            zone: Note::new("Europe/Berlin"),
            home: None,
        })
        .await;
    running
        .does(Action::Quarantine {
            channel: WEB,
            delivery: None,
            raw: None,
            kind: Note::new("orders/create"),
            reason: Note::new("Line 2 names an item that is not known; it is looked for in the catalogue."),
        })
        .await;
}

async fn documents(running: &Running) {
    let refund = |order: &str, minor| {
        Deed::MakeRefund(MakeRefund {
            document: DocumentKey::new(order),
            lines: Vec::new(),
            restock_at: None,
            amount: euros(minor),
            note: Note::new("the glaze is chipped"),
        })
    };
    for (order, minor) in [("1", 500), ("2", 750)] {
        let key = Some(IdempotencyKey::new(&format!("till/{order}")));
        running.does(Action::Instruct { channel: WEB, key, deed: refund(order, minor) }).await;
    }
}

/// Two proposals wait, one was approved, one is only recorded.
async fn proposals(running: &Running) {
    let text = "[[rule]]\nname = \"Buffers are asked for\"\nagents = [\"allocation\"]\nphase = \"assist\"\n";
    let policy = flow::policy::read(text).expect("it is sound");
    let put = Action::PutPolicy { base: 0, policy, text: Note::new(text), reason: Note::new("the pilot") };
    running.does(put).await;
    for (agent, number) in
        [(Agent::Allocation, 4_u32), (Agent::Allocation, 5), (Agent::Allocation, 6), (Agent::Pricing, 8)]
    {
        let sku = Sku::new(&format!("SKU-00{number}"));
        let item = running.flow.read(move |state| state.catalogue().sku(&sku).map(|item| item.item)).await;
        let item = item.expect("the hub answers").expect("it is sold");
        let proposal = Proposal {
            agent,
            version: Note::new("3"),
            key: IdempotencyKey::new(&format!("buffer {number}")),
            acts: vec![Act::SetBuffer { item, channel: WEB, was: Quantity::ZERO, to: Quantity::units(number) }],
            seen: running.flow.read(|state| state.seq()).await.expect("the hub answers"),
            confidence: 9_300,
            value: Some(euros(1_250)),
            why: Note::new("the web shop oversold it twice this week"),
            reasons: vec![Reason { name: "oversold this week".into(), input: "2".into(), adds: "+1.40".into() }],
            instead: vec![Note::new("keep no buffer: 4 more sales a week, 2 of them oversold")],
            flip: Some(Note::new("no oversell for three weeks")),
        };
        let propose = Action::Propose { proposal: Box::new(proposal), local_minute: Some(600) };
        running.does_by(Actor::Agent { agent, through: None }, propose).await;
    }
    let (role, way) = (Note::new("admin"), Note::new("page"));
    let yes = Answer::Approved(Approval { role, way, instead: None, reason: Note::new("") });
    running.does(Action::Answer { id: ProposalId(3), answer: yes }).await;
}

fn item_twice() -> ItemSeen {
    item(TILLS, 7, "SKU-007")
}

/// Many items, each on both channels.
pub(super) fn bulk_items(count: u32) -> impl Iterator<Item = ItemSeen> {
    let bulk = |channel, number: u32| ItemSeen {
        external: ExternalItem::new(&format!("bulk-{number}")),
        barcodes: Vec::new(),
        ..item(channel, number, &format!("BULK-{number}"))
    };
    (0..count).flat_map(move |number| [bulk(TILLS, number), bulk(WEB, number)])
}

/// Readings in which only the last of many items shows what it should not, on the web shop.
pub(super) fn bulk_readings(count: u32, since: Seq, read_at: Instant) -> [Action; 2] {
    let level = move |channel: ChannelId, number: u32| LevelSeen {
        external: ExternalItem::new(&format!("bulk-{number}")),
        location: ExternalLocation::new("place-0"),
        level: Level::units(if channel == WEB && number + 1 == count { 5 } else { 0 }),
    };
    let levels = |channel| (0..count).map(|number| level(channel, number)).collect();
    [TILLS, WEB].map(|channel| Action::LevelsSeen { channel, since, read_at, levels: levels(channel), whole: true })
}
