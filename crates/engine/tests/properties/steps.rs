//! Random days of a retailer: steps that name things by small numbers, made into commands when their turn comes, so
//! that most of them meet something that exists.

use model::{
    Action, ChannelId, DecisionAction, DecisionAsk, DeliveryKey, IdempotencyKey, Instant, ItemId, Level, LocationId,
    Note, NoticeAbout, Outcome, Quantity, Seq, WriteMode,
};
use proptest::prelude::*;

use crate::support::*;

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Step {
    /// A version of a till sale: sold units, and whether some came back.
    Till { document: u8, version: u64, item: ItemId, at: LocationId, gone: u32, back: bool },
    /// A version of a web order.
    Web { document: u8, version: u64, item: ItemId, at: LocationId, promised: u32, gone: u32 },
    /// A promise through the API.
    Reserve { key: Option<u8>, lines: Vec<(ItemId, LocationId, u32)>, minutes: i64 },
    /// A promise is extended.
    Extend { reservation: u64, minutes: i64 },
    /// The goods of a promise leave.
    Commit(u64),
    /// A promise is given back.
    Release(u64),
    /// Due promises lapse.
    Expire(usize),
    /// Stock changed by hand.
    Adjust { key: Option<u8>, item: ItemId, at: LocationId, units: i32 },
    /// Stock counted some minutes ago.
    Count { item: ItemId, at: LocationId, units: u32, minutes_ago: i64 },
    /// A transfer is planned.
    Draft { from: LocationId, to: LocationId, item: ItemId, units: u32 },
    /// A transfer goes on: 0 ships, 1 arrives in part, 2 arrives whole, 3 is closed.
    Go { transfer: u32, how: u8 },
    /// A level is read, `late` facts after the poll before it.
    Read { channel: ChannelId, item: ItemId, at: LocationId, level: i32, late: u64 },
    /// The difference of a level is sent.
    Intend { channel: ChannelId, item: ItemId, at: LocationId, mode: WriteMode },
    /// A batch is settled.
    Settle { write: u64, outcome: Outcome },
    /// A level is freed again.
    Unblock { channel: ChannelId, item: ItemId, at: LocationId },
    /// Safety stock.
    Safety { item: ItemId, at: LocationId, units: u32 },
    /// A buffer.
    Buffer { item: ItemId, channel: ChannelId, units: u32 },
    /// An item loses or gets back its mapping.
    Map { channel: ChannelId, item: ItemId, away: bool },
    /// A delivery was believed.
    Deliver(u8),
    /// The decision endpoint answered.
    Decide(u8),
    /// Time passes.
    Wait(i64),
}

fn stocked() -> impl Strategy<Value = ItemId> + Clone {
    prop::sample::select(vec![CAP, MUG])
}

fn item() -> impl Strategy<Value = ItemId> + Clone {
    prop::sample::select(vec![CAP, CAP, MUG, MUG, SET, WRAP])
}

fn at() -> impl Strategy<Value = LocationId> + Clone {
    prop::sample::select(LOCATIONS.to_vec())
}

fn channel_id() -> impl Strategy<Value = ChannelId> + Clone {
    prop::sample::select(vec![WEB, TILLS])
}

fn mode() -> impl Strategy<Value = WriteMode> {
    prop::sample::select(vec![WriteMode::Lower, WriteMode::Raise, WriteMode::Correct])
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => prop::option::of(-2..9).prop_map(|after| Outcome::Done { after: after.map(Level::units) }),
        1 => Just(Outcome::Stale),
        1 => Just(Outcome::Again),
        1 => Just(Outcome::Unknown),
        1 => Just(Outcome::Never { because: Note::new("no") }),
    ]
}

fn key() -> impl Strategy<Value = Option<u8>> {
    prop::option::of(0..4_u8)
}

/// What promises alone can do.
pub fn promising() -> impl Strategy<Value = Step> {
    let lines = prop::collection::vec((item(), at(), 0..4_u32), 1..4);
    prop_oneof![
        4 => (key(), lines, 0..30_i64).prop_map(|(key, lines, minutes)| Step::Reserve { key, lines, minutes }),
        1 => (1..9_u64, 0..60_i64).prop_map(|(reservation, minutes)| Step::Extend { reservation, minutes }),
        1 => (1..9_u64).prop_map(Step::Commit),
        1 => (1..9_u64).prop_map(Step::Release),
        1 => (1..4_usize).prop_map(Step::Expire),
        1 => (0..20_i64).prop_map(Step::Wait),
    ]
}

fn selling() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..4_u8, 1..5_u64, item(), at(), 0..4_u32, any::<bool>()).prop_map(
            |(document, version, item, at, gone, back)| Step::Till { document, version, item, at, gone, back }
        ),
        (0..4_u8, 1..5_u64, item(), at(), 0..4_u32, 0..3_u32).prop_map(
            |(document, version, item, at, promised, gone)| Step::Web { document, version, item, at, promised, gone }
        ),
    ]
}

fn counting() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (key(), stocked(), at(), -4..9).prop_map(|(key, item, at, units)| Step::Adjust { key, item, at, units }),
        1 => (stocked(), at(), 0..9_u32, 0..60_i64).prop_map(|(item, at, units, minutes_ago)| Step::Count {
            item,
            at,
            units,
            minutes_ago
        }),
        1 => (at(), at(), stocked(), 1..4_u32).prop_map(|(from, to, item, units)| Step::Draft { from, to, item, units }),
        2 => (1..4_u32, 0..4_u8).prop_map(|(transfer, how)| Step::Go { transfer, how }),
    ]
}

