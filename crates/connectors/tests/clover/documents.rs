//! Orders and customers that Clover is told to make, and what it is never told.

use connectors::{Ability, Document, Effect, Making, Reply, Surface, Trouble, Unsendable};
use model::{Currency, DocumentKey, Money, Person};
use serde_json::{Value, json};

use crate::desk::{clover, eur, reply, shop};
use crate::papers::{
    REFERENCE, amalia, answer, body, call, composed, customer, document, done, line, order, order_of, sent, step,
};

fn page(elements: &[Value]) -> Reply {
    answer(&json!({ "elements": elements }))
}

fn made(id: &str) -> Reply {
    answer(&json!({ "id": id }))
}

#[test]
fn an_order_is_one_cart_with_a_line_for_every_piece() {
    let request = sent(&order(None), true, &[]);
    assert_eq!((call(&request).as_str(), request.effect), ("POST /atomic_order/orders", Effect::Write));
    let tile = json!({"item": {"id": "ITILEBLUE0001"}});
    let string = json!({"item": {"id": "ISTRING000001"}, "price": 120, "unitQty": 333});
    let cart = json!({"note": "by phone (clover-doc-7)", "lineItems": [tile, tile, string]});
    assert_eq!(body(&request), json!({ "orderCart": cart }));
    assert_eq!(done(&order(None), true, &[made("ONEW")]), "ONEW");
}

