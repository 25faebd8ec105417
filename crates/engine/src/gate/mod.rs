//! The gate: how far a proposal goes, by the policy in force, the brakes, and rules that no policy can relax. Pure.
//! Called when something is proposed and again when a person has said yes; a mind never sees it.

mod limits;
mod subject;

use model::{Act, Instant, Phase, PolicyPut, Proposal, Verdict};
use policy::Sum;

use crate::state::State;

pub use limits::cost;
use subject::matters;
pub(crate) use subject::overlap;

/// A proposal lapses after this time when no rule says otherwise.
const LAPSES_MS: u64 = 72 * 3_600_000;

/// How far these acts of an agent go now.
pub(crate) fn judge(
    state: &State,
    proposal: &Proposal,
    acts: &[Act],
    at: Instant,
    local_minute: Option<u16>,
) -> Verdict {
    judge_under(state, state.governance().policy(), proposal, acts, at, local_minute)
}

/// How far these acts would go under another policy. What was done before, and the brakes, are those of the state.
pub fn judge_under(
    state: &State,
    put: Option<&PolicyPut>,
    proposal: &Proposal,
    acts: &[Act],
    at: Instant,
    local_minute: Option<u16>,
) -> Verdict {
    let governance = state.governance();
    let mut sum = Sum::default();
    for act in acts {
        for matter in matters(state, act) {
            sum.rules(put.map_or(&[], |put| &put.policy.rules), proposal.agent, &matter, at);
            governance.brakes().for_each(|brake| sum.brake(brake, proposal.agent, &matter));
        }
    }
    hard_rules(&mut sum, proposal, acts);
    if sum.phase == Phase::Automate {
        for exceeded in limits::exceeded(state, proposal, acts, &sum.limits, at, local_minute) {
            sum.at_most(Phase::Assist, &exceeded);
        }
    }
    Verdict {
        phase: sum.phase,
        policy: put.map_or(0, |put| put.version),
        rules: sum.rules,
        held_by: sum.held_by,
        approvers: sum.approvers,
        lapses_at: at.plus_ms(i64::try_from(sum.lapses_ms.unwrap_or(LAPSES_MS)).unwrap_or(i64::MAX)),
    }
}

/// Rules that come before any prediction: a policy may be stricter, never laxer.
fn hard_rules(sum: &mut Sum, proposal: &Proposal, acts: &[Act]) {
    if proposal.confidence == 0 {
        sum.at_most(Phase::Assist, "the agent does not know");
    }
    for act in acts.iter().filter(|act| act.kind().needs_person()) {
        sum.at_most(Phase::Assist, &format!("a person always decides about {}", act.kind().name()));
    }
    if acts.iter().any(|act| matches!(act, Act::Purchase { .. })) && sum.limits.money.is_none() {
        sum.at_most(Phase::Assist, "purchases without a limit of money need a person");
    }
}
