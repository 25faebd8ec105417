//! The configuration: its defaults, its faults, and what `check` says about a set-up.

use super::transcript::{compare, one, play};
use crate::folder::Folder;

#[test]
fn the_defaults_are_printed_and_can_be_loaded() {
    let folder = Folder::of("defaults");
    let printed = one(&folder, "config");
    assert_eq!(printed.code, Some(0));
    assert!(printed.err.is_empty(), "{printed:?}");
    std::fs::write(folder.path().join("lockstep.toml"), &printed.out).expect("write");
    let loaded = one(&folder, "check -c lockstep.toml");
    let first = &loaded.json()["checks"][0];
    assert_eq!((first["check"].as_str(), first["ok"].as_bool()), (Some("configuration"), Some(true)), "{loaded:?}");
}

#[test]
fn every_fault_of_a_configuration_is_listed_at_once() {
    let folder = Folder::of("faults");
    let bad = r#"
[hub]
currency = "EURO"
[[channel]]
name = "a b"
platform = "abacus"
base_url = "ftp://x/"
sells_from = ["Moon"]
[[location]]
name = "L"
home = "nowhere"
zone = "Mars/Base"
[[api_key]]
name = "k"
key = "short"
scopes = ["fly"]
"#;
    std::fs::write(folder.path().join("bad.toml"), bad).expect("write");
    std::fs::write(folder.path().join("unknown.toml"), "[hub]\nlisten_to = \"x\"\n").expect("write");
    compare(
        "faults",
        &play(&folder, "check -c bad.toml\nserve -c bad.toml\ncheck -c unknown.toml\ncheck -c none.toml"),
    );
}

#[test]
fn an_account_that_cannot_be_reached_is_told_with_what_to_do() {
    let folder = Folder::of("unreachable");
    // Nothing listens on port 9 of a test machine, and if something did it would be no platform.
    let config = r#"
[hub]
data = "data"
[[channel]]
name = "web"
platform = "shopify"
base_url = "http://127.0.0.1:9"
token = "t"
webhook_secret = "s"
[[channel]]
name = "tills"
platform = "square"
base_url = "http://127.0.0.1:9"
token = "t"
subscribe = false
"#;
    std::fs::write(folder.path().join("lockstep.toml"), config).expect("write");
    compare("check", &play(&folder, "check -c lockstep.toml"));
    assert!(!folder.path().join("data").exists(), "check writes nothing");
}

#[test]
fn a_hub_without_a_channel_is_no_finished_set_up() {
    let folder = Folder::of("no-channel");
    let ran = one(&folder, "check");
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("[[channel]]"), "{ran:?}");
}
