//! What each delivery says.

use connectors::{Control, Delivery, Heard, Secret, Told};
use model::{CustomerKey, DocumentKey, Instant, NoticeAbout};

use crate::desk::{self, CHANNEL, bigcommerce, fixture, headers, heard, item, place};

fn notices(name: &str) -> Vec<NoticeAbout> {
    let heard = heard(&fixture(&format!("hooks/{name}"))).expect("it can be read");
    assert!(heard.told.is_empty() && heard.control.is_none(), "{name} only names what changed");
    assert_eq!(heard.account.as_deref(), Some("k3lnw0rk"));
    heard.notices
}

#[test]
fn news_of_orders_shipments_payments_and_refunds_is_about_the_order() {
    let order = vec![NoticeAbout::Order(DocumentKey::new("2207"))];
    for name in [
        "order_created",
        "order_updated",
        "order_archived",
        "order_status_updated",
        "order_transaction_created",
        "shipment_created",
        "shipment_updated",
        "shipment_deleted",
    ] {
        assert_eq!(notices(name), order, "{name}");
    }
    assert_eq!(notices("order_refund_created"), [NoticeAbout::Order(DocumentKey::new("2209"))]);
}

#[test]
fn news_of_stock_is_about_a_level_to_be_read() {
    assert_eq!(notices("stock_changed"), [NoticeAbout::Level(item("7004"), place("3"))]);
    for name in ["sku_inventory_updated", "sku_inventory_order_updated"] {
        assert_eq!(notices(name), [NoticeAbout::Level(item("7004"), place("1"))], "{name}");
    }
    for name in ["product_inventory_updated", "product_inventory_order_updated"] {
        assert_eq!(notices(name), [NoticeAbout::Level(item("product:311"), place("1"))], "{name}");
    }
}

#[test]
fn news_of_products_and_skus_is_about_the_catalogue() {
    for name in ["product_created", "product_updated", "sku_created", "sku_updated"] {
        assert_eq!(notices(name), [NoticeAbout::Catalogue], "{name}");
    }
    assert_eq!(notices("location_created"), [NoticeAbout::Locations]);
    assert_eq!(notices("location_updated"), [NoticeAbout::Locations]);
}

#[test]
fn a_deleted_product_or_variant_is_told_at_once_by_the_id_that_the_news_has() {
    for (name, id) in [("product_deleted", "product:310"), ("sku_deleted", "7004")] {
        let heard = heard(&fixture(&format!("hooks/{name}"))).expect("it can be read");
        let [Told::Item(gone)] = heard.told.as_slice() else { panic!("it tells {:?}", heard.told) };
        assert_eq!((&gone.external, gone.channel, gone.deleted), (&item(id), CHANNEL, true), "{name}");
        assert!(heard.notices.is_empty(), "there is nothing to read back");
    }
}

#[test]
fn news_of_customers_and_of_their_addresses_is_about_the_customer() {
    for name in [
        "customer_created",
        "customer_updated",
        "customer_address_created",
        "customer_address_updated",
        "customer_address_deleted",
    ] {
        assert_eq!(notices(name), [NoticeAbout::Customer(CustomerKey::new("54"))], "{name}");
        let heard = heard(&fixture(&format!("hooks/{name}"))).expect("it can be read");
        assert_eq!(heard.person, Some(CustomerKey::new("54")), "{name}");
    }
}

#[test]
fn a_deleted_customer_is_told_at_once_and_wins_over_what_was_read_before() {
    let heard = heard(&fixture("hooks/customer_deleted")).expect("it can be read");
    let [Told::Customer(gone)] = heard.told.as_slice() else { panic!("it tells {:?}", heard.told) };
    assert_eq!((gone.customer.as_str(), gone.channel), ("54", CHANNEL));
    assert!(gone.person.is_none() && heard.notices.is_empty());
    assert_eq!(gone.updated_at, Instant(1_795_514_400_000));
    assert!(gone.version > 1_795_514_400_999, "later than any change of its own second");
}

