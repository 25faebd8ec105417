//! Numbers that no retailer has: huge, zero, below zero where only the type would allow it. Sums stay at their bounds;
//! nothing panics.

use model::{
    Action, Adjustment, Change, ChannelId, Component, Count, Instant, ItemId, Level, LocationId, Note, Outcome,
    PartState, Quantity, Receipt, ReservationId, Seq, StockRule, TransferId, TransferStep, Unit, WriteId, WriteMode,
};
use proptest::prelude::*;

use crate::support::*;

/// Any number, the bounds most of all.
fn parts() -> impl Strategy<Value = i64> + Clone {
    let bounds =
        vec![i64::MIN, i64::MIN + 1, -100_000, -1, 0, 1, 100_000, 100_000_000_000_000_000, i64::MAX - 1, i64::MAX];
    prop_oneof![3 => prop::sample::select(bounds), 1 => any::<i64>()]
}

fn quantity() -> impl Strategy<Value = Quantity> + Clone {
    parts().prop_map(Quantity::from_parts)
}

fn time() -> impl Strategy<Value = Instant> + Clone {
    prop_oneof![parts().prop_map(Instant), (0..9_i64).prop_map(|n| Instant(1_800_000_000_000 + n))]
}

fn item() -> impl Strategy<Value = ItemId> + Clone {
    prop::sample::select(vec![TEA, TEA, CAP, SET, ItemId(7), ItemId(u32::MAX)])
}

fn at() -> impl Strategy<Value = LocationId> + Clone {
    prop::sample::select(vec![B, B, A, LocationId(70_000), LocationId(u32::MAX)])
}

fn stock() -> impl Strategy<Value = Action> {
    prop_oneof![
        (item(), at(), parts(), any::<bool>()).prop_map(|(item, location, parts, unsellable)| {
            let change = Change::from_parts(parts);
            let adjustment = Adjustment { item, location, change, unsellable, reason: Note::new("") };
            Action::Adjust { key: None, adjustment }
        }),
        (item(), at(), quantity(), time()).prop_map(|(item, location, counted, counted_at)| {
            Action::Count { key: None, count: Count { item, location, counted, counted_at, reason: Note::new("") } }
        }),
        (item(), at(), quantity()).prop_map(|(item, location, quantity)| Action::Receive {
            key: None,
            receipt: Receipt { item, location, quantity, reference: Note::new("") },
        }),
        (item(), at(), at(), quantity()).prop_map(|(item, from, to, quantity)| Action::Transfer {
            key: None,
            step: TransferStep::Draft {
                from,
                to,
                lines: vec![(item, quantity), (item, quantity)],
                note: Note::new("")
            },
        }),
        (0..3_u32).prop_map(|transfer| Action::Transfer {
            key: None,
            step: TransferStep::Ship { transfer: TransferId(transfer) },
        }),
        (0..3_u32, item(), quantity()).prop_map(|(transfer, item, quantity)| Action::Transfer {
            key: None,
            step: TransferStep::Receive { transfer: TransferId(transfer), lines: vec![(item, quantity)] },
        }),
        (item(), at(), quantity()).prop_map(|(item, location, quantity)| Action::PutRule(StockRule::Safety {
            item,
            location,
            quantity
        })),
        (item(), 0..3_u32, quantity()).prop_map(|(item, channel, quantity)| Action::PutRule(StockRule::Buffer {
            item,
            channel: ChannelId(channel),
            quantity,
        })),
        (quantity(), quantity()).prop_map(|(caps, mugs)| put_item(
            "set",
            Unit::Piece,
            vec![Component { item: CAP, quantity: caps }, Component { item: TEA, quantity: mugs }],
        )),
    ]
}

fn promises() -> impl Strategy<Value = Action> {
    let id = || prop_oneof![0..4_u64, Just(u64::MAX)].prop_map(ReservationId);
    let lines = prop::collection::vec((item(), at(), quantity()), 1..3);
    prop_oneof![
        3 => (time(), lines).prop_map(|(expires_at, lines)| reserve_until(expires_at, &lines)),
        1 => (id(), time()).prop_map(|(reservation, expires_at)| Action::Extend { reservation, expires_at }),
        1 => id().prop_map(|reservation| Action::Commit { reservation }),
        1 => id().prop_map(|reservation| Action::Release { reservation, reason: Note::new("") }),
        1 => prop::sample::select(vec![0, 1, usize::MAX]).prop_map(|max| Action::Expire { max }),
    ]
}