#[test]
fn a_customer_is_looked_at_before_the_order_is_made_and_put_on_it_afterwards() {
    let document = order(Some("C/1"));
    assert_eq!(call(&sent(&document, true, &[])), "GET /customers/C%2F1");
    let unknown = step(&document, true, &[reply(404, b"{}")]);
    assert_eq!(unknown.err(), Some(Trouble::Refused { reason: "Clover knows no customer C/1".into() }));
    let mut replies = vec![made("C/1")];
    assert_eq!(call(&sent(&document, true, &replies)), "POST /atomic_order/orders");
    replies.push(made("ONEW"));
    let request = sent(&document, true, &replies);
    assert_eq!((call(&request).as_str(), body(&request)), ("POST /orders/ONEW", json!({"customers": [{"id": "C/1"}]})));
    let mut refused = replies.clone();
    refused.push(reply(400, br#"{"message":"Customer C/1 does not exist"}"#));
    let words = "order ONEW is there, but without its customer: HTTP 400: Customer C/1 does not exist";
    assert_eq!(step(&document, true, &refused).err(), Some(Trouble::Refused { reason: words.into() }));
    replies.push(made("ONEW"));
    assert_eq!(done(&document, true, &replies), "ONEW");
}

#[test]
fn a_run_begun_anew_looks_through_the_orders_made_since_and_makes_none_when_it_finds_ours() {
    let look = sent(&order(None), false, &[]);
    let since = "GET /orders?filter=createdTime%3E%3D1795342100000&limit=1000&offset=0";
    assert_eq!((call(&look).as_str(), look.effect), (since, Effect::Read));
    let other = json!({"id": "OTHER", "note": "by phone (clover-doc-77)"});
    let ours = json!({"id": "OURS", "note": "another note (clover-doc-7)"});
    assert_eq!(done(&order(None), false, &[page(&[other.clone(), ours.clone()])]), "OURS");
    assert_eq!(call(&sent(&order(None), false, &[page(std::slice::from_ref(&other))])), "POST /atomic_order/orders");
    let full = page(&vec![other; 1_000]);
    let second = sent(&order(None), false, std::slice::from_ref(&full));
    assert_eq!(call(&second), since.replace("offset=0", "offset=950"));
    assert_eq!(done(&order(None), false, &[full, page(&[ours])]), "OURS");
}

#[test]
fn a_new_customer_bears_the_reference_by_which_it_is_found_again() {
    let person = Person { family_name: "Reis".into(), phone: "+351900000000".into(), ..Person::default() };
    let document = customer(None, person);
    let request = sent(&document, true, &[]);
    assert_eq!(call(&request), "POST /customers");
    let record = json!({"lastName": "Reis", "phoneNumbers": [{"phoneNumber": "+351900000000"}],
        "metadata": {"note": REFERENCE}});
    assert_eq!(body(&request), record);
    assert_eq!(done(&document, true, &[made("CNEW")]), "CNEW");
    let look = call(&sent(&document, false, &[]));
    let since = "GET /customers?expand=metadata&filter=customerSince%3E%3D1795342100000&limit=1000&offset=0";
    assert_eq!(look, since);
    let found = json!({"id": "COURS", "metadata": {"note": REFERENCE}});
    assert_eq!(done(&document, false, &[page(&[json!({"id": "C1"}), found])]), "COURS");
    assert_eq!(call(&sent(&document, false, &[page(&[])])), "POST /customers");
}

/// What is there: another family name, two addresses for post, no number.
fn known() -> Reply {
    answer(&json!({"id": "CAMALIA000001", "firstName": "Amália", "lastName": "Rei",
        "emailAddresses": {"elements": [
            {"id": "E1", "emailAddress": "old@example.net"},
            {"id": "E2", "emailAddress": "older@example.net", "primaryEmail": true}]},
        "phoneNumbers": {"elements": []},
        "addresses": {"elements": [{"id": "A1", "address1": "Rua 1, Lisboa", "city": "Lisboa"}]}}))
}

#[test]
fn a_change_writes_only_what_differs_and_the_first_choice_of_every_contact() {
    let document = customer(Some("CAMALIA000001"), amalia());
    let look = "GET /customers/CAMALIA000001?expand=emailAddresses,phoneNumbers,addresses";
    assert_eq!(call(&sent(&document, true, &[])), look);
    let expected = [
        ("POST /customers/CAMALIA000001", json!({"lastName": "Reis"})),
        (
            "POST /customers/CAMALIA000001/email_addresses/E2",
            json!({"emailAddress": "amalia@example.net", "primaryEmail": true}),
        ),
        ("POST /customers/CAMALIA000001/phone_numbers", json!({"phoneNumber": "+351900000000"})),
        (
            "POST /customers/CAMALIA000001/addresses/A1",
            json!({"address1": "Rua 1, Lisboa", "address2": "", "address3": "", "city": "", "state": "", "zip": ""}),
        ),
    ];
    let mut replies = vec![known()];
    for (path, wanted) in expected {
        let request = sent(&document, true, &replies);
        assert_eq!((call(&request).as_str(), body(&request)), (path, wanted));
        replies.push(made("X"));
    }
    assert_eq!(done(&document, true, &replies), "CAMALIA000001");
}

#[test]
fn a_change_of_what_is_so_already_and_of_somebody_who_is_not_there_writes_nothing() {
    let same = Person { given_name: "Amália".into(), email: "older@example.net".into(), ..Person::default() };
    assert_eq!(done(&customer(Some("CAMALIA000001"), same), false, &[known()]), "CAMALIA000001");
    let gone = step(&customer(Some("CGONE"), amalia()), true, &[reply(404, b"{}")]);
    assert_eq!(gone.err(), Some(Trouble::Refused { reason: "Clover knows no customer CGONE".into() }));
}

fn unsendable(document: &Document) -> String {
    composed(document).expect_err("it cannot be said").to_string()
}

#[test]
fn what_cannot_be_said_is_refused_in_words_before_anything_is_sent() {
    let pounds = Money { minor: 1, currency: Currency::parse("GBP").expect("three letters") };
    let mut foreign = line("I1", "1", None);
    foreign.each = Some(pounds);
    let cases = [
        (foreign, "the price is in another currency than the account's"),
        (line("", "1", None), "an id is empty"),
        (line("I1", "0", None), "the quantity is nothing"),
        (line("I1", "0.0005", None), "Clover counts in thousandths of a unit"),
        (line("I1", "3001", None), "an order has at most 3000 lines, one for each piece"),
    ];
    for (line, words) in cases {
        assert_eq!(unsendable(&order_of(vec![line], None)), format!("row 0: {words}"));
    }
    assert!(composed(&order_of(vec![line("I1", "3000", None)], None)).is_ok());
    assert!(composed(&customer(None, Person::default())).is_err());
    assert!(composed(&customer(None, Person { given_name: "A".repeat(65), ..Person::default() })).is_err());
    assert!(composed(&customer(Some(" "), amalia())).is_err());
}

#[test]
fn what_clover_has_no_call_for_is_refused_in_the_words_of_the_matrix() {
    let (order, amount) = (DocumentKey::new("OSALE00000001"), Money { minor: 995, currency: eur() });
    let refund = Making::Refund { order, lines: Vec::new(), restock_at: None, amount };
    let lines = || vec![line("I1", "1", None)];
    let transfer = Making::Transfer { from: shop(), to: shop(), lines: lines() };
    let purchase = Making::Purchase { supplier: "Potter".into(), location: shop(), lines: lines(), expected: None };
    let surfaces = clover().abilities().surfaces;
    for (making, surface) in
        [(refund, Surface::MakeRefund), (transfer, Surface::Transfer), (purchase, Surface::PurchaseOrder)]
    {
        let listed = surfaces.iter().find(|(listed, _)| *listed == surface).map(|(_, ability)| *ability);
        let Some(Ability::No(words)) = listed else { panic!("{surface:?}: {listed:?}") };
        assert_eq!(composed(&document(making)), Err(Unsendable::Impossible(words)));
    }
}

#[test]
fn every_reply_that_is_no_answer_has_its_meaning() {
    let trouble = |reply| step(&order(None), true, &[reply]).expect_err("it is no answer");
    assert!(matches!(trouble(reply(429, b"{}")), Trouble::Throttled { .. }));
    assert!(matches!(trouble(reply(401, b"{}")), Trouble::Denied { .. }));
    assert!(matches!(trouble(reply(500, b"{}")), Trouble::Failed { .. }));
    let words = br#"{"message":"Item I1 does not exist"}"#;
    assert!(matches!(trouble(reply(400, words)), Trouble::Refused { reason } if reason.contains("does not exist")));
    assert!(matches!(trouble(answer(&json!({}))), Trouble::Garbled { .. }));
    let looked = step(&order(None), false, &[reply(500, b"{}")]);
    assert!(matches!(looked, Err(Trouble::Failed { .. })), "an order is never made before it was looked for");
}
