//! An agent that acts alone is put a step back when people take back what it did, or when oversells follow. Called by
//! `decide` for a timer; people alone let it act alone again.

use model::{ActKind, Agent, Brake, Fact, Note, Phase, Scope};

use crate::state::{Alike, State};

/// So many of the last acts of a kind may turn out badly.
const BAD_MOST: usize = 2;
/// And no larger a share of them, in per cent.
const BAD_PERCENT: usize = 10;

pub(in crate::decide) fn watch(state: &State) -> Vec<Fact> {
    let governance = state.governance();
    let mut next = governance.next_brake();
    let mut facts = Vec::new();
    for ((agent, kind), alike) in governance.alone().filter(|(_, alike)| is_bad(*alike)) {
        if governance.brakes().any(|brake| covers(brake, agent, kind)) {
            continue;
        }
        let reason = format!(
            "of the last {} times that {} did {} alone, {} were taken back and {} were followed by an oversell",
            alike.done,
            agent.name(),
            kind.name(),
            alike.undone,
            alike.oversold
        );
        facts.push(Fact::BrakePut(Box::new(Brake {
            id: next,
            agents: vec![agent],
            acts: vec![kind],
            scope: Scope::default(),
            phase: Phase::Assist,
            reason: Note::new(&reason),
        })));
        next = next.saturating_add(1);
    }
    facts
}

fn is_bad(alike: Alike) -> bool {
    // One that was taken back and oversold is counted twice: it is worse.
    let bad = alike.undone + alike.oversold;
    bad > BAD_MOST && bad * 100 > alike.done * BAD_PERCENT
}

/// Whether a brake keeps this agent from acting alone everywhere already.
fn covers(brake: &Brake, agent: Agent, kind: ActKind) -> bool {
    (brake.agents.is_empty() || brake.agents.contains(&agent))
        && (brake.acts.is_empty() || brake.acts.contains(&kind))
        && brake.scope == Scope::default()
}
