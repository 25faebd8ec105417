//! What rules and brakes add up to: the strictest of everything. Called by the engine for each proposal.

use model::{ActKind, Agent, Brake, Instant, Limits, Money, Note, Phase, Rule, Scope};

use crate::times::common;

/// Who may approve when two rules name no role in common.
const LAST_RESORT: &str = "admin";

/// One thing that an act is about, in the words that policies are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matter<'a> {
    /// What is done.
    pub act: ActKind,
    /// Name of the location.
    pub store: Option<&'a str>,
    /// Name of the channel.
    pub channel: Option<&'a str>,
    /// The item's category.
    pub category: Option<&'a str>,
    /// The item's SKU.
    pub sku: Option<&'a str>,
}

impl Matter<'_> {
    /// "for CAP-1 at London on web".
    pub fn place(&self) -> String {
        let parts = [self.sku.map(|sku| format!("for {sku}")), self.store.map(|at| format!("at {at}"))];
        let on = self.channel.map(|on| format!("on {on}"));
        parts.into_iter().flatten().chain(on).collect::<Vec<_>>().join(" ")
    }
}

/// What was added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The strictest phase; [`Phase::Automate`] before anything was added.
    pub phase: Phase,
    /// The strictest of each limit.
    pub limits: Limits,
    /// Names of the rules that spoke.
    pub rules: Vec<Note>,
    /// What held it back, in words.
    pub held_by: Vec<Note>,
    /// Roles that every rule with approvers names; empty = any approver.
    pub approvers: Vec<Note>,
    /// The shortest time to an answer, milliseconds.
    pub lapses_ms: Option<u64>,
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            phase: Phase::Automate,
            // Every rule must allow a new supplier for one to be allowed.
            limits: Limits { new_supplier: true, ..Limits::default() },
            rules: Vec::new(),
            held_by: Vec::new(),
            approvers: Vec::new(),
            lapses_ms: None,
        }
    }
}

impl Sum {
    /// Goes no further than this, for this reason.
    pub fn at_most(&mut self, phase: Phase, because: &str) {
        if phase < Phase::Automate {
            let because = Note::new(because);
            if !self.held_by.contains(&because) {
                self.held_by.push(because);
            }
        }
        self.phase = self.phase.min(phase);
    }

    /// Adds what the rules say about one thing. Where none speaks, the agent observes.
    pub fn rules(&mut self, rules: &[Rule], agent: Agent, matter: &Matter<'_>, at: Instant) {
        let mut any = false;
        for rule in rules.iter().filter(|rule| speaks(rule, agent, matter, at)) {
            any = true;
            self.take(rule);
        }
        if !any {
            let what = format!("no rule lets {} {} {}", agent.name(), matter.act.name(), matter.place());
            self.at_most(Phase::Observe, &what);
        }
    }

    /// Adds a brake, if it covers this.
    pub fn brake(&mut self, brake: &Brake, agent: Agent, matter: &Matter<'_>) {
        if covers(&brake.agents, agent) && covers(&brake.acts, matter.act) && holds(&brake.scope, matter) {
            self.at_most(brake.phase, &format!("stopped: {}", brake.reason));
        }
    }

    fn take(&mut self, rule: &Rule) {
        if self.rules.contains(&rule.name) {
            return;
        }
        if rule.phase < Phase::Automate {
            self.at_most(rule.phase, &format!("rule “{}” says {}", rule.name, rule.phase.name()));
        }
        tighten(&mut self.limits, &rule.limits);
        self.approvers = common_roles(&self.approvers, &rule.approvers);
        self.lapses_ms = least(self.lapses_ms, rule.lapses_ms);
        self.rules.push(rule.name.clone());
    }
}

fn common_roles(before: &[Note], named: &[Note]) -> Vec<Note> {
    match (before, named) {
        ([], named) => named.to_vec(),
        (before, []) => before.to_vec(),
        (before, named) => {
            let both: Vec<Note> = before.iter().filter(|role| named.contains(role)).cloned().collect();
            if both.is_empty() { vec![Note::new(LAST_RESORT)] } else { both }
        }
    }
}

/// Whether a rule speaks about this at that time.
pub fn speaks(rule: &Rule, agent: Agent, matter: &Matter<'_>, at: Instant) -> bool {
    rule.until.is_none_or(|until| at < until)
        && covers(&rule.agents, agent)
        && covers(&rule.acts, matter.act)
        && holds(&rule.scope, matter)
}

fn covers<T: PartialEq>(named: &[T], one: T) -> bool {
    named.is_empty() || named.contains(&one)
}

fn holds(scope: &Scope, matter: &Matter<'_>) -> bool {
    let named = |names: &[Note], name: Option<&str>| {
        names.is_empty() || name.is_some_and(|name| names.iter().any(|one| one.as_str() == name))
    };
    let item = |sku: &str| scope.items.iter().any(|pattern| fits(pattern.as_str(), sku));
    named(&scope.stores, matter.store)
        && named(&scope.channels, matter.channel)
        && named(&scope.categories, matter.category)
        && (scope.items.is_empty() || matter.sku.is_some_and(item))
}

fn fits(pattern: &str, sku: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => sku.starts_with(start),
        None => pattern == sku,
    }
}

/// The stricter of each.
fn tighten(limits: &mut Limits, other: &Limits) {
    limits.confidence = limits.confidence.max(other.confidence);
    limits.money = match (limits.money, other.money) {
        // Amounts in two currencies cannot be compared: neither is enough.
        (Some(one), Some(two)) if one.currency != two.currency => Some(Money { minor: 0, ..one }),
        (Some(one), Some(two)) => Some(if one.minor <= two.minor { one } else { two }),
        (one, two) => one.or(two),
    };
    limits.quantity = least(limits.quantity, other.quantity);
    limits.change_percent = least(limits.change_percent, other.change_percent);
    limits.per_hour = least(limits.per_hour, other.per_hour);
    limits.hours = match (limits.hours, other.hours) {
        (Some(one), Some(two)) => Some(common(one, two)),
        (one, two) => one.or(two),
    };
    limits.new_supplier &= other.new_supplier;
}

fn least<T: Ord>(one: Option<T>, two: Option<T>) -> Option<T> {
    match (one, two) {
        (Some(one), Some(two)) => Some(one.min(two)),
        (one, two) => one.or(two),
    }
}
