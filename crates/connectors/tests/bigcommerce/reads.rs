//! Catalogue, levels, locations, customers, the store itself and its hooks.

use connectors::{Access, Question, Told, Trouble};
use model::{CustomerKey, ItemSeen, Personal};
use serde_json::json;

use crate::desk::{CHANNEL, URL, ask, at, fixture, item, learned, levels, line, place, stock, value};

fn items(body: &[u8]) -> Vec<ItemSeen> {
    let page = learned(&Question::Catalogue { since: None, cursor: None }, body).expect("it is an answer");
    let item = |told: Told| match told {
        Told::Item(item) => *item,
        other => panic!("the page tells {other:?}"),
    };
    page.told.into_iter().map(item).collect()
}

#[test]
fn every_variant_is_an_item_and_an_only_one_carries_its_product_too() {
    let items = items(&fixture("products"));
    let text = |item: &ItemSeen| {
        let aliases: Vec<&str> = item.aliases.iter().map(model::ExternalItem::as_str).collect();
        let barcodes: Vec<&str> = item.barcodes.iter().map(model::Barcode::as_str).collect();
        let price = item.price.map_or("-".to_owned(), model::Money::to_decimal);
        format!("{} {aliases:?} {} '{}' {barcodes:?} {price} {}", item.external, item.sku, item.title, item.tracked)
    };
    let told: Vec<String> = items.iter().map(text).collect();
    assert_eq!(
        told,
        [
            "7004 [] MUG-BLUE 'Stoneware mug (Blue)' [\"5600000000024\"] 18.50 true",
            "7005 [] MUG-RED 'Stoneware mug (Red, Tall)' [] 19.99 true",
            "7010 [\"product:311\"] TOWEL 'Linen towel' [\"5600000000031\"] 7.00 true",
            "7011 [\"product:312\"] COURSE 'Glazing course' [] 120.00 false",
        ]
    );
    assert!(items.iter().all(|item| item.channel == CHANNEL && !item.deleted));
}

#[test]
fn a_poll_of_the_catalogue_may_begin_at_the_last_change() {
    let page = learned(&Question::Catalogue { since: None, cursor: None }, &fixture("products")).expect("an answer");
    assert_eq!(page.until, Some(at("2026-11-21T10:00:00Z")));
    assert!(page.next.is_none());
}

#[test]
fn a_price_with_parts_of_a_cent_is_no_price_and_one_that_is_no_number_is_garbled() {
    let mut products = value("products");
    products["data"][1]["price"] = json!(7.125);
    assert!(items(products.to_string().as_bytes())[2].price.is_none());
    products["data"][1]["price"] = json!("cheap");
    let question = Question::Catalogue { since: None, cursor: None };
    let trouble = learned(&question, products.to_string().as_bytes()).expect_err("it is no number");
    assert_eq!(trouble, Trouble::Garbled { reason: "data[1].price: is not an amount".to_owned() });
}

#[test]
fn levels_are_what_can_be_sold_at_every_location() {
    let page = learned(&Question::Levels { cursor: None }, &fixture("stock")).expect("it is an answer");
    assert_eq!(levels(&page), ["7004@1=14", "7004@3=2", "7005@1=0", "7010@1=5"]);
    assert!(page.next.is_none());
}

#[test]
fn levels_are_read_to_the_last_page() {
    let page = learned(&Question::Levels { cursor: None }, &fixture("stock_page_1_of_2")).expect("it is an answer");
    assert_eq!(levels(&page), ["7004@1=14"]);
    let next = page.next.expect("there is a second page");
    assert_eq!(line(&ask(&next)), "GET /v3/inventory/items?page=2&limit=1000");
    let last = learned(&next, &fixture("stock_page_2_of_2")).expect("it is an answer");
    assert_eq!((levels(&last), last.next), (vec!["7005@1=0".to_owned()], None));
}

#[test]
fn a_page_without_a_count_of_pages_is_followed_while_it_is_full() {
    let full: Vec<_> = (1..=1_000).map(|id| (id, id, 1, 3)).collect();
    let bare = |rows: &[(u64, u64, u64, i64)]| {
        let mut page: serde_json::Value = serde_json::from_slice(&stock(rows)).expect("JSON");
        page.as_object_mut().expect("a page").remove("meta");
        page.to_string().into_bytes()
    };
    let question = Question::Levels { cursor: None };
    let page = learned(&question, &bare(&full)).expect("it is an answer");
    assert_eq!(page.next, Some(Question::Levels { cursor: Some("2".to_owned()) }));
    let page = learned(&question, &bare(&full[..999])).expect("it is an answer");
    assert_eq!(page.next, None);
}

