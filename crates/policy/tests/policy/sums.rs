//! What rules add up to is never laxer than any of them.

use model::{ActKind, Agent, Brake, Instant, Limits, Note, Phase, Quantity, Rule, Scope};
use policy::{Matter, Sum, speaks};
use proptest::prelude::*;

fn names() -> impl Strategy<Value = Vec<Note>> {
    prop::collection::vec(prop_oneof!["a", "b", "c"].prop_map(|name| Note::new(&name)), 0..3)
}

fn a_rule() -> impl Strategy<Value = Rule> {
    let phase = prop::sample::select(vec![Phase::Off, Phase::Observe, Phase::Assist, Phase::Automate]);
    let agents = prop::collection::vec(prop::sample::select(vec![Agent::Pricing, Agent::Identity]), 0..2);
    let acts = prop::collection::vec(prop::sample::select(vec![ActKind::SetPrice, ActKind::SetBuffer]), 0..2);
    let scope = (names(), names()).prop_map(|(stores, items)| Scope { stores, items, ..Scope::default() });
    let limits = (prop::option::of(0..10_001_u16), prop::option::of(0..50_u32), any::<bool>());
    (phase, agents, acts, scope, limits, names(), prop::option::of(0..3_i64), any::<u32>()).prop_map(
        |(phase, agents, acts, scope, (confidence, units, new_supplier), approvers, until, name)| Rule {
            name: Note::new(&name.to_string()),
            agents,
            acts,
            scope,
            phase,
            limits: Limits { confidence, quantity: units.map(Quantity::units), new_supplier, ..Limits::default() },
            approvers,
            lapses_ms: None,
            until: until.map(Instant),
        },
    )
}

const MATTER: Matter<'static> =
    Matter { act: ActKind::SetPrice, store: Some("a"), channel: None, category: None, sku: Some("b") };

proptest! {
    #[test]
    fn the_sum_is_no_laxer_than_any_rule_that_speaks_and_observes_where_none_does(
        rules in prop::collection::vec(a_rule(), 0..6), brake in prop::option::of(a_rule()),
    ) {
        let mut sum = Sum::default();
        sum.rules(&rules, Agent::Pricing, &MATTER, Instant(1));
        let speaking: Vec<&Rule> =
            rules.iter().filter(|rule| speaks(rule, Agent::Pricing, &MATTER, Instant(1))).collect();
        let expected = speaking.iter().map(|rule| rule.phase).min().unwrap_or(Phase::Observe);
        prop_assert_eq!(sum.phase, expected);
        for rule in &speaking {
            prop_assert!(rule.limits.confidence.is_none_or(|least| sum.limits.confidence >= Some(least)));
            prop_assert!(rule.limits.quantity.is_none_or(|most| sum.limits.quantity.is_some_and(|sum| sum <= most)));
            prop_assert!(rule.limits.new_supplier || !sum.limits.new_supplier);
            let allowed = |role: &Note| rule.approvers.is_empty() || rule.approvers.contains(role) || role.as_str() == "admin";
            prop_assert!(sum.approvers.iter().all(allowed));
        }
        if speaking.iter().any(|rule| !rule.approvers.is_empty()) {
            prop_assert!(!sum.approvers.is_empty(), "not everybody may, when some rule names who");
        }
        if let Some(rule) = brake {
            let Rule { agents, acts, scope, phase, .. } = rule;
            let brake = Brake { id: 1, agents, acts, scope, phase, reason: Note::new("") };
            sum.brake(&brake, Agent::Pricing, &MATTER);
            prop_assert!(sum.phase <= expected);
        }
    }

    #[test]
    fn the_order_of_the_rules_does_not_matter(rules in prop::collection::vec(a_rule(), 0..6)) {
        let add = |rules: &[Rule]| {
            let mut sum = Sum::default();
            sum.rules(rules, Agent::Pricing, &MATTER, Instant(1));
            sum.approvers.sort();
            sum.approvers.dedup();
            (sum.phase, sum.limits, sum.approvers)
        };
        let turned: Vec<Rule> = rules.iter().rev().cloned().collect();
        prop_assert_eq!(add(&rules), add(&turned));
    }
}
