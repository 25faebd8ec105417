//! Small words for the tests: a folder that goes away, entries, and a story in which every kind of fact happens.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use model::*;
use rusqlite::types::Value;
use views::{Views, ViewsReader};

/// A folder of its own for a test, removed with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("lockstep-views-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self) -> PathBuf {
        self.0.join("views.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is the operating system's to clean up.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Views that have folded these entries, with a reader.
pub struct Played {
    pub views: Views,
    pub reader: ViewsReader,
    pub folder: Folder,
}

pub fn play(entries: &[Entry]) -> Played {
    play_in_portions(entries, usize::MAX)
}

pub fn play_in_portions(entries: &[Entry], portion: usize) -> Played {
    let folder = Folder::new();
    let mut views = Views::open(&folder.file()).unwrap();
    for part in entries.chunks(portion) {
        let next = Seq(views.checkpoint().0 + 1);
        views.apply(next, part).unwrap();
    }
    let reader = views.reader().unwrap();
    Played { views, reader, folder }
}

/// Every row of every table as text.
pub fn dump(file: &Path) -> String {
    let tables = rusqlite::Connection::open(file).unwrap();
    let mut statement = tables.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    names.iter().map(|name| dump_table(&tables, name)).collect()
}

fn dump_table(tables: &rusqlite::Connection, name: &str) -> String {
    let mut statement = tables.prepare(&format!("SELECT * FROM {name}")).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get::<_, Value>(column)).collect();
    let mut rows: Vec<String> = statement
        .query_map([], row)
        .unwrap()
        .map(|row: rusqlite::Result<Vec<Value>>| format!("{name} {:?}\n", row.unwrap()))
        .collect();
    rows.sort();
    rows.concat()
}

pub const STORE: LocationId = LocationId(0);
pub const DEPOT: LocationId = LocationId(1);
pub const SHOP: ChannelId = ChannelId(0);
pub const TILL: ChannelId = ChannelId(1);
pub const SHIRT: ItemId = ItemId(0);
pub const SOCKS: ItemId = ItemId(1);

/// Monday, 2026-11-23, 09:00 UTC.
pub const MORNING: Instant = Instant(1_795_424_400_000);
pub const HOUR: i64 = 3_600_000;
pub const DAY: i64 = 24 * HOUR;

pub fn entry(at: Instant, fact: Fact) -> Entry {
    Entry { at, by: Actor::System, fact }
}

pub fn moved(item: ItemId, location: LocationId, cause: Cause, units: i32) -> Moved {
    Moved {
        item,
        location,
        cause,
        on_hand: Change::units(units),
        reserved: Change::ZERO,
        in_transit: Change::ZERO,
        unsellable: Change::ZERO,
        happened_at: MORNING,
        order: None,
        shown: None,
        note: None,
    }
}

pub fn item(id: ItemId, sku: &str, title: &str, barcodes: &[&str]) -> Fact {
    Fact::ItemPut(ItemPut {
        item: id,
        sku: sku.into(),
        title: title.into(),
        barcodes: barcodes.iter().map(|code| Barcode::new(code)).collect(),
        unit: Unit::Piece,
        components: Vec::new(),
        price: None,
        tax_inclusive: true,
        tracked: true,
    })
}

pub fn location(id: LocationId, name: &str, zone: &str) -> Fact {
    let name = name.into();
    Fact::LocationPut(LocationPut { location: id, name, kind: LocationKind::Store, zone: zone.into(), home: None })
}

pub fn channel(id: ChannelId, name: &str) -> Fact {
    Fact::ChannelPut(ChannelPut {
        channel: id,
        name: name.into(),
        platform: Platform::ALL[0],
        basis: Basis::Available,
        sells_from: vec![STORE],
        buffer: Quantity::ZERO,
        whole_units: true,
        never_below_zero: false,
        writes: true,
        leads: model::Fields::NONE,
        follows: model::Fields::NONE,
        hold: model::Hold::default(),
    })
}

pub fn order_put(order: u32, channel: ChannelId, reference: &str, state: OrderState) -> OrderPut {
    let currency = Currency::parse("EUR").unwrap();
    let line = LinePut {
        line: "line-1".into(),
        item: Some(SHIRT),
        sku: "SHIRT-M".into(),
        quantity: Quantity::units(2),
        price: Some(Money { minor: 617, currency }),
    };
    OrderPut {
        order: OrderId(order),
        channel,
        document: DocumentKey::new(&format!("doc-{order}")),
        reference: reference.into(),
        version: 1,
        placed_at: MORNING.plus_ms(i64::from(order) * 1_000),
        kind: if channel == TILL { OrderKind::Till } else { OrderKind::Web },
        customer: Some("customer-7".into()),
        contact: Some(sealed(SHOP, "doc")),
        tax_inclusive: true,
        total: Money { minor: 1_234, currency },
        state,
        lines: vec![line],
        telling: None,
    }
}