fn showing() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (channel_id(), item(), at(), -2..9, 0..6_u64)
            .prop_map(|(channel, item, at, level, late)| Step::Read { channel, item, at, level, late }),
        4 => (channel_id(), stocked(), at(), mode())
            .prop_map(|(channel, item, at, mode)| Step::Intend { channel, item, at, mode }),
        3 => (1..6_u64, outcome()).prop_map(|(write, outcome)| Step::Settle { write, outcome }),
        1 => (channel_id(), stocked(), at()).prop_map(|(channel, item, at)| Step::Unblock { channel, item, at }),
        1 => (stocked(), at(), 0..3_u32).prop_map(|(item, at, units)| Step::Safety { item, at, units }),
        1 => (stocked(), channel_id(), 0..3_u32).prop_map(|(item, channel, units)| Step::Buffer { item, channel, units }),
    ]
}

fn hearing() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (channel_id(), item(), any::<bool>()).prop_map(|(channel, item, away)| Step::Map { channel, item, away }),
        1 => (0..4_u8).prop_map(Step::Deliver),
        1 => (0..4_u8).prop_map(Step::Decide),
    ]
}

/// A whole day.
pub fn day() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![3 => promising(), 4 => selling(), 2 => counting(), 4 => showing(), 1 => hearing()];
    prop::collection::vec(step, 0..60)
}

impl Step {
    /// The command that this step is now; `None` when only time passes.
    pub fn command(&self, hub: &mut Hub) -> Option<Action> {
        Some(match self.clone() {
            Self::Till { document, version, item, at, gone, back } => {
                let news = News::till(&document.to_string()).version(version).placed(hub.now).gone(item, at, gone);
                if back { news.returned("f", item, 1, Some(at)) } else { news }.heard()
            }
            Self::Web { document, version, item, at, promised, gone } => {
                let news = News::web(&document.to_string()).version(version).placed(hub.now);
                news.promised(item, at, promised).gone(item, at, gone).heard()
            }
            Self::Reserve { key, lines, minutes } => {
                let lines: Vec<_> = lines.iter().map(|(item, at, n)| (*item, *at, Quantity::units(*n))).collect();
                under(key, reserve_until(hub.now.plus_ms(minutes * 60_000), &lines))
            }
            Self::Extend { reservation, minutes } => extend(reservation, hub.now.plus_ms(minutes * 60_000)),
            Self::Commit(reservation) => commit(reservation),
            Self::Release(reservation) => release(reservation),
            Self::Expire(max) => Action::Expire { max },
            Self::Adjust { key, item, at, units } => under(key, adjust(item, at, units)),
            Self::Count { item, at, units, minutes_ago } => {
                count(item, at, units, hub.now.plus_ms(-minutes_ago * 60_000))
            }
            Self::Draft { from, to, item, units } => draft(from, to, &[(item, units)]),
            Self::Go { transfer, how: 0 } => ship(transfer),
            Self::Go { transfer, how: 1 } => arrive(transfer, &[(CAP, 1)]),
            Self::Go { transfer, how: 2 } => arrive(transfer, &[]),
            Self::Go { transfer, .. } => close(transfer),
            Self::Read { channel, item, at, level, late } => {
                let since = Seq(hub.state.seq().0.saturating_sub(late));
                showed(channel, item, at, Level::units(level), since, hub.now)
            }
            Self::Intend { channel, item, at, mode } => difference(hub, channel, item, at, mode),
            Self::Settle { write, outcome } => settle(write, outcome),
            Self::Unblock { channel, item, at } => Action::Unblock { channel, item, location: at },
            Self::Safety { item, at, units } => safety(item, at, units),
            Self::Buffer { item, channel, units } => buffer(item, channel, units),
            Self::Map { channel, item, away } => {
                Action::MapItem { channel, external: external(channel, item), item: (!away).then_some(item) }
            }
            Self::Deliver(number) => Action::Delivered {
                channel: WEB,
                delivery: DeliveryKey::of(WEB, &number.to_string()),
                raw: None,
                notices: vec![NoticeAbout::Order(number.to_string().as_str().into())],
            },
            Self::Decide(number) => decision(number),
            Self::Wait(minutes) => {
                hub.wait_minutes(minutes);
                return None;
            }
        })
    }
}

fn under(key: Option<u8>, action: Action) -> Action {
    key.map_or(action.clone(), |key| keyed(&key.to_string(), action))
}

/// The write that dispatch would propose.
fn difference(hub: &Hub, channel: ChannelId, item: ItemId, at: LocationId, mode: WriteMode) -> Action {
    let row = hub.state.positions().find(item, at);
    let believed = row.and_then(|row| hub.state.shown().get(channel, row)).map(|row| row.level);
    let wanted = hub.state.wanted(channel, item, at).unwrap_or_default();
    let write = model::Write { item, location: at, from: believed.unwrap_or_default(), to: wanted };
    let key = IdempotencyKey::new("w");
    Action::IntendWrites {
        channel,
        mode,
        dated: hub.now,
        writes: vec![write],
        listings: Vec::new(),
        key,
        body: Vec::new(),
    }
}

fn decision(number: u8) -> Action {
    Action::Decide(Box::new(DecisionAsk {
        key: (number > 0).then(|| number.to_string().as_str().into()),
        item: CAP,
        change: model::Change::units(-1),
        channel: WEB,
        location: DC,
        happened_at: Instant(0),
        action: DecisionAction::Reserve,
        source: None,
        reasons: Vec::new(),
        answer: Note::new("{}"),
    }))
}
