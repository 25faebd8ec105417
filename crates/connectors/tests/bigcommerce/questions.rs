//! Questions as requests, and what may be asked at all.

use connectors::{Ability, Account, Effect, Mark, Phase, Question, Secret, Surface, Unsendable};
use model::{Basis, CustomerKey, Instant};

use crate::desk::{URL, account, ask, at, bigcommerce, body, documents, fixture, item, learned, line, place};

fn refused(question: &Question) -> Unsendable {
    bigcommerce().ask(question, &account()).expect_err("it cannot be asked")
}

#[test]
fn every_list_is_asked_by_page() {
    let since = Some(at("2026-11-20T16:00:00Z"));
    let cursor = || Some("3".to_owned());
    let asked = |question| line(&ask(&question));
    assert_eq!(asked(Question::Locations { cursor: None }), "GET /v3/inventory/locations?page=1&limit=250");
    assert_eq!(
        asked(Question::Catalogue { since: None, cursor: None }),
        "GET /v3/catalog/products?include=variants&sort=id&direction=asc&page=1&limit=250"
    );
    assert_eq!(
        asked(Question::Catalogue { since, cursor: cursor() }),
        "GET /v3/catalog/products?include=variants&sort=id&direction=asc&date_modified:min=2026-11-20T16:00:00.000Z&page=3&limit=250"
    );
    assert_eq!(asked(Question::Levels { cursor: cursor() }), "GET /v3/inventory/items?page=3&limit=1000");
    assert_eq!(
        asked(Question::Customers { since, cursor: None }),
        "GET /v3/customers?include=addresses&sort=date_created:asc&date_modified:min=2026-11-20T16:00:00.000Z&page=1&limit=250"
    );
    assert_eq!(asked(Question::Subscriptions { cursor: None }), "GET /v3/hooks?page=1&limit=250");
    assert_eq!(asked(Question::Access), "GET /v2/store");
    assert_eq!(
        asked(Question::Orders { since: at("2026-11-20T16:00:00Z"), cursor: None }),
        "GET /v2/orders?min_date_modified=2026-11-20T16:00:00.000Z&sort=date_modified:asc&page=1&limit=250&include=consignments.line_items&consignment_structure=object"
    );
}

#[test]
fn the_token_goes_in_a_hidden_header_and_nowhere_else() {
    let request = ask(&Question::Access);
    assert!(request.http.headers()["x-auth-token"].is_sensitive());
    assert_eq!(request.http.headers()["x-auth-token"], "token-of-kiln");
    assert_eq!(request.http.headers()["accept"], "application/json");
    assert!(!format!("{request:?}").contains("token-of-kiln"));
    assert_eq!((request.cost, request.effect), (1, Effect::Read));
}

#[test]
fn an_account_that_is_not_usable_is_refused() {
    let told = |account: Account| bigcommerce().ask(&Question::Access, &account).expect_err("not usable");
    assert_eq!(told(Account { account: String::new(), ..account() }), Unsendable::Account("store hash"));
    assert_eq!(told(Account { account: "a/../b".to_owned(), ..account() }), Unsendable::Account("store hash"));
    assert_eq!(told(Account { token: Secret::new(""), ..account() }), Unsendable::Account("token"));
    assert_eq!(told(Account { token: Secret::new("a\nb"), ..account() }), Unsendable::Account("token"));
    assert_eq!(told(Account { base_url: "ftp://x".to_owned(), ..account() }), Unsendable::Account("address"));
    assert_eq!(told(Account { base_url: "no address".to_owned(), ..account() }), Unsendable::Account("address"));
}

#[test]
fn what_cannot_be_asked_says_why() {
    let since = Instant(0);
    let impossible = Unsendable::Impossible("be asked which levels changed since a time");
    assert_eq!(refused(&Question::LevelsSince { since, cursor: None }), impossible);
    let stray = Unsendable::Impossible("go on from a cursor that it did not give");
    assert_eq!(refused(&Question::Levels { cursor: Some("0".to_owned()) }), stray);
    assert_eq!(refused(&Question::Orders { since, cursor: Some("7".to_owned()) }), stray);
    assert_eq!(refused(&documents(&[])), Unsendable::Impossible("read no orders"));
    let row = |problem: &str| Unsendable::Row { row: 0, problem: problem.to_owned() };
    assert_eq!(refused(&documents(&["refund:31"])), row("the order's id is not a number"));
    assert_eq!(refused(&documents(&["7/../8"])), row("the order's id is not a number"));
    let customers = vec![CustomerKey::new("5,6")];
    assert_eq!(refused(&Question::CustomersOf { customers }), row("the customer's id is not a number"));
    assert_eq!(refused(&Question::CustomersOf { customers: vec![] }), Unsendable::Impossible("read no customers"));
    let rows = vec![(item("x"), place("1"))];
    assert_eq!(refused(&Question::LevelsOf { rows }), row("the item's id is not a number"));
    let nothing = Unsendable::Impossible("read the levels of nothing");
    assert_eq!(refused(&Question::LevelsOf { rows: vec![] }), nothing);
}

