//! Limits of acting alone: at each, and one step beyond.

use model::{Act, Agent, Currency, Level, Limits, Money, Note, Phase, Quantity, Rule};

use crate::support::{
    A, B, CAP, Hub, TILLS, adjust, eur, held_by, may_buy, phase, proposal, purchase, put_item, rule, set_buffer,
};

fn limited(limits: Limits) -> Hub {
    let mut hub = Hub::new();
    hub.policy(vec![Rule { limits, ..rule(Phase::Automate) }]);
    hub
}

#[test]
fn confidence_below_the_limit_asks_a_person() {
    for (confidence, expected) in [(9_000, Phase::Automate), (8_999, Phase::Assist)] {
        let mut hub = limited(Limits { confidence: Some(9_000), ..Limits::default() });
        let wanted = proposal(&hub, Agent::Allocation, "a", vec![set_buffer(&hub, 3)]);
        let facts = hub.propose(model::Proposal { confidence, ..wanted }).expect("it is sound");
        assert_eq!(phase(&facts), expected, "{}", held_by(&facts));
    }
}

#[test]
fn more_units_than_the_limit_ask_a_person() {
    for (units, expected) in [(10, Phase::Automate), (11, Phase::Assist)] {
        let mut hub = limited(Limits { quantity: Some(Quantity::units(10)), ..Limits::default() });
        assert_eq!(hub.phase_of("a", vec![set_buffer(&hub, units)]), expected);
    }
}

#[test]
fn a_larger_change_of_a_price_than_the_limit_asks_a_person() {
    for (to, expected) in
        [(1_100, Phase::Automate), (900, Phase::Automate), (1_101, Phase::Assist), (899, Phase::Assist)]
    {
        let mut hub = limited(Limits { change_percent: Some(10), ..Limits::default() });
        let model::Action::PutItem { sku, title, barcodes, unit, components, tax_inclusive, .. } =
            put_item("cap", model::Unit::Piece, Vec::new())
        else {
            panic!("it puts an item")
        };
        let price = Some(eur(1_000));
        hub.must(model::Action::PutItem { sku, title, barcodes, unit, components, price, tax_inclusive });
        let act = Act::SetPrice { item: CAP, was: Some(eur(1_000)), to: eur(to) };
        assert_eq!(hub.phase_of("a", vec![act]), expected, "{to}");
    }
}

#[test]
fn a_change_from_no_price_cannot_be_measured_and_asks_a_person() {
    let mut hub = limited(Limits { change_percent: Some(10), ..Limits::default() });
    assert_eq!(hub.phase_of("a", vec![Act::SetPrice { item: CAP, was: None, to: eur(1) }]), Phase::Assist);
}

#[test]
fn more_acts_in_an_hour_than_the_limit_ask_a_person() {
    let mut hub = limited(Limits { per_hour: Some(2), ..Limits::default() });
    let go = |hub: &mut Hub, number: u32| hub.phase_of(&number.to_string(), vec![set_buffer(hub, number)]);
    assert_eq!([go(&mut hub, 1), go(&mut hub, 2), go(&mut hub, 3)], [Phase::Automate, Phase::Automate, Phase::Assist]);
    hub.wait_minutes(61);
    assert_eq!(go(&mut hub, 4), Phase::Automate);
}

#[test]
fn outside_the_hours_or_when_they_are_not_known_a_person_is_asked() {
    let cases = [
        ((600, 720), Some(600), Phase::Automate),
        ((600, 720), Some(719), Phase::Automate),
        ((600, 720), Some(720), Phase::Assist),
        ((600, 720), Some(599), Phase::Assist),
        ((600, 720), None, Phase::Assist),
        ((1_320, 360), Some(1_439), Phase::Automate),
        ((1_320, 360), Some(359), Phase::Automate),
        ((1_320, 360), Some(360), Phase::Assist),
        ((0, 0), Some(0), Phase::Assist),
    ];
    for (hours, local_minute, expected) in cases {
        let mut hub = limited(Limits { hours: Some(hours), ..Limits::default() });
        let wanted = Box::new(proposal(&hub, Agent::Allocation, "a", vec![set_buffer(&hub, 3)]));
        let by = model::Actor::Agent { agent: Agent::Allocation, through: None };
        let facts = hub.run_by(by, model::Action::Propose { proposal: wanted, local_minute }).expect("it is sound");
        assert_eq!(phase(&facts), expected, "{hours:?} {local_minute:?}");
    }
}

