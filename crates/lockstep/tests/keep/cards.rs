//! Card numbers in every text field of what comes in are found nowhere afterwards.

use serde_json::{Value, json};

use super::hub::{Place, api, deliver, files, fixture, holds, opened};

/// One for each way of writing them. The first is plain, the others must not come back plain either.
const CARDS: [&str; 3] = ["4111111111111111", "5555 5555 5555 4444", "3782-822463-10005"];

/// Copies of a body, in each of which another text holds a card number.
fn smuggled(body: &Value) -> Vec<Value> {
    let mut paths = Vec::new();
    texts(body, String::new(), &mut paths);
    let changed = paths.iter().enumerate().map(|(number, path)| {
        let mut body = body.clone();
        let text = body.pointer_mut(path).expect("it was found there");
        *text = json!(format!("{} {}", text.as_str().unwrap_or_default(), CARDS[number % CARDS.len()]));
        body
    });
    changed.collect()
}

fn texts(value: &Value, at: String, paths: &mut Vec<String>) {
    match value {
        Value::String(_) => paths.push(at),
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(place, value)| texts(value, format!("{at}/{place}"), paths))
        }
        Value::Object(all) => all.iter().for_each(|(name, value)| texts(value, format!("{at}/{name}"), paths)),
        _ => {}
    }
}

fn shows(bytes: &[u8]) -> Option<&'static str> {
    CARDS.into_iter().find(|card| holds(bytes, card))
}

#[tokio::test(flavor = "multi_thread")]
async fn card_numbers_smuggled_into_every_text_are_in_no_journal_table_log_or_export() {
    let place = Place::of("cards");
    let hub = place.serve();
    let mut sent = 0;
    for (topic, name) in [("customers/update", "customers_update.json"), ("orders/create", "orders_create_web.json")] {
        for body in smuggled(&fixture(name)) {
            let status = deliver(&hub, topic, &format!("d-{sent}"), body.to_string().as_bytes()).status;
            assert_eq!(status, 200, "{body}");
            sent += 1;
        }
    }
    assert!(sent > 40, "{sent}");
    let item = json!({ "title": format!("Mug {}", CARDS[0]), "barcodes": [] });
    api(&hub, "PUT /v1/items/MUG", &item);
    let note = json!({ "sku": "MUG", "location": "Store", "quantity": "1", "note": CARDS[1] });
    api(&hub, "POST /v1/receipts", &note);
    let address = api(&hub, &format!("PUT /v1/items/{}", CARDS[0]), &json!({ "title": "Mug" }));
    assert_eq!(address.status, 400, "{address:?}");
    let escaped = format!("{{\"title\":\"Mug \\u0034{}\"}}", &CARDS[0][1..]);
    let sent: Value = serde_json::from_str(&escaped).expect("JSON");
    assert!(sent["title"].as_str().is_some_and(|title| title.contains(CARDS[0])));
    super::hub::api_text(&hub, "PUT /v1/items/CUP", &escaped);
    let export = api(&hub, "GET /v1/audit/export", &Value::Null);
    assert_eq!((export.status, shows(export.body.as_bytes())), (200, None));
    std::fs::write(place.path("items.csv"), format!("sku,title\nPOT,Pot {}\n", CARDS[0])).expect("write");
    let (_, said) = hub.stop();
    let imported = place.run("import items items.csv -c lockstep.toml --apply");
    assert_eq!(imported.code, Some(1), "{imported:?}");
    assert!(said.iter().all(|line| shows(line.as_bytes()).is_none()), "{said:#?}");
    let (bodies, facts) = opened(&place.path("data")).await;
    assert!(bodies.len() > 20, "{}", bodies.len());
    assert!(bodies.iter().any(|body| body.contains("************1111")), "what was blacked out is there");
    for text in bodies.iter().chain(&facts) {
        assert_eq!(shows(text.as_bytes()), None, "{text}");
    }
    for (path, bytes) in files(&place.path("data")) {
        assert_eq!(shows(&bytes), None, "{}", path.display());
    }
}
