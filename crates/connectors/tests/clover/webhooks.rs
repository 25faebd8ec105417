//! Deliveries: believed or not, and what each event says.

use connectors::{Control, Forged, Heard};
use model::{CustomerKey, DocumentKey, NoticeAbout};

use crate::desk::{self, MERCHANT, WORD, clover, delivery, fixture, headers, heard, item, judged, shop};

fn order(id: &str) -> NoticeAbout {
    NoticeAbout::Order(DocumentKey::new(id))
}

#[test]
fn a_delivery_with_the_word_from_the_dashboard_is_believed() {
    assert_eq!(judged(&[WORD], b"{}", &[WORD]), Ok(()));
    assert_eq!(judged(&[WORD], b"{}", &["the next word", WORD]), Ok(()), "while it is being changed");
    assert_eq!(judged(&["the next word"], b"{}", &["the next word", WORD]), Ok(()));
}

#[test]
fn a_delivery_with_no_two_another_or_a_longer_word_is_forged() {
    let header = "x-clover-auth";
    assert_eq!(judged(&[], b"{}", &[WORD]), Err(Forged::Missing { header }));
    assert_eq!(judged(&[WORD, WORD], b"{}", &[WORD]), Err(Forged::Malformed { header }));
    assert_eq!(judged(&[""], b"{}", &[WORD]), Err(Forged::Malformed { header }));
    for wrong in ["other", &WORD[1..], &WORD.to_uppercase(), &format!("{WORD}x"), &format!(" {WORD}")] {
        assert_eq!(judged(&[wrong], b"{}", &[WORD]), Err(Forged::Mismatch), "{wrong}");
    }
}

#[test]
fn without_a_secret_or_a_body_nothing_is_believed() {
    assert_eq!(judged(&[WORD], b"{}", &[]), Err(Forged::NoSecret));
    assert_eq!(judged(&[""], b"{}", &["", "  "]), Err(Forged::NoSecret));
    assert_eq!(judged(&[WORD], b"", &[WORD]), Err(Forged::Empty));
}

#[test]
fn news_of_two_merchants_are_two_parts() {
    let parts = heard(&fixture("news")).expect("it can be read");
    let lisboa = Heard {
        delivery_id: parts[0].delivery_id.clone(),
        topic: "O:CREATE P:CREATE O:UPDATE I:UPDATE C:UPDATE IC:UPDATE".to_owned(),
        account: Some(MERCHANT.to_owned()),
        person: None,
        told: Vec::new(),
        notices: vec![
            order("OSALE00000001"),
            order("payment:PCASH00000001"),
            NoticeAbout::Level(item("ITILEBLUE0001"), shop()),
            NoticeAbout::Catalogue,
            NoticeAbout::Customer(CustomerKey::new("CAMALIA000001")),
        ],
        control: None,
    };
    assert_eq!(parts[0], lisboa);
    assert_eq!(parts[1].account.as_deref(), Some("MKIOSKPORTO02"));
    assert_eq!(parts[1].notices, [order("OGONE00000009")]);
    assert_eq!(parts.len(), 2);
}

