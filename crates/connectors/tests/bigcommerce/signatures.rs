//! Which deliveries are believed.

use connectors::Forged;

use crate::desk::{NOW_S, SECRET, headers, heard, judged, signature};

const BODY: &[u8] = br#"{"producer":"stores/k3lnw0rk","hash":"ab","created_at":1795514400,"store_id":"1","scope":"store/order/created","data":{"type":"order","id":2207}}"#;
/// HMAC-SHA256 under `client-secret-of-kiln` of `msg_31.1795514400.` and the body, by Python's `hmac`.
const KNOWN: &str = "v1,A9HxGdR12ZkOGPWtAI32UpOfmxIutYih7xUXK5ZAGuo=";

fn signed(id: &str, at_s: i64, tag: &str) -> http::HeaderMap {
    headers(&[("webhook-id", id), ("webhook-timestamp", &at_s.to_string()), ("webhook-signature", tag)])
}

#[test]
fn a_signature_made_elsewhere_fits() {
    assert_eq!(signature(SECRET, "msg_31", NOW_S, BODY), KNOWN);
    assert_eq!(judged(&signed("msg_31", NOW_S, KNOWN), BODY, &[SECRET]), Ok(()));
}

#[test]
fn any_secret_and_any_signature_of_the_list_may_fit() {
    let list = format!("v1a,AAAA v1,AAAA {KNOWN}");
    assert_eq!(judged(&signed("msg_31", NOW_S, &list), BODY, &["new", SECRET, "old"]), Ok(()));
    assert_eq!(judged(&signed("msg_31", NOW_S, &list), BODY, &["new", "old"]), Err(Forged::Mismatch));
}

#[test]
fn a_changed_body_id_or_time_does_not_fit() {
    let changed = [BODY, b" "].concat();
    assert_eq!(judged(&signed("msg_31", NOW_S, KNOWN), &changed, &[SECRET]), Err(Forged::Mismatch));
    assert_eq!(judged(&signed("msg_32", NOW_S, KNOWN), BODY, &[SECRET]), Err(Forged::Mismatch));
    assert_eq!(judged(&signed("msg_31", NOW_S + 1, KNOWN), BODY, &[SECRET]), Err(Forged::Mismatch));
}

#[test]
fn a_header_that_is_missing_doubled_or_out_of_form_is_refused() {
    let at = NOW_S.to_string();
    let all = [("webhook-id", "msg_31"), ("webhook-timestamp", at.as_str()), ("webhook-signature", KNOWN)];
    for left_out in all {
        let rest: Vec<_> = all.into_iter().filter(|pair| *pair != left_out).collect();
        let error = judged(&headers(&rest), BODY, &[SECRET]).expect_err("one is missing");
        assert!(matches!(error, Forged::Missing { header } if header == left_out.0), "{error:?}");
        let doubled = [&all[..], &[left_out]].concat();
        let error = judged(&headers(&doubled), BODY, &[SECRET]).expect_err("one is doubled");
        assert!(matches!(error, Forged::Malformed { header } if header == left_out.0), "{error:?}");
    }
    for tag in ["", "v1", "v1,", "v1,!!", "v2,AAAA", &KNOWN[3..]] {
        let error = judged(&signed("msg_31", NOW_S, tag), BODY, &[SECRET]).expect_err("it is no signature");
        assert!(
            matches!(error, Forged::Malformed { header: "webhook-signature" } | Forged::Mismatch),
            "{tag}: {error:?}"
        );
    }
    for at in ["", "-5", "1795514400.0", " 1795514400x", "+1795514400", "99999999999999999999"] {
        let pairs = [("webhook-id", "msg_31"), ("webhook-timestamp", at), ("webhook-signature", KNOWN)];
        let error = judged(&headers(&pairs), BODY, &[SECRET]).expect_err("it is no time");
        assert_eq!(error, Forged::Malformed { header: "webhook-timestamp" }, "{at}");
    }
}

#[test]
fn a_delivery_of_more_than_five_minutes_ago_or_ahead_is_stale() {
    let judged = |at_s: i64| judged(&signed("m", at_s, &signature(SECRET, "m", at_s, BODY)), BODY, &[SECRET]);
    assert_eq!(judged(NOW_S - 300), Ok(()));
    assert_eq!(judged(NOW_S + 300), Ok(()));
    assert_eq!(judged(NOW_S - 301), Err(Forged::Stale { off_s: 301, allowed_s: 300 }));
    assert_eq!(judged(NOW_S + 301), Err(Forged::Stale { off_s: -301, allowed_s: 300 }));
}

#[test]
fn an_unsigned_delivery_needs_the_secret_header() {
    let told = |secret: &str| headers(&[("x-lockstep-secret", secret)]);
    assert_eq!(judged(&told("our-own"), BODY, &[SECRET, "our-own"]), Ok(()));
    assert_eq!(judged(&told("our-ow"), BODY, &[SECRET, "our-own"]), Err(Forged::Mismatch));
    assert_eq!(judged(&told(""), BODY, &[SECRET, ""]), Err(Forged::Mismatch));
    let twice = headers(&[("x-lockstep-secret", "our-own"), ("x-lockstep-secret", "our-own")]);
    assert_eq!(judged(&twice, BODY, &["our-own"]), Err(Forged::Malformed { header: "x-lockstep-secret" }));
    assert_eq!(judged(&headers(&[]), BODY, &["our-own"]), Err(Forged::Missing { header: "webhook-signature" }));
}

#[test]
fn the_secret_header_does_not_excuse_a_wrong_signature() {
    let mut headers = signed("msg_31", NOW_S, "v1,AAAA");
    headers.insert("x-lockstep-secret", http::HeaderValue::from_static("our-own"));
    assert_eq!(judged(&headers, BODY, &["our-own", SECRET]), Err(Forged::Mismatch));
}

#[test]
fn nothing_is_believed_without_a_secret_or_without_a_body() {
    let headers = signed("msg_31", NOW_S, KNOWN);
    assert_eq!(judged(&headers, BODY, &[]), Err(Forged::NoSecret));
    assert_eq!(judged(&headers, BODY, &["", "  "]), Err(Forged::NoSecret));
    assert_eq!(judged(&headers, b"", &[SECRET]), Err(Forged::Empty));
}

#[test]
fn bytes_cannot_be_moved_from_the_id_into_the_body() {
    let moved = [format!("{NOW_S}.").as_bytes(), BODY].concat();
    let tag = signature(SECRET, &format!("evt.{NOW_S}"), NOW_S, BODY);
    assert_eq!(judged(&signed("evt", NOW_S, &tag), &moved, &[SECRET]), Err(Forged::Mismatch));
    assert!(heard(BODY).is_ok());
}
