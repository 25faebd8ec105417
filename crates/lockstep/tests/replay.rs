//! Replay: another policy over a stretch of the journal, touching nothing.

mod support {
    pub mod folder;
    pub mod run;
}

use std::path::Path;
use std::sync::Arc;

use flow::{Keeper, Stores};
use journal::{MasterKey, Options, Prepare, RealDisk};
use model::{
    Act, Action, Actor, Agent, Answer, Approval, Command, Currency, IdempotencyKey, Instant, InstructionLine, ItemId,
    Level, LocationId, LocationKind, MakePurchase, Money, Note, Proposal, ProposalId, Quantity, Seq, Unit,
};
use serde_json::{Value, json};
use support::folder::Folder;
use support::run::run;

const BEGAN: Instant = Instant(1_795_514_400_000);

fn euros(minor: i64) -> Money {
    Money { minor, currency: Currency::parse("EUR").expect("a code") }
}

/// A day on which two purchases and a buffer were proposed, a minute apart: all asked a person, the first was approved.
fn a_day(folder: &Path) {
    let options = Options { segment_bytes: 256 * 1024, prepare: Prepare::WhenNeeded };
    let stores = Stores {
        disk: Arc::new(RealDisk::at(folder)),
        journal: options,
        raw: options,
        master: MasterKey::new([7; 32]),
        random: Box::new(|bytes: &mut [u8]| bytes.fill(9)),
    };
    let (mut keeper, _) = Keeper::open(stores).expect("an empty folder can be opened");
    let mut minute = 0;
    let mut tell = |by: Actor, action: Action| {
        minute += 1;
        let command = Command { at: BEGAN.plus_ms(minute * 60_000), by, action };
        let facts = keeper.decide(&[command]).remove(0).expect("a step of the story is not refused");
        keeper.commit().expect("the disk takes it");
        (facts, keeper.state().seq())
    };
    let person = || Actor::Person(Note::new("mara"));
    let mut operator = |action| tell(Actor::Operator, action);
    operator(Action::PutChannel {
        name: "tills".into(),
        platform: model::Platform::ALL[0],
        basis: model::Basis::OnHand,
        sells_from: Vec::new(),
        buffer: Quantity::ZERO,
        whole_units: true,
        never_below_zero: false,
        writes: true,
        leads: model::Fields::NONE,
        follows: model::Fields::NONE,
        hold: model::Hold::default(),
    });
    operator(Action::PutLocation {
        name: "London".into(),
        kind: LocationKind::Store,
        zone: Note::new("Europe/London"),
        home: Some("tills".into()),
    });
    operator(Action::PutItem {
        sku: "CAP-1".into(),
        title: "Cap".into(),
        barcodes: Vec::new(),
        unit: Unit::Piece,
        components: Vec::new(),
        price: Some(euros(2_000)),
        tax_inclusive: true,
    });
    let seen = model::ItemSeen {
        sku: "CAP-1".into(),
        title: "Cap".into(),
        tracked: true,
        deleted: false,
        ..model::ItemSeen::deleted(model::ChannelId(0), "x1".into())
    };
    operator(Action::ItemSeen(seen));
    let place = model::LocationSeen {
        channel: model::ChannelId(0),
        external: "l1".into(),
        name: "London".into(),
        active: true,
    };
    let (_, seq) = operator(Action::LocationSeen(place));
    let text = "[[rule]]\nname = \"asked\"\nphase = \"assist\"\n";
    let policy = flow::policy::read(text).expect("it is sound");
    tell(person(), Action::PutPolicy { base: 0, policy, text: Note::new(text), reason: Note::new("to begin") });
    let line = |units| InstructionLine { item: ItemId(0), quantity: Quantity::units(units), each: Some(euros(700)) };
    let buy = |units| Act::Purchase {
        channel: model::ChannelId(0),
        purchase: MakePurchase {
            supplier: Note::new("Hats & Co"),
            location: LocationId(0),
            lines: vec![line(units)],
            expected: None,
            note: Note::new(""),
        },
        cover: vec![Level::ZERO],
    };
    let mut propose = |agent, key: &str, act: Act| {
        let proposal = Proposal {
            agent,
            version: Note::new("1"),
            key: IdempotencyKey::new(key),
            acts: vec![act],
            seen: Seq(seq.0),
            confidence: 9_500,
            value: None,
            why: Note::new("it sells out"),
            reasons: Vec::new(),
            instead: Vec::new(),
            flip: None,
        };
        let by = Actor::Agent { agent, through: None };
        tell(by, Action::Propose { proposal: Box::new(proposal), local_minute: Some(600) });
        let (role, way) = (Note::new("manager"), Note::new("page"));
        let yes = Answer::Approved(Approval { role, way, instead: None, reason: Note::new("") });
        if key == "first" {
            tell(person(), Action::Answer { id: ProposalId(1), answer: yes });
        }
    };
    propose(Agent::Replenishment, "first", buy(10));
    propose(Agent::Replenishment, "second", buy(3));
    let (item, location) = (ItemId(0), LocationId(0));
    let safety = Act::SetSafety { item, location, was: Quantity::ZERO, to: Quantity::units(2) };
    propose(Agent::Allocation, "third", safety);
    keeper.snapshot().expect("the disk takes it");
}

