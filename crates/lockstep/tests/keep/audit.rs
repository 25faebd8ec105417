//! A journal held against what was signed elsewhere, and exports that prove themselves.

use serde_json::{Value, json};

use super::hub::{Place, api, receive};

/// A journal of some facts, signed twice, with a copy of the folder from between.
fn signed_twice(name: &str) -> Place {
    let place = Place::of(name);
    let hub = place.serve();
    receive(&hub, 5);
    drop(hub.stop());
    place.well("audit checkpoint -c lockstep.toml");
    copy(&place, "data", "early");
    let hub = place.serve();
    receive(&hub, 7);
    drop(hub.stop());
    place.well("audit checkpoint -c lockstep.toml");
    place
}

fn copy(place: &Place, from: &str, to: &str) {
    let done = std::process::Command::new("cp").arg("-r").arg(place.path(from)).arg(place.path(to)).status();
    assert!(done.expect("cp is there").success());
}

#[test]
fn a_cut_tail_is_found_by_the_checkpoints_that_were_sent_outside_and_by_nothing_else() {
    let place = signed_twice("cut");
    let whole = place.well("audit verify --data data --checkpoints outside/checkpoints.log").json();
    assert_eq!(whole["valid"], json!(true));
    assert!(whole["checkpoints"]["fitting"].as_u64() >= Some(2), "{whole}");
    assert_eq!(whole["checkpoints"]["vouched_until"], whole["facts"], "{whole}");
    // Somebody puts the folder of the day before in place, its checkpoints included: its chain is whole.
    let alone = place.well("audit verify --data early").json();
    assert_eq!(alone["valid"], json!(true), "{alone}");
    let key = "--public-key outside/public.key";
    let ran = place.run(&format!("audit verify --data early --checkpoints outside/checkpoints.log {key}"));
    let (code, told) = (ran.code, ran.json());
    assert_eq!((code, told["valid"].as_bool()), (Some(1), Some(false)), "{told}");
    assert_eq!(told["checkpoints"]["against"]["what"], json!("cut"));
    assert!(told["checkpoints"]["against"]["seq"].as_u64() > told["facts"].as_u64(), "{told}");
    assert_eq!(told["checkpoints"]["vouched_until"], told["facts"]);
}

#[test]
fn a_journal_computed_anew_is_found_by_the_checkpoints_of_the_true_one() {
    let place = signed_twice("anew");
    // Another hub, of which every checksum and every link of the chain is right.
    let other = Place::of("anew-other");
    let hub = other.serve();
    receive(&hub, 500);
    receive(&hub, 500);
    receive(&hub, 500);
    drop(hub.stop());
    let (data, lines) = (other.path("data"), place.path("outside/checkpoints.log"));
    let key = place.path("outside/public.key");
    let line = format!(
        "audit verify --data {} --checkpoints {} --public-key {}",
        data.display(),
        lines.display(),
        key.display()
    );
    let ran = place.run(&line);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.json()["checkpoints"]["against"]["what"], json!("recomputed"), "{ran:?}");
    // Signed anew as well, by another key: the lines themselves are refused.
    let forged = other.path("outside/checkpoints.log");
    let ran = place.run(&format!(
        "audit verify --data {} --checkpoints {} --public-key {}",
        data.display(),
        forged.display(),
        key.display()
    ));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.json()["checkpoints"]["forged"][0]["reason"], json!("it is signed by another key"), "{ran:?}");
}

#[test]
fn a_changed_checkpoint_is_named_by_its_line() {
    let place = signed_twice("line");
    let path = place.path("outside/checkpoints.log");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let seq = text.lines().nth(1).and_then(|line| line.split(' ').nth(2)).expect("a second line").to_owned();
    let changed: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(at, line)| if at == 1 { line.replacen(&seq, "3", 1) } else { line.to_owned() })
        .collect();
    std::fs::write(&path, changed.join("\n") + "\n").expect("write");
    let ran = place.run("audit verify --data data --checkpoints outside/checkpoints.log");
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.json()["checkpoints"]["forged"][0]["line"], json!(2), "{ran:?}");
}