pub fn sealed(channel: ChannelId, id: &str) -> Sealed {
    Sealed { subject: Subject::of(channel, "customer", id), bytes: vec![1, 2, 3] }
}

pub fn line(item: ItemId, location: LocationId, units: u32) -> ReservedLine {
    ReservedLine { item, location, quantity: Quantity::units(units) }
}

pub fn reserved(id: u64, lines: Vec<ReservedLine>) -> Fact {
    Fact::Reserved(Reserved {
        reservation: ReservationId(id),
        lines,
        expires_at: MORNING.plus_ms(HOUR),
        key: Some(IdempotencyKey::new(&format!("cart-{id}"))),
        note: Some("for Friday".into()),
    })
}

/// The two channels, two locations and two items of every test.
pub fn shop() -> Vec<Fact> {
    vec![
        channel(SHOP, "Web shop"),
        channel(TILL, "Till"),
        location(STORE, "Store 1", "Europe/Berlin"),
        location(DEPOT, "Depot", "UTC"),
        item(SHIRT, "SHIRT-M", "Linen shirt, medium", &["4006381333931"]),
        item(SOCKS, "SOCKS", "Wool socks", &[]),
    ]
}

/// As entries, a minute apart.
pub fn entries(facts: Vec<Fact>) -> Vec<Entry> {
    let at = |minute: usize| MORNING.plus_ms(i64::try_from(minute).unwrap() * 60_000);
    facts.into_iter().enumerate().map(|(minute, fact)| entry(at(minute), fact)).collect()
}

/// Every kind of fact, some in several moods.
pub fn story() -> Vec<Entry> {
    let mut facts = shop();
    facts.extend(catalogue());
    facts.extend(selling());
    facts.extend(stock());
    facts.extend(promising());
    facts.extend(telling());
    facts.extend(minding());
    entries(facts)
}

fn catalogue() -> Vec<Fact> {
    let read_only = ChannelPut {
        channel: ChannelId(2),
        name: "Old till".into(),
        platform: Platform::ALL[1],
        basis: Basis::OnHand,
        sells_from: Vec::new(),
        buffer: Quantity::units(1),
        whole_units: false,
        never_below_zero: false,
        writes: false,
        leads: model::Fields::NONE,
        follows: model::Fields::NONE,
        hold: model::Hold::default(),
    };
    let mapped = |item, counted| Fact::ItemMapped { channel: SHOP, external: "gid-1".into(), item, counted };
    let placed = |location| Fact::LocationMapped { channel: SHOP, external: "place-9".into(), location };
    let person =
        |person| Fact::CustomerPut(CustomerPut { channel: SHOP, customer: "customer-7".into(), version: 3, person });
    let notices = [
        NoticeAbout::Order("doc-5".into()),
        NoticeAbout::Level("gid-1".into(), "place-9".into()),
        NoticeAbout::Catalogue,
        NoticeAbout::Customer("customer-7".into()),
        NoticeAbout::Locations,
    ];
    let mut facts = vec![
        Fact::ChannelPut(read_only),
        mapped(Some(SHIRT), true),
        mapped(Some(SHIRT), false),
        mapped(None, false),
        placed(Some(STORE)),
        placed(None),
        Fact::SafetySet { item: SHIRT, location: STORE, quantity: Quantity::units(2) },
        Fact::BufferSet { item: SHIRT, channel: SHOP, quantity: Quantity::units(1) },
        person(None),
        person(Some(sealed(SHOP, "customer-7"))),
        Fact::Delivered { channel: SHOP, delivery: DeliveryKey::of(SHOP, "d-1"), raw: Some(RawName([7; 32])) },
    ];
    facts.extend(notices.map(|about| Fact::Noticed { channel: SHOP, about }));
    facts.push(Fact::NoticeDone { channel: SHOP, about: NoticeAbout::Catalogue });
    let cursor =
        Cursor { orders_until: MORNING, catalogue_until: MORNING, customers_until: MORNING, catalogue_page: None };
    facts.push(Fact::CursorMoved { channel: SHOP, cursor });
    facts
}

