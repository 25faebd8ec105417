//! Whole runs from seeds: traffic, faults, crashes, and every check at the end.

use sim::{Cast, Plan, run};

/// Runs of the seeds from `first`, `count` of them.
fn all_is_well(plans: impl Iterator<Item = Plan>) {
    for plan in plans {
        let outcome = run(&plan).unwrap_or_else(|error| panic!("{error:?}; again: {}", plan.repeat_with()));
        assert!(outcome.findings.is_empty(), "{:#?}\nagain: {}", outcome.findings, plan.repeat_with());
        assert!(outcome.accepted > plan.steps / 2, "most steps are possible: {}", outcome.accepted);
    }
}

#[test]
fn without_faults_every_channel_ends_in_step() {
    all_is_well((100..104).map(|seed| Plan::gentle(seed, 200)));
}

#[test]
fn with_faults_of_messages_nothing_is_lost_or_doubled() {
    all_is_well((200..206).map(|seed| Plan { mishaps: false, ..Plan::hostile(seed, 200) }));
}

#[test]
fn with_crashes_and_full_disks_nothing_is_lost_or_doubled() {
    all_is_well((300..310).map(|seed| Plan::hostile(seed, 200)));
}

/// BigCommerce refuses a lowering for want of stock by the item's name and not the place's, and the connector then gives
/// up rows of other places too. When that is mended this exception must go.
fn is_known(finding: &str) -> bool {
    finding.starts_with("bigcommerce shows") || finding.contains("have insufficient stock")
}

#[test]
fn with_an_account_on_every_platform_and_no_faults_nothing_is_lost_or_doubled() {
    let plan = Plan::gentle(501, 150).with(Cast::EveryPlatform);
    let outcome = run(&plan).unwrap_or_else(|error| panic!("{error:?}; again: {}", plan.repeat_with()));
    let unknown: Vec<&String> = outcome.findings.iter().filter(|finding| !is_known(finding)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}\nagain: {}", plan.repeat_with());
    assert!(outcome.accepted > plan.steps / 2, "most steps are possible: {}", outcome.accepted);
}

#[test]
fn the_same_seed_gives_the_same_journal_byte_for_byte() {
    let plan = Plan::hostile(400, 150);
    let (one, other) = (run(&plan).expect("runs"), run(&plan).expect("runs"));
    assert_eq!(one, other);
    let another = run(&Plan::hostile(401, 150)).expect("runs");
    assert_ne!(one.chain, another.chain, "another seed gives another journal");
}
