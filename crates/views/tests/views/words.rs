//! Every kind of fact has a sentence, and the golden file says which.

use std::collections::BTreeSet;

use model::{Cause, Fact, ItemId, LocationId, Platform, Seq};
use views::{Direction, FactFilter, FactKind, FactRow};

use crate::play::{MORNING, STORE, entry, location, moved, play, story};

fn told() -> Vec<FactRow> {
    let filter = FactFilter { direction: Direction::OldestFirst, ..FactFilter::default() };
    play(&story()).reader.facts(&filter, 500).unwrap()
}

#[test]
fn each_fact_reads_as_a_sentence() {
    let lines: String = told().iter().map(|row| format!("{}: {}\n", row.kind.name(), row.words)).collect();
    // No platform is named outside its connector.
    let lines = Platform::ALL.iter().fold(lines, |lines, platform| lines.replace(platform.name(), "PLATFORM"));
    assert_eq!(lines, include_str!("golden/sentences.txt"));
}

#[test]
fn the_story_tells_of_every_kind() {
    let told: BTreeSet<FactKind> = told().iter().map(|row| row.kind).collect();
    assert_eq!(told, FactKind::ALL.iter().copied().collect());
}

#[test]
fn the_name_of_a_kind_is_that_of_the_json_form() {
    for row in told() {
        assert!(row.json.contains(&format!(r#""fact":{{"kind":"{}""#, row.kind.name())), "{}", row.json);
        assert_eq!(FactKind::parse(row.kind.name()), Some(row.kind));
    }
    assert_eq!(FactKind::parse("no such kind"), None);
}

#[test]
fn sealed_bytes_stay_out_of_the_json_form() {
    let sealed: Vec<_> = told().into_iter().filter(|row| row.kind == FactKind::CustomerPut).collect();
    assert_eq!(sealed.len(), 2);
    assert!(sealed.iter().all(|row| !row.json.contains("bytes") && !row.json.contains("[1,2,3]")));
}

#[test]
fn a_name_that_changes_changes_in_the_past_too() {
    let mut story = story();
    let renamed = location(STORE, "Flagship", "UTC");
    story.push(entry(MORNING, renamed));
    let opening = play(&story).reader.facts(
        &FactFilter { kinds: vec![FactKind::Moved], direction: Direction::OldestFirst, ..FactFilter::default() },
        1,
    );
    assert_eq!(opening.unwrap()[0].words, "First count of SHIRT-M at Flagship: +10");
}

#[test]
fn what_has_no_name_yet_goes_by_its_id() {
    let unnamed = play(&[entry(MORNING, Fact::Moved(moved(ItemId(5), LocationId(6), Cause::Receipt, 2)))]);
    let row = unnamed.reader.fact(Seq(1)).unwrap().unwrap();
    assert_eq!((row.words.as_str(), row.by.as_str()), ("Received 2 of item_5 at loc_6", "the hub"));
}