fn orders() -> impl Strategy<Value = Action> {
    let version = || prop_oneof![0..3_u64, Just(u64::MAX)];
    let part = (item(), prop::sample::select(vec![A, B, C]), quantity(), any::<bool>());
    let orders = (any::<bool>(), version(), time(), prop::collection::vec(part, 1..4)).prop_map(
        |(till, version, placed, parts)| {
            let news = if till { News::till("1") } else { News::web("1") };
            let news = news.version(version).placed(placed).returned("f", TEA, u32::MAX, Some(B));
            let told = parts.into_iter().fold(news, |news, (item, location, quantity, gone)| {
                news.part(item, location, quantity, if gone { PartState::Gone } else { PartState::Promised })
            });
            told.heard()
        },
    );
    let level = parts().prop_map(Level::from_parts);
    let levels = (0..3_u32, item(), level, any::<u64>(), time())
        .prop_map(|(channel, item, level, since, at)| showed(ChannelId(channel), item, B, level, Seq(since), at));
    let writes = (parts(), parts(), 0..3_u32).prop_map(|(from, to, channel)| {
        let write = model::Write { item: TEA, location: B, from: Level::from_parts(from), to: Level::from_parts(to) };
        Action::IntendWrites {
            channel: ChannelId(channel),
            mode: WriteMode::Lower,
            dated: Instant(from),
            writes: vec![write],
            listings: Vec::new(),
            key: "w".into(),
            body: Vec::new(),
        }
    });
    let settled = (any::<u64>(), parts()).prop_map(|(id, after)| Action::SettleWrites {
        id: WriteId(id),
        outcomes: vec![Outcome::Done { after: Some(Level::from_parts(after)) }],
    });
    prop_oneof![4 => orders, 2 => levels, 1 => writes, 1 => settled]
}

proptest! {
    #[test]
    fn no_number_makes_the_engine_panic(
        commands in prop::collection::vec((time(), prop_oneof![stock(), promises(), orders()]), 0..30)
    ) {
        let mut hub = Hub::with_caps_at_b(1);
        hub.must(shows(&hub, TILLS, TEA, B, Level::units(5)));
        hub.must(shows(&hub, WEB, TEA, B, Level::units(5)));
        for (at, command) in commands {
            hub.now = at;
            // Refused or not: both are answers.
            let _ = hub.run_unchecked(command);
        }
        for channel in [WEB, TILLS] {
            for item in [CAP, MUG, TEA, SET] {
                let ats = hub.state.available_on(item, channel).ats;
                prop_assert!(ats >= Quantity::ZERO, "{} of {}", ats, item);
                for location in LOCATIONS {
                    let wanted = hub.state.wanted(channel, item, location);
                    let home = hub.state.catalogue().location(location).is_some_and(|l| l.home == Some(channel));
                    prop_assert!(home || wanted.is_none_or(|wanted| !wanted.is_negative()));
                }
            }
        }
        let restored = engine::State::restore(&hub.state.snapshot()).expect("what was just stored");
        prop_assert_eq!(restored.hash(), hub.state.hash());
    }
}

#[test]
fn movements_beyond_the_bounds_are_summed_at_the_bounds() {
    let mut hub = Hub::new();
    let before = hub.now;
    hub.wait_minutes(1);
    for _ in 0..2 {
        let receipt =
            Receipt { item: TEA, location: B, quantity: Quantity::from_parts(i64::MAX), reference: Note::new("") };
        hub.run_unchecked(Action::Receive { key: None, receipt }).expect("a receipt is not refused");
    }
    hub.run_unchecked(count(TEA, B, 1, before)).expect("a count is not refused");
    let row = hub.state.positions().find(TEA, B).expect("it was received");
    assert!(hub.state.on_hand_at(row, before) <= Level::from_parts(i64::MAX));
    assert_eq!(hub.at(TEA, B).on_hand(), Level::from_parts(i64::MAX));
}