/// Exports in both forms, each changed in a way that an honest reader would want to know of.
#[test]
fn an_export_proves_itself_and_every_change_of_it_is_named() {
    let place = signed_twice("export");
    for form in ["jsonl", "csv"] {
        let made =
            place.well(&format!("audit export -c lockstep.toml --from 3 --format {form} --out out.{form}")).json();
        assert!(made["facts"].as_u64() > Some(2), "{made}");
        let check = format!("audit verify-export out.{form} --public-key outside/public.key");
        let told = place.well(&check).json();
        assert_eq!((&told["facts"], &told["chain"]), (&made["facts"], &made["chain"]), "{told}");
        let path = place.path(&format!("out.{form}"));
        let text = std::fs::read_to_string(&path).expect("it is there");
        let lines: Vec<&str> = text.lines().collect();
        let fact = lines.iter().position(|line| line.contains("receipt")).expect("a receipt");
        let refused = |changed: String| {
            std::fs::write(&path, changed + "\n").expect("write");
            let ran = place.run(&check);
            assert_eq!(ran.code, Some(1), "{form}: {ran:?}");
            assert!(ran.json()["first_bad"]["reason"].is_string(), "{ran:?}");
        };
        refused(
            lines
                .iter()
                .enumerate()
                .map(|(at, line)| if at == fact { line.replace("receipt", "adjustment") } else { (*line).to_owned() })
                .collect::<Vec<_>>()
                .join("\n"),
        );
        refused(
            lines
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != fact)
                .map(|(_, line)| *line)
                .collect::<Vec<_>>()
                .join("\n"),
        );
        refused(lines[..lines.len() - 1].join("\n"));
        let mut swapped = lines.clone();
        swapped.swap(fact, fact + 1);
        refused(swapped.join("\n"));
        refused([&lines[..], &lines[fact..=fact]].concat().join("\n"));
    }
    let other = Place::of("export-other");
    drop(other.serve().stop());
    place.well("audit export -c lockstep.toml --out again.jsonl");
    let key = other.path("outside/public.key");
    let ran = place.run(&format!("audit verify-export again.jsonl --public-key {}", key.display()));
    assert_eq!(ran.code, Some(1), "{ran:?}");
}

#[test]
fn the_audit_is_found_by_item_author_and_day_and_is_told_in_sentences() {
    let place = Place::of("search");
    let hub = place.serve();
    receive(&hub, 5);
    let get = |query: &str| -> Value {
        let answer = api(&hub, &format!("GET /v1/audit{query}"), &Value::Null);
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
    };
    let words = |page: &Value| -> Vec<String> {
        page["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| row["words"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let item = get("?sku=MUG");
    assert!(words(&item).iter().any(|words| words.contains("5") && words.contains("MUG")), "{item}");
    let by_key = get("?actor=tests");
    let authors: Vec<&Value> = by_key["items"].as_array().expect("a list").iter().map(|row| &row["by"]).collect();
    assert!(!authors.is_empty() && authors.iter().all(|by| **by == json!({ "key": "tests" })), "{by_key}");
    assert!(words(&get("?actor=nobody")).is_empty());
    assert!(words(&get("?since=2999-01-01")).is_empty());
    assert_eq!(words(&get("?until=2000-01-01")).len(), 0);
    let all = get("?limit=2");
    assert_eq!(words(&all).len(), 2);
    let next = get(&format!("?limit=500&cursor={}", all["next"].as_str().expect("there is more")));
    let first = all["items"][1]["seq"].as_u64().expect("a number");
    assert_eq!(next["items"][0]["seq"].as_u64(), Some(first - 1));
    let refused = api(&hub, "GET /v1/audit?customer=7", &Value::Null);
    assert_eq!(refused.status, 422, "{refused:?}");
    let page = api(&hub, "GET /audit?sku=MUG", &Value::Null);
    assert!(page.status == 200 && page.body.contains("What happened, and who did it"), "{page:?}");
    let file = api(&hub, "GET /v1/audit/export?format=csv", &Value::Null);
    assert!(file.status == 200 && file.body.contains("lockstep-checkpoint 1 "), "{file:?}");
    drop(hub.stop());
}
