//! What is always tried, without any corpus.

use super::target::{ON_HAND, SHOP, Target, is_orderly, order, word};
use crate::http::{call, head, raw};

/// Most bytes of a delivery.
const HOOK_MAX: usize = 2 * 1024 * 1024;

#[test]
fn forged_deliveries_are_refused_and_say_why() {
    let target = Target::start("forged");
    let body = order(1, "plain").to_string();
    let line = format!("POST {SHOP}");
    let bare = call(&target.hub.address, &line, &[], body.as_bytes());
    assert_eq!(bare.status, 401, "{bare:?}");
    assert!(bare.body.contains("X-Shopify-Hmac-Sha256"), "the missing header is named: {bare:?}");
    for signature in ["AAAA", "not base64!", "", "\u{e9}"] {
        let headers = [
            ("X-Shopify-Topic", "orders/create"),
            ("X-Shopify-Hmac-Sha256", signature),
            ("X-Shopify-Shop-Domain", "kiln.myshopify.com"),
            ("X-Shopify-Webhook-Id", "w"),
        ];
        let forged = call(&target.hub.address, &line, &headers, body.as_bytes());
        assert!(matches!(forged.status, 400 | 401), "{signature:?}: {forged:?}");
    }
    for path in ["/hooks/shopify/nobody", "/hooks/square/web", "/hooks/abacus/web", "/hooks/shopify/%00"] {
        let answer = call(&target.hub.address, &format!("POST {path}"), &[], body.as_bytes());
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
    }
    let other = target.shop("orders/create", "w-2", body.as_bytes());
    assert_eq!((other.status, word(&other).as_str()), (200, "new"), "and a genuine one is taken in: {other:?}");
    target.ends_well(ON_HAND);
}

#[test]
fn a_delivery_that_comes_twice_is_taken_in_once() {
    let target = Target::start("twice");
    let body = order(1, "plain").to_string();
    let first = target.shop("orders/create", "w-1", body.as_bytes());
    assert_eq!((first.status, word(&first).as_str()), (200, "new"), "{first:?}");
    let facts = target.get("/v1/audit/head")["seq"].clone();
    for _ in 0..3 {
        let again = target.shop("orders/create", "w-1", body.as_bytes());
        assert_eq!(again.status, 200, "{again:?}");
        assert_ne!(word(&again), "new", "{again:?}");
    }
    assert_eq!(target.get("/v1/audit/head")["seq"], facts, "the others left no fact");
    target.ends_well(ON_HAND);
}

#[test]
fn bodies_out_of_shape_are_set_aside_with_their_reason() {
    let target = Target::start("shape");
    let good = order(7, "plain").to_string();
    let with = |old: &str, new: &str| {
        assert!(good.contains(old), "{old} is in the order");
        good.replacen(old, new, 1).into_bytes()
    };
    let quantity = "\"quantity\":1,";
    let numbers =
        ["-1", "0.5", "1e400", "99999999999999999999", "-9223372036854775809", "\"many\"", "null", "[]", "{}", "true"];
    let mut bodies: Vec<Vec<u8>> =
        numbers.iter().map(|number| with(quantity, &format!("\"quantity\":{number},"))).collect();
    let prices = ["\"1e400\"", "\"-1.00\"", "\"1.999\"", "\"99999999999999999999.99\"", "1.5", "\"\"", "\"NaN\""];
    bodies.extend(prices.iter().map(|price| with("\"price\":\"20.95\"", &format!("\"price\":{price}"))));
    bodies.extend(
        ["-1", "1e400", "99999999999999999999", "\"\"", "null"]
            .map(|id| with("\"id\":5500000000007", &format!("\"id\":{id}"))),
    );
    bodies.push(with("\"line_items\":[", "\"line_items\":[[],"));
    bodies.push(with("\"created_at\":\"2026-11-20T09:00:00+01:00\"", "\"created_at\":\"99999-99-99\""));
    bodies.push(with("\"created_at\":\"2026-11-20T09:00:00+01:00\"", "\"created_at\":\"9999-12-31T23:59:59Z\""));
    bodies.push(good.replacen("plain", "\u{0}", 1).into_bytes());
    bodies.push([b"{\"id\": \"\xff\xfe\"}".as_slice(), b"\xc3\x28"].concat());
    bodies.push(vec![0; 64]);
    bodies.push(with("\"currency\":\"EUR\"", "\"currency\":\"EUR\",\"currency\":\"EUR\""));
    bodies.push(with("\"id\":5500000000007", "\"id\":5500000000007,\"id\":5500000000008"));
    bodies.push(["[".repeat(10_000), "]".repeat(10_000)].concat().into_bytes());
    bodies.push("{\"a\":".repeat(10_000).into_bytes());
    bodies.push(good.as_bytes()[..good.len() / 2].to_vec());
    bodies.push(b"null".to_vec());
    bodies.push(b"\"\"".to_vec());
    let mut set_aside = 0;
    for (number, body) in bodies.iter().enumerate() {
        for topic in ["orders/create", "refunds/create", "inventory_levels/update", "customers/update", "\u{7f}"] {
            let answer = target.shop(topic, &format!("w-{number}-{topic}"), body);
            let shown = String::from_utf8_lossy(&body[..body.len().min(300)]);
            assert!(is_orderly(&answer), "{topic} {shown}: {answer:?}");
            set_aside += usize::from(word(&answer) == "quarantined");
        }
        assert!(is_orderly(&target.tills(body)), "{number}");
        assert_eq!(target.on_hand(), ON_HAND.to_string(), "{}", String::from_utf8_lossy(body));
    }
    assert!(set_aside >= bodies.len(), "what cannot be read waits for a person: {set_aside}");
    let empty = target.shop("orders/create", "w-empty", b"");
    assert_eq!(empty.status, 401, "nothing was signed: {empty:?}");
    target.ends_well(ON_HAND);
}

