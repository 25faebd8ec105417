//! Documents that programs make: what is taken, what is refused, and what the books show of them.

use super::{Bench, text};
use serde_json::json;

#[test]
fn an_order_in_one_call_is_open_and_moves_nothing_before_it_is_paid() {
    let mut bench = Bench::stocked();
    let (mug, tea) = (bench.item("MUG"), bench.item("TEA"));
    let lines = json!([{"item": {"id": mug}}, {"item": {"id": mug}}, {"item": {"id": tea}, "unitQty": 250}]);
    let cart = json!({"orderCart": {"note": "by phone (hub-1)", "lineItems": lines}});
    let made = bench.ok("POST", "/atomic_order/orders", cart);
    let books = bench.books().documents;
    assert_eq!(books.len(), 1);
    let order = &books[0];
    assert_eq!((order.kind.as_str(), &json!(order.document)), ("order", &made["id"]));
    assert_eq!((order.reference.as_str(), order.state.as_str()), ("by phone (hub-1)", "open"));
    assert_eq!(order.lines, [("MUG".to_owned(), "2".to_owned()), ("TEA".to_owned(), "0.25".to_owned())]);
    assert_eq!((order.location.as_str(), json!(order.amount_minor)), ("High Street", made["total"].clone()));
    assert_eq!((bench.level("MUG"), bench.level("TEA")), ("10".into(), "10".into()));
}

#[test]
fn an_order_is_found_by_the_time_it_was_made_with_its_note() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let make = |bench: &mut Bench, note: &str| {
        bench.now += 1_000;
        let cart = json!({"orderCart": {"note": note, "lineItems": [{"item": {"id": mug}}]}});
        text(&bench.ok("POST", "/atomic_order/orders", cart)["id"])
    };
    make(&mut bench, "early");
    let ours = make(&mut bench, "ours");
    let listed = bench.list(&format!("/orders?filter=createdTime%3E%3D{}&limit=1000&offset=0", bench.now));
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["id"], &listed[0]["note"]), (&json!(ours), &json!("ours")));
}

#[test]
fn a_customer_by_api_is_found_with_the_note_on_it_and_names_have_an_end() {
    let mut bench = Bench::stocked();
    let long = json!({"firstName": "A".repeat(65)});
    assert_eq!(bench.call("POST", "/customers", long).0, 400);
    let body = json!({"firstName": "Ann", "emailAddresses": [{"emailAddress": "ann@example.com"}],
        "metadata": {"note": "hub-2"}});
    let made = bench.ok("POST", "/customers", body);
    let path = format!("/customers?expand=metadata&filter=customerSince%3E%3D{}&limit=1000&offset=0", bench.now);
    let listed = bench.list(&path);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["metadata"]["note"], "hub-2");
    let books = bench.books().documents;
    assert_eq!(books.len(), 1);
    assert_eq!((books[0].kind.as_str(), &json!(books[0].document)), ("customer", &made["id"]));
    assert_eq!((books[0].reference.as_str(), books[0].person.as_str()), ("hub-2", "Ann ann@example.com"));
}

#[test]
fn a_customer_is_put_on_an_order_that_is_there_and_only_when_known() {
    let mut bench = Bench::stocked();
    let mug = bench.item("MUG");
    let order = bench.ok("POST", "/atomic_order/orders", json!({"orderCart": {"lineItems": [{"item": {"id": mug}}]}}));
    let path = format!("/orders/{}", text(&order["id"]));
    let customer = bench.ok("POST", "/customers", json!({"firstName": "Ann"}));
    bench.ok("POST", &path, json!({"customers": [{"id": customer["id"]}]}));
    let shown = bench.get(&format!("{path}?expand=customers"));
    assert_eq!(shown["customers"]["elements"][0]["id"], customer["id"]);
    assert_eq!(bench.call("POST", &path, json!({"customers": [{"id": "NOBODY"}]})).0, 400);
}
