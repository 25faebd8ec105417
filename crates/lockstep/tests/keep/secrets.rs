//! Secrets at rest: sealed, under a master key that is changed while the hub works, and told nowhere.

use serde_json::{Value, json};

use super::hub::{API_KEY, Place, TOKEN, WEBHOOK_SECRET, api, deliver, files, fixture, holds};

#[test]
fn a_master_key_is_changed_while_the_hub_works_and_the_old_one_opens_nothing_afterwards() {
    let place = Place::of("rotate");
    let hub = place.serve();
    let customer = fixture("customers_update.json").to_string();
    assert_eq!(deliver(&hub, "customers/update", "c-1", customer.as_bytes()).status, 200);
    let old = std::fs::read_to_string(place.path("data/keys/master.key")).expect("it is there");
    let person = || {
        let told = place.well("person -c lockstep.toml --channel web --customer 80020001").json();
        told["known_as"][0]["email"].clone()
    };
    assert_eq!(person(), json!("wren@example.test"));
    place.well("keys rotate-master -c lockstep.toml");
    let new = std::fs::read_to_string(place.path("data/keys/master.key")).expect("it is there");
    assert_ne!(old, new);
    assert_eq!(person(), json!("wren@example.test"), "the running hub goes on");
    drop(hub.stop());
    assert_eq!(person(), json!("wren@example.test"), "and so does the next one");
    // A rotation that a crash cut off after the keys were wrapped anew: the next key is found and put in place.
    std::fs::rename(place.path("data/keys/master.key"), place.path("data/keys/master.next")).expect("renamed");
    std::fs::write(place.path("data/keys/master.key"), &old).expect("write");
    assert_eq!(person(), json!("wren@example.test"));
    assert_eq!(std::fs::read_to_string(place.path("data/keys/master.key")).expect("it is there"), new);
    std::fs::write(place.path("data/keys/master.key"), &old).expect("write");
    let ran = place.run("person -c lockstep.toml --channel web --customer 80020001");
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

#[test]
fn a_master_key_comes_from_a_file_or_a_command_and_secrets_of_the_configuration_may_be_sealed() {
    let place = Place::of("sources");
    let (first, second) = ("11".repeat(32), "22".repeat(32));
    std::fs::write(place.path("first.key"), &first).expect("write");
    std::fs::write(place.path("second.key"), &second).expect("write");
    let plain = place.configuration("data");
    let with = |key: &str| plain.replace("[audit]", &format!("{key}\n[audit]"));
    let file = place.path("first.key");
    std::fs::write(place.config(), with(&format!("master_key_file = {file:?}"))).expect("write");
    std::fs::write(place.path("secret.txt"), WEBHOOK_SECRET).expect("write");
    let program = env!("CARGO_BIN_EXE_lockstep");
    let sealed = std::process::Command::new(program)
        .args(["keys", "seal", "-c", "lockstep.toml"])
        .current_dir(place.0.path())
        .stdin(std::fs::File::open(place.path("secret.txt")).expect("it is there"))
        .output()
        .expect("the program can be started");
    let sealed = String::from_utf8(sealed.stdout).expect("text");
    assert!(sealed.starts_with("lockstep-sealed 1 ") && !sealed.contains(WEBHOOK_SECRET), "{sealed}");
    place.well("keys rotate-master -c lockstep.toml --to-file second.key");
    let command = format!("master_key_command = \"cat {}\"", place.path("second.key").display());
    let config = with(&command).replace(&format!("\"{WEBHOOK_SECRET}\""), &format!("{:?}", sealed.trim()));
    assert!(!config.contains(WEBHOOK_SECRET));
    std::fs::write(place.config(), config).expect("write");
    let hub = place.serve();
    let customer = fixture("customers_update.json").to_string();
    assert_eq!(deliver(&hub, "customers/update", "c-1", customer.as_bytes()).status, 200, "the sealed secret fits");
    drop(hub.stop());
    assert!(!place.path("data/keys/master.key").exists());
}

#[test]
fn no_secret_of_the_configuration_is_in_what_the_hub_writes_or_says() {
    let place = Place::of("told");
    let hub = place.serve();
    let customer = fixture("customers_update.json").to_string();
    assert_eq!(deliver(&hub, "customers/update", "c-1", customer.as_bytes()).status, 200);
    let mut said: Vec<String> = ["/metrics", "/healthz", "/v1/channels", "/channels/web", "/v1/facts", "/connect/web"]
        .iter()
        .map(|path| api(&hub, &format!("GET {path}"), &Value::Null).body)
        .collect();
    said.push(format!("{:?}", place.run("check -c lockstep.toml")));
    said.extend(hub.stop().1);
    let master = std::fs::read_to_string(place.path("data/keys/master.key")).expect("it is there");
    let secrets = [TOKEN, WEBHOOK_SECRET, API_KEY, master.trim()];
    for secret in secrets {
        assert_eq!(said.iter().find(|text| text.contains(secret)), None);
        for (path, bytes) in files(&place.path("data")) {
            assert!(path.ends_with("keys/master.key") || !holds(&bytes, secret), "{secret} is in {}", path.display());
        }
    }
}
