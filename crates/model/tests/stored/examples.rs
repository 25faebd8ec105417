//! A representative value of every fact, every field filled and every closed choice made at least once.

use model::{
    Actor, Basis, Cause, Change, ChannelId, ChannelPut, Component, Counted, Currency, Cursor, CustomerAt, CustomerPut,
    Decided, DecisionAction, Deed, DeliveryKey, Entry, Fact, Fields, Held, Hold, Instant, Instructed, InstructionEnd,
    InstructionId, InstructionLine, InstructionSent, ItemId, ItemPut, Level, LevelRead, LineKey, LinePut, Listing,
    ListingWrite, LocationId, LocationKind, LocationPut, MakeOrder, MakePurchase, MakeRefund, MakeTransfer,
    MappingQuestion, Money, Moved, Note, NoticeAbout, OrderId, OrderKind, OrderPut, OrderState, Outcome, Oversold,
    OversoldBy, Platform, PutCustomer, Quantity, QuarantineId, Quarantined, RawName, ReservationId, Reserved,
    ReservedLine, ReturnPutRight, Returned, Sealed, Shorted, Subject, Telling, TransferId, TransferPut, TransferState,
    Unit, Write, WriteId, WriteMode, WritesIntended, WritesSettled,
};

const CHANNEL: ChannelId = ChannelId(1);
const ITEM: ItemId = ItemId(300);
const PLACE: LocationId = LocationId(2);
const AT: Instant = Instant(1_800_000_000_123);

/// All examples as they are stored, in the order of their kinds; the authors take turns.
pub fn entries() -> Vec<Entry> {
    let authors =
        [Actor::Channel(CHANNEL), Actor::Key(Note::new("erp")), Actor::System, Actor::Operator].into_iter().cycle();
    let facts = [configuration(), hearing(), orders(), stock(), promises(), writes(), aside(), listings()].concat();
    let facts = [facts, instructions(), mappings(), tellings(), vec![erased(Some("77")), erased(None)]].concat();
    let told = facts.into_iter().zip(authors).map(|(fact, by)| Entry { at: AT, by, fact });
    told.chain(super::governed::entries()).collect()
}

fn eur(minor: i64) -> Money {
    Money { minor, currency: Currency::parse("EUR").expect("three letters") }
}

fn sealed() -> Sealed {
    Sealed { subject: Subject::of(CHANNEL, "customer", "77"), bytes: vec![1, 2, 3, 250] }
}

fn configuration() -> Vec<Fact> {
    let channel = |platform, basis, writes: bool| {
        Fact::ChannelPut(ChannelPut {
            channel: CHANNEL,
            name: "shop".into(),
            platform,
            basis,
            sells_from: vec![LocationId(0), PLACE],
            buffer: Quantity::units(2),
            whole_units: !writes,
            writes,
            leads: model::Fields::NONE,
            follows: model::Fields::NONE,
            hold: model::Hold::default(),
            never_below_zero: false,
        })
    };
    let location = |kind, home| {
        let zone = Note::new("Europe/Berlin");
        Fact::LocationPut(LocationPut { location: PLACE, name: "Ærø".into(), kind, zone, home })
    };
    let item = |unit, components, price| {
        Fact::ItemPut(ItemPut {
            item: ITEM,
            sku: "CAP-1".into(),
            title: "Cap".into(),
            barcodes: vec!["4006381333931".into()],
            unit,
            components,
            price,
            tax_inclusive: true,
            tracked: true,
        })
    };
    let part = Component { item: ItemId(4), quantity: Quantity::from_parts(150_000) };
    vec![
        channel(Platform::ALL[0], Basis::Available, true),
        channel(Platform::ALL[1], Basis::OnHand, false),
        location(LocationKind::Store, Some(CHANNEL)),
        location(LocationKind::Warehouse, None),
        location(LocationKind::DistributionCentre, None),
        item(Unit::Piece, vec![part], Some(eur(1_999))),
        item(Unit::Kilogram, Vec::new(), None),
        item(Unit::Metre, Vec::new(), None),
        item(Unit::Litre, Vec::new(), None),
        Fact::ItemMapped { channel: CHANNEL, external: "gid-1".into(), item: Some(ITEM), counted: true },
        Fact::ItemMapped { channel: CHANNEL, external: "gid-1".into(), item: None, counted: false },
        Fact::LocationMapped { channel: CHANNEL, external: "L1".into(), location: Some(PLACE) },
        Fact::LocationMapped { channel: CHANNEL, external: "L1".into(), location: None },
        Fact::SafetySet { item: ITEM, location: PLACE, quantity: Quantity::units(3) },
        Fact::BufferSet { item: ITEM, channel: CHANNEL, quantity: Quantity::ZERO },
    ]
}

