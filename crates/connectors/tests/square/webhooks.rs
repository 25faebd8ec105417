//! Deliveries: which are believed, and what each topic says.

use connectors::{Control, Forged, LevelHint, Told};
use model::{CustomerKey, CustomerSeen, DocumentKey, Level, NoticeAbout, Person, Personal};

use crate::desk::{CHANNEL, KEY, URL, at, fixture, heard, item, judged, place, signature};

/// Body and signatures computed apart from this crate, with Python 3: `base64.b64encode(hmac.new(key, url + body,
/// hashlib.sha256).digest())`.
const VECTOR: &[u8] = br#"{"merchant_id":"MLPADARIA7","type":"catalog.version.updated","event_id":"e-1","data":{"type":"catalog_version","object":{"catalog_version":{"updated_at":"2026-11-20T16:42:06Z"}}}}"#;
const VECTOR_SIGNATURE: &str = "FhA6RVhFZzHOemO36UrU0BICegvinmdliDs7UurCNiM=";
const VECTOR_OLD_KEY: &str = "WKRhd9JWfvcLMzbV5SplhAogD8xjBWN5E82G+ANSxEM=";
/// The same key over the address with `/x` at its end.
const VECTOR_SHIFTED: &str = "Cy6mw5CPK7R0oqCpicvodWWcpcBQ3RTbkHqK0Z470EQ=";

fn notices(name: &str) -> Vec<NoticeAbout> {
    heard(&fixture(name)).expect("the fixture is readable").notices
}

fn order(id: &str) -> Vec<NoticeAbout> {
    vec![NoticeAbout::Order(DocumentKey::new(id))]
}

#[test]
fn a_signature_made_elsewhere_over_address_and_body_is_believed() {
    assert_eq!(judged(Some(VECTOR_SIGNATURE), URL, VECTOR, &[KEY]), Ok(()));
}

#[test]
fn both_secrets_are_tried_while_one_is_being_rotated() {
    assert_eq!(judged(Some(VECTOR_OLD_KEY), URL, VECTOR, &[KEY, "old-key"]), Ok(()));
    assert_eq!(judged(Some(VECTOR_OLD_KEY), URL, VECTOR, &[KEY]), Err(Forged::Mismatch));
}

#[test]
fn another_address_another_body_or_another_key_is_not_believed() {
    let other = "https://hub.example.com/hooks/square/main/";
    assert_eq!(judged(Some(VECTOR_SIGNATURE), other, VECTOR, &[KEY]), Err(Forged::Mismatch));
    let mut changed = VECTOR.to_vec();
    changed.push(b' ');
    assert_eq!(judged(Some(VECTOR_SIGNATURE), URL, &changed, &[KEY]), Err(Forged::Mismatch));
    assert_eq!(judged(Some(VECTOR_SIGNATURE), URL, VECTOR, &["other"]), Err(Forged::Mismatch));
}

#[test]
fn bytes_moved_from_the_address_into_the_body_are_not_believed_although_the_signature_fits() {
    let moved = [b"/x", VECTOR].concat();
    assert_eq!(signature(KEY, URL, &moved), VECTOR_SHIFTED);
    assert_eq!(judged(Some(VECTOR_SHIFTED), URL, &moved, &[KEY]), Err(Forged::Mismatch));
}

#[test]
fn no_secret_no_header_no_base64_and_no_body_are_told_apart() {
    let header = "x-square-hmacsha256-signature";
    assert_eq!(judged(Some(VECTOR_SIGNATURE), URL, VECTOR, &[]), Err(Forged::NoSecret));
    assert_eq!(judged(None, URL, VECTOR, &[KEY]), Err(Forged::Missing { header }));
    assert_eq!(judged(Some("not base64!"), URL, VECTOR, &[KEY]), Err(Forged::Malformed { header }));
    assert_eq!(judged(Some("AAAA"), URL, VECTOR, &[KEY]), Err(Forged::Mismatch));
    assert_eq!(judged(Some(VECTOR_SIGNATURE), URL, b"", &[KEY]), Err(Forged::Empty));
}

#[test]
fn an_empty_secret_lets_nobody_in() {
    let open = signature("", URL, VECTOR);
    assert_eq!(judged(Some(&open), URL, VECTOR, &[" "]), Err(Forged::NoSecret));
}

#[test]
fn a_delivery_names_its_event_its_seller_and_its_topic() {
    let heard = heard(&fixture("order_updated")).expect("readable");
    assert_eq!(heard.delivery_id, "7d1e0c52-93aa-4f1b-8c60-000000000002");
    assert_eq!(heard.account.as_deref(), Some("MLPADARIA7"));
    assert_eq!(heard.topic, "order.updated");
    assert_eq!((heard.person, heard.control, heard.told), (None, None, vec![]));
}

