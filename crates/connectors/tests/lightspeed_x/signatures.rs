//! Which deliveries are believed.

use connectors::Forged;

use crate::desk::{KEY, fixture, form, judged, signature};

fn body() -> Vec<u8> {
    form(&fixture("hook_sale_update"))
}

const HEADER: &str = "x-signature";

#[test]
fn a_delivery_signed_over_its_raw_bytes_is_believed() {
    assert_eq!(judged(&[&signature(KEY, &body())], &body(), &[KEY]), Ok(()));
}

#[test]
fn the_signature_is_the_one_that_openssl_makes() {
    // printf 'payload=%7B%7D' | openssl dgst -sha256 -hmac 'abc123'
    let header = format!("signature={},algorithm=HMAC-SHA256", OPENSSL);
    assert_eq!(judged(&[&header], b"payload=%7B%7D", &["abc123"]), Ok(()));
}

const OPENSSL: &str = "f2faf889bb8ebd7ffa0f2a3ee26269bfaa85d9f25e9ba8d342fd7d7d8bbbad39";

#[test]
fn the_decoded_payload_is_not_what_is_signed() {
    let header = signature(KEY, &fixture("hook_sale_update"));
    assert_eq!(judged(&[&header], &body(), &[KEY]), Err(Forged::Mismatch));
}

#[test]
fn a_changed_body_a_wrong_key_and_a_cut_signature_are_not_believed() {
    let mut changed = body();
    changed[20] ^= 1;
    assert_eq!(judged(&[&signature(KEY, &body())], &changed, &[KEY]), Err(Forged::Mismatch));
    assert_eq!(judged(&[&signature("another", &body())], &body(), &[KEY]), Err(Forged::Mismatch));
    let cut = signature(KEY, &body()).replacen("signature=", "signature=00", 1);
    assert_eq!(judged(&[&cut], &body(), &[KEY]), Err(Forged::Malformed { header: HEADER }));
}

#[test]
fn while_the_secret_is_rotated_both_are_good() {
    for key in ["old", "new"] {
        assert_eq!(judged(&[&signature(key, &body())], &body(), &["old", "new"]), Ok(()));
    }
    assert_eq!(judged(&[&signature("older", &body())], &body(), &["old", "new"]), Err(Forged::Mismatch));
}

#[test]
fn a_missing_or_doubled_header_is_refused() {
    let good = signature(KEY, &body());
    assert_eq!(judged(&[], &body(), &[KEY]), Err(Forged::Missing { header: HEADER }));
    assert_eq!(judged(&[&good, &good], &body(), &[KEY]), Err(Forged::Malformed { header: HEADER }));
}

#[test]
fn a_header_of_another_form_is_refused() {
    let hex = signature(KEY, &body()).replace("signature=", "").replace(",algorithm=HMAC-SHA256", "");
    let odd = [
        hex.clone(),
        format!("signature={hex}"),
        "algorithm=HMAC-SHA256".to_owned(),
        format!("signature={hex},algorithm=HMAC-SHA1"),
        format!("signature={hex},algorithm=HMAC-SHA256,algorithm=HMAC-SHA256"),
        format!("signature={hex},signature={hex},algorithm=HMAC-SHA256"),
        format!("signature={hex},algorithm=HMAC-SHA256,extra=1"),
        format!("signature=x{},algorithm=HMAC-SHA256", &hex[1..]),
        format!("signature={},algorithm=HMAC-SHA256", &hex[2..]),
        String::new(),
    ];
    for header in odd {
        assert_eq!(judged(&[&header], &body(), &[KEY]), Err(Forged::Malformed { header: HEADER }), "{header}");
    }
}

#[test]
fn the_two_parts_may_come_in_either_order() {
    let good = signature(KEY, &body());
    let (first, second) = good.split_once(',').expect("two parts");
    assert_eq!(judged(&[&format!("{second}, {first}")], &body(), &[KEY]), Ok(()));
}

#[test]
fn nothing_is_believed_without_a_secret_or_a_body() {
    assert_eq!(judged(&[&signature("", &body())], &body(), &[]), Err(Forged::NoSecret));
    assert_eq!(judged(&[&signature("", &body())], &body(), &["", " "]), Err(Forged::NoSecret));
    assert_eq!(judged(&[&signature(KEY, b"")], b"", &[KEY]), Err(Forged::Empty));
}
