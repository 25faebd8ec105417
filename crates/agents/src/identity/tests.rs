//! What the identity mind promises, told as behaviour of the whole.

use super::*;
use model::{Actor, ChannelId, CustomerKey, CustomerPut, Instant};
use proptest::prelude::*;

fn subject(number: u32) -> Subject {
    Subject::of(ChannelId(1), "customer", &number.to_string())
}

fn person(given: &str, family: &str, street: &str, city: &str, postcode: &str) -> Record {
    let own = str::to_owned;
    Record {
        given_name: own(given),
        family_name: own(family),
        street: own(street),
        city: own(city),
        postcode: own(postcode),
        ..Record::default()
    }
}

fn ann() -> Record {
    Record {
        email: "ann.smith@example.com".into(),
        phone: "+44 20 7946 0018".into(),
        ..person("Ann", "Smith", "12 Mill Lane", "Leeds", "LS1 4AB")
    }
}

fn mind_of(records: &[Record]) -> Identity {
    let mut mind = Identity::new();
    (0..).zip(records).for_each(|(number, record)| mind.put(subject(number), record));
    mind
}

/// Many people who have nothing to do with one another.
fn crowd(count: u32) -> Vec<Record> {
    let names = ["Olga", "Peter", "Mary", "Ivan", "Chen", "Fatima", "Luis", "Ingrid", "Kofi", "Yuki", "Dara"];
    let families = [
        "Novak", "Braun", "Silva", "Okafor", "Tanaka", "Larsen", "Moreau", "Haddad", "Kelly", "Rossi", "Weber", "Dunn",
        "Petrov",
    ];
    let person = |n: u32| {
        let (given, family) = (names[n as usize % names.len()], families[n as usize % families.len()]);
        person(
            given,
            family,
            &format!("{} {family} Road", n % 97 + 1),
            &format!("Town{}", n % 17),
            &format!("{:05}", n * 37 % 99_991),
        )
    };
    (0..count).map(person).collect()
}

#[test]
fn the_same_person_written_differently_is_one_profile() {
    let twin = Record {
        email: "Ann.Smith@Example.com".into(),
        phone: "020 7946 0018".into(),
        ..person("ANNE", "Smyth", "12, Mill Ln.", "LEEDS", "ls14ab")
    };
    let mind = mind_of(&[vec![ann()], crowd(50), vec![twin]].concat());
    assert_eq!(mind.profile(subject(51)), Some(subject(0)));
}

#[test]
fn mother_and_daughter_at_one_address_stay_two() {
    let daughter = person("Catherine", "Smith", "12 Mill Lane", "Leeds", "LS1 4AB");
    let mind = mind_of(&[vec![Record { email: String::new(), ..ann() }], crowd(50), vec![daughter]].concat());
    assert_eq!(mind.profile(subject(51)), Some(subject(51)));
}

#[test]
fn one_record_alone_and_none_at_all_are_fine() {
    let mut mind = Identity::new();
    mind.learn(1);
    assert!(mind.is_empty() && mind.matches(&ann(), 0.0).is_empty());
    mind.put(subject(0), &ann());
    mind.learn(1);
    mind.link_all(&mut |_, _| {});
    assert_eq!((mind.len(), mind.profile(subject(0))), (1, Some(subject(0))));
    assert!(mind.explain(subject(0), subject(0)).is_none() && mind.explain(subject(0), subject(9)).is_none());
}

#[test]
fn nothing_to_compare_is_said_with_confidence_zero() {
    let name_only = Record { given_name: "Ann".into(), ..Record::default() };
    let mail_only = Record { email: "ann@example.com".into(), ..Record::default() };
    let mind = mind_of(&[name_only, mail_only]);
    let proposal = mind.explain(subject(0), subject(1)).expect("both are here");
    assert_eq!((proposal.action.verdict, proposal.reasons.confidence), (Verdict::Ask, crate::Confidence::NONE));
}

#[test]
fn two_proven_ids_are_never_merged_whatever_else_agrees() {
    let proven = |id: &str| Record { verified_id: id.into(), ..ann() };
    let mind = mind_of(&[proven("A-1"), proven("A-2"), ann(), proven("a1")]);
    assert_ne!(mind.profile(subject(0)), mind.profile(subject(1)));
    assert_eq!(mind.profile(subject(3)), mind.profile(subject(0)), "the same id written differently");
    let proposal = mind.explain(subject(0), subject(1)).expect("both are here");
    assert_eq!(proposal.action.verdict, Verdict::KeepApart);
}

