//! Sentences about what agents propose and what becomes of it.

use model::{Act, Answer, Brake, DoneAct, Made, Money, Note, Phase, ProposalId, Proposed, Undone};

use super::{Names, remark};

/// What would be done, as an order: "buy 5 of CAP-1 from Hats & Co for B".
pub(crate) fn act(names: &Names<'_>, act: &Act) -> String {
    match act {
        Act::SetBuffer { item, channel, was, to } => {
            format!("let {} leave {to} of {} unsold (now {was})", names.channel(*channel), names.item(*item))
        }
        Act::SetSafety { item, location, was, to } => {
            let (item, location) = (names.item(*item), names.location(*location));
            format!("set the safety stock of {item} at {location} to {to} (now {was})")
        }
        Act::Purchase { purchase, .. } => {
            let lines = purchase.lines.iter().map(|line| format!("{} of {}", line.quantity, names.item(line.item)));
            let lines = some(lines.collect());
            format!("buy {lines} from {} for {}", purchase.supplier, names.location(purchase.location))
        }
        Act::Transfer { from, to, lines, .. } => {
            let lines = lines.iter().map(|(item, quantity)| format!("{quantity} of {}", names.item(*item)));
            let lines = some(lines.collect());
            format!("bring {lines} from {} to {}", names.location(*from), names.location(*to))
        }
        Act::LinkCustomers { one, other } => {
            format!("take {} for one person", super::mapping::pair(names, one, other))
        }
        Act::MapItem { channel, external, to, .. } => {
            let what = to.map_or_else(|| "no item of ours".to_owned(), |item| names.item(item));
            format!("take {external} on {} for {what}", names.channel(*channel))
        }
        Act::SetPrice { item, was, to } => {
            let was = was.map_or_else(|| "no price".to_owned(), money);
            format!("set the price of {} to {} (now {was})", names.item(*item), money(*to))
        }
        Act::OverrideCount { item, location, was, to } => {
            let (item, location) = (names.item(*item), names.location(*location));
            format!("set the stock of {item} at {location} to {to} (now {was})")
        }
        Act::WriteHeld { channel, item, location, shown, wanted } => {
            let (channel, item) = (names.channel(*channel), names.item(*item));
            format!("tell {channel} {wanted} of {item} at {} (it shows {shown})", names.location(*location))
        }
    }
}

fn money(money: Money) -> String {
    format!("{} {}", money.to_decimal(), money.currency.code())
}

/// The first three, and how many more.
fn some(mut parts: Vec<String>) -> String {
    let more = parts.len().saturating_sub(3);
    parts.truncate(3);
    let parts = parts.join(", ");
    if more > 0 { format!("{parts} and {more} more") } else { parts }
}

pub(super) fn made(names: &Names<'_>, put: &Proposed) -> String {
    let what = some(put.proposal.acts.iter().map(|one| act(names, one)).collect());
    let how = match put.verdict.phase {
        Phase::Off | Phase::Observe => "would",
        Phase::Assist => "asks to",
        Phase::Automate => "may",
    };
    format!("Proposal {}: the {} agent {how} {what}", put.id.0, put.proposal.agent.name())
}

pub(super) fn answered(id: ProposalId, answer: &Answer) -> String {
    let how = match answer {
        Answer::Approved(approval) => {
            let changed = if approval.instead.is_some() { ", changed" } else { "" };
            format!("was approved{}{changed}{}", role(&approval.role), remark(approval.reason.as_str()))
        }
        Answer::Rejected { role: by, reason, .. } => format!("was rejected{}{}", role(by), remark(reason.as_str())),
        Answer::Lapsed => "lapsed: nobody answered".to_owned(),
        Answer::Stale { what } => {
            format!("was dropped, because what it was about has changed{}", remark(what.as_str()))
        }
        Answer::Replaced { by } => format!("gave way to proposal {}", by.0),
    };
    format!("Proposal {} {how}", id.0)
}

fn role(role: &Note) -> String {
    if role.is_empty() { String::new() } else { format!(" as {role}") }
}

pub(super) fn acted(id: ProposalId, acts: &[DoneAct]) -> String {
    let failed: Vec<&str> = acts
        .iter()
        .filter_map(|done| match &done.made {
            Made::Nothing(why) => Some(why.as_str()),
            Made::Set | Made::Transfer(_) | Made::Instruction(_) => None,
        })
        .collect();
    match failed.as_slice() {
        [] => format!("Proposal {} was carried out", id.0),
        some if some.len() == acts.len() => format!("Proposal {} could not be carried out: {}", id.0, some.join("; ")),
        some => {
            let done = acts.len() - some.len();
            format!("Proposal {}: {done} of {} were carried out; the rest not: {}", id.0, acts.len(), some.join("; "))
        }
    }
}

pub(super) fn undone(id: ProposalId, acts: &[Undone], reason: &Note) -> String {
    let reversed = acts.iter().filter(|undone| **undone == Undone::Reversed).count();
    let rest: Vec<&str> = acts
        .iter()
        .filter_map(|undone| match undone {
            Undone::Kept { because } | Undone::Impossible { because } => Some(because.as_str()),
            Undone::Reversed | Undone::Nothing => None,
        })
        .collect();
    let what = if rest.is_empty() {
        "was taken back".to_owned()
    } else {
        format!("was taken back in {reversed} of {} parts ({})", acts.len(), rest.join("; "))
    };
    format!("Proposal {} {what}{}", id.0, remark(reason.as_str()))
}

pub(super) fn braked(brake: &Brake) -> String {
    let agents = match brake.agents.as_slice() {
        [] => "All agents".to_owned(),
        some => some.iter().map(|agent| agent.name()).collect::<Vec<_>>().join(", "),
    };
    let how = match brake.phase {
        Phase::Off => "stopped".to_owned(),
        phase => format!("put back to {}", phase.name()),
    };
    format!("Brake {}: {agents} {how}{}", brake.id, remark(brake.reason.as_str()))
}