fn selling() -> Vec<Fact> {
    let of = |order| Some((OrderId(order), LineKey::of("line-1")));
    let back = |restocked| {
        Fact::Returned(Returned {
            order: OrderId(1),
            document: "refund-1".into(),
            line: LineKey::of("refund-1/1"),
            item: Some(SHIRT),
            quantity: Quantity::units(1),
            restocked,
            happened_at: MORNING.plus_ms(2 * HOUR),
        })
    };
    let promise =
        |units| Moved { reserved: Change::units(units), order: of(2), ..moved(SHIRT, STORE, Cause::Order, 0) };
    vec![
        Fact::Moved(moved(SHIRT, STORE, Cause::Opening, 10)),
        Fact::OrderPut(Box::new(order_put(1, TILL, "#1042", OrderState::Completed))),
        Fact::Moved(Moved {
            order: of(1),
            shown: Some((TILL, Change::units(-2))),
            ..moved(SHIRT, STORE, Cause::Sale, -2)
        }),
        Fact::Moved(Moved { order: of(1), ..moved(SHIRT, STORE, Cause::Sale, 1) }),
        back(Some(STORE)),
        Fact::Moved(Moved { order: of(1), ..moved(SHIRT, STORE, Cause::Return, 1) }),
        back(None),
        Fact::OrderPut(Box::new(order_put(2, SHOP, "#1043", OrderState::Open))),
        Fact::Moved(promise(2)),
        Fact::Moved(promise(-1)),
        Fact::Moved(Moved { reserved: Change::units(-1), ..moved(SHIRT, STORE, Cause::Sale, 0) }),
        Fact::OrderPut(Box::new(order_put(3, SHOP, "", OrderState::Cancelled))),
        Fact::Shorted(shorted(Some(OrderId(2)), None)),
        Fact::Shorted(shorted(None, Some(ReservationId(1)))),
        Fact::Shorted(shorted(None, None)),
    ]
}

fn shorted(order: Option<OrderId>, reservation: Option<ReservationId>) -> Shorted {
    Shorted { order, reservation, item: SHIRT, location: STORE, missing: Quantity::units(1) }
}

fn stock() -> Vec<Fact> {
    let noted =
        |cause, units, note: &str| Fact::Moved(Moved { note: Some(note.into()), ..moved(SHIRT, STORE, cause, units) });
    let aside = |units: i32| {
        Fact::Moved(Moved { unsellable: Change::units(-units), ..moved(SHIRT, STORE, Cause::Adjustment, units) })
    };
    let transit =
        |units| Fact::Moved(Moved { in_transit: Change::units(units), ..moved(SHIRT, DEPOT, Cause::Transfer, 0) });
    let step = |state| {
        Fact::TransferPut(TransferPut {
            transfer: TransferId(1),
            from: STORE,
            to: DEPOT,
            state,
            open: vec![(SHIRT, Quantity::units(3))],
            note: "for the sale".into(),
            key: None,
        })
    };
    vec![
        noted(Cause::Adjustment, -1, "torn"),
        noted(Cause::Adjustment, 1, "found"),
        aside(-1),
        aside(1),
        Fact::Counted(Counted {
            item: SHIRT,
            location: STORE,
            counted: Quantity::units(9),
            expected: Level::units(10),
            counted_at: MORNING,
        }),
        noted(Cause::Count, -1, ""),
        noted(Cause::Receipt, 5, "PO 7"),
        step(TransferState::Draft),
        step(TransferState::InTransit),
        Fact::Moved(moved(SHIRT, STORE, Cause::Transfer, -3)),
        transit(3),
        transit(-3),
        Fact::Moved(moved(SHIRT, DEPOT, Cause::Transfer, 3)),
        step(TransferState::Received),
        step(TransferState::Closed),
        Fact::Moved(moved(SHIRT, STORE, Cause::Platform, 3)),
        Fact::KeyUsed { key: "key-1".into(), asked: 42 },
    ]
}

fn promising() -> Vec<Fact> {
    let lines = vec![line(SHIRT, STORE, 1), line(SHIRT, STORE, 1), line(SOCKS, DEPOT, 1)];
    vec![
        reserved(1, lines.clone()),
        Fact::Extended { reservation: ReservationId(1), expires_at: MORNING.plus_ms(2 * HOUR) },
        Fact::Committed { reservation: ReservationId(1) },
        reserved(2, lines.clone()),
        Fact::Released { reservation: ReservationId(2), reason: "changed her mind".into() },
        reserved(3, lines.clone()),
        Fact::Expired { reservation: ReservationId(3) },
        // Too late: it has ended already.
        Fact::Committed { reservation: ReservationId(3) },
        reserved(4, lines),
    ]
}

