//! What deliveries point at.

use model::{CustomerKey, DocumentKey, NoticeAbout};

use crate::desk::{MAIN, MARTA, MUG, SALE, altered, fixture, form, heard, heard_form, item, place};

#[test]
fn a_sale_is_fetched_and_its_customer_seals_the_news() {
    let heard = heard("sale.update", &fixture("hook_sale_update")).expect("it is readable");
    assert_eq!(heard.delivery_id, format!("sale.update:{SALE}:9001"));
    assert_eq!(heard.topic, "sale.update");
    assert_eq!(heard.account.as_deref(), Some("casa-nova"));
    assert_eq!(heard.person, Some(CustomerKey::new(MARTA)));
    assert_eq!(heard.notices, [NoticeAbout::Order(DocumentKey::new(SALE))]);
    assert!(heard.told.is_empty() && heard.control.is_none());
}

#[test]
fn a_level_is_fetched_and_not_believed() {
    let heard = heard("inventory.update", &fixture("hook_inventory_update")).expect("it is readable");
    assert_eq!(heard.notices, [NoticeAbout::Level(item(MUG), place(MAIN))]);
    assert!(heard.told.is_empty());
}

#[test]
fn a_product_has_the_catalogue_fetched() {
    let heard = heard("product.update", &fixture("hook_product_update")).expect("it is readable");
    assert_eq!(heard.notices, [NoticeAbout::Catalogue]);
    assert_eq!(heard.delivery_id, format!("product.update:{MUG}:7003"));
}

#[test]
fn a_customer_is_fetched_and_a_version_in_quotes_is_one() {
    let heard = heard("customer.update", &fixture("hook_customer_update")).expect("it is readable");
    assert_eq!(heard.notices, [NoticeAbout::Customer(CustomerKey::new(MARTA))]);
    assert_eq!(heard.person, Some(CustomerKey::new(MARTA)));
    assert_eq!(heard.delivery_id, format!("customer.update:{MARTA}:6001"));
}

#[test]
fn transfers_and_closures_are_taken_in_without_anything_to_fetch() {
    let quiet = [
        ("consignment.send", "hook_consignment_send"),
        ("consignment.receive", "hook_consignment_receive"),
        ("register_closure.create", "hook_register_closure"),
    ];
    for (topic, name) in quiet {
        let heard = heard(topic, &fixture(name)).expect("it is readable");
        assert!(heard.notices.is_empty() && heard.told.is_empty(), "{topic}");
        assert_eq!(heard.topic, topic);
    }
}

#[test]
fn the_same_news_again_has_the_same_id_and_a_later_version_another() {
    let id = |payload: &[u8]| heard("sale.update", payload).expect("it is readable").delivery_id;
    let first = id(&fixture("hook_sale_update"));
    assert_eq!(id(&fixture("hook_sale_update")), first);
    assert_ne!(id(&altered("hook_sale_update", "9001", "9002")), first);
}

#[test]
fn news_without_a_version_is_known_by_the_digest_of_its_bytes() {
    // printf 'payload=%%7B%%7D' | sha256sum
    let heard = heard_form("register_closure.create", b"payload=%7B%7D").expect("it is readable");
    assert_eq!(heard.delivery_id, "c9a9ff8126e94878114d12a11cc665fe257672fcff145d4b658f9c443ad3e945");
    assert_eq!(heard.account, None);
}

#[test]
fn what_is_not_the_news_its_address_promises_is_refused_by_name() {
    let told = |topic: &str, body: &[u8]| heard_form(topic, body).expect_err("it is out of shape").to_string();
    let sale = fixture("hook_sale_update");
    assert_eq!(told("", &form(&sale)), "the address it was sent to does not end in a type of webhook");
    assert_eq!(told("sale.updated", &form(&sale)), "the address it was sent to does not end in a type of webhook");
    assert_eq!(told("sale.update", b"domain_prefix=casa-nova"), "payload: is missing");
    assert_eq!(told("sale.update", b"payload={}&payload={}"), "payload: is there twice");
    assert_eq!(told("sale.update", b"payload=%zz"), "is not a form");
    assert_eq!(told("sale.update", b"payload=[]"), "payload: is not an object");
    assert_eq!(told("sale.update", b"payload={\"id\":"), "payload: the JSON ends too early");
    assert_eq!(
        told("sale.update", &form(&altered("hook_sale_update", "\"id\": \"5e", "\"idd\": \"5e"))),
        "payload.id: is missing"
    );
    assert_eq!(told("customer.update", b"payload={\"id\":\"  \"}"), "payload.id: is empty");
    assert_eq!(told("customer.update", b"payload={\"id\":7}"), "payload.id: is not a string");
    assert_eq!(told("inventory.update", b"payload={\"product_id\":\"p\"}"), "payload.outlet_id: is missing");
}
