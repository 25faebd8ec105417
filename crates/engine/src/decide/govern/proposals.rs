//! Proposals: made, answered once, lapsed, taken back. Called by `decide`; an agent's proposal becomes facts here and
//! nowhere else.

use model::{
    Act, ActKind, Actor, Answer, Approval, Command, DoneAct, Fact, Instant, Made, Note, Phase, Proposal, ProposalId,
    Proposed, Refusal,
};

use super::{acts, must_be_person, must_say_why};
use crate::gate;
use crate::state::{OpenProposal, State};

/// Acts of one proposal.
const ACTS_MAX: usize = 200;
/// Proposals that wait at one time.
const OPEN_MAX: usize = 20_000;
/// Letters of a text.
const TEXT_MAX: usize = 2_000;
/// Reasons, and alternatives, of one proposal.
const REASONS_MAX: usize = 50;

pub(in crate::decide) fn propose(
    state: &State,
    command: &Command,
    proposal: &Proposal,
    local_minute: Option<u16>,
) -> Result<Vec<Fact>, Refusal> {
    match &command.by {
        Actor::Agent { agent, .. } if *agent == proposal.agent => {}
        _ => return Err(Refusal::Forbidden { what: "only an agent proposes, in its own name".into() }),
    }
    if state.governance().proposal_of(&proposal.key).is_some() {
        return Ok(Vec::new());
    }
    sound(state, proposal)?;
    for act in &proposal.acts {
        acts::still(state, act).map_err(stale)?;
    }
    let verdict = gate::judge(state, proposal, &proposal.acts, command.at, local_minute);
    if verdict.phase == Phase::Off {
        let why: Vec<&str> = verdict.held_by.iter().map(Note::as_str).collect();
        return Err(Refusal::Forbidden { what: format!("{} may not: {}", proposal.agent.name(), why.join("; ")) });
    }
    let id = state.governance().next_proposal();
    let mut facts = Vec::new();
    if verdict.phase > Phase::Observe {
        // Nobody is asked about what could not be done.
        for act in &proposal.acts {
            acts::perform(state, command, id, act)?;
        }
        // Programs at the door are all the copilot: none takes the place of another's.
        let waiting = state.governance().open().filter(|open| open.by == command.by);
        let same = waiting.filter(|open| overlaps(&open.proposed.proposal.acts, &proposal.acts));
        let replaced = |open: &OpenProposal| Fact::Answered {
            id: open.proposed.id,
            answer: Box::new(Answer::Replaced { by: id }),
        };
        facts.extend(same.map(replaced));
        if state.governance().open().count() >= OPEN_MAX + facts.len() {
            return Err(Refusal::NotNow { what: format!("{OPEN_MAX} proposals wait already; answer some first") });
        }
    }
    let phase = verdict.phase;
    facts.push(Fact::Proposed(Box::new(Proposed { id, proposal: proposal.clone(), verdict })));
    if phase == Phase::Automate {
        facts.extend(acted(state, command, id, &proposal.acts));
    }
    Ok(facts)
}

fn stale(what: String) -> Refusal {
    Refusal::NotNow { what: format!("what this was worked out from has changed: {what}; work it out again") }
}

fn overlaps(some: &[Act], others: &[Act]) -> bool {
    some.iter().any(|one| others.iter().any(|other| gate::overlap(one, other)))
}

/// What no agent may send, whatever it wants.
fn sound(state: &State, proposal: &Proposal) -> Result<(), Refusal> {
    let invalid = |field, problem: String| Err(Refusal::Invalid { field, problem });
    if proposal.key.is_empty() {
        return invalid("key", "is empty; it is what keeps a proposal from being made twice".into());
    }
    if proposal.seen > state.seq() {
        return invalid("seen", format!("{} has not happened yet; the journal ends at {}", proposal.seen, state.seq()));
    }
    if proposal.confidence > 10_000 {
        return invalid("confidence", "is above 10,000 hundredths of a per cent".into());
    }
    let texts = [&proposal.why, &proposal.version].into_iter().chain(&proposal.instead).chain(&proposal.flip);
    let texts = texts.chain(proposal.reasons.iter().flat_map(|reason| [&reason.name, &reason.input, &reason.adds]));
    if texts.into_iter().any(|text| text.as_str().len() > TEXT_MAX) {
        return invalid("why", format!("a text has more than {TEXT_MAX} bytes"));
    }
    if proposal.reasons.len() > REASONS_MAX || proposal.instead.len() > REASONS_MAX {
        return invalid("reasons", format!("more than {REASONS_MAX}"));
    }
    sound_acts(&proposal.acts)
}

