//! Questions as requests: addresses, headers, bodies.

use connectors::{Account, Effect, Question, Request, Secret, Unsendable};
use model::{CustomerKey, DocumentKey, ExternalLocation, Instant};
use serde_json::{Value, json};

use crate::desk::{account, at, item, place, square};

fn asked(question: &Question) -> Request {
    square().ask(question, &account()).expect("it can be asked")
}

fn refused(question: &Question, account: &Account) -> String {
    square().ask(question, account).map(|_| ()).expect_err("it cannot be asked").to_string()
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(request.http.body()).expect("the body is JSON")
}

#[test]
fn every_request_carries_version_and_token_and_hides_the_token() {
    let request = asked(&Question::Locations { cursor: None });
    let headers = request.http.headers();
    assert_eq!(request.http.uri(), "https://connect.example.com/v2/locations");
    assert_eq!(headers["authorization"], "Bearer seller-token");
    assert!(headers["authorization"].is_sensitive());
    assert_eq!(
        (&headers["square-version"], &headers["content-type"]),
        (&"2026-09-16".parse().expect("a value"), &"application/json".parse().expect("a value"))
    );
    assert_eq!((request.cost, request.effect), (1, Effect::Read));
}

#[test]
fn orders_are_searched_by_change_oldest_first_with_the_same_body_on_every_page() {
    let since = at("2026-11-20T16:00:00Z");
    let first = body(&asked(&Question::Orders { since, cursor: None }));
    let expected = json!({
        "location_ids": ["LPORTO1", "LBRAGA2"],
        "query": {
            "filter": {"date_time_filter": {"updated_at": {"start_at": "2026-11-20T16:00:00.000Z"}}},
            "sort": {"sort_field": "UPDATED_AT", "sort_order": "ASC"},
        },
        "limit": 500,
        "return_entries": false,
    });
    assert_eq!(first, expected);
    let mut second = body(&asked(&Question::Orders { since, cursor: Some("0:abc".to_owned()) }));
    let fields = second.as_object_mut().expect("an object");
    assert_eq!(fields.remove("cursor"), Some(json!("abc")));
    assert_eq!(second, first);
}

#[test]
fn more_than_ten_locations_are_searched_ten_by_ten() {
    let many: Vec<ExternalLocation> = (0..23).map(|n| place(&format!("L{n}"))).collect();
    let account = Account { locations: many, ..account() };
    let mut question = Question::Orders { since: Instant(0), cursor: None };
    let mut searched = Vec::new();
    loop {
        let request = square().ask(&question, &account).expect("it can be asked");
        let ids = body(&request)["location_ids"].as_array().expect("a list").clone();
        assert!(ids.len() <= 10);
        searched.extend(ids);
        let reply = crate::desk::reply(200, b"{}");
        match square().learn(&question, &account, &reply).expect("an empty page").next {
            Some(next) => question = next,
            None => break,
        }
    }
    let all: Vec<Value> = account.locations.iter().map(|location| json!(location.as_str())).collect();
    assert_eq!(searched, all);
}

#[test]
fn levels_are_asked_in_stock_only_and_by_one_location_at_a_time() {
    let all = body(&asked(&Question::Levels { cursor: Some("c".to_owned()) }));
    let locations = json!(["LPORTO1", "LBRAGA2"]);
    assert_eq!(all, json!({"states": ["IN_STOCK"], "location_ids": locations, "limit": 1000, "cursor": "c"}));
    let rows = vec![(item("A"), place("L1")), (item("B"), place("L2")), (item("C"), place("L1"))];
    let some = body(&asked(&Question::LevelsOf { rows }));
    let expected =
        json!({"catalog_object_ids": ["A", "C"], "location_ids": ["L1"], "states": ["IN_STOCK"], "limit": 1000});
    assert_eq!(some, expected);
}

#[test]
fn the_catalogue_is_asked_with_deleted_and_related_objects() {
    let since = Some(at("2026-11-01T00:00:00Z"));
    let body = body(&asked(&Question::Catalogue { since, cursor: None }));
    let expected = json!({
        "object_types": ["ITEM", "ITEM_VARIATION"],
        "include_deleted_objects": true,
        "include_related_objects": true,
        "begin_time": "2026-11-01T00:00:00.000Z",
        "limit": 500,
    });
    assert_eq!(body, expected);
}