#[test]
fn bodies_that_are_too_long_or_too_slow_are_refused_without_being_read() {
    let target = Target::start("long");
    let address = target.hub.address.clone();
    let line = format!("POST {SHOP}");
    let slow = std::thread::spawn({
        let (address, line) = (address.clone(), line.clone());
        // Nine of ten bytes never come.
        move || raw(&address, &[head(&address, &line, &[], 10).as_bytes(), b"{"])
    });
    let announced = raw(&address, &[head(&address, &line, &[], 3_000_000).as_bytes()]);
    assert_eq!(announced.status, 413, "{announced:?}");
    let start =
        format!("{line} HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", HOOK_MAX + 1);
    let in_chunks = raw(&address, &[start.as_bytes(), &vec![b' '; HOOK_MAX + 1]]);
    assert_eq!(in_chunks.status, 413, "{in_chunks:?}");
    let nonsense = format!("{line} HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    assert_eq!(raw(&address, &[nonsense.as_bytes()]).status, 400);
    for garbage in
        ["\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n"]
    {
        assert!((400..600).contains(&raw(&address, &[garbage.as_bytes()]).status), "{garbage:?}");
    }
    let slow = slow.join().expect("it was answered");
    assert_eq!(slow.status, 408, "{slow:?}");
    target.ends_well(ON_HAND);
}

#[test]
fn calls_of_the_api_with_impossible_numbers_change_nothing() {
    let target = Target::start("numbers");
    let changes = [
        "1e400",
        "-1e400",
        "99999999999999999999",
        "NaN",
        "Infinity",
        "0x10",
        "1,5",
        "1.000001",
        "",
        "--1",
        "9223372036854775807",
        "\u{661}",
        "1\u{0}",
    ];
    for change in changes {
        let json = serde_json::json!({ "sku": "MUG", "location": "Store", "change": change, "reason": "hostile" });
        let answer = target.api("POST /v1/adjustments", &json.to_string());
        assert!((400..500).contains(&answer.status), "{change:?}: {answer:?}");
    }
    let bodies = [
        r#"{"sku":"MUG","location":"Store","change":1,"reason":"a number, not text"}"#,
        r#"{"sku":"MUG","sku":"MUG","location":"Store","change":"1","reason":"twice"}"#,
        r#"{"sku":"MUG","location":"Store","change":"1","reason":"more","more":true}"#,
        r#"{"sku":"MUG","location":"Moon","change":"1","reason":"nowhere"}"#,
        r#"{"sku":["MUG"],"location":"Store","change":"1","reason":"a list"}"#,
        r#"{"sku":"MUG","location":"Store","change":"1","reason":"cut"#,
        "[]",
        "1e400",
        "",
    ];
    for body in bodies {
        let answer = target.api("POST /v1/adjustments", body);
        assert!((400..500).contains(&answer.status), "{body}: {answer:?}");
    }
    for line in ["POST /v1/adjustments", "POST /v1/reservations", "POST /v1/commands", "PUT /v1/items/X"] {
        for body in ["[".repeat(10_000), "{\"a\":".repeat(10_000), "\u{0}".repeat(100)] {
            let answer = target.api(line, &body);
            assert!((400..500).contains(&answer.status), "{line}: {answer:?}");
        }
        let answer = target.api_bytes(line, b"{\"reason\":\"\xff\"}");
        assert!((400..500).contains(&answer.status), "{line}: {answer:?}");
    }
    let stranger = call(&target.hub.address, "GET /v1/positions", &[("Authorization", "Bearer lk_wrong")], b"");
    assert_eq!(stranger.status, 401, "{stranger:?}");
    target.ends_well(ON_HAND);
}