#[test]
fn thin_news_of_an_order_asks_for_the_order_and_a_draft_for_nothing() {
    assert_eq!(notices("order_created"), order("oRdSale001"));
    assert_eq!(notices("order_updated"), order("oRdSale001"));
    assert_eq!(notices("order_fulfillment_updated"), order("oRdWeb0002"));
    assert_eq!(notices("order_updated_draft"), vec![]);
}

#[test]
fn a_payment_or_refund_asks_for_its_order_only_when_it_is_over() {
    assert_eq!(notices("payment_created"), vec![]);
    assert_eq!(notices("payment_updated"), order("oRdSale001"));
    assert_eq!(notices("refund_created"), vec![]);
    assert_eq!(notices("refund_updated"), order("oRdBack003"));
    for status in ["CANCELED", "FAILED"] {
        let text = String::from_utf8(fixture("payment_updated")).expect("text").replace("COMPLETED", status);
        assert_eq!(heard(text.as_bytes()).expect("readable").notices, order("oRdSale001"));
    }
}

#[test]
fn a_payment_without_an_order_says_nothing() {
    let text = String::from_utf8(fixture("payment_updated")).expect("text").replace("order_id", "other_id");
    assert_eq!(heard(text.as_bytes()).expect("readable").notices, vec![]);
}

#[test]
fn the_payer_is_the_person_whose_key_seals_the_body() {
    let heard = heard(&fixture("payment_updated")).expect("readable");
    assert_eq!(heard.person, Some(CustomerKey::new("CUSTELVIRA")));
}

#[test]
fn counts_in_stock_are_told_and_waste_and_estimates_are_not() {
    let level = |id: &str, location: &str, level: &str| {
        let level = Some(Level::parse(level).expect("a level"));
        Told::Level(LevelHint { external: item(id), location: place(location), level })
    };
    let told = heard(&fixture("inventory_count_updated")).expect("readable").told;
    assert_eq!(told, [level("VARCUPBLUE", "LPORTO1", "11"), level("VARTEAKILO", "LBRAGA2", "-0.25")]);
}

#[test]
fn catalogue_and_location_news_ask_for_the_whole_because_they_say_nothing_else() {
    assert_eq!(notices("catalog_version_updated"), [NoticeAbout::Catalogue]);
    assert_eq!(notices("location_created"), [NoticeAbout::Locations]);
    assert_eq!(notices("location_updated"), [NoticeAbout::Locations]);
}

#[test]
fn revoked_access_is_told_as_such() {
    let heard = heard(&fixture("oauth_authorization_revoked")).expect("readable");
    assert_eq!(heard.control, Some(Control::Revoked));
}

fn elvira(customer: &str, version: u64, person: Option<Personal>) -> CustomerSeen {
    let customer = CustomerKey::new(customer);
    CustomerSeen { channel: CHANNEL, customer, version, updated_at: at("2026-11-20T16:42:05Z"), person }
}

fn plain() -> Option<Personal> {
    Some(Personal::Plain(Box::new(Person {
        given_name: "Elvira".to_owned(),
        family_name: "Quintela".to_owned(),
        email: "elvira@example.net".to_owned(),
        phone: "+351911000111".to_owned(),
        address: "Travessa do Forno 8, 2 Dto, 4700-222, Braga, PT".to_owned(),
    })))
}

#[test]
fn a_customer_is_told_whole_and_is_the_person_of_the_delivery() {
    let updated = heard(&fixture("customer_updated")).expect("readable");
    assert_eq!(updated.told, [Told::Customer(elvira("CUSTELVIRA", 4, plain()))]);
    assert_eq!(updated.person, Some(CustomerKey::new("CUSTELVIRA")));
    let created = heard(&fixture("customer_created")).expect("readable");
    assert_eq!(created.told, [Told::Customer(elvira("CUSTMERGED", 0, plain()))]);
}

#[test]
fn a_deleted_customer_has_no_person_and_a_version_above_its_last() {
    let deleted = heard(&fixture("customer_deleted")).expect("readable");
    assert_eq!(deleted.told, [Told::Customer(elvira("CUSTELVIRA", 5, None))]);
}

#[test]
fn a_topic_we_did_not_subscribe_to_is_quarantined_and_not_dropped() {
    let text = String::from_utf8(fixture("order_updated")).expect("text").replace("order.updated", "loyalty.exploded");
    let error = heard(text.as_bytes()).expect_err("the topic is unknown");
    assert_eq!(error.to_string(), "type: is not a topic that we subscribe to");
}
