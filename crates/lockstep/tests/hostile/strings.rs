//! Odd strings in every place that takes text: a delivery's, a caller's and an address's.

use serde_json::json;

use super::target::{ON_HAND, Target, is_orderly, order};
use crate::http::escaped;

/// Some of every kind; the corpus has hundreds more.
pub const ODD: [&str; 22] = [
    "",
    " ",
    "null",
    "undefined",
    "NaN",
    "-1",
    "1e1000",
    "0x0",
    "';DROP TABLE items; --",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "../../../../etc/passwd%00",
    "%s%n%x",
    "{{7*7}}${7*7}",
    "\u{202e}desrever",
    "\u{feff}\u{200b}\u{2028}",
    "Z\u{30e}\u{30e}\u{30e}\u{30e}algo",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}",
    "\u{0}null byte",
    "\r\nSet-Cookie: a=b",
    "CON",
    "田中さん ﷽ ІІІ",
];

/// Puts each string everywhere. Answers how many adjustments by one unit were carried out.
pub fn spread(target: &Target, strings: &[&str]) -> i64 {
    let mut done = 0;
    for (number, text) in (1..).zip(strings) {
        let sale = order(number, text);
        let answer = target.shop("orders/create", &format!("w-{number}"), sale.to_string().as_bytes());
        assert!(is_orderly(&answer), "{text:?}: {answer:?}");
        let event = json!({ "merchant_id": "MLPADARIA7", "type": text, "event_id": text, "data": { "type": text, "id": text } });
        let answer = target.tills(event.to_string().as_bytes());
        assert!(is_orderly(&answer), "{text:?}: {answer:?}");
        let adjustment = json!({ "sku": "MUG", "location": "Store", "change": "1", "reason": text });
        let answer = target.api("POST /v1/adjustments", &adjustment.to_string());
        assert!(is_orderly(&answer), "{text:?}: {answer:?}");
        done += i64::from(answer.status == 200);
        let item = json!({ "title": text, "barcodes": [text] });
        let place = escaped(text);
        let calls = [
            (format!("PUT /v1/items/{place}"), item.to_string()),
            (
                "POST /v1/reservations".to_owned(),
                json!({ "lines": [{ "sku": text, "location": text, "quantity": text }], "note": text }).to_string(),
            ),
            (format!("GET /v1/items?q={place}"), String::new()),
            (format!("GET /v1/positions?sku={place}&cursor={place}&limit={place}"), String::new()),
            (format!("GET /v1/orders/{place}"), String::new()),
            (format!("GET /search?q={place}"), String::new()),
            (format!("GET /stock/{place}"), String::new()),
        ];
        for (line, body) in calls {
            let answer = target.api(&line, &body);
            assert!(answer.status < 500, "{line} {text:?}: {answer:?}");
            let page = line.starts_with("GET /s");
            assert!(!(page && answer.body.contains("<script>alert")), "{line}: a script came back as one: {answer:?}");
        }
    }
    done
}

#[test]
fn odd_strings_in_every_field_are_kept_or_refused_and_move_nothing() {
    let target = Target::start("odd");
    let done = spread(&target, &ODD);
    assert!(done > 0, "an odd reason is a reason");
    target.ends_well(ON_HAND + done);
}