#[test]
fn a_telephone_number_of_a_whole_shop_says_nothing_about_anybody() {
    let with_phone = |mut record: Record| {
        record.phone = "0113 496 0000".into();
        record
    };
    let mut customers: Vec<Record> = crowd(30).into_iter().map(with_phone).collect();
    let (a, b) = (person("Ann", "Smith", "", "", ""), person("Ann", "Smith", "", "", ""));
    customers.extend([with_phone(a.clone()), with_phone(b.clone())]);
    let mind = mind_of(&customers);
    let at_the_shop = mind.explain(subject(30), subject(31)).expect("both are here").reasons;
    assert!(at_the_shop.terms.iter().all(|term| !term.name.starts_with("telephone")), "{at_the_shop:?}");
    let own = mind_of(&[with_phone(a), with_phone(b)]).explain(subject(0), subject(1)).expect("both are here").reasons;
    assert!(own.score > at_the_shop.score + 5.0);
}

#[test]
fn a_merge_taken_back_stays_taken_back_and_touches_nobody_else() {
    let mut mind = mind_of(&[vec![ann(), ann()], crowd(20), crowd(20)].concat());
    let before: Vec<_> = (2..42).map(|number| mind.profile(subject(number))).collect();
    assert_eq!(mind.profile(subject(1)), Some(subject(0)));
    mind.undo(subject(0), subject(1));
    assert_eq!(mind.profile(subject(1)), Some(subject(1)));
    assert_eq!((2..42).map(|number| mind.profile(subject(number))).collect::<Vec<_>>(), before);
    mind.link_all(&mut |_, _| {});
    assert_eq!(mind.profile(subject(1)), Some(subject(1)), "a person's word outlives linking anew");
    mind.allow(subject(1), subject(0));
    assert_eq!(mind.profile(subject(1)), Some(subject(0)));
}

#[test]
fn a_persons_word_outlives_a_change_of_the_record() {
    let mut mind = mind_of(&[ann(), ann()]);
    mind.undo(subject(0), subject(1));
    mind.put(subject(0), &Record { city: "York".into(), ..ann() });
    assert_ne!(mind.profile(subject(0)), mind.profile(subject(1)));
}

#[test]
fn whoever_is_forgotten_leaves_no_trace() {
    let secret = Record {
        email: "zebedee.quux@example.net".into(),
        ..person("Zebedee", "Quux", "1 Hidden Way", "Nowhere", "ZZ1 1ZZ")
    };
    let mut mind = mind_of(&[vec![ann(), secret.clone()], crowd(10)].concat());
    let gone = CustomerPut { channel: ChannelId(1), customer: CustomerKey::new("1"), version: 2, person: None };
    let entry = Entry { at: Instant(0), by: Actor::System, fact: Fact::CustomerPut(gone) };
    mind.apply(Seq(1), &entry);
    assert!(mind.matches(&secret, 0.0).is_empty());
    assert_eq!((mind.len(), mind.profile(subject(1))), (11, None));
    let stored = String::from_utf8_lossy(&mind.snapshot()).to_lowercase();
    for trace in ["zebedee", "quux", "hidden", "nowhere", "zz11zz"] {
        assert!(!stored.contains(trace), "{trace}");
    }
}

#[test]
fn minors_and_those_who_opted_out_are_neither_kept_nor_looked_up() {
    let out = Record { keep_out: true, ..ann() };
    let mut mind = mind_of(&[ann()]);
    mind.put(subject(1), &out);
    assert_eq!((mind.len(), mind.profile(subject(1))), (1, None));
    assert!(mind.matches(&out, 0.0).is_empty() && !mind.matches(&ann(), 0.9).is_empty());
    mind.put(subject(0), &out);
    assert!(mind.is_empty(), "opting out later forgets what was known");
}

#[test]
fn reasons_add_up_and_name_what_would_have_decided_otherwise() {
    let mind = mind_of(&[vec![ann(), Record { phone: String::new(), ..ann() }], crowd(30)].concat());
    let proposal = mind.explain(subject(0), subject(1)).expect("both are here");
    let sum: f64 = proposal.reasons.terms.iter().map(|term| term.adds).sum();
    assert!((sum - proposal.reasons.score).abs() < 1e-9);
    assert_eq!(proposal.action.verdict, Verdict::Merge);
    assert!(proposal.reasons.sentence(3).contains("e-mail address equal"), "{}", proposal.reasons.sentence(3));
    assert!(proposal.reasons.confidence.value() >= AUTOMATIC);
    assert!(!proposal.undo.is_empty());
}

