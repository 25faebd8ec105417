//! What is sound but probably not meant. Called when a policy is checked and before it comes into force; none of it
//! keeps a policy from being taken.

use model::{ActKind, Instant, Note, Phase, Policy, Rule};

/// Names that the hub knows, to find those that it does not.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Locations.
    pub stores: Vec<Note>,
    /// Channels.
    pub channels: Vec<Note>,
    /// Categories of items.
    pub categories: Vec<Note>,
    /// Roles of people; empty = not known here.
    pub roles: Vec<Note>,
    /// Now.
    pub now: Instant,
}

/// Warnings, in the order of the rules: a sentence each. With no names known, names are not looked at.
pub fn lint(policy: &Policy, known: Option<&Known>) -> Vec<String> {
    let mut warnings = Vec::new();
    for rule in &policy.rules {
        let mut warn = |text: String| warnings.push(format!("rule “{}”: {text}", rule.name));
        automatic(rule, &mut warn);
        if rule.phase == Phase::Assist && limited(rule) {
            warn(
                "its limits do nothing: they are those of acting alone, and in assist a person is always asked".into(),
            );
        }
        if let Some(known) = known {
            unknown(rule, known, &mut warn);
        }
    }
    warnings.extend(apart(policy));
    warnings
}

fn limited(rule: &Rule) -> bool {
    rule.limits != model::Limits { new_supplier: rule.limits.new_supplier, ..Default::default() }
}

fn automatic(rule: &Rule, warn: &mut impl FnMut(String)) {
    if rule.phase != Phase::Automate {
        return;
    }
    let covers = |act: ActKind| rule.acts.is_empty() || rule.acts.contains(&act);
    let people: Vec<&str> =
        ActKind::ALL.into_iter().filter(|act| covers(*act) && act.needs_person()).map(ActKind::name).collect();
    if !people.is_empty() && !rule.acts.is_empty() {
        warn(format!("a person always decides about {}: automate is no more than assist there", people.join(", ")));
    }
    if rule.acts.is_empty() {
        warn("names no acts, so it lets every act happen by itself; name those that are meant".into());
    }
    if rule.limits.confidence.is_none() {
        warn("has no least confidence: whatever the agent is not sure of happens too".into());
    }
    if covers(ActKind::Purchase) && rule.limits.money.is_none() {
        warn("has no limit of money: purchases go to a person".into());
    }
    if covers(ActKind::SetPrice) && rule.limits.change_percent.is_none() {
        warn("has no largest change of a price (change_percent)".into());
    }
    if covers(ActKind::SetPrice) && rule.limits.per_hour.is_none() {
        warn("has no limit by the hour (per_hour): small changes of a price may follow each other".into());
    }
}

fn unknown(rule: &Rule, known: &Known, warn: &mut impl FnMut(String)) {
    let lists = [
        ("store", &rule.scope.stores, &known.stores),
        ("channel", &rule.scope.channels, &known.channels),
        ("category", &rule.scope.categories, &known.categories),
        ("role", &rule.approvers, &known.roles),
    ];
    for (what, named, there) in lists {
        if what == "role" && there.is_empty() {
            continue;
        }
        for name in named.iter().filter(|name| !there.contains(name)) {
            warn(format!("there is no {what} “{name}”"));
        }
    }
    if rule.until.is_some_and(|until| until <= known.now) {
        warn("has ended: it matches nothing any more".into());
    }
}

/// Two rules about the same thing whose approvers have no role in common leave the decision to the last resort.
fn apart(policy: &Policy) -> Vec<String> {
    let mut warnings = Vec::new();
    for (place, one) in policy.rules.iter().enumerate() {
        for two in &policy.rules[place + 1..] {
            let meet = meets(&one.agents, &two.agents) && meets(&one.acts, &two.acts);
            let both = !one.approvers.is_empty() && !two.approvers.is_empty();
            if meet && one.scope == two.scope && both && !meets(&one.approvers, &two.approvers) {
                warnings.push(format!(
                    "rules “{}” and “{}” meet, and no role may approve under both: an admin must",
                    one.name, two.name
                ));
            }
        }
    }
    warnings
}

fn meets<T: PartialEq>(one: &[T], two: &[T]) -> bool {
    one.is_empty() || two.is_empty() || one.iter().any(|value| two.contains(value))
}
