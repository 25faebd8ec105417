//! The rules of the decision, hard ones first, as a plain function of the state: the demand is held where it is asked
//! for; or it is brought from where most can be spared; or it is bought.

use flow::State;
use model::{Change, ChannelId, DecisionAction, Instant, ItemId, LocationId, Quantity, TransferState};

use crate::Options;
use crate::api::names;

/// What was asked, in ids.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    /// Item.
    pub item: ItemId,
    /// Below zero = demand.
    pub change: Change,
    /// Who sells.
    pub channel: ChannelId,
    /// Where.
    pub location: LocationId,
    /// When, in the caller's words.
    pub happened_at: Instant,
}

/// What comes of it.
#[derive(Clone, Debug)]
pub(super) struct WorkedOut {
    /// What is to be done.
    pub action: DecisionAction,
    /// Where the units come from.
    pub source: Option<LocationId>,
    /// How many are held or moved.
    pub quantity: Quantity,
    /// Why, in sentences with the numbers.
    pub reasons: Vec<String>,
}

impl WorkedOut {
    /// Nothing to do, for no reason.
    pub(super) fn nothing() -> Self {
        Self { action: DecisionAction::None, source: None, quantity: Quantity::ZERO, reasons: Vec::new() }
    }
}

/// What is known of the stock.
struct Stock {
    sku: String,
    place: String,
    here: Quantity,
    total: Quantity,
    /// The other location with most above its safety stock, and how many others have any.
    best: Option<(LocationId, Quantity)>,
    others: usize,
}

pub(super) fn work_out(state: &State, question: &Question, options: &Options) -> WorkedOut {
    if state.catalogue().item(question.item).is_some_and(|item| !item.tracked) {
        let reasons = vec![format!("{} has no stock of its own.", names::sku_of(state, question.item))];
        return WorkedOut { reasons, ..WorkedOut::nothing() };
    }
    let stock = stock(state, question);
    if question.change.is_loss() {
        demand(state, question, &stock, options)
    } else {
        supply(state, question, &stock, options)
    }
}

fn stock(state: &State, question: &Question) -> Stock {
    let mut total = Quantity::ZERO;
    let mut best: Option<(LocationId, Quantity)> = None;
    let mut others = 0;
    for location in state.catalogue().locations() {
        let available = state.available_at(question.item, location.location);
        total = total.plus(available);
        // What a transfer that was drafted before will take is not there to be planned again.
        let available = available.minus(drafted(state, question.item, location.location));
        if location.location == question.location || available.is_zero() {
            continue;
        }
        others += 1;
        if best.is_none_or(|(_, most)| available > most) {
            best = Some((location.location, available));
        }
    }
    Stock {
        sku: names::sku_of(state, question.item),
        place: names::location_of(state, question.location),
        here: state.available_at(question.item, question.location),
        total,
        best,
        others,
    }
}

/// Units of drafts that have not left yet.
fn drafted(state: &State, item: ItemId, from: LocationId) -> Quantity {
    let drafts = state.transfers().filter(|put| put.state == TransferState::Draft && put.from == from);
    let lines = drafts.flat_map(|put| &put.open).filter(|(of, _)| *of == item);
    lines.fold(Quantity::ZERO, |sum, (_, quantity)| sum.plus(*quantity))
}

fn demand(state: &State, question: &Question, stock: &Stock, options: &Options) -> WorkedOut {
    let asked = question.change.size();
    let Stock { sku, place, here, total, .. } = stock;
    if asked <= *here {
        let mut reasons = vec![format!(
            "{asked} of {sku} are asked for at {place}, where {here} can be promised: held for 15 minutes."
        )];
        let left = total.minus(asked);
        if left < options.reorder_below {
            reasons.push(format!(
                "{left} are left over all locations, fewer than {}: think of buying.",
                options.reorder_below
            ));
        }
        return WorkedOut {
            action: DecisionAction::Reserve,
            source: Some(question.location),
            quantity: asked,
            reasons,
        };
    }
    let missing = asked.minus(*here);
    let short =
        format!("{asked} of {sku} are asked for at {place}, where {here} can be promised: {missing} are missing.");
    match stock.best {
        Some((source, surplus)) => transfer(state, question, stock, source, surplus, missing, short),
        None => WorkedOut {
            action: DecisionAction::Reorder,
            source: None,
            quantity: missing,
            reasons: vec![
                short,
                format!("No other location has any above its safety stock; {total} can be promised in all."),
            ],
        },
    }
}

fn transfer(
    state: &State,
    question: &Question,
    stock: &Stock,
    source: LocationId,
    surplus: Quantity,
    missing: Quantity,
    first: String,
) -> WorkedOut {
    let from = names::location_of(state, source);
    let safety = state.positions().get(question.item, source).safety();
    let quantity = missing.min(surplus);
    let mut reasons = vec![
        first,
        format!(
            "{from} has {surplus} above its safety stock of {safety}, the most of {} others that have any.",
            stock.others
        ),
        format!("A transfer of {quantity} from {from} to {} is planned.", stock.place),
    ];
    if quantity < missing {
        reasons.push(format!("It covers {quantity} of {missing}; the rest has to be bought."));
    }
    WorkedOut { action: DecisionAction::Transfer, source: Some(source), quantity, reasons }
}

/// More than before, or nothing changed: something is to be done only where stock is below a line all the same.
fn supply(state: &State, question: &Question, stock: &Stock, options: &Options) -> WorkedOut {
    let more = question.change.size();
    let (here, total) = (stock.here.plus(more), stock.total.plus(more));
    let Stock { sku, place, .. } = stock;
    if total < options.reorder_below {
        let line = options.reorder_below;
        let reason =
            format!("With {more} more, {total} of {sku} can be promised over all locations, fewer than {line}.");
        return WorkedOut {
            action: DecisionAction::Reorder,
            source: None,
            quantity: line.minus(total),
            reasons: vec![reason],
        };
    }
    let line = options.transfer_below;
    if here < line
        && let Some((source, surplus)) = stock.best
    {
        let first = format!("With {more} more, {here} of {sku} can be promised at {place}, fewer than {line}.");
        return transfer(state, question, stock, source, surplus, line.minus(here), first);
    }
    let reason = format!("With {more} more, {here} of {sku} can be promised at {place} and {total} in all: enough.");
    WorkedOut { reasons: vec![reason], ..WorkedOut::nothing() }
}