fn telling() -> Vec<Fact> {
    let read = LevelRead { channel: SHOP, item: SHIRT, location: STORE, level: Level::units(4), read_at: MORNING };
    let (shown, wanted) = (Level::units(400), Level::units(4));
    let held = Held { channel: SHOP, item: SHIRT, location: STORE, shown, wanted, doubt: None };
    let write = Write { item: SHIRT, location: STORE, from: Level::units(4), to: Level::units(2) };
    let intended = |id, mode, writes| {
        Fact::WritesIntended(Box::new(WritesIntended {
            id: WriteId(id),
            channel: SHOP,
            mode,
            key: IdempotencyKey::new(&format!("write-{id}")),
            dated: MORNING,
            writes,
            body: b"{}".to_vec(),
            listings: Vec::new(),
        }))
    };
    let settled =
        |id, outcomes| Fact::WritesSettled(Box::new(WritesSettled { id: WriteId(id), channel: SHOP, outcomes }));
    let done = Outcome::Done { after: None };
    vec![
        Fact::LevelRead(read),
        Fact::Held(held),
        Fact::Unblocked { channel: SHOP, item: SHIRT, location: STORE },
        intended(1, WriteMode::Lower, vec![write]),
        settled(1, vec![Outcome::Done { after: Some(Level::units(2)) }]),
        intended(2, WriteMode::Raise, vec![write, write, write]),
        settled(2, vec![done.clone(), Outcome::Stale, done.clone()]),
        intended(3, WriteMode::Correct, vec![write]),
        settled(3, vec![done]),
        settled(4, vec![Outcome::Stale]),
        settled(5, vec![Outcome::Again]),
        settled(6, vec![Outcome::Never { because: "no such item".into() }]),
        settled(7, vec![Outcome::Unknown]),
        intended(8, WriteMode::Lower, vec![write]),
    ]
}

fn minding() -> Vec<Fact> {
    let aside = |id| {
        Fact::Quarantined(Quarantined {
            id: QuarantineId(id),
            channel: SHOP,
            document: None,
            raw: Some(RawName([9; 32])),
            kind: "order".into(),
            reason: "no total".into(),
            waits_for: None,
            waits_at: None,
        })
    };
    let unclear = |external: &str, sku: &str| Fact::MappingUnclear {
        channel: SHOP,
        external: external.into(),
        sku: sku.into(),
        reason: "two items carry it".into(),
        candidates: vec![SHIRT, SOCKS],
        listing: None,
    };
    let decided = |action, source| {
        Fact::Decided(Box::new(Decided {
            item: SHIRT,
            channel: SHOP,
            location: STORE,
            change: Change::units(-1),
            action,
            source,
            reasons: vec!["two left".into()],
            happened_at: MORNING,
            key: Some("ask-1".into()),
            answer: "{}".into(),
        }))
    };
    let causes = [OversoldBy::Till, OversoldBy::Race, OversoldBy::Late, OversoldBy::ShopSetting, OversoldBy::Hub];
    let mut facts = vec![
        aside(1),
        aside(2),
        Fact::QuarantineClosed { id: QuarantineId(1), reason: "driven again".into() },
        unclear("gid-8", "SHIRT-M"),
        unclear("gid-9", ""),
        Fact::ItemMapped { channel: SHOP, external: "gid-8".into(), item: Some(SOCKS), counted: true },
        decided(DecisionAction::None, None),
        decided(DecisionAction::Reserve, None),
        decided(DecisionAction::Transfer, Some(DEPOT)),
        decided(DecisionAction::Reorder, None),
    ];
    facts.extend(listing());
    facts.extend(instructions());
    facts.extend(causes.map(|by| Fact::Oversold(oversold(by, Some(TILL), Some(OrderId(1))))));
    facts.push(Fact::Oversold(oversold(OversoldBy::Till, None, None)));
    facts
}

/// Documents that channels are told to make.
fn instructions() -> Vec<Fact> {
    let note = || Note::new("by phone");
    let line = || vec![InstructionLine { item: SHIRT, quantity: Quantity::units(2), each: None }];
    let told = |id, key: Option<&str>, deed| {
        let key = key.map(IdempotencyKey::new);
        Fact::Instructed(Box::new(Instructed { id: InstructionId(id), channel: SHOP, key, deed }))
    };
    let amount = Money { minor: 2_590, currency: Currency::parse("EUR").unwrap() };
    let order = MakeOrder { location: STORE, lines: line(), customer: None, note: note() };
    let refund =
        MakeRefund { document: "order-9".into(), lines: Vec::new(), restock_at: None, amount, note: Note::new("") };
    let transfer = MakeTransfer { from: DEPOT, to: STORE, lines: line(), note: note() };
    let purchase =
        MakePurchase { supplier: Note::new("Hat & Son"), location: DEPOT, lines: line(), expected: None, note: note() };
    let ended = |id, end| Fact::InstructionSettled { id: InstructionId(id), channel: SHOP, end };
    let sent = |id| {
        Fact::InstructionSent(Box::new(InstructionSent { id: InstructionId(id), body: b"{}".to_vec(), sealed: None }))
    };
    vec![
        told(1, Some("erp/1"), Deed::MakeOrder(order)),
        told(2, None, Deed::MakeRefund(refund)),
        told(3, None, Deed::MakeTransfer(transfer)),
        told(4, None, Deed::MakePurchase(purchase)),
        sent(1),
        ended(1, InstructionEnd::Made { document: Note::new("9001") }),
        sent(2),
        ended(2, InstructionEnd::Refused { because: Note::new("no such order") }),
        ended(3, InstructionEnd::Withdrawn { because: Note::new("") }),
    ]
}

