//! What changes from one policy to another, rule by rule. Called by pages, the command line and the audit.

use model::{Note, Policy, Rule};

/// One rule's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Not there before.
    Added(Note),
    /// Not there any more.
    Removed(Note),
    /// There under the same name, and different in these fields.
    Changed {
        /// Name.
        rule: Note,
        /// Field, before, after; in words.
        fields: Vec<(&'static str, String, String)>,
    },
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Added(name) => write!(f, "+ {name}"),
            Self::Removed(name) => write!(f, "- {name}"),
            Self::Changed { rule, fields } => {
                write!(f, "~ {rule}")?;
                fields.iter().try_for_each(|(field, before, after)| write!(f, "\n    {field}: {before} → {after}"))
            }
        }
    }
}

/// Every change, in the order of the old policy, then of the new.
pub fn diff(before: &Policy, after: &Policy) -> Vec<Change> {
    let find = |policy: &'_ Policy, name: &Note| policy.rules.iter().find(|rule| rule.name == *name).cloned();
    let mut changes: Vec<Change> = before
        .rules
        .iter()
        .filter_map(|old| match find(after, &old.name) {
            None => Some(Change::Removed(old.name.clone())),
            Some(new) if new == *old => None,
            Some(new) => Some(Change::Changed { rule: old.name.clone(), fields: fields(old, &new) }),
        })
        .collect();
    let added = after.rules.iter().filter(|new| find(before, &new.name).is_none());
    changes.extend(added.map(|new| Change::Added(new.name.clone())));
    changes
}

fn fields(old: &Rule, new: &Rule) -> Vec<(&'static str, String, String)> {
    let all = [
        ("agents", words(&old.agents, |a| a.name().to_owned()), words(&new.agents, |a| a.name().to_owned())),
        ("acts", words(&old.acts, |a| a.name().to_owned()), words(&new.acts, |a| a.name().to_owned())),
        ("stores", words(&old.scope.stores, Note::to_string), words(&new.scope.stores, Note::to_string)),
        ("channels", words(&old.scope.channels, Note::to_string), words(&new.scope.channels, Note::to_string)),
        ("categories", words(&old.scope.categories, Note::to_string), words(&new.scope.categories, Note::to_string)),
        ("items", words(&old.scope.items, Note::to_string), words(&new.scope.items, Note::to_string)),
        ("phase", old.phase.name().to_owned(), new.phase.name().to_owned()),
        ("confidence", percent(old.limits.confidence), percent(new.limits.confidence)),
        ("money", money(old.limits.money), money(new.limits.money)),
        ("quantity", some(old.limits.quantity), some(new.limits.quantity)),
        ("change_percent", some(old.limits.change_percent), some(new.limits.change_percent)),
        ("per_hour", some(old.limits.per_hour), some(new.limits.per_hour)),
        ("hours", hours(old.limits.hours), hours(new.limits.hours)),
        ("new_supplier", old.limits.new_supplier.to_string(), new.limits.new_supplier.to_string()),
        ("approvers", words(&old.approvers, Note::to_string), words(&new.approvers, Note::to_string)),
        ("lapses", minutes(old.lapses_ms), minutes(new.lapses_ms)),
        ("until", some(old.until), some(new.until)),
    ];
    all.into_iter().filter(|(_, before, after)| before != after).collect()
}

fn words<T>(values: &[T], word: impl Fn(&T) -> String) -> String {
    if values.is_empty() { "any".to_owned() } else { values.iter().map(word).collect::<Vec<_>>().join(", ") }
}

fn some<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

fn percent(value: Option<u16>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| format!("{}.{:02} %", value / 100, value % 100))
}

fn money(value: Option<model::Money>) -> String {
    some(value.map(|money| format!("{} {}", money.to_decimal(), money.currency.code())))
}

fn hours(value: Option<(u16, u16)>) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    some(value.map(|(from, to)| format!("{}-{}", time(from), time(to))))
}

fn minutes(value: Option<u64>) -> String {
    some(value.map(|ms| format!("{} min", ms / 60_000)))
}
