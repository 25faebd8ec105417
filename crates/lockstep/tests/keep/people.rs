//! A person is forgotten: no page, export, table, log or restored backup shows them, and the chain still verifies.

use serde_json::{Value, json};

use super::hub::{Place, api, deliver, files, fixture, holds, opened};
use crate::serve::Serve;

const CUSTOMER: &str = "80020001";
/// What only this person has.
const THEIRS: [&str; 4] = ["wren@example.test", "+442079460000", "1 Kiln Lane", "Wren"];

/// The person, an order of theirs, and an order as a guest under the same address.
fn known(hub: &Serve) {
    let customer = fixture("customers_update.json");
    assert_eq!(deliver(hub, "customers/update", "c-1", customer.to_string().as_bytes()).status, 200);
    let mut order = fixture("orders_create_web.json");
    order["email"] = json!(THEIRS[0]);
    order["contact_email"] = json!(THEIRS[0]);
    order["phone"] = json!(THEIRS[1]);
    order["customer"] = json!({ "id": 80020001, "email": THEIRS[0], "first_name": "Wren", "last_name": "Ash" });
    assert_eq!(deliver(hub, "orders/create", "o-1", order.to_string().as_bytes()).status, 200);
    order["customer"] = Value::Null;
    order["id"] = json!(55129999);
    order["admin_graphql_api_id"] = json!("gid://shopify/Order/55129999");
    assert_eq!(deliver(hub, "orders/create", "o-2", order.to_string().as_bytes()).status, 200);
}

fn person(place: &Place) -> Value {
    place.well(&format!("person -c lockstep.toml --channel web --customer {CUSTOMER}")).json()
}

fn shows(text: &str) -> Option<&'static str> {
    THEIRS.into_iter().find(|theirs| text.contains(theirs))
}

fn nothing_shows(place: &Place, hub: &Serve) {
    for path in [
        "/v1/facts?limit=500",
        "/v1/audit?limit=500",
        "/v1/orders",
        "/v1/audit/export",
        "/orders",
        "/audit",
        "/quarantine",
    ] {
        let answer = api(hub, &format!("GET {path}"), &Value::Null);
        assert_eq!((answer.status, shows(&answer.body)), (200, None), "{path}");
    }
    let told = person(place);
    assert_eq!((&told["known_as"], &told["messages"]), (&json!([]), &json!([])), "{told}");
    assert_eq!(shows(&told.to_string()), None, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_whom_the_platform_wants_forgotten_is_gone_everywhere_and_in_a_backup_from_before() {
    let place = Place::of("redact");
    let hub = place.serve();
    known(&hub);
    let before = person(&place);
    assert_eq!(before["known_as"][0]["email"], json!(THEIRS[0]), "{before}");
    assert!(before["messages"].as_array().is_some_and(|all| all.len() >= 2), "{before}");
    place.well("backup -c lockstep.toml --to backups");
    let redact = json!({ "shop_id": 55501, "shop_domain": "kiln.myshopify.com",
        "customer": { "id": 80020001, "email": THEIRS[0], "phone": THEIRS[1] }, "orders_to_redact": [] });
    assert_eq!(deliver(&hub, "customers/redact", "r-1", redact.to_string().as_bytes()).status, 200);
    nothing_shows(&place, &hub);
    let facts = api(&hub, "GET /v1/audit?kind=erased", &Value::Null);
    assert!(facts.body.contains("was forgotten"), "{facts:?}");
    // The same delivery again, and one more about them: nothing of it is kept.
    known(&hub);
    nothing_shows(&place, &hub);
    let (_, said) = hub.stop();
    assert_eq!(said.iter().find_map(|line| shows(line)), None, "{said:#?}");
    assert_eq!(place.well("audit verify --data data").json()["valid"], json!(true));

    place.well("restore --from backups --data restored --erased outside/erased.list --erased data/erased.list");
    std::fs::copy(place.path("data/keys/master.key"), place.path("restored/keys/master.key")).expect("copied");
    std::fs::write(place.config(), place.configuration("restored")).expect("write");
    let hub = place.serve();
    nothing_shows(&place, &hub);
    let (_, said) = hub.stop();
    assert_eq!(said.iter().find_map(|line| shows(line)), None, "{said:#?}");
    assert_eq!(place.well("audit verify --data restored").json()["valid"], json!(true));
    for data in ["data", "restored"] {
        let (bodies, facts) = opened(&place.path(data)).await;
        assert_eq!(bodies.iter().chain(&facts).find_map(|text| shows(text)), None);
        for (path, bytes) in files(&place.path(data)) {
            let shown = THEIRS.iter().find(|theirs| holds(&bytes, theirs));
            assert_eq!(shown, None, "{}", path.display());
        }
    }
}

#[test]
fn a_person_is_forgotten_over_the_api_and_by_command_and_other_people_are_not() {
    let place = Place::of("erase");
    let hub = place.serve();
    known(&hub);
    let mut other = fixture("customers_update.json");
    other["id"] = json!(80029999);
    other["email"] = json!("other@example.test");
    other["phone"] = json!("+442079469999");
    assert_eq!(deliver(&hub, "customers/update", "c-2", other.to_string().as_bytes()).status, 200);
    let line = format!("erase -c lockstep.toml --channel web --customer {CUSTOMER}");
    assert_eq!(place.run(&line).code, Some(2), "it asks first");
    assert_eq!(person(&place)["known_as"][0]["email"], json!(THEIRS[0]));
    let answer = api(&hub, &format!("POST /v1/customers/web/{CUSTOMER}/erase"), &json!({ "reason": "a letter" }));
    assert_eq!(answer.status, 200, "{answer:?}");
    nothing_shows_of(&place);
    place.well(&format!("{line} --yes"));
    let other = place.well("person -c lockstep.toml --channel web --customer 80029999").json();
    assert_eq!(other["known_as"][0]["email"], json!("other@example.test"), "{other}");
    drop(hub.stop());
}

fn nothing_shows_of(place: &Place) {
    let told = person(place);
    assert_eq!(told["known_as"], json!([]), "{told}");
}

#[test]
fn a_privacy_body_under_another_topic_of_the_unsigned_header_forgets_nobody() {
    let place = Place::of("topic");
    let hub = place.serve();
    known(&hub);
    let asked = json!({ "shop_id": 55501, "shop_domain": "kiln.myshopify.com",
        "customer": { "id": 80020001, "email": null, "phone": null }, "orders_requested": [],
        "data_request": { "id": 9999 } });
    for topic in ["customers/redact", "shop/redact"] {
        deliver(&hub, topic, topic, asked.to_string().as_bytes());
    }
    assert_eq!(person(&place)["known_as"][0]["email"], json!(THEIRS[0]));
    deliver(&hub, "customers/data_request", "d-1", asked.to_string().as_bytes());
    let open = api(&hub, "GET /v1/quarantine", &Value::Null);
    assert!(open.body.contains("lockstep person --channel web --customer 80020001"), "{open:?}");
    let all = json!({ "shop_id": 55501, "shop_domain": "kiln.myshopify.com" });
    assert_eq!(deliver(&hub, "shop/redact", "s-1", all.to_string().as_bytes()).status, 200);
    nothing_shows(&place, &hub);
    drop(hub.stop());
}
