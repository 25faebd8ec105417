//! Writes of levels, and what became of them.

use connectors::{Batch, Effect, Row, Trouble, Unsendable};
use insta::assert_snapshot;
use model::{Instant, Level, Note, Outcome, WriteMode};

use super::play::{account, carry, fixture, hear, reply, shopify};

fn row(item: &str, from: i32, to: i32) -> Row {
    Row {
        external: item.into(),
        aliases: Vec::new(),
        location: "70010001".into(),
        from: Level::units(from),
        to: Level::units(to),
    }
}

pub fn batch(mode: WriteMode) -> Batch {
    let rows = vec![row("45190001", 7, 5), row("45190002", 3, 4), row("45190003", 2, 2)];
    Batch { mode, key: "w:17/a".to_owned(), dated: Instant(0), listings: Vec::new(), rows }
}

fn variables(mode: WriteMode) -> String {
    let body = shopify().compose(&batch(mode)).expect("sendable");
    let text = String::from_utf8(body).expect("text");
    text.split_once("\"variables\":").expect("variables").1.replace("},{", "},\n{")
}

#[test]
fn less_stock_is_written_without_a_comparison() {
    assert_snapshot!(variables(WriteMode::Lower), @r##"
    {"key":"w:17/a","input":{"name":"available","reason":"other","referenceDocumentUri":"gid://lockstep/Write/w-17-a","changes":[{"inventoryItemId":"gid://shopify/InventoryItem/45190001","locationId":"gid://shopify/Location/70010001","delta":-2,"changeFromQuantity":null},
    {"inventoryItemId":"gid://shopify/InventoryItem/45190002","locationId":"gid://shopify/Location/70010001","delta":1,"changeFromQuantity":null},
    {"inventoryItemId":"gid://shopify/InventoryItem/45190003","locationId":"gid://shopify/Location/70010001","delta":0,"changeFromQuantity":null}]}}}
    "##);
}

#[test]
fn more_stock_is_compared_with_what_is_believed() {
    assert_snapshot!(variables(WriteMode::Raise), @r##"
    {"key":"w:17/a","input":{"name":"available","reason":"other","referenceDocumentUri":"gid://lockstep/Write/w-17-a","changes":[{"inventoryItemId":"gid://shopify/InventoryItem/45190001","locationId":"gid://shopify/Location/70010001","delta":-2,"changeFromQuantity":7},
    {"inventoryItemId":"gid://shopify/InventoryItem/45190002","locationId":"gid://shopify/Location/70010001","delta":1,"changeFromQuantity":3},
    {"inventoryItemId":"gid://shopify/InventoryItem/45190003","locationId":"gid://shopify/Location/70010001","delta":0,"changeFromQuantity":2}]}}}
    "##);
}

#[test]
fn a_correction_sets_the_level_if_it_is_still_the_one_that_was_read() {
    assert_snapshot!(variables(WriteMode::Correct), @r##"
    {"key":"w:17/a","input":{"name":"available","reason":"correction","referenceDocumentUri":"gid://lockstep/Write/w-17-a","quantities":[{"inventoryItemId":"gid://shopify/InventoryItem/45190001","locationId":"gid://shopify/Location/70010001","quantity":5,"changeFromQuantity":7},
    {"inventoryItemId":"gid://shopify/InventoryItem/45190002","locationId":"gid://shopify/Location/70010001","quantity":4,"changeFromQuantity":3},
    {"inventoryItemId":"gid://shopify/InventoryItem/45190003","locationId":"gid://shopify/Location/70010001","quantity":2,"changeFromQuantity":2}]}}}
    "##);
}

#[test]
fn the_same_batch_gives_the_same_request_and_hides_its_token() {
    let body = shopify().compose(&batch(WriteMode::Lower)).expect("sendable");
    assert_eq!(shopify().compose(&batch(WriteMode::Lower)), Ok(body.clone()));
    let request = carry(&body, &account()).expect("sendable");
    assert_eq!(request.http.uri(), "https://kiln.myshopify.com/admin/api/2026-10/graphql.json");
    assert_eq!((request.http.body(), request.cost, request.effect), (&body, 10, Effect::Write));
    let token = &request.http.headers()["x-shopify-access-token"];
    assert!(token.is_sensitive() && token == "token-of-kiln");
    assert!(!format!("{request:?}").contains("token-of-kiln"));
}

#[test]
fn an_unusable_account_is_told_without_its_token() {
    let mut wrong = account();
    wrong.token = connectors::Secret::new("line\nbreak");
    assert_eq!(carry(b"{}", &wrong).map(|_| ()), Err(Unsendable::Account("token").into()));
    for address in ["", "kiln.myshopify.com", "https://", "ftp://kiln", "https://a b"] {
        let wrong = connectors::Account { base_url: address.to_owned(), ..account() };
        assert_eq!(carry(b"{}", &wrong).map(|_| ()), Err(Unsendable::Account("address").into()), "{address}");
    }
}

