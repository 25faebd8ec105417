//! Samples of the pages about who may act.

use jiff::tz::TimeZone;
use model::{
    Act, Agent, Answer, Approval, ChannelId, Currency, DoneAct, IdempotencyKey, Instant, ItemId, Level, Made, Money,
    Note, Phase, Proposal, ProposalId, Proposed, Quantity, Reason, Seq, Undone, Verdict,
};
use views::{ProposalRow, ProposalState};

use super::samples::{Size, text};
use crate::dashboard::approvals::{ApprovalPage, ApprovalsPage};
use crate::dashboard::policy::{BrakeLine, Draft, PolicyPage, VersionLine};

const NOW: Instant = Instant(1_764_000_000_000);

fn note(size: Size, ordinary: &str) -> Note {
    Note::new(&text(size, ordinary))
}

fn row(size: Size, state: ProposalState, id: u64) -> ProposalRow {
    let (item, channel, was) = (ItemId(3), ChannelId(0), Quantity::ZERO);
    let acts = vec![
        Act::SetBuffer { item, channel, was, to: Quantity::units(3) },
        Act::WriteHeld {
            channel,
            item,
            location: model::LocationId(0),
            shown: Level::units(900),
            wanted: Level::units(4),
        },
    ];
    let done = |act: &Act| DoneAct { act: act.clone(), made: Made::Nothing(note(size, "the channel is read-only")) };
    let approval = Approval {
        role: note(size, "manager"),
        way: Note::new("page"),
        instead: Some(acts.clone()),
        reason: note(size, "fewer will do"),
    };
    let euros = Money { minor: 125_000, currency: Currency::parse("EUR").expect("a code") };
    ProposalRow {
        at: NOW,
        by_words: text(size, "the allocation agent"),
        acts_words: acts.iter().map(|_| text(size, "let web leave 3 of Mug unsold (now 0)")).collect(),
        state,
        answer: Some((Answer::Approved(approval), NOW, text(size, "mara"))),
        acted: Some((acts.iter().map(done).collect(), NOW)),
        undone: Some((vec![Undone::Kept { because: note(size, "it was counted since") }], NOW, text(size, "ben"))),
        proposed: Proposed {
            id: ProposalId(id),
            proposal: Proposal {
                agent: Agent::Allocation,
                version: note(size, "3"),
                key: IdempotencyKey::new("k"),
                acts,
                seen: Seq(9),
                confidence: 9_300,
                value: Some(euros),
                why: note(size, "the web shop oversold it twice"),
                reasons: vec![Reason { name: note(size, "oversold"), input: note(size, "2"), adds: note(size, "+1") }],
                instead: vec![note(size, "do nothing")],
                flip: Some(note(size, "none oversold")),
            },
            verdict: Verdict {
                phase: Phase::Assist,
                policy: 2,
                rules: vec![note(size, "buffers")],
                held_by: vec![note(size, "11 of one item are more than 10")],
                approvers: vec![note(size, "manager")],
                lapses_at: NOW,
            },
        },
    }
}

pub(super) fn approvals(size: Size) -> ApprovalsPage {
    let rows = match size {
        Size::Empty => Vec::new(),
        Size::Ordinary | Size::Extreme => {
            (1..).zip(ProposalState::ALL).map(|(id, state)| row(size, state, id)).collect()
        }
    };
    ApprovalsPage::waiting(NOW, TimeZone::UTC, rows)
}

pub(super) fn approval(size: Size) -> ApprovalPage {
    let state = if size == Size::Empty { ProposalState::Waiting } else { ProposalState::Done };
    ApprovalPage { now: NOW, zone: TimeZone::UTC, row: row(size, state, 7) }
}

pub(super) fn policy(size: Size) -> PolicyPage {
    let lines = |ordinary: &str| if size == Size::Empty { Vec::new() } else { vec![text(size, ordinary)] };
    let version = |version| VersionLine {
        version,
        text: text(size, "[[rule]]"),
        reason: text(size, "the pilot"),
        by: text(size, "mara"),
        at: NOW,
    };
    let brake =
        |id, phase| BrakeLine { id, covers: text(size, "all agents"), phase, reason: text(size, "it went wrong") };
    PolicyPage {
        now: NOW,
        zone: TimeZone::UTC,
        version: u32::from(size != Size::Empty),
        warnings: lines("it has no limit"),
        draft: Draft {
            text: text(size, "[[rule]]"),
            reason: text(size, "the pilot"),
            flaws: lines("line 3: it is wrong"),
            warnings: lines("there is no store “Atlantis”"),
            changes: lines("~ rule"),
            checked: true,
        },
        versions: if size == Size::Empty { Vec::new() } else { vec![version(1), version(2)] },
        brakes: if size == Size::Empty { Vec::new() } else { vec![brake(1, Phase::Off), brake(2, Phase::Assist)] },
    }
}