/// One kind of act at a time, each about another thing; a document alone, because it is answered alone.
fn sound_acts(acts: &[Act]) -> Result<(), Refusal> {
    let invalid = |problem: String| Err(Refusal::Invalid { field: "acts", problem });
    let Some(first) = acts.first() else { return invalid("there are none".into()) };
    if acts.len() > ACTS_MAX {
        return invalid(format!("at most {ACTS_MAX} are possible"));
    }
    if acts.iter().any(|act| act.kind() != first.kind()) {
        return invalid("are of several kinds; propose each kind by itself".into());
    }
    if acts.len() > 1 && matches!(first.kind(), ActKind::Purchase | ActKind::Transfer) {
        return invalid("a purchase or transfer is proposed alone".into());
    }
    for (place, act) in acts.iter().enumerate() {
        if acts[..place].iter().any(|other| gate::overlap(act, other)) {
            return invalid("two of them are about the same thing".into());
        }
    }
    Ok(())
}

/// Effects first, then what became of each act.
fn acted(state: &State, command: &Command, id: ProposalId, wanted: &[Act]) -> Vec<Fact> {
    let (mut facts, mut done) = (Vec::new(), Vec::with_capacity(wanted.len()));
    for act in wanted {
        let made = match acts::still(state, act) {
            Ok(()) => match acts::perform(state, command, id, act) {
                Ok((effects, made)) => {
                    facts.extend(effects);
                    made
                }
                Err(refusal) => Made::Nothing(Note::new(&refusal.to_string())),
            },
            Err(changed) => Made::Nothing(Note::new(&changed)),
        };
        done.push(DoneAct { act: act.clone(), made });
    }
    facts.push(Fact::Acted { id, acts: done });
    facts
}

pub(in crate::decide) fn answer(
    state: &State,
    command: &Command,
    id: ProposalId,
    answer: &Answer,
) -> Result<Vec<Fact>, Refusal> {
    must_be_person(&command.by, "answering a proposal")?;
    let open = waiting(state, id)?;
    if is_proposer(open, &command.by) {
        return Err(Refusal::Forbidden { what: "who asked for it cannot approve it; somebody else must".into() });
    }
    if command.at >= open.proposed.verdict.lapses_at {
        return Err(Refusal::NotNow { what: format!("{id} has lapsed; it is proposed again when it is still wanted") });
    }
    match answer {
        Answer::Approved(approval) => approve(state, command, open, approval),
        Answer::Rejected { reason, role, .. } => {
            must_say_why(reason)?;
            must_hold(role, &open.proposed.verdict.approvers)?;
            Ok(vec![Fact::Answered { id, answer: Box::new(answer.clone()) }])
        }
        Answer::Lapsed | Answer::Stale { .. } | Answer::Replaced { .. } => {
            Err(Refusal::Invalid { field: "answer", problem: "is yes or no".into() })
        }
    }
}

