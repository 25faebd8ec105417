//! The requests that questions become.

use connectors::{Effect, Question, Secret, Unsendable};
use model::{CustomerKey, DocumentKey, Instant};

use crate::desk::{BASE, account, asked, at, item, line, r_series, shop};

fn documents(ids: &[&str]) -> Question {
    Question::OrdersOf { documents: ids.iter().map(|id| DocumentKey::new(id)).collect() }
}

#[test]
fn every_question_is_a_read_of_its_own_list() {
    let since = at("2026-11-21T17:04:11.900Z");
    let cases = [
        (Question::Locations { cursor: None }, "Shop.json?sort=shopID&archived=true&limit=100"),
        (Question::Catalogue { since: None, cursor: None }, "Item.json?sort=itemID&archived=true&limit=100"),
        (
            Question::Catalogue { since: Some(since), cursor: None },
            "Item.json?sort=timeStamp&timeStamp=%3E%3D%2C2026-11-21T17%3A04%3A11%2B00%3A00&archived=true&limit=100",
        ),
        (Question::Levels { cursor: None }, "ItemShop.json?sort=itemShopID&limit=100"),
        (
            Question::LevelsSince { since, cursor: None },
            "ItemShop.json?sort=timeStamp&timeStamp=%3E%3D%2C2026-11-21T17%3A04%3A11%2B00%3A00&limit=100",
        ),
        (
            Question::LevelsOf { rows: vec![(item("402"), shop("1")), (item("401"), shop("2"))] },
            "ItemShop.json?itemID=IN%2C%5B401%2C402%5D&shopID=IN%2C%5B1%2C2%5D&sort=itemShopID&limit=100",
        ),
        (
            Question::Orders { since, cursor: None },
            "Sale.json?sort=timeStamp&timeStamp=%3E%3D%2C2026-11-21T17%3A04%3A11%2B00%3A00&archived=true\
             &load_relations=%5B%22SaleLines%22%5D&limit=100",
        ),
        (
            documents(&["8101", "8102"]),
            "Sale.json?saleID=IN%2C%5B8101%2C8102%5D&sort=saleID&archived=true\
             &load_relations=%5B%22SaleLines%22%5D&limit=100",
        ),
        (
            Question::Customers { since: None, cursor: None },
            "Customer.json?sort=customerID&archived=true&load_relations=%5B%22Contact%22%5D&limit=100",
        ),
        (
            Question::CustomersOf { customers: vec![CustomerKey::new("55")] },
            "Customer.json?customerID=IN%2C%5B55%5D&sort=customerID&archived=true\
             &load_relations=%5B%22Contact%22%5D&limit=100",
        ),
    ];
    for (question, expected) in cases {
        let request = asked(&question);
        assert_eq!(line(&request), format!("GET {BASE}/{expected}"));
        assert_eq!(request.effect, Effect::Read);
        assert!(request.http.body().is_empty());
    }
    assert_eq!(line(&asked(&Question::Access)), "GET https://api.example.com/API/V3/Account.json");
}

#[test]
fn a_relation_costs_two_fifths_of_a_drip_on_a_list() {
    assert_eq!(asked(&Question::Levels { cursor: None }).cost, 10);
    assert_eq!(asked(&Question::Orders { since: Instant(0), cursor: None }).cost, 14);
}

#[test]
fn the_token_is_in_a_header_marked_sensitive_and_nowhere_else() {
    let request = asked(&Question::Levels { cursor: None });
    let header = &request.http.headers()["authorization"];
    assert!(header.is_sensitive());
    assert_eq!(header.to_str().expect("plain text"), "Bearer access-token");
    assert!(!format!("{request:?}").contains("access-token"));
    assert!(!line(&request).contains("access-token"));
}

