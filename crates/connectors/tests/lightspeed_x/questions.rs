//! Requests: addresses, headers, effects, and how pages follow each other.

use connectors::{Account, Effect, Page, Question, Secret, Unsendable};
use model::{CustomerKey, Instant};

use crate::desk::{
    CHANNEL, SALE, account, asked, documents, eur, fixture, item, learned, lightspeed, place, reply, said,
};

#[test]
fn sales_are_polled_forwards_by_version_until_a_page_is_empty() {
    let first = Question::Orders { since: Instant(8999), cursor: None };
    assert_eq!(said(&asked(&first)).1, "/api/2026-07/sales?after=8999&page_size=200");
    let page = learned(&first, &fixture("sales")).expect("it is readable");
    assert_eq!((page.told.len(), page.until), (3, Some(Instant(9020))));
    let second = page.next.expect("there may be more");
    assert_eq!(said(&asked(&second)).1, "/api/2026-07/sales?after=9020&page_size=200");
    assert_eq!(learned(&second, &fixture("sales_end")), Ok(Page::default()));
}

#[test]
fn sales_are_read_one_by_one_and_missing_ones_named() {
    let question = Question::OrdersOf { documents: documents(&["gone/../1", SALE]) };
    assert_eq!(said(&asked(&question)).1, "/api/2026-07/sales/gone%2F..%2F1");
    let page = lightspeed().learn(&question, &account(), &reply(404, b"{}")).expect("an answer");
    assert_eq!(page.missing, ["gone/../1"]);
    let next = page.next.expect("there is another");
    assert_eq!(said(&asked(&next)).1, format!("/api/2026-07/sales/{SALE}"));
    let page = learned(&next, &fixture("sale")).expect("it is readable");
    assert_eq!((page.told.len(), page.next), (1, None));
}

#[test]
fn another_sale_than_was_asked_for_is_no_answer() {
    let question = Question::OrdersOf { documents: documents(&["other"]) };
    assert!(learned(&question, &fixture("sale")).is_err());
}

#[test]
fn who_reads_what_changed_hears_of_deleted_ones_too() {
    let path = |question| said(&asked(&question)).1;
    let since = Some(Instant(7));
    let catalogue = |since| path(Question::Catalogue { since, cursor: None });
    assert_eq!(catalogue(None), "/api/2026-07/products?after=0&page_size=200");
    assert_eq!(catalogue(since), "/api/2026-07/products?after=7&page_size=200&deleted=true");
    let customers = path(Question::Customers { since, cursor: Some("12".to_owned()) });
    assert_eq!(customers, "/api/2026-07/customers?after=12&page_size=200&deleted=true");
    let outlets = path(Question::Locations { cursor: None });
    assert_eq!(outlets, "/api/2026-07/outlets?after=0&page_size=200&deleted=true");
    assert_eq!(path(Question::Access), "/api/2026-07/retailer");
    assert_eq!(path(Question::Subscriptions { cursor: None }), "/api/2026-07/webhooks");
}

#[test]
fn every_question_only_reads_but_a_subscription() {
    let since = Instant(1);
    let questions = [
        Question::Locations { cursor: None },
        Question::Catalogue { since: None, cursor: None },
        Question::Levels { cursor: None },
        Question::LevelsSince { since, cursor: None },
        Question::LevelsOf { rows: vec![(item("p"), place("o"))] },
        Question::Orders { since, cursor: None },
        Question::OrdersOf { documents: documents(&["s"]) },
        Question::Customers { since: None, cursor: None },
        Question::CustomersOf { customers: vec![CustomerKey::new("c")] },
        Question::Access,
        Question::Subscriptions { cursor: None },
    ];
    for question in questions {
        let request = asked(&question);
        assert_eq!((request.effect, request.cost), (Effect::Read, 6), "{question:?}");
    }
}

#[test]
fn the_token_is_in_a_sensitive_header_and_nowhere_else() {
    let request = asked(&Question::Access);
    let header = &request.http.headers()["authorization"];
    assert!(header.is_sensitive());
    assert_eq!(header.as_bytes(), b"Bearer store-token");
    assert!(!request.http.uri().to_string().contains("store-token"));
    assert!(!format!("{:?} {:?}", request.http, account()).contains("store-token"));
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let refused = |question: Question| lightspeed().ask(&question, &account()).expect_err("it cannot be asked");
    let foreign = Unsendable::Impossible("go on from a cursor that it did not give");
    assert_eq!(refused(Question::Levels { cursor: Some("x".to_owned()) }), foreign);
    assert_eq!(refused(Question::Orders { since: Instant(0), cursor: Some("-1".to_owned()) }), foreign);
    assert_eq!(refused(Question::LevelsOf { rows: vec![] }), Unsendable::Impossible("read the levels of nothing"));
    assert_eq!(refused(Question::OrdersOf { documents: vec![] }), Unsendable::Impossible("read nothing"));
    for id in ["", " ", "..", "."] {
        let error = refused(Question::OrdersOf { documents: documents(&[id]) });
        assert!(matches!(error, Unsendable::Row { row: 0, .. }), "{id}");
    }
}

#[test]
fn an_account_without_a_usable_address_or_token_is_refused() {
    let ask = |base: &str, token: &str| {
        let account = Account::new(CHANNEL, base, Secret::new(token), eur());
        lightspeed().ask(&Question::Access, &account).map(|_| ()).expect_err("it is not usable")
    };
    assert_eq!(ask("https://casa.example.net", ""), Unsendable::Account("token"));
    assert_eq!(ask("https://casa.example.net", "a\nb"), Unsendable::Account("token"));
    for base in ["", "casa-nova", "ftp://casa.example.net", "https://"] {
        assert_eq!(ask(base, "token"), Unsendable::Account("address"), "{base}");
    }
}