fn hearing() -> Vec<Fact> {
    let customer = |person| {
        Fact::CustomerPut(CustomerPut { channel: CHANNEL, customer: "77".into(), version: 1_800_000_000_000, person })
    };
    let delivery = DeliveryKey::of(CHANNEL, "b54557e4");
    let noticed = |about| Fact::Noticed { channel: CHANNEL, about };
    vec![
        customer(Some(sealed())),
        customer(None),
        Fact::Delivered { channel: CHANNEL, delivery, raw: Some(RawName([7; 32])) },
        Fact::Delivered { channel: CHANNEL, delivery, raw: None },
        noticed(NoticeAbout::Order("1001".into())),
        noticed(NoticeAbout::Level("gid-1".into(), "L1".into())),
        noticed(NoticeAbout::Catalogue),
        noticed(NoticeAbout::Customer("77".into())),
        noticed(NoticeAbout::Locations),
        Fact::NoticeDone { channel: CHANNEL, about: NoticeAbout::Order("1001".into()) },
        Fact::CursorMoved {
            channel: CHANNEL,
            cursor: Cursor {
                orders_until: AT,
                catalogue_until: Instant(0),
                customers_until: Instant(-1),
                catalogue_page: None,
            },
        },
    ]
}

fn orders() -> Vec<Fact> {
    let line = |item, price| LinePut {
        line: Note::new("line-1"),
        item,
        sku: "CAP-1".into(),
        quantity: Quantity::units(2),
        price,
    };
    let order = |kind, state, customer: Option<&str>, contact| {
        Fact::OrderPut(Box::new(OrderPut {
            order: OrderId(9),
            channel: CHANNEL,
            document: "1001".into(),
            reference: Note::new("#1001"),
            version: 7,
            placed_at: AT,
            kind,
            customer: customer.map(Into::into),
            contact,
            tax_inclusive: false,
            total: eur(-50),
            state,
            lines: vec![line(Some(ITEM), Some(eur(999))), line(None, None)],
            telling: None,
        }))
    };
    let returned = |item, restocked| {
        Fact::Returned(Returned {
            order: OrderId(9),
            document: "R1".into(),
            line: LineKey::of("r-line-1"),
            item,
            quantity: Quantity::units(1),
            restocked,
            happened_at: AT,
        })
    };
    vec![
        order(OrderKind::Web, OrderState::Open, Some("77"), Some(sealed())),
        order(OrderKind::Till, OrderState::Completed, None, None),
        order(OrderKind::Till, OrderState::Cancelled, None, None),
        returned(Some(ITEM), Some(PLACE)),
        returned(None, None),
    ]
}

fn stock() -> Vec<Fact> {
    let moved = |cause| Moved {
        item: ITEM,
        location: PLACE,
        cause,
        on_hand: Change::units(-1),
        reserved: Change::from_parts(-12_345),
        in_transit: Change::units(2),
        unsellable: Change::ZERO,
        happened_at: AT,
        order: None,
        shown: None,
        note: None,
    };
    let full = Moved {
        order: Some((OrderId(9), LineKey::of("line-1"))),
        shown: Some((CHANNEL, Change::units(-1))),
        note: Some(Note::new("dropped")),
        ..moved(Cause::Sale)
    };
    let causes = [
        Cause::Order,
        Cause::Return,
        Cause::Adjustment,
        Cause::Count,
        Cause::Receipt,
        Cause::Transfer,
        Cause::Platform,
        Cause::Opening,
    ];
    let mut facts = vec![Fact::Moved(full)];
    facts.extend(causes.map(|cause| Fact::Moved(moved(cause))));
    facts.push(Fact::Counted(Counted {
        item: ITEM,
        location: PLACE,
        counted: Quantity::units(4),
        expected: Level::units(-2),
        counted_at: AT,
    }));
    facts.push(Fact::KeyUsed { key: "k-1".into(), asked: u64::MAX });
    let transfer = |state, key: Option<&str>| {
        Fact::TransferPut(TransferPut {
            transfer: TransferId(6),
            from: LocationId(0),
            to: PLACE,
            state,
            open: vec![(ITEM, Quantity::units(3))],
            note: Note::new("weekend"),
            key: key.map(Into::into),
        })
    };
    facts.extend([
        transfer(TransferState::Draft, Some("k-2")),
        transfer(TransferState::InTransit, None),
        transfer(TransferState::Received, None),
        transfer(TransferState::Closed, None),
    ]);
    facts
}

