//! The figures have the documented names. How large they are is not judged here.

use serde_json::Value;

use super::transcript::one;
use crate::folder::Folder;

const ALWAYS: [&str; 4] = ["seconds", "cpu_seconds", "peak_rss_mb", "version"];

fn figures(line: &str, keys: &[&str]) -> Value {
    let folder = Folder::of(&line.replace(' ', "-"));
    let ran = one(&folder, line);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let json = ran.json();
    let missing: Vec<&&str> = keys.iter().chain(&ALWAYS).filter(|key| json.get(**key).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?} missing in {json}");
    json
}

fn has(json: &Value, field: &str, keys: &[&str]) {
    let missing: Vec<&&str> = keys.iter().filter(|key| !json[field][**key].is_number()).collect();
    assert!(missing.is_empty(), "{field} without {missing:?} in {json}");
}

#[test]
fn the_engine_tells_its_documented_figures() {
    let keys =
        ["pairs_per_s", "batch_mean", "commit_ms", "lone_ms", "bytes_per_position", "bytes_per_reservation", "refused"];
    let json = figures("bench engine --positions 1000 --time 0.2 --batch 64", &keys);
    has(&json, "commit_ms", &["p50", "p99"]);
    has(&json, "lone_ms", &["p50", "p99"]);
}

#[test]
fn recovery_tells_its_documented_figures_and_ends_in_the_same_state() {
    let json = figures("bench recovery --facts 5000", &["facts", "facts_per_s", "open_s_journal", "open_s_snapshot"]);
    assert!(json["facts"].as_u64() >= Some(5_000), "{json}");
    assert_eq!(json["same_state"], Value::Bool(true), "{json}");
}

#[test]
fn ingest_tells_its_documented_figures_and_acknowledges_everything() {
    let keys = ["requests_per_s", "latency_ms", "echo_requests_per_s", "ratio"];
    let json = figures("bench ingest --requests 200 --connections 4", &keys);
    has(&json, "latency_ms", &["p50", "p99"]);
    assert_eq!(json["not_acknowledged"].as_u64(), Some(0), "{json}");
}

#[test]
fn the_gate_tells_its_documented_figures_and_every_race_has_one_outcome() {
    let keys = ["judge_ns", "raced", "answers", "answers_per_s", "one_outcome", "replay_facts_per_s"];
    let json = figures("bench gate --proposals 60 --rules 5", &keys);
    assert_eq!((json["raced"].as_u64(), json["one_outcome"].as_u64()), (Some(60), Some(60)), "{json}");
    assert_eq!((json["answers"].as_u64(), json["replay_changed"].as_u64()), (Some(240), Some(60)), "{json}");
    assert_eq!(json["facts"], json["replayed"], "{json}");
}