#[test]
fn a_page_is_followed_only_inside_its_own_list() {
    let cursor = |text: &str| Question::Orders { since: Instant(0), cursor: Some(text.to_owned()) };
    let good = "/API/V3/Account/7788/Sale.json?sort=timeStamp&limit=100&after=WzFd";
    assert_eq!(line(&asked(&cursor(good))), format!("GET https://api.example.com{good}"));
    for foreign in [
        "/API/V3/Account/7789/Sale.json?after=x",
        "/API/V3/Account/7788/Customer.json?after=x",
        "/API/V3/Account/7788/Sale.json",
        "@evil.example.net/API/V3/Account/7788/Sale.json?after=x",
        "https://evil.example.net/API/V3/Account/7788/Sale.json?after=x",
        "",
    ] {
        let refused = r_series().ask(&cursor(foreign), &account()).map(|request| line(&request));
        assert!(matches!(refused, Err(Unsendable::Impossible(_))), "{foreign}: {refused:?}");
    }
}

#[test]
fn an_id_that_is_no_number_is_refused_before_it_reaches_an_address() {
    for id in ["", "0", "000", "8101]", "81 01", "-1", "8e3", "٣", "99999999999999999999", "1&archived=only"] {
        let refused = r_series().ask(&documents(&["8101", id]), &account());
        assert!(matches!(refused, Err(Unsendable::Row { row: 1, .. })), "{id}");
    }
    assert!(matches!(r_series().ask(&documents(&[]), &account()), Err(Unsendable::Impossible(_))));
    assert!(matches!(r_series().ask(&Question::LevelsOf { rows: vec![] }, &account()), Err(Unsendable::Impossible(_))));
}

#[test]
fn an_account_without_a_number_address_or_token_cannot_be_asked() {
    let refused = |change: fn(&mut connectors::Account)| {
        let mut account = account();
        change(&mut account);
        r_series().ask(&Question::Levels { cursor: None }, &account).map(|_| ()).expect_err("it is not usable")
    };
    assert_eq!(refused(|account| account.account = "7788/../1".to_owned()), Unsendable::Account("id"));
    assert_eq!(refused(|account| account.account.clear()), Unsendable::Account("id"));
    assert_eq!(refused(|account| account.base_url = "ftp://x".to_owned()), Unsendable::Account("address"));
    assert_eq!(refused(|account| account.token = Secret::new("")), Unsendable::Account("token"));
    assert_eq!(refused(|account| account.token = Secret::new("a\nb")), Unsendable::Account("token"));
}

#[test]
fn subscribing_is_impossible_because_there_are_no_webhooks() {
    let subscribe =
        Question::Subscribe { url: "https://hub.example.com".to_owned(), present: vec![], since: Instant(0) };
    for question in [Question::Subscriptions { cursor: None }, subscribe] {
        assert!(matches!(r_series().ask(&question, &account()), Err(Unsendable::Impossible(_))));
    }
}

#[test]
fn many_levels_are_asked_in_questions_that_fit_on_one_page_each() {
    let mut rows = Vec::new();
    for number in 1..=60 {
        rows.push((item(&(400 + number).to_string()), shop(&(number % 3 + 1).to_string())));
    }
    let mut question = Question::LevelsOf { rows: rows.clone() };
    let mut told = Vec::new();
    loop {
        let request = asked(&question);
        let query = request.http.uri().query().expect("there is a query");
        let ids = |field: &str| {
            let (_, list) = query.split_once(&format!("{field}=IN%2C%5B")).expect("the filter is there");
            list.split("%5D").next().expect("it ends").split("%2C").count()
        };
        assert!(ids("itemID") * ids("shopID") <= 100);
        let page = crate::desk::learned(&question, b"{}").expect("an empty list is an answer");
        told.extend(page.told);
        match page.next {
            Some(next) => question = next,
            None => break,
        }
    }
    assert_eq!(told.len(), rows.len());
}

#[test]
fn more_documents_than_fit_in_one_filter_are_asked_in_the_next_question() {
    let ids: Vec<String> = (1..=130).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let page = crate::desk::learned(&documents(&ids), b"{}").expect("an empty list is an answer");
    assert_eq!(page.missing.len(), 100);
    assert_eq!(page.next, Some(documents(&ids[100..])));
}