#[test]
fn a_rare_name_counts_more_than_a_common_one() {
    let mut records: Vec<Record> = (0..60).map(|_| person("Ann", "Smith", "", "", "")).collect();
    records.extend((0..2).map(|_| person("Ann", "Featherstonehaugh", "", "", "")));
    let mind = mind_of(&records);
    let score = |a, b| mind.explain(subject(a), subject(b)).expect("both are here").reasons.score;
    assert!(score(60, 61) > score(0, 1) + 2.0);
}

#[test]
fn a_large_cell_is_divided_and_still_finds_its_own() {
    // Five hundred of one name in one town: no single block tells them apart.
    let mut records: Vec<Record> = (0..500)
        .map(|n| person("Ann", "Smith", &format!("{} Oak{} Street", n % 9 + 1, n), "Leeds", &format!("{:05}", n)))
        .collect();
    records.push(records[123].clone());
    let mind = mind_of(&records);
    let found = mind.matches(&records[123], 0.5);
    assert!(found.iter().any(|found| found.subject == subject(123)), "{found:?}");
}

/// A town of people with names of their own.
fn town(count: u32) -> Vec<Record> {
    let (families, endings) = (
        ["Nov", "Brau", "Sil", "Okaf", "Tana", "Lars", "More", "Hadd", "Kell", "Ross", "Web", "Dunn", "Petr"],
        [
            "a", "son", "berg", "ova", "ini", "ski", "ez", "man", "feld", "aro", "ton", "by", "ley", "ham", "wick",
            "stad", "holm", "mark", "dal", "lund", "strand", "beck", "gren", "ulis",
        ],
    );
    let names = ["Olga", "Peter", "Mary", "Ivan", "Chen", "Fatima", "Luis", "Ingrid", "Kofi", "Yuki", "Dara"];
    let (streets, cities) = (
        ["Oak", "River", "Castle", "Market", "North", "Garden", "Abbey"],
        ["Truro", "Oxford", "Hull", "Ripon", "Wells"],
    );
    let one = |n: usize| {
        let family = format!("{}{}", families[n % 13], endings[n / 13 % 24]);
        let street = format!("{} {} Street", n % 89 + 1, streets[n % 7]);
        person(names[n % 11], &family, &street, cities[n % 5], &format!("{:05}", n * 3_701 % 99_991))
    };
    (0..count as usize).map(one).collect()
}

#[test]
fn namesakes_with_addresses_made_of_their_name_stay_two() {
    let namesakes = [
        ("ann.smith3@mail.example", "4 Mill Lane", "Leeds", "LS1 4AB"),
        ("ann.smith71@post.example", "90 High Street", "York", "YO1 7HH"),
        ("ann.smith18@web.example", "215 Church Road", "Bath", "BA2 6QE"),
        ("ann.smith52@inbox.example", "31 Station Road", "Derby", "DE7 8JX"),
    ];
    let namesake = |(email, street, city, postcode): (&str, &str, &str, &str)| Record {
        email: email.to_owned(),
        ..person("Ann", "Smith", street, city, postcode)
    };
    let records = [town(300), town(40), namesakes.map(namesake).to_vec()].concat();
    let mut mind = Identity::new();
    (0..).zip(&records).for_each(|(number, record)| {
        mind.add(subject(number), record);
    });
    mind.learn(1);
    mind.link_all(&mut |_, _| {});
    for number in 340..344 {
        assert_eq!(mind.profile(subject(number)), Some(subject(number)));
    }
    assert_eq!(mind.profile(subject(300)), Some(subject(0)), "the same record twice is one person");
}

#[test]
fn the_limit_of_automatic_merges_stays_between_its_bounds() {
    let mut mind = mind_of(&[crowd(40), crowd(40)].concat());
    assert_eq!(mind.automatic(), AUTOMATIC);
    mind.learn(1);
    assert!((AUTOMATIC_LEAST..=AUTOMATIC).contains(&mind.automatic()));
}

/// A small alphabet, so that values meet.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[ab]{1,3}", "[a-c]{2,5} [1-3]{1,2}", "\\PC{0,12}"]
}

