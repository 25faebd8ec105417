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
    all_is_well((200..204).map(|seed| Plan { mishaps: false, ..Plan::hostile(seed, 200) }));
}

#[test]
fn with_crashes_and_full_disks_nothing_is_lost_or_doubled() {
    all_is_well((300..306).map(|seed| Plan::hostile(seed, 200)));
}

#[test]
fn with_an_account_on_every_platform_and_no_faults_nothing_is_lost_or_doubled() {
    all_is_well([501].into_iter().map(|seed| Plan::gentle(seed, 150).with(Cast::EveryPlatform)));
}

#[test]
fn with_an_account_on_every_platform_and_faults_of_messages_nothing_is_lost_or_doubled() {
    let calm = |seed| Plan { mishaps: false, ..Plan::hostile(seed, 150) }.with(Cast::EveryPlatform);
    all_is_well([502, 508].into_iter().map(calm));
}

#[test]
fn with_an_account_on_every_platform_and_everything_going_wrong_nothing_is_lost_or_doubled() {
    all_is_well([510, 523].into_iter().map(|seed| Plan::hostile(seed, 150).with(Cast::EveryPlatform)));
}

#[test]
fn the_same_seed_gives_the_same_journal_byte_for_byte() {
    let plan = Plan::hostile(400, 150);
    let (one, other) = (run(&plan).expect("runs"), run(&plan).expect("runs"));
    assert_eq!(one, other);
    let another = run(&Plan::hostile(401, 150)).expect("runs");
    assert_ne!(one.chain, another.chain, "another seed gives another journal");
}
