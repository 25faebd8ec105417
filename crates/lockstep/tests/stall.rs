//! One platform stops answering while the others sell on: real processes, real HTTP, judged on counts. How long things
//! took is told by `cargo xtask prove --runs stall`, on a machine that does nothing else.

#[path = "support/folder.rs"]
mod folder;
#[path = "support/run.rs"]
mod run;

use folder::Folder;
use serde_json::{Value, json};

/// How many sold lines were followed, by the spread itself and by its buckets.
fn counted(spread: &Value) -> [u64; 2] {
    let buckets = spread["buckets"].as_array().expect("a histogram");
    let within = buckets.iter().map(|bucket| bucket["count"].as_u64().expect("a count")).sum();
    [spread["count"].as_u64().expect("a count"), within]
}

#[test]
fn a_platform_that_stops_answering_is_caught_up_with_in_no_more_calls_than_levels_differ_and_one() {
    let folder = Folder::of("stall");
    let ran = run::run(folder.path(), &["demo", "--stall", "square:4", "--report", "-"]);
    // Whether the others were as fast as before is not judged here: 1 says that they were not, 2 that it could not be run.
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
    let report = ran.json();
    let stall = &report["stall"];
    assert_eq!((&stall["platform"], &stall["seconds"]), (&json!("square"), &json!(4)), "{report:#}");
    let catch_up = ["levels", "calls"].map(|key| stall["catch_up"][key].as_u64().expect("a count"));
    assert!(catch_up[0] > 0, "something was put off: {stall:#}");
    assert!((1..=catch_up[0] + 1).contains(&catch_up[1]), "{stall:#}");
    assert_eq!((&stall["few_calls"], &stall["memory_bounded"]), (&json!(true), &json!(true)), "{stall:#}");
    let during = stall["others"]["during_ms"]["count"].as_u64();
    assert!(during > Some(0), "the others went on: {stall:#}");
    let [all, in_buckets] = counted(&report["propagation_ms"]);
    let pairs = report["propagation_pairs"].as_array().expect("pairs");
    let of_pairs: u64 = pairs.iter().map(|pair| counted(&pair["propagation_ms"])[0]).sum();
    assert!(all > 0 && all == in_buckets && all == of_pairs, "{all}, {in_buckets}, {of_pairs}");
    assert!(pairs.iter().all(|pair| pair["from"] != pair["to"]), "{pairs:#?}");
    let told = ["lost", "doubled", "mismatched_positions", "oversells_hub"].map(|key| (key, report[key].clone()));
    let well = told.iter().all(|(_, count)| *count == json!(0)) && report["settled"] == json!(true);
    assert!(well, "{told:?}, settled {}\n{}", report["settled"], ran.err);
}