fn approve(state: &State, command: &Command, open: &OpenProposal, approval: &Approval) -> Result<Vec<Fact>, Refusal> {
    let Proposed { id, proposal, verdict } = &open.proposed;
    let wanted = approval.instead.as_deref().unwrap_or(&proposal.acts);
    if approval.instead.is_some() {
        sound_acts(wanted)?;
        if wanted.first().map(Act::kind) != proposal.acts.first().map(Act::kind) {
            return Err(Refusal::Invalid { field: "instead", problem: "is another kind of act than proposed".into() });
        }
        must_say_why(&approval.reason)?;
    }
    // The policy of now counts, for what is done now; and whoever was asked then must be able to answer.
    let now = gate::judge(state, proposal, wanted, command.at, None);
    if now.phase < Phase::Assist {
        let why: Vec<&str> = now.held_by.iter().map(Note::as_str).collect();
        return Err(Refusal::NotNow { what: format!("it may not be done any more: {}", why.join("; ")) });
    }
    must_hold(&approval.role, &verdict.approvers)?;
    must_hold(&approval.role, &now.approvers)?;
    let changed: Vec<String> = wanted.iter().filter_map(|act| acts::still(state, act).err()).collect();
    if changed.len() == wanted.len() {
        let what = Note::new(&changed.join("; "));
        return Ok(vec![Fact::Answered { id: *id, answer: Box::new(Answer::Stale { what }) }]);
    }
    let mut facts = vec![Fact::Answered { id: *id, answer: Box::new(Answer::Approved(approval.clone())) }];
    facts.extend(acted(state, command, *id, wanted));
    Ok(facts)
}

fn waiting(state: &State, id: ProposalId) -> Result<&OpenProposal, Refusal> {
    match state.governance().waiting(id) {
        Some(open) => Ok(open),
        None if state.governance().was_proposed(id) => {
            Err(Refusal::NotNow { what: format!("{id} does not wait for an answer (any more)") })
        }
        None => Err(Refusal::Unknown { what: id.to_string() }),
    }
}

fn is_proposer(open: &OpenProposal, by: &Actor) -> bool {
    match (&open.by, by) {
        (Actor::Agent { through: Some(through), .. }, Actor::Person(name) | Actor::Key(name)) => through == name,
        _ => false,
    }
}

fn must_hold(role: &Note, approvers: &[Note]) -> Result<(), Refusal> {
    if approvers.is_empty() || approvers.contains(role) {
        return Ok(());
    }
    let names: Vec<&str> = approvers.iter().map(Note::as_str).collect();
    Err(Refusal::Forbidden { what: format!("it is for {} to answer", names.join(" or ")) })
}

pub(in crate::decide) fn snooze(
    state: &State,
    command: &Command,
    id: ProposalId,
    until: Instant,
) -> Result<Vec<Fact>, Refusal> {
    must_be_person(&command.by, "putting a proposal off")?;
    let lapses_at = waiting(state, id)?.proposed.verdict.lapses_at;
    if until <= command.at || until >= lapses_at {
        let problem = format!("must lie ahead, and before the proposal lapses ({lapses_at})");
        return Err(Refusal::Invalid { field: "until", problem });
    }
    Ok(vec![Fact::Snoozed { id, until }])
}

pub(in crate::decide) fn lapse(state: &State, command: &Command, max: usize) -> Vec<Fact> {
    let over = state.governance().open().filter(|open| open.proposed.verdict.lapses_at <= command.at);
    over.take(max).map(|open| Fact::Answered { id: open.proposed.id, answer: Box::new(Answer::Lapsed) }).collect()
}

pub(in crate::decide) fn undo(
    state: &State,
    command: &Command,
    id: ProposalId,
    reason: &Note,
) -> Result<Vec<Fact>, Refusal> {
    must_be_person(&command.by, "taking an act back")?;
    must_say_why(reason)?;
    let Some(done) = state.governance().done(id) else {
        let known = state.governance().was_proposed(id);
        let nothing = format!("{id} has done nothing that could be taken back (any more)");
        return Err(if known { Refusal::NotNow { what: nothing } } else { Refusal::Unknown { what: id.to_string() } });
    };
    if done.acts.iter().all(|done| matches!(done.made, Made::Nothing(_))) {
        return Err(Refusal::NotNow { what: format!("{id} did nothing, so there is nothing to take back") });
    }
    if done.undone {
        return Err(Refusal::NotNow { what: format!("{id} was taken back already") });
    }
    let (mut facts, mut results) = (Vec::new(), Vec::with_capacity(done.acts.len()));
    for act in &done.acts {
        let (effects, result) = acts::undo(state, command, done.at, act, reason);
        facts.extend(effects);
        results.push(result);
    }
    facts.push(Fact::ActsUndone { id, acts: results, reason: reason.clone() });
    Ok(facts)
}