/// Prices, titles and barcodes.
fn listing() -> Vec<Fact> {
    let money = |minor| Some(Money { minor, currency: Currency::parse("EUR").unwrap() });
    let listed = |title: &str, minor, barcodes: &[&str]| Listing {
        title: title.into(),
        price: money(minor),
        tax_inclusive: true,
        barcodes: barcodes.iter().map(|code| (*code).into()).collect(),
    };
    let write = |to| ListingWrite { item: SHIRT, from: listed("Shirt", 1_995, &[]), to };
    let intended = |id, listings| {
        Fact::WritesIntended(Box::new(WritesIntended {
            id: WriteId(id),
            channel: SHOP,
            mode: WriteMode::List,
            key: IdempotencyKey::new(&format!("write-{id}")),
            dated: MORNING,
            writes: Vec::new(),
            body: b"{}".to_vec(),
            listings,
        }))
    };
    let all = write(listed("Shirt, medium", 2_095, &["4006381333931"]));
    vec![
        Fact::Listed { channel: SHOP, item: SHIRT, listing: Some(Box::new(listed("Shirt", 1_995, &[]))) },
        Fact::Listed { channel: SHOP, item: SHIRT, listing: None },
        intended(21, vec![all.clone()]),
        intended(22, vec![all, write(listed("Shirt", 1_000, &[]))]),
        Fact::ListingUnblocked { channel: SHOP, item: SHIRT },
        Fact::OrderReopened { order: OrderId(1) },
    ]
    .into_iter()
    .chain(asking())
    .chain(crate::governed::governed())
    .collect()
}

/// Locations and customers that somebody is asked about.
fn asking() -> Vec<Fact> {
    let unclear = |external: &str| Fact::LocationUnclear {
        channel: TILL,
        external: external.into(),
        name: "Harbour Fair".into(),
        reason: "no location of ours is called so".into(),
        candidates: vec![STORE],
        by_hand: false,
    };
    let place = MappingQuestion::Location { channel: TILL, external: "place-1".into() };
    let (one, other) = (customer(SHOP, "customer-7"), customer(TILL, "c-1"));
    let pair = MappingQuestion::same_customer(one.clone(), other.clone());
    vec![
        unclear("place-1"),
        unclear("place-2"),
        unclear("place-3"),
        Fact::LocationGone { channel: TILL, external: "place-3".into() },
        Fact::QuestionDismissed { question: place },
        Fact::QuestionDismissed { question: MappingQuestion::Item { channel: SHOP, external: "gid-9".into() } },
        Fact::QuestionReopened { question: MappingQuestion::Item { channel: SHOP, external: "gid-9".into() } },
        Fact::QuestionDismissed { question: pair },
        Fact::CustomersLinked { one: one.clone(), other: other.clone() },
        Fact::CustomersUnlinked { one, other },
        Fact::Erased(Box::new(model::Erased {
            channel: SHOP,
            customer: Some("customer-9".into()),
            subjects: vec![model::Subject([9; 16])],
            reason: "asked at the counter".into(),
        })),
        Fact::ReturnPutRight(ReturnPutRight {
            order: OrderId(1),
            line: LineKey::of("no such line"),
            quantity: Quantity::units(1),
            was_item: None,
            was_restocked: None,
            item: None,
            restocked: Some(STORE),
            happened_at: MORNING,
        }),
    ]
}

/// A customer record.
pub fn customer(channel: ChannelId, key: &str) -> CustomerAt {
    CustomerAt { channel, customer: key.into() }
}

fn oversold(by: OversoldBy, channel: Option<ChannelId>, order: Option<OrderId>) -> Oversold {
    Oversold { item: SHIRT, location: STORE, channel, order, units: Quantity::units(1), by, shown: None }
}