/// Every file with its bytes.
fn contents(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("a file");
                found.push((path, bytes));
            }
        }
    }
    found.sort();
    found
}

struct Day {
    folder: Folder,
}

impl Day {
    fn new(name: &str) -> Self {
        let folder = Folder::of(name);
        a_day(&folder.path().join("data"));
        Self { folder }
    }

    fn replay(&self, policy: &str, more: &[&str]) -> (Option<i32>, Value) {
        let file = self.folder.path().join("policy.toml");
        std::fs::write(&file, policy).expect("a file");
        let data = self.folder.path().join("data");
        let before = contents(&data);
        let mut args = vec!["replay", "--data", "data", "--policy", "policy.toml"];
        args.extend(more);
        let done = run(self.folder.path(), &args);
        assert!(contents(&data) == before, "nothing may be touched");
        let told = if done.out.is_empty() { Value::String(done.err) } else { done.json() };
        (done.code, told)
    }
}

const BUYS_ALONE: &str = "[[rule]]\nname = \"buys\"\nagents = [\"replenishment\"]\nacts = [\"purchase\"]\n\
    phase = \"automate\"\nmoney = \"75.00 EUR\"\nnew_supplier = true\n";

#[test]
fn the_policy_in_force_changes_nothing() {
    let (status, told) = Day::new("replay-same").replay("[[rule]]\nname = \"other name\"\nphase = \"assist\"\n", &[]);
    assert_eq!((status, &told["decisions_changed"], &told["proposals"]), (Some(0), &json!(0), &json!(3)));
    assert_eq!((&told["approvals_before"], &told["approvals_needed"]), (&json!(3), &json!(3)));
}

#[test]
fn another_policy_is_told_case_by_case() {
    let (status, told) = Day::new("replay-other").replay(BUYS_ALONE, &[]);
    assert_eq!(status, Some(1));
    // The first costs 70 and may be bought; with the second the supplier's day costs 91; nobody lets safety stock be set.
    assert_eq!((&told["decisions_changed"], &told["looser"], &told["stricter"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!((&told["approvals_needed"], &told["units"]), (&json!(1), &json!("12")));
    assert_eq!(told["money"], json!({ "EUR": 11_000 }), "70 for the purchase, 40 for two caps kept back");
    let cases: Vec<_> = told["cases"].as_array().expect("cases").iter().map(|case| case["page"].clone()).collect();
    assert_eq!(cases, [json!("/approvals/1"), json!("/approvals/3")]);
    assert_eq!(told["cases"][1]["because"], json!(["no rule lets allocation set_safety for CAP-1 at London"]));
    assert_eq!(told["scopes"]["replenishment purchase"]["looser"], json!(1));
}

#[test]
fn a_stretch_is_named_by_numbers_or_times() {
    let day = Day::new("replay-stretch");
    let (_, whole) = day.replay(BUYS_ALONE, &[]);
    let last = whole["facts"].as_u64().expect("a number").to_string();
    let (_, end) = day.replay(BUYS_ALONE, &["--from", &last]);
    assert_eq!((&end["facts"], &end["proposals"]), (&json!(1), &json!(1)));
    let late = BEGAN.plus_ms(3_600_000).to_string();
    assert_eq!(day.replay(BUYS_ALONE, &["--from", &late]).1["facts"], json!(0));
    let (_, before) = day.replay(BUYS_ALONE, &["--to", &late]);
    assert_eq!(before["facts"], whole["facts"]);
    let (status, told) = day.replay(BUYS_ALONE, &["--from", "yesterday"]);
    assert!(status == Some(2) && told.to_string().contains("yesterday"), "{status:?} {told}");
}

#[test]
fn a_policy_with_a_flaw_is_refused_with_its_line() {
    let (status, told) = Day::new("replay-flaw").replay("[[rule]]\nname = \"a\"\nphase = \"soon\"\n", &[]);
    assert!(status == Some(2) && told.to_string().contains("line 3, phase"), "{status:?} {told}");
}
