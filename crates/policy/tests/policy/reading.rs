//! A policy is read whole or every flaw is named with its line.

use model::{ActKind, Agent, Currency, Instant, Money, Phase, Quantity};
use policy::{Known, STARTING, diff, lint, read};
use proptest::prelude::*;

const WHOLE: &str = r#"
[[rule]]
name = "The pilot store buys by itself"
agents = ["replenishment"]
acts = ["purchase"]
stores = ["London"]
channels = ["tills"]
categories = ["hats"]
items = ["CAP-*"]
phase = "automate"
confidence = 0.95
money = "500.00 EUR"
quantity = "100"
change_percent = 10
per_hour = 20
hours = "08:00-18:30"
new_supplier = true
approvers = ["manager"]
lapses = "90m"
until = "2027-01-01T00:00:00Z"
must_match = [{ agent = "replenishment", act = "purchase", store = "London", channel = "tills", category = "hats", item = "CAP-1" }]
must_not_match = [{ agent = "replenishment", act = "purchase", store = "Paris" }]
"#;

fn flaws(text: &str) -> Vec<String> {
    read(text).expect_err("something is wrong").iter().map(ToString::to_string).collect()
}

#[test]
fn every_field_of_a_rule_is_read() {
    let policy = read(WHOLE).expect("nothing is wrong");
    let rule = &policy.rules[0];
    assert_eq!((rule.name.as_str(), rule.phase), ("The pilot store buys by itself", Phase::Automate));
    assert_eq!((&rule.agents[..], &rule.acts[..]), (&[Agent::Replenishment][..], &[ActKind::Purchase][..]));
    assert_eq!(rule.scope.items[0].as_str(), "CAP-*");
    let limits = &rule.limits;
    let eur = Currency::parse("EUR").expect("a code");
    assert_eq!(limits.money, Some(Money { minor: 50_000, currency: eur }));
    assert_eq!((limits.confidence, limits.quantity), (Some(9_500), Some(Quantity::units(100))));
    assert_eq!((limits.change_percent, limits.per_hour, limits.hours), (Some(10), Some(20), Some((480, 1_110))));
    assert!(limits.new_supplier);
    assert_eq!((rule.lapses_ms, rule.until), (Some(5_400_000), Some(Instant(1_798_761_600_000))));
}

#[test]
fn every_flaw_is_named_with_its_line() {
    let text = r#"[[rule]]
name = "a"
agents = ["nobody"]
phase = "sometimes"
money = "500"
hours = "8-18"
confidence = 1.5
lapses = "soon"
until = "tomorrow"
quantity = "-3"

[[rule]]
name = "a"
phase = "assist"
must_not_match = [{ agent = "pricing", act = "set_price" }]
"#;
    let found = flaws(text);
    let starts = [
        "line 3, agents: \"nobody\" is not an agent; there are allocation, ",
        "line 4, phase: \"sometimes\" is not off, observe, assist or automate",
        "line 5, money: \"500\" is not an amount with its currency",
        "line 6, hours: \"8-18\" is not two times of the day",
        "line 7, confidence: lies between 0 and 1",
        "line 8, lapses: \"soon\" is not a time",
        "line 9, until: \"tomorrow\" is not a time with its offset",
        "line 10, quantity: \"-3\" is not a quantity",
        "line 13, name: another rule has this name",
        "line 15, must_not_match: the rule matches pricing set_price",
    ];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (found, start) in found.iter().zip(starts) {
        assert!(found.starts_with(start), "{found} is not {start}");
    }
}

#[test]
fn an_unknown_field_and_broken_toml_are_named() {
    assert!(
        flaws("[[rule]]\nname = \"a\"\nphase = \"assist\"\nstore = [\"B\"]\n")[0].contains("unknown field `store`")
    );
    assert!(flaws("[[rule]]\nname = \"a\n")[0].starts_with("line 2"));
    assert!(flaws("[[rule]]\nname = \"a\"\n")[0].contains("missing field `phase`"));
}

#[test]
fn a_rule_that_does_not_match_what_it_must_is_not_taken() {
    let text = WHOLE.replace("store = \"London\", channel", "store = \"Leeds\", channel");
    assert_eq!(
        flaws(&text),
        ["line 21, must_match: the rule does not match replenishment purchase for CAP-1 at Leeds on tills"]
    );
}

#[test]
fn the_starting_policy_is_sound_and_lets_nothing_happen_by_itself() {
    let policy = read(STARTING).expect("it is ours");
    assert!(policy.rules.iter().all(|rule| rule.phase <= Phase::Assist));
    assert_eq!(lint(&policy, None), Vec::<String>::new());
}

#[test]
fn what_is_probably_not_meant_is_said() {
    let text = r#"
[[rule]]
name = "all"
phase = "automate"

[[rule]]
name = "people"
acts = ["link_customers"]
phase = "automate"
confidence = 0.9
stores = ["Atlantis"]
until = "2001-01-01T00:00:00Z"
approvers = ["ops"]

[[rule]]
name = "asked"
acts = ["link_customers"]
stores = ["Atlantis"]
phase = "assist"
per_hour = 3
approvers = ["manager"]
"#;
    let policy = read(text).expect("it can be read");
    let known = Known { now: Instant(1_800_000_000_000), ..Known::default() };
    let warnings = lint(&policy, Some(&known));
    let parts = [
        "“all”: names no acts",
        "“all”: has no least confidence",
        "“all”: has no limit of money",
        "“all”: has no largest change of a price",
        "“all”: has no limit by the hour",
        "“people”: a person always decides about link_customers",
        "“people”: there is no store “Atlantis”",
        "“people”: has ended",
        "“asked”: its limits do nothing",
        "“asked”: there is no store “Atlantis”",
        "“people” and “asked” meet, and no role may approve under both",
    ];
    assert_eq!(warnings.len(), parts.len(), "{warnings:#?}");
    for (warning, part) in warnings.iter().zip(parts) {
        assert!(warning.contains(part), "{warning} has no {part}");
    }
}

#[test]
fn two_policies_are_compared_rule_by_rule() {
    let before = read(WHOLE).expect("nothing is wrong");
    let looser = WHOLE.replace("500.00 EUR", "900.00 EUR").replace("hours = \"08:00-18:30\"\n", "");
    let mut after = read(&looser).expect("nothing is wrong");
    after.rules.push(model::Rule { name: "new".into(), ..Default::default() });
    let told: Vec<String> = diff(&before, &after).iter().map(ToString::to_string).collect();
    let changed = "~ The pilot store buys by itself\n    money: 500.00 EUR → 900.00 EUR\n    hours: 08:00-18:30 → none";
    assert_eq!(told, [changed, "+ new"]);
    let told: Vec<String> = diff(&after, &model::Policy::default()).iter().map(ToString::to_string).collect();
    assert_eq!(told, ["- The pilot store buys by itself", "- new"]);
    assert_eq!(diff(&before, &before), []);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_stop(text in "\\PC{0,200}", cut in 0..WHOLE.len()) {
        let _ = read(&text);
        // And none that looks like one.
        let half: String = WHOLE.chars().take(cut).collect();
        let _ = read(&half);
        let _ = read(&format!("{half}{text}"));
    }
}
