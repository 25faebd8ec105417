//! A policy comes into force, a brake is pulled or lifted, an item gets a category. Called by `decide`; how a policy is
//! written is not known here.

use model::{
    ActKind, Actor, Agent, Brake, Command, Fact, ItemId, Note, Phase, Policy, PolicyPut, Refusal, Rule, Scope,
};

use super::{must_be_person, must_say_why};
use crate::state::State;

/// Rules of one policy.
const RULES_MAX: usize = 1_000;
/// Letters of a policy as it was written.
const TEXT_MAX: usize = 200_000;
/// Brakes that hold at one time.
const BRAKES_MAX: usize = 1_000;

pub(in crate::decide) fn put_policy(
    state: &State,
    command: &Command,
    base: u32,
    policy: &Policy,
    text: &Note,
    reason: &Note,
) -> Result<Vec<Fact>, Refusal> {
    must_be_person(&command.by, "changing a policy")?;
    must_say_why(reason)?;
    let now = state.governance().policy();
    let version = now.map_or(0, |put| put.version);
    if now.is_some_and(|put| put.policy == *policy && put.text == *text) {
        return Ok(Vec::new());
    }
    if base != version {
        let what = format!("the policy was changed meanwhile: version {version} holds, not {base}; make it from that");
        return Err(Refusal::NotNow { what });
    }
    if policy.rules.len() > RULES_MAX || text.as_str().len() > TEXT_MAX {
        let problem = format!("at most {RULES_MAX} rules in {TEXT_MAX} letters are possible");
        return Err(Refusal::Invalid { field: "policy", problem });
    }
    for (place, rule) in policy.rules.iter().enumerate() {
        sound(rule)?;
        if policy.rules[..place].iter().any(|other| other.name == rule.name) {
            let problem = format!("two rules are called “{}”; a name tells them apart", rule.name);
            return Err(Refusal::Invalid { field: "name", problem });
        }
    }
    let put = PolicyPut { version: version + 1, policy: policy.clone(), text: text.clone(), reason: reason.clone() };
    Ok(vec![Fact::PolicyPut(Box::new(put))])
}

fn sound(rule: &Rule) -> Result<(), Refusal> {
    let invalid =
        |field, problem: &str| Err(Refusal::Invalid { field, problem: format!("rule “{}”: {problem}", rule.name) });
    if rule.name.is_empty() {
        return Err(Refusal::Invalid { field: "name", problem: "a rule has none".into() });
    }
    if rule.limits.confidence.is_some_and(|confidence| confidence > 10_000) {
        return invalid("confidence", "is above 1");
    }
    if rule.limits.hours.is_some_and(|(from, to)| from >= 1_440 || to >= 1_440) {
        return invalid("hours", "a day ends at 23:59");
    }
    if rule.limits.money.is_some_and(|money| money.minor < 0) {
        return invalid("money", "is below zero");
    }
    Ok(())
}

pub(in crate::decide) fn put_brake(
    state: &State,
    command: &Command,
    agents: &[Agent],
    acts: &[ActKind],
    scope: &Scope,
    phase: Phase,
    reason: &Note,
) -> Result<Vec<Fact>, Refusal> {
    // The hub itself may take a step back, never forward.
    if command.by != Actor::System {
        must_be_person(&command.by, "pulling a brake")?;
    }
    must_say_why(reason)?;
    if phase == Phase::Automate {
        return Err(Refusal::Invalid { field: "phase", problem: "is no step back; lift a brake instead".into() });
    }
    let same =
        |brake: &&Brake| brake.agents == agents && brake.acts == acts && brake.scope == *scope && brake.phase == phase;
    if state.governance().brakes().any(|brake| same(&brake)) {
        return Ok(Vec::new());
    }
    if state.governance().brakes().count() >= BRAKES_MAX {
        return Err(Refusal::NotNow { what: format!("{BRAKES_MAX} brakes hold already; lift some first") });
    }
    let id = state.governance().next_brake();
    let brake =
        Brake { id, agents: agents.to_vec(), acts: acts.to_vec(), scope: scope.clone(), phase, reason: reason.clone() };
    Ok(vec![Fact::BrakePut(Box::new(brake))])
}

pub(in crate::decide) fn lift_brake(
    state: &State,
    command: &Command,
    id: u32,
    reason: &Note,
) -> Result<Vec<Fact>, Refusal> {
    must_be_person(&command.by, "lifting a brake")?;
    must_say_why(reason)?;
    match state.governance().brake(id) {
        Some(_) => Ok(vec![Fact::BrakeLifted { id, reason: reason.clone() }]),
        None => Err(Refusal::Unknown { what: format!("brake {id}") }),
    }
}

pub(in crate::decide) fn categorise(state: &State, item: ItemId, category: &Note) -> Result<Vec<Fact>, Refusal> {
    if state.catalogue.item(item).is_none() {
        return Err(Refusal::Unknown { what: item.to_string() });
    }
    let now = state.governance().category(item).map_or("", |category| category.as_str());
    let same = now == category.as_str();
    Ok(if same { Vec::new() } else { vec![Fact::Categorised { item, category: category.clone() }] })
}
