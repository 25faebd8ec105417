//! The rules by themselves: roles, scopes, stores, channels, addresses, and what a retailer adds.

use super::*;

fn endpoints() -> Vec<Endpoint> {
    let one = |name: &str, group| Endpoint { name: name.to_owned(), group };
    vec![
        one("POST /v1/counts", Some(Scope::StockWrite)),
        one("GET /v1/positions", Some(Scope::StockRead)),
        one("GET /v1/orders", Some(Scope::OrdersRead)),
        one("POST /v1/mappings", Some(Scope::OperationsWrite)),
        one("POST /account", None),
    ]
}

fn rules(own: &str) -> Rules {
    Rules::new(&endpoints(), own).expect("rules")
}

const NOWHERE: Place<'static> = Place { store: None, channel: None };

fn at(store: &str) -> Place<'_> {
    Place { store: Some(store), channel: None }
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn each_role_has_its_scopes_and_nobody_without_a_role_has_any() {
    let rules = rules("");
    let of = |role| {
        let mut who = Principal::person("ann", [role]);
        who.stores = BTreeSet::new();
        rules.scopes(&who).into_iter().map(Scope::name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of(Role::Viewer), "stock:read operations:read");
    assert_eq!(of(Role::Clerk), "stock:read stock:write orders:read reservations:write operations:read");
    assert_eq!(
        of(Role::Manager),
        "stock:read stock:write orders:read reservations:write operations:read people:read approvals:write"
    );
    assert_eq!(
        of(Role::Ops),
        "stock:read stock:write orders:read reservations:write operations:read operations:write documents:write people:read approvals:write"
    );
    assert_eq!(of(Role::Auditor), "stock:read orders:read operations:read audit:read");
    assert_eq!(rules.scopes(&Principal::person("root", [Role::Admin])), Scope::ALL);
    assert!(rules.scopes(&Principal::person("nobody", [])).is_empty());
    assert!(rules.scopes(&Principal::machine("nothing", [])).is_empty());
}

#[test]
fn each_scope_of_a_key_opens_its_own_group_and_no_other() {
    let rules = rules("");
    for scope in Scope::ALL {
        assert_eq!(rules.scopes(&Principal::machine("one", [scope])), [scope]);
    }
}

#[test]
fn a_clerk_changes_stock_of_their_own_store_alone_and_none_without_a_store() {
    let rules = rules("");
    let mut clerk = Principal::person("ann", [Role::Clerk]);
    assert!(!rules.at(&clerk, "POST /v1/counts", at("North")).allowed, "no store yet");
    clerk.stores = names(&["North"]);
    assert!(rules.at(&clerk, "POST /v1/counts", at("North")).allowed);
    let refused = rules.at(&clerk, "POST /v1/counts", at("South"));
    assert_eq!(refused.by, ["whoever is for some stores changes nothing at another"]);
    assert!(!refused.allowed);
    assert!(rules.at(&clerk, "GET /v1/positions", at("South")).allowed, "seeing what others have sells");
}

#[test]
fn somebody_for_one_store_changes_nothing_that_is_about_all() {
    let rules = rules("");
    let mut ops = Principal::person("ann", [Role::Ops]);
    assert!(rules.at(&ops, "POST /v1/mappings", NOWHERE).allowed);
    ops.stores = names(&["North"]);
    assert!(!rules.at(&ops, "POST /v1/mappings", NOWHERE).allowed);
}

#[test]
fn somebody_for_one_channel_sees_its_orders_alone() {
    let rules = rules("");
    let mut key = Principal::machine("returns desk", [Scope::OrdersRead]);
    key.channels = names(&["web"]);
    let of = |channel| Place { store: None, channel: Some(channel) };
    assert!(rules.at(&key, "GET /v1/orders", of("web")).allowed);
    assert!(!rules.at(&key, "GET /v1/orders", of("till")).allowed);
}

#[test]
fn a_key_limited_to_addresses_calls_no_other_even_of_its_scopes() {
    let rules = rules("");
    let mut key = Principal::machine("counter", [Scope::StockWrite, Scope::StockRead]);
    key.endpoints = names(&["POST /v1/counts"]);
    assert!(rules.at(&key, "POST /v1/counts", NOWHERE).allowed);
    let refused = rules.at(&key, "GET /v1/positions", NOWHERE);
    assert_eq!(refused.by, ["a key that is limited to addresses stays with them"]);
    assert!(!rules.at(&key, "GET /v1/orders", NOWHERE).allowed);
}

#[test]
fn an_address_that_nobody_has_put_into_a_group_is_closed_even_to_an_administrator() {
    let rules = rules("");
    assert!(!rules.at(&Principal::person("root", [Role::Admin]), "GET /v1/forgotten", NOWHERE).allowed);
}

#[test]
fn own_things_are_for_people_and_not_for_keys() {
    let rules = rules("");
    assert!(rules.at(&Principal::person("ann", []), "POST /account", NOWHERE).allowed);
    assert!(!rules.at(&Principal::machine("all", Scope::ALL), "POST /account", NOWHERE).allowed);
}

#[test]
fn a_retailer_adds_permissions_and_prohibitions() {
    let own = r#"
        @id("Bea sees orders too")
        permit (principal == Person::"bea", action in Action::"orders:read", resource);
        @id("the counting robot rests")
        forbid (principal == Machine::"robot", action, resource);
    "#;
    let rules = rules(own);
    assert!(rules.at(&Principal::person("bea", [Role::Viewer]), "GET /v1/orders", NOWHERE).allowed);
    assert!(!rules.at(&Principal::person("cid", [Role::Viewer]), "GET /v1/orders", NOWHERE).allowed);
    let robot = rules.at(&Principal::machine("robot", Scope::ALL), "POST /v1/counts", NOWHERE);
    assert_eq!((robot.allowed, robot.by), (false, vec!["the counting robot rests".to_owned()]));
}

#[test]
fn the_built_in_rules_speak_of_nothing_that_does_not_exist() {
    assert!(Rules::new(&endpoints(), "// none of our own, but looked at").is_ok());
}

#[test]
fn rules_about_what_does_not_exist_are_refused_when_they_are_read() {
    let refused = |own: &str| Rules::new(&endpoints(), own).expect_err("refused").to_string();
    assert!(refused("permit (principal, action == Action::\"GET /v1/nowhere\", resource);").contains("nowhere"));
    assert!(refused("permit (principal, action, resource) when { principal.shoes };").contains("shoes"));
    assert!(refused("permit (principal").starts_with("read the rules"));
    assert!(refused("@id(\"a key with admin\") permit (principal, action, resource);").contains("two rules"));
}
