//! What each question asks, and what it takes to ask it.

use connectors::{Account, Effect, Question, Secret, Unsendable};
use model::{CustomerKey, DocumentKey, Instant};

use crate::desk::{account, asked, clover, item, shop};

fn refused(question: &Question, account: &Account) -> Unsendable {
    clover().ask(question, account).expect_err("it cannot be asked")
}

#[test]
fn every_question_is_a_read_with_the_token_in_a_hidden_header_only() {
    let since = Instant(1_795_000_000_000);
    let questions = [
        (Question::Locations { cursor: None }, ""),
        (Question::Access, ""),
        (Question::Catalogue { since: None, cursor: None }, "/items?expand=itemStock&limit=1000&offset=0"),
        (
            Question::Catalogue { since: Some(since), cursor: Some("950".to_owned()) },
            "/items?expand=itemStock&limit=1000&offset=950&filter=modifiedTime%3E%3D1795000000000",
        ),
        (
            Question::Catalogue { since: Some(since), cursor: None },
            "/items?expand=itemStock&limit=1000&offset=0&filter=modifiedTime%3E%3D1795000000000&filter=deleted%3Dtrue",
        ),
        (Question::Levels { cursor: None }, "/item_stocks?limit=1000&offset=0"),
        (Question::LevelsOf { rows: vec![(item("I/1"), shop())] }, "/item_stocks/I%2F1"),
        (
            Question::Orders { since, cursor: None },
            "/orders?filter=modifiedTime%3E%3D1795000000000&filter=modifiedTime%3C1802776000000\
             &orderBy=modifiedTime%20ASC&expand=lineItems,payments,refunds,customers&limit=100&offset=0",
        ),
        (
            Question::Orders { since, cursor: Some("5:3".to_owned()) },
            "/orders?filter=modifiedTime%3E%3D5&filter=modifiedTime%3C7776000005\
             &orderBy=modifiedTime%20ASC&expand=lineItems,payments,refunds,customers&limit=100&offset=3",
        ),
        (
            Question::OrdersOf { documents: vec![DocumentKey::new("O1")] },
            "/orders/O1?expand=lineItems,payments,refunds,customers",
        ),
        (
            Question::Customers { since: Some(since), cursor: None },
            "/customers?expand=emailAddresses,phoneNumbers,addresses&limit=1000&offset=0&filter=customerSince%3E%3D1795000000000",
        ),
        (
            Question::Customers { since: Some(since), cursor: Some("deleted:0".to_owned()) },
            "/customers?expand=emailAddresses,phoneNumbers,addresses&limit=1000&offset=0&filter=deletedTime%3E%3D1795000000000",
        ),
        (
            Question::CustomersOf { customers: vec![CustomerKey::new("C1")] },
            "/customers/C1?expand=emailAddresses,phoneNumbers,addresses",
        ),
    ];
    for (question, path) in questions {
        assert_eq!(asked(&question), format!("GET /v3/merchants/MKIOSKLISBOA1{path}"));
        let request = clover().ask(&question, &account()).expect("it can be asked");
        assert_eq!((request.effect, request.cost), (Effect::Read, 1));
        assert_eq!(request.http.headers()["authorization"], "Bearer seller-token");
        assert!(request.http.headers()["authorization"].is_sensitive());
        assert!(!format!("{request:?}").contains("seller-token"));
        assert!(request.http.body().is_empty());
    }
}

#[test]
fn what_clover_has_no_call_for_is_not_asked() {
    let url = "https://hub.example.com".to_owned();
    let impossible = [
        Question::LevelsSince { since: Instant(0), cursor: None },
        Question::Subscriptions { cursor: None },
        Question::Subscribe { url, present: vec![], since: Instant(0) },
        Question::LevelsOf { rows: vec![] },
        Question::OrdersOf { documents: vec![] },
        Question::CustomersOf { customers: vec![] },
        Question::Levels { cursor: Some("x".to_owned()) },
        Question::Catalogue { since: None, cursor: Some("x".to_owned()) },
        Question::Customers { since: None, cursor: Some("deleted:x".to_owned()) },
        Question::Orders { since: Instant(0), cursor: Some("x".to_owned()) },
    ];
    for question in impossible {
        assert!(matches!(refused(&question, &account()), Unsendable::Impossible(_)), "{question:?}");
    }
    for document in ["", "payment:"] {
        let question = Question::OrdersOf { documents: vec![DocumentKey::new(document)] };
        assert!(matches!(refused(&question, &account()), Unsendable::Row { row: 0, .. }));
    }
}

#[test]
fn an_account_without_a_merchant_an_address_or_a_token_asks_nothing() {
    let without = |change: &dyn Fn(&mut Account)| {
        let mut account = account();
        change(&mut account);
        refused(&Question::Access, &account)
    };
    assert_eq!(without(&|account| account.account.clear()), Unsendable::Account("merchant id"));
    assert_eq!(without(&|account| account.base_url = "api.example.com".to_owned()), Unsendable::Account("address"));
    assert_eq!(
        without(&|account| account.base_url = "ftp://api.example.com".to_owned()),
        Unsendable::Account("address")
    );
    assert_eq!(without(&|account| account.token = Secret::new("")), Unsendable::Account("token"));
    assert_eq!(without(&|account| account.token = Secret::new("a\nb")), Unsendable::Account("token"));
}

#[test]
fn every_surface_is_answered_for_once() {
    use connectors::Surface::*;
    let all = [
        HearSales,
        HearStock,
        HearItems,
        HearCustomers,
        HearRevoked,
        PollOrders,
        PollLevels,
        ReadLevels,
        ReadCatalogue,
        ReadCustomers,
        WriteRelative,
        WriteCompared,
        WriteDated,
        WritePrice,
        WriteTitle,
        WriteBarcode,
        Subscribe,
        UnlinkedReturn,
        Fractions,
        Locations,
        MakeOrder,
        MakeRefund,
        WriteCustomer,
        MergeCustomers,
        Transfer,
        PurchaseOrder,
        TillScreen,
    ];
    let abilities = clover().abilities();
    let mut told: Vec<_> = abilities.surfaces.iter().map(|(surface, _)| *surface).collect();
    told.sort();
    assert_eq!(told, all);
    assert!(!abilities.can(PollLevels) && !abilities.can(Subscribe) && abilities.can(PollOrders));
}
