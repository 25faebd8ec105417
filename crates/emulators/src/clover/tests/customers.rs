//! Customers, their contacts, and how they are forgotten.

use super::{Bench, text, till_sale};
use serde_json::{Value, json};

fn ann() -> Value {
    json!({"reference": "ann", "given_name": "Ann", "family_name": "Lee", "email": "ann@example.com", "phone": "+44 1"})
}

#[test]
fn a_customer_of_a_sale_is_made_once_and_hangs_on_the_order() {
    let mut bench = Bench::stocked();
    let mut sale = till_sale("S1", &[("MUG", "1", 700)]);
    sale["customer"] = ann();
    let order = text(&bench.act(sale.clone())["order_id"]);
    assert_eq!(bench.events(), ["C CREATE", "O CREATE", "P CREATE", "O UPDATE", "I UPDATE"]);
    bench.outbox.clear();
    sale["reference"] = json!("S2");
    bench.act(sale);
    assert_eq!(bench.events(), ["O CREATE", "P CREATE", "O UPDATE", "I UPDATE"]);
    let on_order = bench.get(&format!("/orders/{order}?expand=customers"));
    let listed = bench.list("/customers?expand=emailAddresses,phoneNumbers");
    assert_eq!(listed.len(), 1);
    assert_eq!(on_order["customers"]["elements"][0]["id"], listed[0]["id"]);
    assert_eq!(listed[0]["emailAddresses"]["elements"][0]["emailAddress"], "ann@example.com");
    assert_eq!(listed[0]["phoneNumbers"]["elements"][0]["phoneNumber"], "+44 1");
}

#[test]
fn a_customer_put_again_as_it_was_is_no_change() {
    let mut bench = Bench::stocked();
    bench.act(json!({"act": "put_customer", "customer": ann()}));
    bench.act(json!({"act": "put_customer", "customer": ann()}));
    let mut moved = ann();
    moved["phone"] = json!("+44 2");
    bench.act(json!({"act": "put_customer", "customer": moved}));
    assert_eq!(bench.events(), ["C CREATE", "C UPDATE"]);
}

#[test]
fn customers_are_made_found_and_changed_through_the_api() {
    let mut bench = Bench::stocked();
    let body = json!({"firstName": "Bo", "lastName": "Ek", "marketingAllowed": true,
        "emailAddresses": [{"emailAddress": "bo@example.com"}], "metadata": {"note": "regular"}});
    let made = bench.ok("POST", "/customers", body);
    let id = text(&made["id"]);
    assert_eq!(made["emailAddresses"]["elements"][0]["primaryEmail"], json!(true));
    assert_eq!(bench.list("/customers?filter=emailAddress=BO@example.com").len(), 1);
    assert_eq!(bench.list("/customers?filter=fullName%20LIKE%20%25bo%20ek%25").len(), 1);
    assert_eq!(bench.list(&format!("/customers?filter=customerSince%3E{}", bench.now)).len(), 0);
    let changed = bench.ok("POST", &format!("/customers/{id}"), json!({"lastName": "Ekman"}));
    assert_eq!((&changed["firstName"], &changed["lastName"]), (&json!("Bo"), &json!("Ekman")));
    assert_eq!(bench.get(&format!("/customers/{id}?expand=metadata"))["metadata"]["note"], "regular");
    assert_eq!(bench.call("POST", "/customers", Value::Null).0, 400, "the body may not be empty");
}

#[test]
fn contacts_are_added_changed_and_taken_away_one_by_one() {
    let mut bench = Bench::stocked();
    let id = text(&bench.ok("POST", "/customers", json!({"firstName": "Bo"}))["id"]);
    let base = format!("/customers/{id}");
    let email = text(&bench.ok("POST", &format!("{base}/email_addresses"), json!({"emailAddress": "a@b.c"}))["id"]);
    bench.ok("POST", &format!("{base}/email_addresses/{email}"), json!({"emailAddress": "d@e.f"}));
    bench.ok("POST", &format!("{base}/phone_numbers"), json!({"phoneNumber": "1"}));
    bench.ok("POST", &format!("{base}/addresses"), json!({"address1": "1 Street", "city": "Town"}));
    bench.ok("POST", &format!("{base}/metadata"), json!({"businessName": "Bo Ltd"}));
    let path = format!("{base}?expand=emailAddresses,phoneNumbers,addresses,metadata");
    let shown = bench.get(&path);
    let emails = json!([{"id": email, "emailAddress": "d@e.f", "primaryEmail": false}]);
    assert_eq!(shown["emailAddresses"]["elements"][0]["emailAddress"], emails[0]["emailAddress"]);
    assert_eq!(shown["addresses"]["elements"][0]["city"], "Town");
    assert_eq!(shown["metadata"]["businessName"], "Bo Ltd");
    bench.ok("DELETE", &format!("{base}/email_addresses/{email}"), Value::Null);
    assert_eq!(bench.get(&path)["emailAddresses"]["elements"], json!([]));
    assert_eq!(bench.call("DELETE", &format!("{base}/email_addresses/{email}"), Value::Null).0, 404);
    assert_eq!(bench.call("POST", &format!("{base}/phone_numbers"), json!({})).0, 400);
}

#[test]
fn an_erased_customer_is_gone_and_its_orders_do_not_name_it() {
    let mut bench = Bench::stocked();
    let mut sale = till_sale("S1", &[("MUG", "1", 700)]);
    sale["customer"] = ann();
    let order = text(&bench.act(sale)["order_id"]);
    let id = text(&bench.list("/customers")[0]["id"]);
    bench.outbox.clear();
    bench.act(json!({"act": "erase_customer", "reference": "ann"}));
    assert_eq!(bench.events(), ["C DELETE"]);
    assert_eq!(bench.call("GET", &format!("/customers/{id}"), Value::Null).0, 404);
    assert_eq!(bench.list("/customers?filter=deletedTime%3E0")[0]["firstName"], "");
    assert!(!bench.get(&format!("/orders/{order}?expand=customers")).to_string().contains("Ann"));
}