#[test]
fn the_same_news_have_the_same_name_and_any_other_news_another() {
    let name = |body: &str| heard(body.as_bytes()).expect("it can be read")[0].delivery_id.clone();
    let one = |merchant: &str, id: &str, kind: &str, ts: i64| {
        format!(r#"{{"appId":"A","merchants":{{"{merchant}":[{{"objectId":"O:{id}","type":"{kind}","ts":{ts}}}]}}}}"#)
    };
    let first = one("M1", "X", "UPDATE", 5);
    assert_eq!(name(&first), name(&first.replace(",\"ts\"", " ,  \"ts\"")));
    assert_eq!(name(&first).len(), 32);
    for other in [
        one("M2", "X", "UPDATE", 5),
        one("M1", "Y", "UPDATE", 5),
        one("M1", "X", "CREATE", 5),
        one("M1", "X", "UPDATE", 6),
    ] {
        assert_ne!(name(&first), name(&other), "{other}");
    }
}

#[test]
fn a_deleted_item_is_looked_for_in_the_catalogue_and_has_no_level() {
    let body = br#"{"appId":"A","merchants":{"M1":[{"objectId":"I:X","type":"DELETE","ts":5}]}}"#;
    let parts = heard(body).expect("it can be read");
    assert_eq!(parts[0].notices, [NoticeAbout::Catalogue]);
}

#[test]
fn an_uninstalled_app_is_access_taken_away_and_an_installed_one_nothing() {
    let parts = heard(&fixture("uninstalled")).expect("it can be read");
    assert_eq!((parts[0].control.clone(), parts[0].notices.len()), (Some(Control::Revoked), 0));
    let parts = heard(&fixture("installed")).expect("it can be read");
    assert_eq!((parts[0].control.clone(), parts[0].notices.len()), (None, 0));
}

#[test]
fn one_bad_event_does_not_lose_the_others_and_is_counted() {
    let good = r#"{"objectId":"O:OSALE00000001","type":"UPDATE","ts":1}"#;
    for bad in [
        "5",
        "{}",
        r#"{"objectId":5,"type":"UPDATE"}"#,
        r#"{"objectId":"OSALE","type":"UPDATE"}"#,
        r#"{"objectId":"O:","type":"UPDATE"}"#,
        r#"{"objectId":":X","type":"UPDATE"}"#,
        r#"{"objectId":"o:X","type":"UPDATE"}"#,
        r#"{"objectId":"O:X","type":"EXPLODE"}"#,
    ] {
        let body = format!(r#"{{"merchants":{{"M1":[{bad},{good}],"M2":[{bad}],"M3":5}}}}"#);
        let parts = heard(body.as_bytes()).expect("one event can be read");
        assert_eq!(parts.len(), 1, "{bad}");
        assert_eq!(parts[0].notices, [order("OSALE00000001")], "{bad}");
        assert_eq!(parts[0].topic, "O:UPDATE (1 unreadable)", "{bad}");
        let alone = heard(format!(r#"{{"merchants":{{"M1":[{bad}]}}}}"#).as_bytes()).expect_err("nothing can be read");
        assert!(alone.field.starts_with("merchants.M1[0]"), "{alone}");
    }
}

#[test]
fn news_that_were_cut_off_anywhere_are_set_aside_as_such() {
    let body = fixture("news");
    let whole = body.iter().rposition(|byte| *byte == b'}').expect("an object");
    for end in 1..=whole {
        let error = heard(&body[..end]).expect_err("it is not whole");
        assert!(error.to_string().starts_with("the news were cut off on their way"), "{end}: {error}");
    }
    let broken = heard(b"{\"merchants\":]").expect_err("it is no JSON");
    assert!(!broken.to_string().contains("cut off"), "{broken}");
}

#[test]
fn the_code_of_a_new_address_is_handed_on_and_nothing_else_is() {
    let none = headers(&[]);
    let greeting = |body: &[u8]| clover().greeting(delivery(&none, body));
    assert_eq!(greeting(&fixture("greeting")).as_deref(), Some("5e0c7a1e-93d4-4b55-8f1e-6d2f7a9b0c11"));
    let long = format!(r#"{{"verificationCode":"{}"}}"#, "x".repeat(201));
    let others =
        [r#"{"verificationCode":""}"#, r#"{"verificationCode":5}"#, r#"{"verificationCode":"a b"}"#, "{}", "", &long];
    for body in others {
        assert_eq!(greeting(body.as_bytes()), None, "{body}");
    }
    assert_eq!(greeting(&fixture("news")), None);
    assert_eq!(greeting(br#"{"verificationCode":"x","merchants":{}}"#), None);
    assert!(desk::heard(&fixture("greeting")).is_err(), "it is no news");
}
