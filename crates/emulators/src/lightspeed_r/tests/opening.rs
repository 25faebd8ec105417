//! An account as the shell opens it.

use crate::lightspeed_r::open;
use crate::machine::{Dice, Opening, World};
use bytes::Bytes;
use http::Request;

#[test]
fn an_opened_account_lets_its_keys_in_and_has_ten_registers() {
    let opening = Opening { rate_scale: 2, api_base: "http://127.0.0.1:9".into(), ..Opening::default() };
    let mut opened = open(&opening).expect("an account");
    assert!(opened.unlinked_returns && !opened.one_location);
    assert_eq!(opened.machine.platform(), "lightspeed-r");
    let (mut dice, mut outbox) = (Dice::new(1), Vec::new());
    let mut world = World { now: 0, dice: &mut dice, outbox: &mut outbox };
    let path = format!("/API/V3/Account/{}/Shop.json", opened.keys.account);
    let request = Request::get(path).header("authorization", format!("Bearer {}", opened.keys.access_token));
    let response = opened.machine.handle(&request.body(Bytes::new()).expect("a request"), &mut world);
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-ls-api-bucket-level"], "1/360");
    assert_eq!(response.headers()["x-ls-api-burst-level"], "1/40");
    assert_eq!(response.headers()["x-ls-api-drip-rate"], "11");
    assert_eq!(response.headers()["date"], "Thu, 01 Jan 1970 00:00:00 GMT");
}

#[test]
fn an_opened_account_knows_its_suppliers_by_name() {
    let suppliers = vec!["Stoneware Ltd".to_owned(), "Potter & Sons".to_owned()];
    let mut opened = open(&Opening { suppliers, ..Opening::default() }).expect("an account");
    let (mut dice, mut outbox) = (Dice::new(1), Vec::new());
    let mut world = World { now: 0, dice: &mut dice, outbox: &mut outbox };
    let path = format!("/API/V3/Account/{}/Vendor.json?name=Potter%20%26%20Sons", opened.keys.account);
    let request = Request::get(path).header("authorization", format!("Bearer {}", opened.keys.access_token));
    let response = opened.machine.handle(&request.body(Bytes::new()).expect("a request"), &mut world);
    let known: serde_json::Value = serde_json::from_slice(response.body()).expect("JSON");
    assert_eq!((&known["Vendor"]["vendorID"], &known["Vendor"]["name"]), (&"2".into(), &"Potter & Sons".into()));
}

#[test]
fn an_address_with_a_slash_at_the_end_is_refused() {
    assert!(open(&Opening { api_base: "http://127.0.0.1:9/".into(), ..Opening::default() }).is_err());
}