fn any_record() -> impl Strategy<Value = Record> {
    let fields = (field(), field(), field(), field(), field(), field(), field(), field());
    (fields, "[0-9]{0,8}", prop::option::weighted(0.1, "[ab]"), prop::bool::weighted(0.05)).prop_map(
        |(
            (given_name, family_name, email, phone, street, city, postcode, loyalty_id),
            birth_date,
            verified,
            keep_out,
        )| Record {
            given_name,
            family_name,
            email: if email.is_empty() { email } else { format!("{email}@x.org") },
            phone,
            street,
            city,
            postcode,
            loyalty_id,
            birth_date,
            verified_id: verified.unwrap_or_default(),
            keep_out,
            ..Record::default()
        },
    )
}

/// What happens to a mind.
#[derive(Clone, Debug)]
enum Step {
    Put(u32, Box<Record>),
    Forget(u32),
    Undo(u32, u32),
    Learn,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..30_u32, any_record()).prop_map(|(number, record)| Step::Put(number, Box::new(record))),
        2 => (0..30_u32).prop_map(Step::Forget),
        1 => (0..30_u32, 0..30_u32).prop_map(|(a, b)| Step::Undo(a, b)),
        1 => Just(Step::Learn),
    ]
}

fn take(mind: &mut Identity, step: &Step) {
    match step {
        Step::Put(number, record) => mind.put(subject(*number), record),
        Step::Forget(number) => mind.forget(subject(*number)),
        Step::Undo(a, b) => mind.undo(subject(*a), subject(*b)),
        Step::Learn => {
            mind.learn(7);
            mind.link_all(&mut |_, _| {});
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_same_steps_give_the_same_bits_in_any_chunking(
        steps in prop::collection::vec(step(), 1..60), cuts in prop::collection::vec(0..60_usize, 0..4), asked in any_record()
    ) {
        let (mut whole, mut chunked) = (Identity::new(), Identity::new());
        for (place, step) in steps.iter().enumerate() {
            take(&mut whole, step);
            take(&mut chunked, step);
            if cuts.contains(&place) {
                chunked = Identity::restore(&chunked.snapshot()).expect("what was just stored");
            }
        }
        prop_assert_eq!(whole.snapshot(), chunked.snapshot());
        let bits = |mind: &Identity| -> Vec<(Subject, u64)> {
            mind.matches(&asked, 0.0).into_iter().map(|found| (found.subject, found.probability.to_bits())).collect()
        };
        prop_assert_eq!(bits(&whole), bits(&chunked));
    }

    #[test]
    fn every_answer_is_a_probability_and_its_terms_add_up(records in prop::collection::vec(any_record(), 2..25)) {
        let mind = mind_of(&records);
        for other in 1..records.len() as u32 {
            if let Some(proposal) = mind.explain(subject(0), subject(other)) {
                let sum: f64 = proposal.reasons.terms.iter().map(|term| term.adds).sum();
                prop_assert!((sum - proposal.reasons.score).abs() < 1e-6 && sum.is_finite());
                let back = mind.explain(subject(other), subject(0)).expect("both are here");
                prop_assert_eq!(back.reasons.score, proposal.reasons.score);
            }
        }
        for found in mind.matches(&records[0], 0.0) {
            prop_assert!((0.0..=1.0).contains(&found.probability));
        }
    }

    #[test]
    fn no_profile_ever_holds_two_proven_ids(records in prop::collection::vec(any_record(), 2..30)) {
        let mind = mind_of(&records);
        for (a, one) in (0..).zip(&records) {
            for (b, other) in (0..).zip(&records) {
                let (p, q) = (mind.profile(subject(a)), mind.profile(subject(b)));
                let proven = !one.verified_id.is_empty() && !other.verified_id.is_empty() && one.verified_id != other.verified_id;
                prop_assert!(!(proven && p.is_some() && p == q), "{a} {b}");
            }
        }
    }

    #[test]
    fn bytes_that_are_no_mind_are_refused_and_not_believed(
        records in prop::collection::vec(any_record(), 1..6), place in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut bytes = mind_of(&records).snapshot();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(mut mind) = Identity::restore(&bytes) {
            mind.put(subject(99), &ann());
            let _ = (mind.matches(&ann(), 0.0), mind.snapshot());
        }
    }
}