fn promises() -> Vec<Fact> {
    let reservation = ReservationId(5_000_000_000);
    let reserved = |key: Option<&str>, note| {
        let lines = vec![ReservedLine { item: ITEM, location: PLACE, quantity: Quantity::units(1) }];
        Fact::Reserved(Reserved { reservation, lines, expires_at: AT, key: key.map(Into::into), note })
    };
    let shorted = |order, reservation| {
        let missing = Quantity::units(1);
        Fact::Shorted(Shorted { order, reservation, item: ITEM, location: PLACE, missing })
    };
    let oversold = |by, channel, order, shown| {
        let units = Quantity::units(2);
        Fact::Oversold(Oversold { item: ITEM, location: PLACE, channel, order, units, by, shown })
    };
    vec![
        reserved(Some("cart-1"), Some(Note::new("pickup"))),
        reserved(None, None),
        Fact::Extended { reservation, expires_at: AT },
        Fact::Committed { reservation },
        Fact::Released { reservation, reason: Note::new("changed mind") },
        Fact::Expired { reservation },
        shorted(Some(OrderId(9)), None),
        shorted(None, Some(reservation)),
        oversold(OversoldBy::Till, Some(CHANNEL), Some(OrderId(9)), Some(Level::units(1))),
        oversold(OversoldBy::Race, None, None, None),
        oversold(OversoldBy::Late, None, None, None),
        oversold(OversoldBy::ShopSetting, None, None, None),
        oversold(OversoldBy::Hub, None, None, None),
    ]
}

fn writes() -> Vec<Fact> {
    let write = Write { item: ITEM, location: PLACE, from: Level::units(5), to: Level::units(-3) };
    let intended = |mode| {
        Fact::WritesIntended(Box::new(WritesIntended {
            id: WriteId(11),
            channel: CHANNEL,
            mode,
            key: "w-11".into(),
            dated: AT,
            writes: vec![write],
            body: b"{\"set\":3}".to_vec(),
            listings: Vec::new(),
        }))
    };
    let outcomes = vec![
        Outcome::Done { after: Some(Level::units(3)) },
        Outcome::Done { after: None },
        Outcome::Stale,
        Outcome::Again,
        Outcome::Never { because: Note::new("no such item") },
        Outcome::Unknown,
    ];
    let (level, shown, wanted) = (Level::units(8), Level::units(900), Level::units(8));
    vec![
        Fact::LevelRead(LevelRead { channel: CHANNEL, item: ITEM, location: PLACE, level, read_at: AT }),
        Fact::Held(Held { channel: CHANNEL, item: ITEM, location: PLACE, shown, wanted, doubt: None }),
        Fact::Unblocked { channel: CHANNEL, item: ITEM, location: PLACE },
        intended(WriteMode::Lower),
        intended(WriteMode::Raise),
        intended(WriteMode::Correct),
        Fact::WritesSettled(Box::new(WritesSettled { id: WriteId(11), channel: CHANNEL, outcomes })),
    ]
}

fn aside() -> Vec<Fact> {
    let quarantined = |document: Option<&str>, raw, waits_for: Option<&str>| {
        Fact::Quarantined(Quarantined {
            id: QuarantineId(3),
            channel: CHANNEL,
            document: document.map(Into::into),
            raw,
            kind: Note::new("order"),
            reason: Note::new("not mapped"),
            waits_for: waits_for.map(Into::into),
            waits_at: None,
        })
    };
    let decided = |action, source, key: Option<&str>| {
        Fact::Decided(Box::new(Decided {
            item: ITEM,
            channel: CHANNEL,
            location: PLACE,
            change: Change::units(-1),
            action,
            source,
            reasons: vec![Note::new("3 on hand")],
            happened_at: AT,
            key: key.map(Into::into),
            answer: Note::new("{}"),
        }))
    };
    vec![
        quarantined(Some("1001"), None, Some("gid-2")),
        quarantined(None, Some(RawName([9; 32])), None),
        Fact::QuarantineClosed { id: QuarantineId(3), reason: Note::new("went through") },
        decided(DecisionAction::None, None, None),
        decided(DecisionAction::Reserve, None, None),
        decided(DecisionAction::Transfer, Some(LocationId(0)), Some("d-1")),
        decided(DecisionAction::Reorder, None, None),
        Fact::MappingUnclear {
            channel: CHANNEL,
            external: "gid-3".into(),
            sku: "".into(),
            reason: Note::new("no SKU"),
            candidates: vec![ITEM],
            listing: None,
        },
    ]
}