#[test]
fn a_customer_id_cannot_leave_its_place_in_the_path() {
    let request = asked(&Question::CustomersOf { customers: vec![CustomerKey::new("a/../b?c=d#e é")] });
    let path = "https://connect.example.com/v2/customers/a%2F..%2Fb%3Fc%3Dd%23e%20%C3%A9";
    assert_eq!(request.http.uri(), path);
}

#[test]
fn subscriptions_take_the_applications_token_and_only_the_topics_that_are_not_there() {
    let list = asked(&Question::Subscriptions { cursor: Some("a&b".to_owned()) });
    assert_eq!(list.http.uri().query(), Some("include_disabled=true&cursor=a%26b"));
    assert_eq!(list.http.headers()["authorization"], "Bearer application-token");
    let url = "https://hub.example.com/hooks/square/main".to_owned();
    let present = vec!["order.created".to_owned(), "customer.deleted".to_owned()];
    let asked_at = |ms| Question::Subscribe { url: url.clone(), present: present.clone(), since: model::Instant(ms) };
    let question = asked_at(0);
    let made = asked(&question);
    let subscription = body(&made)["subscription"].clone();
    assert_eq!((&subscription["notification_url"], &subscription["api_version"]), (&json!(url), &json!("2026-09-16")));
    let topics = subscription["event_types"].as_array().expect("a list").len();
    assert_eq!((topics, made.effect), (13, Effect::Write));
    assert_eq!(asked(&question).http.body(), made.http.body(), "asking twice makes one subscription");
    assert_ne!(asked(&asked_at(1)).http.body(), made.http.body(), "and asking anew makes a new one");
}

#[test]
fn a_subscription_to_everything_that_is_there_already_is_not_asked() {
    let url = "https://hub.example.com".to_owned();
    let all = asked(&Question::Subscribe { url: url.clone(), present: vec![], since: model::Instant(0) });
    let topics = body(&all)["subscription"]["event_types"].clone();
    let present = serde_json::from_value(topics).expect("a list of topics");
    let refusal = refused(&Question::Subscribe { url, present, since: model::Instant(0) }, &account());
    assert_eq!(refusal, "this platform cannot: subscribe what is already subscribed");
}

#[test]
fn what_cannot_be_asked_says_why() {
    let orders = |cursor: Option<&str>| Question::Orders { since: Instant(0), cursor: cursor.map(str::to_owned) };
    let nowhere = Account { locations: vec![], ..account() };
    let cannot = "this platform cannot:";
    assert_eq!(refused(&orders(None), &nowhere), format!("{cannot} search orders without knowing the locations"));
    assert_eq!(refused(&orders(Some("x")), &account()), format!("{cannot} go on from a cursor that it did not give"));
    assert_eq!(
        refused(&Question::LevelsOf { rows: vec![] }, &account()),
        format!("{cannot} read the levels of nothing")
    );
    assert_eq!(refused(&Question::OrdersOf { documents: vec![] }, &account()), format!("{cannot} read no orders"));
    let nobody = Question::CustomersOf { customers: vec![] };
    assert_eq!(refused(&nobody, &account()), format!("{cannot} read no customers"));
    let seller_only = Account { application_token: None, ..account() };
    let error = square().ask(&Question::Subscriptions { cursor: None }, &seller_only).map(|_| ());
    assert_eq!(error, Err(Unsendable::Account("application token")));
}

#[test]
fn an_address_or_token_that_fits_no_request_is_refused() {
    let question = Question::Locations { cursor: None };
    for base_url in ["", "connect.example.com", "ftp://connect.example.com", "https://a b"] {
        let account = Account { base_url: base_url.to_owned(), ..account() };
        assert_eq!(refused(&question, &account), "the account's address is not usable in a request");
    }
    for token in ["", "two\nlines"] {
        let account = Account { token: Secret::new(token), ..account() };
        assert_eq!(refused(&question, &account), "the account's token is not usable in a request");
    }
}

#[test]
fn more_than_a_hundred_documents_are_asked_a_hundred_at_a_time() {
    let documents: Vec<DocumentKey> = (0..130).map(|n| DocumentKey::new(&format!("o{n}"))).collect();
    let question = Question::OrdersOf { documents };
    assert_eq!(body(&asked(&question))["order_ids"].as_array().map(Vec::len), Some(100));
    let page = crate::desk::learned(&question, b"{}").expect("readable");
    let Some(Question::OrdersOf { documents }) = page.next else { panic!("thirty are left") };
    assert_eq!((page.missing.len(), documents.len()), (100, 30));
}
