//! Sentences about stock: movements, counts, promises, shortages, decisions.

use model::{
    Cause, Change, Counted, Decided, DecisionAction, Moved, Oversold, OversoldBy, Quantity, Reserved, ReturnPutRight,
    Returned, Shorted,
};

use super::{Names, Told, remark};

pub(super) fn moved(names: &Names<'_>, told: Told, moved: &Moved) -> String {
    let of = names.of(told, moved.item);
    let at = names.location(moved.location);
    let size = moved.on_hand.size();
    let what = match moved.cause {
        Cause::Sale if moved.on_hand.is_zero() => promised(moved.reserved, &of, &at),
        Cause::Sale if moved.on_hand.is_loss() => format!("Sold {size}{of} at {at}"),
        Cause::Sale => format!("Took back the sale of {size}{of} at {at}"),
        Cause::Order => promised(moved.reserved, &of, &at),
        Cause::Return => format!("{size}{of} came back to {at}"),
        Cause::Adjustment if !moved.unsellable.is_zero() => aside(moved.unsellable, &of, &at),
        Cause::Adjustment => format!("Stock{of} at {at} changed by {}", signed(moved.on_hand)),
        Cause::Count => format!("A count changed the stock{of} at {at} by {}", signed(moved.on_hand)),
        Cause::Receipt => format!("Received {size}{of} at {at}"),
        Cause::Transfer => transferred(moved, &of, &at),
        Cause::Platform => format!("The system of {at} changed its stock{of} by {}", signed(moved.on_hand)),
        Cause::Opening => format!("First count{of} at {at}: {}", signed(moved.on_hand)),
    };
    let order = moved.order.map(|(order, _)| names.for_order(order)).unwrap_or_default();
    let note = moved.note.as_ref().map(|note| remark(note.as_str())).unwrap_or_default();
    format!("{what}{order}{note}")
}

fn promised(reserved: Change, of: &str, at: &str) -> String {
    if reserved.is_loss() {
        format!("No longer promised: {}{of} at {at}", reserved.size())
    } else {
        format!("Promised {}{of} at {at}", reserved.size())
    }
}

fn aside(unsellable: Change, of: &str, at: &str) -> String {
    if unsellable.is_loss() {
        format!("{}{of} at {at} can be sold again", unsellable.size())
    } else {
        format!("{}{of} at {at} set aside as not for sale", unsellable.size())
    }
}

fn transferred(moved: &Moved, of: &str, at: &str) -> String {
    if moved.on_hand.is_loss() {
        format!("Sent {}{of} from {at}", moved.on_hand.size())
    } else if !moved.on_hand.is_zero() {
        format!("{}{of} arrived at {at} from a transfer", moved.on_hand.size())
    } else if moved.in_transit.is_loss() {
        format!("{}{of} no longer on the way to {at}", moved.in_transit.size())
    } else {
        format!("{}{of} on the way to {at}", moved.in_transit.size())
    }
}

/// `+3`, `-2`.
fn signed(change: Change) -> String {
    if change.is_loss() { change.to_string() } else { format!("+{change}") }
}

pub(super) fn returned(names: &Names<'_>, told: Told, returned: &Returned) -> String {
    let of = returned.item.map(|item| names.of(told, item)).unwrap_or_default();
    let back = match returned.restocked {
        Some(location) => format!("put back at {}", names.location(location)),
        None => "not put back".into(),
    };
    format!("Customer returned {}{of}, {back}{}", returned.quantity, names.for_order(returned.order))
}

pub(super) fn return_put_right(names: &Names<'_>, right: &ReturnPutRight) -> String {
    let item = right.item.map_or_else(|| "nothing of ours".to_owned(), |item| names.item(item));
    let back = match right.restocked {
        Some(location) => format!("put back at {}", names.location(location)),
        None => "not put back".into(),
    };
    format!("What came back was {} of {item}, {back}{}", right.quantity, names.for_order(right.order))
}

pub(super) fn counted(names: &Names<'_>, told: Told, counted: &Counted) -> String {
    let (of, at) = (names.of(told, counted.item), names.location(counted.location));
    format!("Counted {}{of} at {at}, expected {}", counted.counted, counted.expected)
}

pub(super) fn reserved(names: &Names<'_>, told: Told, reserved: &Reserved) -> String {
    let note = reserved.note.as_ref().map(|note| remark(note.as_str())).unwrap_or_default();
    let goods = match told {
        Told::Place(item, location) => {
            let here = reserved.lines.iter().filter(|line| line.item == item && line.location == location);
            let sum = here.fold(Quantity::ZERO, |sum, line| sum.plus(line.quantity));
            format!("{sum} at {}", names.location(location))
        }
        Told::Whole => {
            let lines = reserved.lines.iter();
            let line = |line: &model::ReservedLine| {
                format!("{} of {} at {}", line.quantity, names.item(line.item), names.location(line.location))
            };
            lines.map(line).collect::<Vec<_>>().join(", ")
        }
    };
    format!("Promised {goods} until {} (reservation {}){note}", reserved.expires_at, reserved.reservation.0)
}

pub(super) fn shorted(names: &Names<'_>, told: Told, shorted: &Shorted) -> String {
    let loser = match (shorted.order, shorted.reservation) {
        (Some(order), _) => format!("Order {}", names.order(order)),
        (None, Some(reservation)) => format!("Reservation {}", reservation.0),
        (None, None) => "A promise".into(),
    };
    let (of, at) = (names.of(told, shorted.item), names.location(shorted.location));
    format!("{loser} cannot be kept: {}{of} missing at {at}", shorted.missing)
}

pub(super) fn oversold(names: &Names<'_>, told: Told, oversold: &Oversold) -> String {
    let who = oversold.channel.map(|channel| format!(" by {}", names.channel(channel))).unwrap_or_default();
    let order = oversold.order.map(|order| names.for_order(order)).unwrap_or_default();
    let why = match oversold.by {
        OversoldBy::Till => "a till sold what the books did not have",
        OversoldBy::Race => "two channels sold the same unit",
        OversoldBy::Late => "the sale was heard of late",
        OversoldBy::ShopSetting => "the shop sells on at zero",
        OversoldBy::Hub => "the shown number was wrong",
    };
    let (of, at) = (names.of(told, oversold.item), names.location(oversold.location));
    format!("{}{of} sold at {at}{who} beyond what was there{order}: {why}", oversold.units)
}

pub(super) fn decided(names: &Names<'_>, told: Told, decided: &Decided) -> String {
    let source = decided.source.map(|source| format!(" from {}", names.location(source))).unwrap_or_default();
    let answer = match decided.action {
        DecisionAction::None => "nothing to do".to_owned(),
        DecisionAction::Reserve => "hold the units".to_owned(),
        DecisionAction::Transfer => format!("bring units{source}"),
        DecisionAction::Reorder => "buy".to_owned(),
    };
    let (channel, at) = (names.channel(decided.channel), names.location(decided.location));
    let (change, of) = (signed(decided.change), names.of(told, decided.item));
    format!("{channel} asked what a change of {change}{of} at {at} calls for: {answer}")
}