/// What came with prices and titles: fields that lead and follow, batches of listings, and the later platforms.
fn listings() -> Vec<Fact> {
    let listing = |minor, barcodes: &[&str]| Listing {
        title: "Cap, blue".into(),
        price: Some(eur(minor)),
        tax_inclusive: true,
        barcodes: barcodes.iter().map(|code| (*code).into()).collect(),
    };
    let channel = |platform, leads, follows| {
        Fact::ChannelPut(ChannelPut {
            channel: CHANNEL,
            name: "tills".into(),
            platform,
            basis: Basis::OnHand,
            sells_from: vec![PLACE],
            buffer: Quantity::ZERO,
            whole_units: false,
            writes: true,
            leads,
            follows,
            hold: if leads.is_empty() {
                Hold::default()
            } else {
                Hold { units: Quantity::units(50), value_minor: 100_000, percent: 40 }
            },
            never_below_zero: false,
        })
    };
    let least = |put: Fact| match put {
        Fact::ChannelPut(put) => Fact::ChannelPut(ChannelPut { never_below_zero: true, ..put }),
        other => other,
    };
    let price = Fields { price: true, ..Fields::NONE };
    let write = ListingWrite { item: ITEM, from: listing(1_995, &[]), to: listing(2_095, &["4006381333931"]) };
    let listed =
        |listing: Option<Listing>| Fact::Listed { channel: CHANNEL, item: ITEM, listing: listing.map(Box::new) };
    vec![
        channel(Platform::Clover, Fields::NONE, Fields::ALL),
        channel(Platform::BigCommerce, price, Fields::NONE),
        channel(Platform::LightspeedX, price, Fields { title: true, ..Fields::NONE }),
        channel(Platform::LightspeedR, Fields::NONE, Fields::NONE),
        Fact::WritesIntended(Box::new(WritesIntended {
            id: WriteId(12),
            channel: CHANNEL,
            mode: WriteMode::List,
            key: "w-12".into(),
            dated: AT,
            writes: Vec::new(),
            body: b"{}".to_vec(),
            listings: vec![write],
        })),
        listed(Some(listing(1_995, &["4006381333931"]))),
        listed(Some(Listing { price: None, ..listing(0, &[]) })),
        listed(None),
        Fact::ListingUnblocked { channel: CHANNEL, item: ITEM },
        Fact::OrderReopened { order: OrderId(9) },
        Fact::MappingUnclear {
            channel: CHANNEL,
            external: "gid-4".into(),
            sku: "CAP-1".into(),
            reason: Note::new("SKU CAP-1 is already gid-2 on this channel"),
            candidates: vec![ITEM],
            listing: Some(Box::new(listing(1_995, &[]))),
        },
        least(channel(Platform::BigCommerce, Fields::NONE, Fields::NONE)),
    ]
}