#[test]
fn rows_that_cannot_be_said_are_named() {
    let refused = |rows: Vec<Row>| match shopify().compose(&Batch { rows, ..batch(WriteMode::Raise) }) {
        Err(Unsendable::Row { row, problem }) => format!("{row}: {problem}"),
        other => format!("{other:?}"),
    };
    let fraction = Row { to: Level::parse("4.5").expect("level"), ..row("2", 1, 1) };
    assert_eq!(refused(vec![row("1", 1, 2), fraction]), "1: this platform counts whole units only");
    assert_eq!(refused(vec![row("1", 1, 2), row("1", 2, 3)]), "1: the same item at the same location twice");
    assert_eq!(refused(vec![row("variant:1", 1, 2)]), "0: the item is not a number of this platform");
    let place = Row { location: "x".into(), ..row("1", 1, 2) };
    assert_eq!(refused(vec![place]), "0: the location is not a number of this platform");
    assert_eq!(refused(vec![row("1", 0, 1_000_000_001)]), "0: more than a thousand million units");
    assert_eq!(refused(vec![row("1", -900_000_000, 900_000_000)]), "0: more than a thousand million units");
    let many = (0..251).map(|item| row(&item.to_string(), 1, 2)).collect();
    assert_eq!(refused(many), "250: more rows than one request may have");
    assert_eq!(refused(Vec::new()), r#"Err(Impossible("carry a batch of no rows"))"#);
}

#[test]
fn each_row_hears_the_level_after_its_change_whatever_the_order_of_the_reply() {
    let heard = hear(&batch(WriteMode::Lower), &reply(200, &fixture("adjusted.json")));
    let done = |after: Option<i32>| Outcome::Done { after: after.map(Level::units) };
    assert_eq!(heard, Ok(vec![done(Some(5)), done(Some(4)), done(None)]));
}

#[test]
fn when_one_row_is_stale_nothing_was_done_to_the_others() {
    let heard = hear(&batch(WriteMode::Correct), &reply(200, &fixture("set_stale.json")));
    assert_eq!(heard, Ok(vec![Outcome::Again, Outcome::Stale, Outcome::Again]));
}

fn refused(code: &str) -> Result<Vec<Outcome>, Trouble> {
    let body = serde_json::json!({"data": {"inventoryAdjustQuantities": {"inventoryAdjustmentGroup": null,
        "userErrors": [{"code": code, "field": ["input", "changes", "0"], "message": "words"}]}}});
    hear(&batch(WriteMode::Raise), &reply(200, body.to_string().as_bytes()))
}

#[test]
fn every_documented_code_has_one_reading() {
    let never = || Outcome::Never { because: Note::new("words") };
    for code in [
        "INVALID_INVENTORY_ITEM",
        "INVALID_LOCATION",
        "NON_MUTABLE_INVENTORY_ITEM",
        "INVALID_QUANTITY_NEGATIVE",
        "INVALID_QUANTITY_TOO_HIGH",
        "INVALID_QUANTITY_TOO_LOW",
        "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR",
    ] {
        assert_eq!(refused(code), Ok(vec![never(), Outcome::Again, Outcome::Again]), "{code}");
    }
    for code in ["CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"] {
        assert_eq!(refused(code), Ok(vec![Outcome::Stale, Outcome::Again, Outcome::Again]), "{code}");
    }
    for code in ["ADJUST_QUANTITIES_FAILED", "SERVICE_UNAVAILABLE", "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"] {
        assert_eq!(refused(code), Ok(vec![Outcome::Again; 3]), "{code}");
    }
    assert_eq!(refused("IDEMPOTENCY_KEY_PARAMETER_MISMATCH"), Ok(vec![Outcome::Unknown; 3]));
    let reason = "IDEMPOTENCY_CONCURRENT_REQUEST: words".to_owned();
    assert_eq!(refused("IDEMPOTENCY_CONCURRENT_REQUEST"), Err(Trouble::Failed { reason }));
    for code in [
        "COMPARE_QUANTITY_REQUIRED",
        "INVALID_NAME",
        "INVALID_QUANTITY_NAME",
        "INVALID_REASON",
        "INVALID_REFERENCE_DOCUMENT",
        "INTERNAL_LEDGER_DOCUMENT",
        "INVALID_AVAILABLE_DOCUMENT",
        "INVALID_LEDGER_DOCUMENT",
        "INVALID_QUANTITY_DOCUMENT",
        "MAX_ONE_LEDGER_DOCUMENT",
        "A_LATER_CODE",
    ] {
        assert_eq!(refused(code), Err(Trouble::Refused { reason: format!("{code}: words") }));
    }
}

#[test]
fn a_reply_that_is_no_answer_leaves_the_batch_to_be_asked_again() {
    let heard = |status, body: &[u8]| hear(&batch(WriteMode::Lower), &reply(status, body));
    assert_eq!(heard(200, &fixture("throttled.json")), Err(Trouble::Throttled { after_ms: Some(7_510) }));
    assert!(matches!(heard(503, b""), Err(Trouble::Failed { .. })));
    assert!(matches!(heard(200, b""), Err(Trouble::Garbled { .. })));
    assert!(matches!(heard(200, b"{\"data\":null}"), Err(Trouble::Garbled { .. })));
    assert!(matches!(heard(200, &fixture("locations.json")), Err(Trouble::Garbled { .. })));
}
