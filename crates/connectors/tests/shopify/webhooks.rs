//! What each topic says.

use insta::assert_snapshot;
use model::{Instant, Personal, Restock};
use serde_json::Value;

use super::play::{fixture, heard, read};

#[test]
fn a_till_sale_is_told_whole() {
    assert_snapshot!(heard("orders/create", "orders_create_till.json"), @r##"
    person 80020001
    order 9007199254740993 "#2001 till-7-88" Till Completed version 1795161605000000006 total 25.00 GBP customer Some("80020001") contact false
      line 14090001 Some("variant:43090001") "POT-1" x2 at 12.50: 2 gone at 70010001
      line 14090002 None "" x1 at 3.00:
    "##);
}

#[test]
fn a_web_order_with_open_units_has_to_be_asked_for() {
    assert_snapshot!(heard("orders/create", "orders_create_web.json"), @r##"notice Order("55120002")"##);
}

#[test]
fn a_web_order_that_was_handed_over_is_told_whole_without_the_fulfilment_that_was_called_off() {
    assert_snapshot!(heard("orders/fulfilled", "orders_fulfilled_web.json"), @r##"
    person 80020001
    order 55120003 "#2001" Web Completed version 1795172400000000008 total 25.00 GBP customer Some("80020001") contact false
      line 14090004 Some("variant:43090001") "POT-1" x3 at 12.50: 2 gone at 70010001 1 gone at 70010002
      line 14090005 Some("variant:43090002") "CUP-1" x1 at 4.25: 1 gone at 70010002
    "##);
}

#[test]
fn a_cancelled_order_keeps_no_units() {
    assert_snapshot!(heard("orders/cancelled", "orders_cancelled.json"), @r##"
    order 55120004 "#2001" Web Cancelled version 1795176000000000005 total 0.00 GBP customer None contact true
      line 14090006 Some("variant:43090001") "POT-1" x0 at 12.50:
    "##);
}

#[test]
fn a_cancelled_order_whose_units_left_the_shelf_has_to_be_asked_for() {
    let heard = heard("orders/cancelled", "orders_cancelled_unshelved.json");
    assert_snapshot!(heard, @r##"notice Order("55120005")"##);
}

#[test]
fn refunds_of_a_till_sale_come_back_where_they_were_put() {
    assert_snapshot!(heard("orders/updated", "orders_updated_till_refunded.json"), @r##"
    order 55120006 "#2001" Till Completed version 1795251601000000010 total 12.50 GBP customer None contact true
      line 14090008 Some("variant:43090001") "POT-1" x3 at 12.50: 3 gone at 70010001
      back refund:77004 35004 Some("variant:43090001") x1 at 70010002
      back refund:77005 35005 Some("variant:43090001") x1 nowhere
    "##);
}

#[test]
fn a_refund_that_only_brings_goods_back_is_told_without_lines() {
    assert_snapshot!(heard("refunds/create", "refunds_create_return.json"), @r##"
    order 9007199254740993 "" Web Completed version 0 total 0.00 GBP customer None contact false
      back refund:77001 35001 Some("variant:43090001") x1 at 70010002
    "##);
    let told = read("refunds/create", &fixture("refunds_create_return.json")).expect("readable").told;
    let [connectors::Told::Order(order)] = told.as_slice() else { panic!("one order") };
    assert_eq!(order.lines, None);
    assert_eq!(order.returns[0].restock, Restock::At("70010002".into()));
}

#[test]
fn any_other_refund_sends_us_to_its_order() {
    assert_snapshot!(heard("refunds/create", "refunds_create_cancel.json"), @r##"notice Order("55120004")"##);
}

#[test]
fn edits_deletions_and_fulfilments_send_us_to_their_order() {
    assert_snapshot!(heard("orders/edited", "orders_edited.json"), @r##"notice Order("55120002")"##);
    assert_snapshot!(heard("orders/delete", "orders_delete.json"), @r##"notice Order("55120002")"##);
    assert_snapshot!(heard("fulfillments/create", "fulfillments_create.json"), @r##"notice Order("55120003")"##);
}

#[test]
fn levels_are_hints_and_an_uncounted_item_has_none() {
    let heard = |topic, name| heard(topic, name);
    assert_snapshot!(heard("inventory_levels/update", "inventory_levels_update.json"), @"level 45190001 at 70010001: Some(-2)");
    assert_snapshot!(heard("inventory_levels/connect", "inventory_levels_connect.json"), @r#"notice Level("45190002", "70010001")"#);
    assert_snapshot!(heard("inventory_levels/disconnect", "inventory_levels_disconnect.json"), @"level 45190001 at 70010002: None");
}

#[test]
fn products_and_locations_are_only_noticed() {
    for (topic, name) in [
        ("products/update", "products_update.json"),
        ("products/delete", "products_delete.json"),
        ("inventory_items/update", "inventory_items_update.json"),
    ] {
        assert_eq!(heard(topic, name), "notice Catalogue");
    }
    assert_eq!(heard("locations/update", "locations_update.json"), "notice Locations");
}

#[test]
fn a_deleted_item_is_told_and_a_living_one_is_not_taken_for_deleted() {
    assert_snapshot!(heard("inventory_items/delete", "inventory_items_delete.json"), @"item 45190001 deleted");
    let replayed = heard("inventory_items/delete", "inventory_items_update.json");
    assert_snapshot!(replayed, @"unreadable: updated_at: what is deleted has none");
}

#[test]
fn a_sale_that_a_till_uploaded_late_is_dated_by_when_it_was_rung_up() {
    let placed_at = |processed: Value| {
        let body = spoiled("orders_create_till.json", "/processed_at", processed);
        match read("orders/create", &body).expect("readable").told.remove(0) {
            connectors::Told::Order(order) => order.placed_at,
            other => panic!("{other:?} is no order"),
        }
    };
    let instant = |text| Instant::parse(text).expect("a time");
    assert_eq!(placed_at(Value::from("2026-11-20T07:30:00+01:00")), instant("2026-11-20T06:30:00Z"));
    // Created at nine: a later date, or none, changes nothing.
    assert_eq!(placed_at(Value::from("2026-11-21T09:00:00+01:00")), instant("2026-11-20T08:00:00Z"));
    assert_eq!(placed_at(Value::Null), instant("2026-11-20T08:00:00Z"));
}

#[test]
fn a_customer_is_told_without_showing_who_it_is() {
    assert_snapshot!(heard("customers/update", "customers_update.json"), @r##"
    person 80020001
    customer 80020001 version 1795161606000 person Some(Plain(Person(…)))
    "##);
    let told = read("customers/update", &fixture("customers_update.json")).expect("readable").told;
    let [connectors::Told::Customer(customer)] = told.as_slice() else { panic!("one customer") };
    let Some(Personal::Plain(person)) = &customer.person else { panic!("plain fields") };
    assert_eq!(
        [&person.given_name, &person.family_name, &person.email, &person.phone, &person.address],
        ["Wren", "Ash", "wren@example.test", "+442079460000", "1 Kiln Lane, ST1 1AA, Stoke, GB"]
    );
}

#[test]
fn a_deleted_customer_is_nobody() {
    assert_snapshot!(heard("customers/delete", "customers_delete.json"), @r"
    person 80020001
    customer 80020001 version 9223372036854775807 person None
    ");
}

#[test]
fn two_customers_that_became_one_are_both_asked_for() {
    assert_snapshot!(heard("customers/merge", "customers_merge.json"), @r#"
    notice Customer("80020002")
    notice Customer("80020001")
    "#);
}

#[test]
fn a_customer_who_has_to_be_forgotten_is_nobody_and_only_for_the_shop_that_says_so() {
    assert_snapshot!(heard("customers/redact", "customers_redact.json"), @r#"
    person 80020001
    customer 80020001 version 9223372036854775807 person None
    control Forget { customer: "80020001", documents: ["55120003"] }
    "#);
    let body = spoiled("customers_redact.json", "/shop_domain", Value::from("other.myshopify.com"));
    let error = read("customers/redact", &body).expect_err("another shop");
    assert_eq!(error.field, "shop_domain");
    assert!(read("customers/redact", &fixture("customers_update.json")).is_err());
}

#[test]
fn being_uninstalled_takes_our_access_away() {
    assert_snapshot!(heard("app/uninstalled", "app_uninstalled.json"), @"control Revoked");
}

#[test]
fn an_old_body_sent_again_under_another_topic_does_not_switch_the_channel_off() {
    let problem = |name| heard("app/uninstalled", name);
    assert_snapshot!(problem("customers_update.json"), @"unreadable: missing field `myshopify_domain`");
    let mut shop: Value = serde_json::from_slice(&fixture("app_uninstalled.json")).expect("JSON");
    shop["myshopify_domain"] = Value::from("other.myshopify.com");
    let error = read("app/uninstalled", shop.to_string().as_bytes()).expect_err("another shop");
    assert_eq!(error.field, "myshopify_domain");
}

#[test]
fn a_topic_that_we_do_not_know_is_not_guessed_at() {
    assert_snapshot!(heard("carts/update", "orders_delete.json"), @"unreadable: header X-Shopify-Topic: not a topic that the hub subscribes to");
}

/// Puts a value where a path leads.
fn spoiled(name: &str, pointer: &str, value: Value) -> Vec<u8> {
    let mut body: Value = serde_json::from_slice(&fixture(name)).expect("JSON");
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is in {name}")) = value;
    body.to_string().into_bytes()
}

#[test]
fn what_may_be_null_may_not_be_left_out() {
    let without = |name: &str, holder: &str, field: &str| {
        let mut body: Value = serde_json::from_slice(&fixture(name)).expect("JSON");
        let holder = body.pointer_mut(holder).and_then(Value::as_object_mut).expect("an object");
        assert!(holder.remove(field).is_some(), "{field} was there");
        body.to_string().into_bytes()
    };
    let level = without("inventory_levels_update.json", "", "available");
    assert_eq!(read("inventory_levels/update", &level).expect_err("no level").problem, "missing field `available`");
    let line = without("orders_create_till.json", "/line_items/0", "variant_id");
    let error = read("orders/create", &line).expect_err("no variant");
    assert_eq!(error.to_string(), "line_items[0]: missing field `variant_id`");
}

#[test]
fn the_reason_names_the_field_and_not_what_stood_in_it() {
    let cases = [
        ("/id", Value::from("x"), "id: invalid type: string, expected u64"),
        ("/id", Value::from(0), "id: zero is not an id"),
        ("/line_items/0/quantity", Value::from(-1), "line_items[0].quantity: below zero"),
        (
            "/line_items/1/quantity",
            Value::from(1.5),
            "line_items[1].quantity: invalid type: floating point, expected i64",
        ),
        ("/line_items/0/quantity", Value::Null, "line_items[0].quantity: invalid type: null, expected i64"),
        (
            "/line_items/0/fulfillable_quantity",
            Value::from(5_000_000_000_u64),
            "line_items[0].fulfillable_quantity: more than a thousand million units",
        ),
        (
            "/line_items/0/price",
            Value::from("12.505"),
            "line_items[0].price: not an exact decimal amount in its currency",
        ),
        (
            "/line_items/0/price",
            Value::from(12.5),
            "line_items[0].price: invalid type: floating point, expected a string",
        ),
        ("/line_items", Value::from("wren@example.test"), "line_items: invalid type: string, expected a sequence"),
        ("/customer/id", Value::from("Wren Ash"), "customer.id: invalid type: string, expected u64"),
        ("/currency", Value::from("pounds"), "currency: not a currency code of three letters"),
        ("/updated_at", Value::from("yesterday"), "updated_at: not an ISO 8601 time with an offset"),
        ("/updated_at", Value::from("1950-01-01T00:00:00Z"), "updated_at: before 1970"),
        ("/fulfillments/0/status", Value::from("maybe"), "fulfillments[0].status: not a documented status"),
    ];
    for (pointer, value, reason) in cases {
        let body = spoiled("orders_create_till.json", pointer, value);
        assert_eq!(read("orders/create", &body).expect_err(pointer).to_string(), reason);
    }
    let body = spoiled("refunds_create_return.json", "/refund_line_items/0/restock_type", Value::from("burn"));
    let error = read("refunds/create", &body).expect_err("unknown word");
    assert_eq!(error.to_string(), "refund_line_items[0].restock_type: not a documented kind of restocking");
}

#[test]
fn a_later_state_of_the_same_second_has_a_larger_version() {
    let version = |body: &[u8]| match read("orders/updated", body).expect("readable").told.remove(0) {
        connectors::Told::Order(order) => order.version,
        other => panic!("{other:?} is no order"),
    };
    let refunded = fixture("orders_updated_till_refunded.json");
    let mut before: Value = serde_json::from_slice(&refunded).expect("JSON");
    before["refunds"] = Value::Array(Vec::new());
    before["line_items"][0]["current_quantity"] = Value::from(3);
    assert_eq!(version(&refunded) - version(before.to_string().as_bytes()), 4);
}