/// Documents that channels are told to make.
fn instructions() -> Vec<Fact> {
    let lines = || {
        vec![
            InstructionLine { item: ITEM, quantity: Quantity::units(3), each: Some(eur(1_295)) },
            InstructionLine { item: ItemId(4), quantity: Quantity::from_parts(150_000), each: None },
        ]
    };
    let told = |id, key: Option<&str>, deed| {
        let key = key.map(Into::into);
        Fact::Instructed(Box::new(Instructed { id: InstructionId(id), channel: CHANNEL, key, deed }))
    };
    let (note, id) = (|| Note::new("by phone"), InstructionId(7));
    let sent =
        |body: &[u8], sealed| Fact::InstructionSent(Box::new(InstructionSent { id, body: body.to_vec(), sealed }));
    let ended = |end| Fact::InstructionSettled { id, channel: CHANNEL, end };
    let refund = |lines, restock_at| {
        let (document, amount) = ("order-9".into(), eur(2_590));
        Deed::MakeRefund(MakeRefund { document, lines, restock_at, amount, note: note() })
    };
    let purchase = |expected| {
        let supplier = Note::new("Hat & Son");
        Deed::MakePurchase(MakePurchase { supplier, location: PLACE, lines: lines(), expected, note: note() })
    };
    let order = |customer| Deed::MakeOrder(MakeOrder { location: PLACE, lines: lines(), customer, note: note() });
    vec![
        told(7, Some("erp/7"), order(Some("77".into()))),
        told(8, None, order(None)),
        told(9, None, refund(vec![(Note::new("line-1"), Quantity::units(2))], Some(PLACE))),
        told(10, None, refund(Vec::new(), None)),
        told(11, None, Deed::PutCustomer(PutCustomer { customer: Some("77".into()), person: sealed() })),
        told(12, None, Deed::PutCustomer(PutCustomer { customer: None, person: sealed() })),
        told(
            13,
            None,
            Deed::MakeTransfer(MakeTransfer { from: LocationId(0), to: PLACE, lines: lines(), note: note() }),
        ),
        told(14, None, purchase(Some(AT))),
        told(15, None, purchase(None)),
        sent(b"{}", None),
        sent(b"", Some(sealed())),
        ended(InstructionEnd::Made { document: Note::new("9001") }),
        ended(InstructionEnd::Refused { because: Note::new("no such order") }),
        ended(InstructionEnd::Withdrawn { because: Note::new("paid by card after all") }),
    ]
}

fn mappings() -> Vec<Fact> {
    let unclear = |candidates, by_hand| Fact::LocationUnclear {
        channel: CHANNEL,
        external: "L2".into(),
        name: "Ærø, harbour".into(),
        reason: Note::new("no location of ours has its name"),
        candidates,
        by_hand,
    };
    let customer = |channel, key: &str| CustomerAt { channel: ChannelId(channel), customer: key.into() };
    let item = MappingQuestion::Item { channel: CHANNEL, external: "gid-4".into() };
    let location = MappingQuestion::Location { channel: CHANNEL, external: "L2".into() };
    let pair = MappingQuestion::same_customer(customer(2, "8"), customer(1, "77"));
    let put_right = |item, restocked| {
        Fact::ReturnPutRight(ReturnPutRight {
            order: OrderId(9),
            line: LineKey::of("f1"),
            quantity: Quantity::units(2),
            was_item: Some(ITEM),
            was_restocked: Some(PLACE),
            item,
            restocked,
            happened_at: AT,
        })
    };
    let waiting = Fact::Quarantined(Quarantined {
        id: QuarantineId(6),
        channel: CHANNEL,
        document: Some("doc-6".into()),
        raw: None,
        kind: Note::new("order"),
        reason: Note::new("location L2 of this channel is not mapped to one of ours"),
        waits_for: None,
        waits_at: Some("L2".into()),
    });
    vec![
        unclear(vec![PLACE], false),
        unclear(Vec::new(), true),
        Fact::LocationGone { channel: CHANNEL, external: "L2".into() },
        Fact::QuestionDismissed { question: item },
        Fact::QuestionDismissed { question: location.clone() },
        Fact::QuestionDismissed { question: pair },
        Fact::QuestionReopened { question: location },
        Fact::CustomersLinked { one: customer(1, "77"), other: customer(2, "8") },
        Fact::CustomersUnlinked { one: customer(1, "77"), other: customer(2, "8") },
        put_right(Some(ItemId(301)), Some(PLACE)),
        put_right(None, None),
        waiting,
    ]
}

/// Orders whose version may be told in several ways.
fn tellings() -> Vec<Fact> {
    let told = |fact| match fact {
        Fact::OrderPut(put) => Some(put),
        _ => None,
    };
    let order = orders().into_iter().find_map(told).expect("there is an order among the orders");
    let with = |telling| Fact::OrderPut(Box::new(OrderPut { telling: Some(telling), ..(*order).clone() }));
    vec![with(Telling { asked_at: None, content: 9 }), with(Telling { asked_at: Some(AT), content: u64::MAX })]
}

fn erased(customer: Option<&str>) -> Fact {
    Fact::Erased(Box::new(model::Erased {
        channel: CHANNEL,
        customer: customer.map(Into::into),
        subjects: vec![model::Subject([7; 16]), model::Subject([9; 16])],
        reason: Note::new("asked at the counter"),
    }))
}