#[test]
fn an_app_that_was_taken_out_has_lost_its_access() {
    let heard = heard(&fixture("hooks/app_uninstalled")).expect("it can be read");
    assert_eq!(heard.control, Some(Control::Revoked));
    assert!(heard.notices.is_empty());
}

#[test]
fn what_a_star_brings_beside_is_heard_and_says_nothing() {
    for name in ["order_message_created", "order_metafield_created", "customer_payment"] {
        assert_eq!(notices(name), [], "{name}");
    }
}

#[test]
fn a_delivery_is_known_by_its_signed_id() {
    let heard = heard(&fixture("hooks/order_created")).expect("it can be read");
    assert_eq!((heard.delivery_id.as_str(), heard.topic.as_str()), ("msg_1", "store/order/created"));
}

fn unsigned(body: &[u8]) -> Result<Heard, connectors::Unreadable> {
    let headers = headers(&[("x-lockstep-secret", "our-own")]);
    let delivery = Delivery { headers: &headers, url: desk::URL, topic: "", at: Instant(0), body };
    let verified = bigcommerce().verify(delivery, &[Secret::new("our-own")]).expect("it carries the secret");
    bigcommerce().read(CHANNEL, &verified).map(|parts| parts.into_iter().next().expect("one part"))
}

#[test]
fn an_unsigned_delivery_is_known_by_its_fingerprint_and_scope() {
    let body = br#"{"producer":"stores/k","hash":"f00d","created_at":1,"scope":"store/sku/updated","data":{}}"#;
    assert_eq!(unsigned(body).expect("it can be read").delivery_id, "f00d store/sku/updated");
    let bare = br#"{"producer":"stores/k","created_at":1,"scope":"store/sku/updated","data":{}}"#;
    let error = unsigned(bare).expect_err("nothing names it");
    assert_eq!(error.to_string(), "hash: is missing, and the delivery has no id");
}

#[test]
fn a_delivery_without_a_needed_field_or_with_a_wrong_one_names_it() {
    let told = |name: &str, from: &str, to: &str| {
        let text = String::from_utf8(fixture(&format!("hooks/{name}"))).expect("text");
        assert!(text.contains(from), "{name} has no {from}");
        heard(text.replace(from, to).as_bytes()).expect_err("it is out of shape").to_string()
    };
    assert_eq!(
        told("order_created", "store/order/created", "store/banana/ripe"),
        "scope: is none that we subscribe to"
    );
    assert_eq!(told("order_created", "stores/k3lnw0rk", "shops/k3lnw0rk"), "producer: is no store");
    assert_eq!(told("order_created", "2207", "0"), "data.id: is 0");
    assert_eq!(told("order_created", "\"id\"", "\"idd\""), "data.id: is missing");
    assert_eq!(told("order_created", "2207", "-3"), "data.id: is not a whole number for an id");
    assert_eq!(told("order_created", "2207", "22.5"), "data.id: is not a whole number for an id");
    assert_eq!(
        told("order_transaction_created", "\"2207\"", "\"two\""),
        "data.order_id: is not a whole number for an id"
    );
    assert_eq!(told("shipment_created", "orderId", "order"), "data.orderId: is missing");
    assert_eq!(told("stock_changed", "location_id", "place"), "data.location_id: is missing");
    assert_eq!(told("sku_inventory_updated", "\"inventory\"", "\"stock\""), "data.inventory: is missing");
    assert_eq!(told("customer_address_updated", "\"address\"", "\"home\""), "data.address.customer_id: is missing");
    assert_eq!(told("product_deleted", "\"id\"", "\"idd\""), "data.id: is missing");
    assert_eq!(told("sku_deleted", "\"sku\"", "\"skew\""), "data.sku.variant_id: is missing");
    assert_eq!(told("customer_deleted", "1795514400", "99999999999999999"), "created_at: is not a time in seconds");
}
