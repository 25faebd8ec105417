//! People and keys over the command line.

use super::transcript::one;
use crate::folder::Folder;

#[test]
fn people_are_added_given_roles_and_kept_out_and_the_last_administrator_stays() {
    let folder = Folder::of("users");
    let added = one(&folder, "users add ann --role admin --data data");
    assert_eq!(added.code, Some(0), "{added:?}");
    assert_eq!(added.json()["password"].as_str().map(str::len), Some(20));
    let clerk = one(&folder, "users add bob --role clerk --store 'Store 1' --data data");
    assert_eq!(clerk.code, Some(0), "{clerk:?}");
    let wrong = one(&folder, "users add cid --role king --data data");
    assert!(wrong.code != Some(0) && wrong.err.contains("viewer, clerk, manager"), "{wrong:?}");
    let last = one(&folder, "users disable ann --data data");
    assert!(last.code != Some(0) && last.err.contains("last administrator"), "{last:?}");
    assert_eq!(one(&folder, "users disable bob --data data").json()["disabled"], true);
    let next = one(&folder, "users passwd bob --data data").json()["password"].clone();
    assert_ne!(next, clerk.json()["password"]);
    let listed = one(&folder, "users list --data data").json();
    let names: Vec<&str> =
        listed["users"].as_array().expect("a list").iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["ann", "bob"]);
    assert_eq!(listed["users"][1]["stores"][0], "Store 1");
}

#[test]
fn a_key_is_made_with_its_limits_rotated_and_revoked() {
    let folder = Folder::of("keys");
    let made = one(&folder, "keys add counter --scope stock:write --endpoint 'POST /v1/counts' --days 90 --data data");
    assert_eq!(made.code, Some(0), "{made:?}");
    let text = made.json()["key"].clone();
    assert!(text.as_str().is_some_and(|text| text.starts_with("lk_") && text.len() == 46), "{text}");
    let wrong = one(&folder, "keys add other --scope stock:write --endpoint '/v1/counts' --data data");
    assert!(wrong.code != Some(0) && wrong.err.contains("POST /v1/counts"), "{wrong:?}");
    assert_ne!(one(&folder, "keys rotate counter --data data").json()["key"], text);
    assert_eq!(one(&folder, "keys revoke counter --data data").json()["revoked"], true);
    let key = one(&folder, "keys list --data data").json()["keys"][0].clone();
    assert_eq!((&key["lives"], &key["endpoints"][0]), (&false.into(), &"POST /v1/counts".into()));
    assert_eq!(key["key"], serde_json::Value::Null, "its text is told once");
}

#[test]
fn rules_that_speak_of_what_does_not_exist_are_found_before_the_hub_starts() {
    let folder = Folder::of("rules");
    let own = "[access]\nrules_file = \"own.cedar\"\ntrusted_proxies = [\"10.0.0.0/99\"]\nforwarded_by = \"guess\"\n";
    std::fs::write(folder.path().join("lockstep.toml"), own).expect("write");
    let ran = one(&folder, "check -c lockstep.toml");
    assert!(ran.code != Some(0) && ran.err.contains("forwarded_by"), "{ran:?}");
    std::fs::write(folder.path().join("lockstep.toml"), "[access]\nrules_file = \"own.cedar\"\n").expect("write");
    let rule = "permit (principal, action == Action::\"GET /v1/nowhere\", resource);";
    std::fs::write(folder.path().join("own.cedar"), rule).expect("write");
    let ran = one(&folder, "check -c lockstep.toml");
    assert!(ran.code != Some(0) && ran.err.contains("/v1/nowhere"), "{ran:?}");
}
