//! The table `matrix.txt` against the rules, and against the pages of a running hub.

use std::collections::BTreeMap;

use access::{Principal, Role, Scope};
use server::{DoorSettings, Doorkeeper, Options, ROUTES, page_routes};

use crate::running::Running;
use crate::visit::Visit;

struct Row {
    roles: Vec<String>,
    scope: String,
}

/// By address.
fn matrix() -> BTreeMap<String, Row> {
    let lines = include_str!("matrix.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [address, roles, scope] = parts[..] else { panic!("a row has three parts: {line}") };
        let address = address.split_whitespace().collect::<Vec<_>>().join(" ");
        (address, Row { roles: roles.split_whitespace().map(str::to_owned).collect(), scope: scope.to_owned() })
    });
    rows.collect()
}

fn doorkeeper() -> Doorkeeper {
    // With rules of one's own, be they empty, all are held against every address.
    let settings = DoorSettings { rules: "// none".to_owned(), ..DoorSettings::default() };
    Doorkeeper::in_memory(settings).expect("the built-in rules speak of nothing that does not exist")
}

#[test]
fn every_address_has_a_row_and_every_row_an_address() {
    let routes = ROUTES.iter().chain(page_routes());
    let addresses: Vec<String> = routes.map(server::Route::name).collect();
    let rows = matrix();
    let without: Vec<&String> = addresses.iter().filter(|address| !rows.contains_key(*address)).collect();
    assert!(without.is_empty(), "say in tests/access/matrix.txt who may have {without:?}");
    let gone: Vec<&String> = rows.keys().filter(|row| !addresses.contains(row)).collect();
    assert!(gone.is_empty(), "there is no such address any more: {gone:?}");
}

#[test]
fn each_role_may_have_what_its_row_says_and_nothing_else() {
    let door = doorkeeper();
    let mut people: Vec<(&str, Principal)> = vec![("none", Principal::person("none", []))];
    people.extend(Role::ALL.map(|role| (role.name(), Principal::person("somebody", [role]))));
    let mut looked = 0;
    for (address, row) in matrix().iter().filter(|(_, row)| row.scope != "anybody") {
        for (role, person) in &people {
            let expected = row.roles.iter().any(|named| named == role);
            assert_eq!(door.allows(person, address), expected, "{role} at {address}");
            looked += 1;
        }
    }
    assert!(looked > 7 * 100, "{looked}");
}

#[test]
fn each_scope_opens_the_addresses_whose_row_names_it_and_nothing_else() {
    let door = doorkeeper();
    for (address, row) in matrix().iter().filter(|(_, row)| row.scope != "anybody") {
        assert!(!door.allows(&Principal::machine("nothing", []), address), "{address}");
        for scope in Scope::ALL {
            let key = Principal::machine("key", [scope]);
            assert_eq!(door.allows(&key, address), row.scope == scope.name(), "{} at {address}", scope.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_answer_each_role_as_its_row_says() {
    let running = Running::shop(Options::default()).await;
    let mut visits = vec![("none", Visit::of(&running, "none", &[]).await)];
    for role in Role::ALL {
        visits.push((role.name(), Visit::of(&running, role.name(), &[role]).await));
    }
    let stranger = Visit::stranger(&running);
    for route in page_routes() {
        let row = &matrix()[&route.name()];
        let address = filled(route.path);
        let (status, _) = stranger.ask(route.method, &address, "").await;
        assert!(status == 303 || status == 401, "a stranger at {} {address}: {status}", route.method);
        for (role, visit) in &visits {
            let (status, text) = visit.ask(route.method, &address, "").await;
            let refused = status == 403 && text.contains("Not allowed");
            let expected = row.scope == "anybody" || row.roles.iter().any(|named| named == role);
            assert_eq!(!refused, expected, "{role} at {} {address}: {status}", route.method);
            assert!(status < 500, "{role} at {} {address}: {status}", route.method);
            // Nothing is changed by a form that did not come from a page of ours.
            assert!(
                route.method == "GET" || status == 403 || status == 404 || status == 400,
                "{role} at {address}: {status}"
            );
        }
    }
}

fn filled(path: &str) -> String {
    let filled = [("{sku}", "SKU-004"), ("{location}", "0"), ("{order}", "0"), ("{name}", "Tills"), ("{act}", "x")];
    let path = filled.iter().fold(path.to_owned(), |path, (from, to)| path.replace(from, to));
    let path = path.replace("{channel}", "Tills").replace("{external}", "item-double").replace("{id}", "1");
    if path == "/live" { "/live?at=/nowhere".to_owned() } else { path }
}