fn subscribe(present: &[&str]) -> Question {
    let present = present.iter().map(|scope| (*scope).to_owned()).collect();
    Question::Subscribe { url: URL.to_owned(), present, since: Instant(0) }
}

#[test]
fn a_hook_is_made_for_every_scope_until_none_is_missing() {
    let mut question = subscribe(&["store/sku/*"]);
    let mut scopes = Vec::new();
    loop {
        let request = ask(&question);
        assert_eq!((line(&request).as_str(), request.effect), ("POST /v3/hooks", Effect::Write));
        let body = body(&request);
        assert_eq!((body["destination"].as_str(), body["is_active"].as_bool()), (Some(URL), Some(true)));
        assert!(body.get("headers").is_none(), "there is no secret of ours");
        scopes.push(body["scope"].as_str().expect("a scope").to_owned());
        let page = learned(&question, &fixture("hook_created")).expect("it is an answer");
        assert_eq!(page.subscriptions.len(), 1);
        match page.next {
            Some(next) => question = next,
            None => break,
        }
    }
    assert_eq!(
        scopes,
        [
            "store/order/*",
            "store/shipment/*",
            "store/product/*",
            "store/customer/*",
            "store/inventory/location/created",
            "store/inventory/location/updated",
            "store/app/uninstalled",
            "store/channel/*/inventory/product/stock_changed",
        ]
    );
    scopes.push("store/sku/*".to_owned());
    let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
    let present = Unsendable::Impossible("subscribe what is already subscribed");
    assert_eq!(refused(&subscribe(&scopes)), present);
}

#[test]
fn a_hook_carries_our_secret_when_there_is_one() {
    let account = Account { hook_secret: Some(Secret::new("our-own")), ..account() };
    let request = bigcommerce().ask(&subscribe(&[]), &account).expect("it can be asked");
    assert_eq!(body(&request)["headers"], serde_json::json!({"x-lockstep-secret": "our-own"}));
    assert!(!request.http.uri().to_string().contains("our-own"));
}

#[test]
fn every_surface_is_judged_once_and_reading_asks_for_no_power_to_write() {
    let abilities = bigcommerce().abilities();
    let all = [
        Surface::HearSales,
        Surface::HearStock,
        Surface::HearItems,
        Surface::HearCustomers,
        Surface::HearRevoked,
        Surface::PollOrders,
        Surface::PollLevels,
        Surface::ReadLevels,
        Surface::ReadCatalogue,
        Surface::ReadCustomers,
        Surface::WriteRelative,
        Surface::WriteCompared,
        Surface::WriteDated,
        Surface::WritePrice,
        Surface::WriteTitle,
        Surface::WriteBarcode,
        Surface::Subscribe,
        Surface::UnlinkedReturn,
        Surface::Fractions,
        Surface::Locations,
        Surface::MakeOrder,
        Surface::MakeRefund,
        Surface::WriteCustomer,
        Surface::MergeCustomers,
        Surface::Transfer,
        Surface::PurchaseOrder,
        Surface::TillScreen,
    ];
    let listed: Vec<Surface> = abilities.surfaces.iter().map(|(surface, _)| *surface).collect();
    assert_eq!(listed, all);
    let silent = |ability: &Ability| matches!(ability, Ability::No(why) | Ability::Unused(why) if why.is_empty());
    assert!(!abilities.surfaces.iter().any(|(_, ability)| silent(ability)));
    let reading = abilities.scopes.iter().filter(|scope| scope.phase == Phase::Read);
    assert!(reading.clone().count() > 0 && reading.into_iter().all(|scope| scope.name.ends_with("_read_only")));
    assert_eq!((abilities.basis, abilities.mark), (Basis::Available, Mark::Clock));
    assert!(abilities.whole_units && abilities.absent_is_zero && abilities.never_below_zero);
}