#[test]
fn some_levels_are_told_with_zero_for_what_was_never_stocked_and_products_are_asked_last() {
    let rows = [("7004", "3"), ("product:311", "1"), ("7004", "1"), ("9999", "1")];
    let rows: Vec<_> = rows.into_iter().map(|(external, location)| (item(external), place(location))).collect();
    let question = Question::LevelsOf { rows };
    assert_eq!(line(&ask(&question)), "GET /v3/inventory/items?variant_id:in=7004,9999&page=1&limit=1000");
    let page = learned(&question, &stock(&[(7004, 310, 3, 2)])).expect("it is an answer");
    assert_eq!(levels(&page), ["7004@3=2", "7004@1=0", "9999@1=0"]);
    let next = page.next.expect("the product is still to be asked");
    assert_eq!(line(&ask(&next)), "GET /v3/inventory/items?product_id:in=311&page=1&limit=1000");
    let page = learned(&next, &stock(&[(7010, 311, 1, 5)])).expect("it is an answer");
    assert_eq!((levels(&page), page.next), (vec!["7010@1=5".to_owned()], None));
    let page = learned(&next, &stock(&[])).expect("it is an answer");
    assert_eq!(levels(&page), ["product:311@1=0"]);
}

#[test]
fn stock_without_a_variant_goes_by_its_product_and_without_either_names_the_field() {
    let mut page = value("stock");
    page["data"][2]["identity"]["variant_id"] = json!(null);
    let question = Question::Levels { cursor: None };
    let told = learned(&question, page.to_string().as_bytes()).expect("it is an answer");
    assert_eq!(levels(&told)[3], "product:311@1=5");
    page["data"][2]["identity"]["product_id"] = json!(0);
    let trouble = learned(&question, page.to_string().as_bytes()).expect_err("nobody knows what it is");
    let reason = "data[2].identity: names neither a variant nor a product".to_owned();
    assert_eq!(trouble, Trouble::Garbled { reason });
}

#[test]
fn more_levels_than_fit_one_question_are_asked_for_next() {
    let rows: Vec<_> = (1..=60).map(|id| (item(&id.to_string()), place("1"))).collect();
    let question = Question::LevelsOf { rows };
    let page = learned(&question, &stock(&[])).expect("it is an answer");
    assert_eq!(page.told.len(), 50);
    let Some(Question::LevelsOf { rows }) = page.next else { panic!("ten are left") };
    assert_eq!(rows.len(), 10);
}

#[test]
fn a_level_that_is_no_number_names_its_field() {
    let mut page = value("stock");
    page["data"][0]["locations"][1]["available_to_sell"] = json!("many");
    let trouble = learned(&Question::Levels { cursor: None }, page.to_string().as_bytes()).expect_err("no number");
    let Trouble::Garbled { reason } = trouble else { panic!("{trouble:?}") };
    assert!(reason.starts_with("data[0].locations[1].available_to_sell: is not a decimal number"), "{reason}");
}

#[test]
fn locations_have_a_name_and_may_be_closed() {
    let page = learned(&Question::Locations { cursor: None }, &fixture("locations")).expect("it is an answer");
    let text = |told: &Told| match told {
        Told::Location(seen) => format!("{} {} {}", seen.external, seen.name, seen.active),
        other => panic!("the page tells {other:?}"),
    };
    let told: Vec<String> = page.told.iter().map(text).collect();
    assert_eq!(told, ["1 Kiln warehouse true", "3 PORTO false"]);
}

#[test]
fn customers_are_told_with_their_first_address_and_hidden_from_debug() {
    let page = learned(&Question::Customers { since: None, cursor: None }, &fixture("customers")).expect("an answer");
    assert_eq!(page.until, Some(at("2026-11-19T08:00:00Z")));
    let Told::Customer(seen) = &page.told[0] else { panic!("the page tells {:?}", page.told) };
    assert_eq!((seen.customer.as_str(), seen.version), ("54", 1_795_003_200_000));
    let Some(Personal::Plain(person)) = &seen.person else { panic!("there is no person") };
    assert_eq!(person.family_name, "Vaz");
    assert_eq!(person.address, "Rua do Forno 8, 4000-123, Porto, Porto, PT");
    assert!(!format!("{page:?}").contains("Vaz"));
}

#[test]
fn customers_that_are_not_there_are_missing() {
    let customers = ["54", "55", "77"].map(CustomerKey::new).to_vec();
    let question = Question::CustomersOf { customers };
    let expected = "GET /v3/customers?include=addresses&id:in=54,55,77&page=1&limit=250";
    assert_eq!(line(&ask(&question)), expected);
    let page = learned(&question, &fixture("customers")).expect("it is an answer");
    assert_eq!((page.told.len(), page.missing, page.next), (2, vec!["77".to_owned()], None));
}

#[test]
fn the_store_says_who_we_are_and_not_what_we_may() {
    let page = learned(&Question::Access, &fixture("store")).expect("it is an answer");
    let expected = Access { account: "k3lnw0rk".to_owned(), name: "Kiln & Loom".to_owned(), scopes: None };
    assert_eq!(page.access, Some(expected));
}

#[test]
fn hooks_are_subscriptions_to_one_scope_each() {
    let page = learned(&Question::Subscriptions { cursor: None }, &fixture("hooks_page")).expect("it is an answer");
    let told: Vec<_> =
        page.subscriptions.iter().map(|own| (own.id.as_str(), own.topics[0].as_str(), own.enabled)).collect();
    assert_eq!(told, [("501", "store/order/*", true), ("502", "store/sku/*", false)]);
    assert!(page.subscriptions.iter().all(|own| own.url == URL && own.secret.is_none()));
}