#[test]
fn money_is_limited_to_the_last_cent_and_a_cost_that_nobody_knows_asks_a_person() {
    for (each, expected) in [(eur(1_000), Phase::Automate), (eur(1_001), Phase::Assist)] {
        let mut hub = Hub::new();
        hub.policy(vec![may_buy(10_000)]);
        assert_eq!(hub.phase_of("a", vec![purchase(&hub, 10, Some(each))]), expected, "{each:?}");
        assert_eq!(hub.state.instructions().count(), usize::from(expected == Phase::Automate));
    }
    let mut hub = Hub::new();
    hub.policy(vec![may_buy(10_000)]);
    assert_eq!(hub.phase_of("unknown", vec![purchase(&hub, 1, None)]), Phase::Assist);
    let dollars = Money { minor: 1, currency: Currency::parse("USD").expect("a code") };
    assert_eq!(hub.phase_of("dollars", vec![purchase(&hub, 1, Some(dollars))]), Phase::Assist);
}

#[test]
fn purchases_from_one_supplier_within_a_day_count_together() {
    let mut hub = Hub::new();
    hub.policy(vec![may_buy(10_000)]);
    assert_eq!(hub.phase_of("a", vec![purchase(&hub, 6, Some(eur(1_000)))]), Phase::Automate);
    let split = proposal(&hub, Agent::Allocation, "b", vec![purchase(&hub, 6, Some(eur(1_000)))]);
    let facts = hub.propose(split).expect("it is sound");
    assert_eq!((phase(&facts), held_by(&facts)), (Phase::Assist, "120.00 are more than 100.00 EUR".to_owned()));
    hub.wait_minutes(24 * 60 + 1);
    assert_eq!(hub.phase_of("c", vec![purchase(&hub, 6, Some(eur(1_000)))]), Phase::Automate);
}

#[test]
fn a_supplier_never_bought_from_asks_a_person_once() {
    let mut hub = Hub::new();
    let rule = may_buy(100_000);
    hub.policy(vec![Rule { limits: Limits { new_supplier: false, ..rule.limits.clone() }, ..rule }]);
    let act = purchase(&hub, 1, Some(eur(1_000)));
    let wanted = proposal(&hub, Agent::Allocation, "a", vec![act.clone()]);
    let facts = hub.propose(wanted).expect("it is sound");
    assert_eq!((phase(&facts), held_by(&facts)), (Phase::Assist, "Hats & Co is a new supplier".to_owned()));
    hub.approve(1).expect("a manager may");
    assert_eq!(hub.phase_of("b", vec![act]), Phase::Automate);
}

#[test]
fn the_value_of_what_is_transferred_is_limited() {
    for (units, expected) in [(4, Phase::Automate), (5, Phase::Assist)] {
        let mut hub = limited(Limits { money: Some(eur(4_000)), ..Limits::default() });
        hub.must(model::Action::ItemSeen(
            model::ItemSeen { price: Some(eur(1_000)), ..model::ItemSeen::deleted(TILLS, "new".into()) }.alive("bag"),
        ));
        let bag = hub.state.catalogue().sku(&"bag".into()).expect("it was seen").item;
        hub.must(adjust(bag, A, 9));
        let lines = vec![(bag, Quantity::units(units))];
        assert_eq!(
            hub.phase_of("a", vec![Act::Transfer { from: A, to: B, lines, cover: vec![Level::ZERO] }]),
            expected
        );
    }
}

/// The same item, there.
trait Alive {
    fn alive(self, sku: &str) -> Self;
}

impl Alive for model::ItemSeen {
    fn alive(self, sku: &str) -> Self {
        Self { sku: sku.into(), title: sku.into(), tracked: true, deleted: false, ..self }
    }
}

#[test]
fn limits_of_several_rules_add_up_to_the_strictest_of_each() {
    let mut hub = Hub::new();
    let with = |name: &str, limits| Rule { name: Note::new(name), limits, ..rule(Phase::Automate) };
    let ten = Limits { quantity: Some(Quantity::units(10)), ..Limits::default() };
    let sure = Limits { confidence: Some(9_900), ..Limits::default() };
    hub.policy(vec![with("ten", ten), with("sure", sure)]);
    let wanted = proposal(&hub, Agent::Allocation, "a", vec![set_buffer(&hub, 11)]);
    let facts = hub.propose(wanted).expect("it is sound");
    let words = "its confidence of 95.00 % is below 99.00 %; 11 of one item are more than 10";
    assert_eq!((phase(&facts), held_by(&facts)), (Phase::Assist, words.to_owned()));
}
