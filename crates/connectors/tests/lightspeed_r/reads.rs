//! What lists say of shops, items, levels, customers and the account.

use connectors::{Access, LevelHint, Question, Secret, Told, Trouble};
use model::{
    Barcode, CustomerKey, CustomerSeen, ItemSeen, LocationName, LocationSeen, Money, Person, Personal, Sku, Title,
};
use serde_json::json;

use crate::desk::{CHANNEL, account, asked, at, euro, fixture, item, learned, line, r_series, reply, shop, units};

fn items(body: &[u8]) -> Vec<ItemSeen> {
    let page = learned(&Question::Catalogue { since: None, cursor: None }, body).expect("the list can be read");
    let items = page.told.into_iter().map(|told| match told {
        Told::Item(item) => *item,
        other => panic!("not an item: {other:?}"),
    });
    items.collect()
}

fn hint(external: &str, location: &str, level: Option<i32>) -> Told {
    Told::Level(LevelHint { external: item(external), location: shop(location), level: level.map(units) })
}

#[test]
fn shops_are_locations_and_an_archived_one_is_closed() {
    let page = learned(&Question::Locations { cursor: None }, &fixture("shops")).expect("the list can be read");
    let location = |external: &str, name: &str, active| {
        Told::Location(LocationSeen {
            channel: CHANNEL,
            external: shop(external),
            name: LocationName::new(name),
            active,
        })
    };
    assert_eq!(page.told, [location("1", "Lisboa Chiado", true), location("3", "3", false)]);
    assert_eq!(page.next, None);
}

#[test]
fn an_item_tells_its_own_number_codes_price_and_whether_it_is_counted() {
    let seen = items(&fixture("items"));
    let apron = ItemSeen {
        channel: CHANNEL,
        external: item("401"),
        aliases: vec![],
        sku: Sku::new("APRON-IND"),
        title: Title::new("Linen Apron, Indigo"),
        barcodes: vec![Barcode::new("036000291452"), Barcode::new("4006381333931")],
        price: Some(Money { minor: 3450, currency: euro() }),
        tax_inclusive: false,
        tracked: true,
        deleted: false,
    };
    assert_eq!(seen[0], apron);
}

#[test]
fn an_item_without_a_number_of_the_merchants_goes_by_the_platforms() {
    let seen = items(&fixture("items"));
    assert_eq!(seen[1].sku, Sku::new("210000000402"));
    assert!(!seen[1].tracked);
    assert_eq!(seen[1].price, Some(Money { minor: 200, currency: euro() }));
}

#[test]
fn an_archived_item_is_told_as_deleted_and_a_price_finer_than_a_cent_as_none() {
    let seen = items(&fixture("items"));
    assert!(seen[2].deleted);
    assert_eq!(seen[2].external, item("403"));
    assert_eq!(seen[2].sku, Sku::new("APRON-SND"));
    assert_eq!(seen[2].price, None);
    assert_eq!(seen[3].price, None);
}

#[test]
fn the_catalogue_is_followed_to_its_end() {
    let question = Question::Catalogue { since: None, cursor: None };
    let first = learned(&question, &fixture("items")).expect("the list can be read");
    assert_eq!(first.until, Some(at("2026-11-20T08:16:30Z")));
    let next = first.next.expect("there is another page");
    assert_eq!(
        line(&asked(&next)),
        "GET https://api.example.com/API/V3/Account/7788/Item.json?sort=itemID&archived=true&limit=100&after=WyI0MDQiXQ%3D%3D"
    );
    let last = learned(&next, &fixture("items_end")).expect("the list can be read");
    assert_eq!(last.next, None);
    assert_eq!(last.told.len(), 1);
}

#[test]
fn the_host_of_the_next_page_is_never_asked() {
    let body = json!({"@attributes": {"next": "https://evil.example.net/API/V3/Account/7788/ItemShop.json?after=x"}});
    let page = learned(&Question::Levels { cursor: None }, body.to_string().as_bytes()).expect("an empty list");
    let next = asked(&page.next.expect("there is another page"));
    assert_eq!(next.http.uri().host(), Some("api.example.com"));
    for foreign in ["https://api.example.com/API/V3/Account/1/ItemShop.json?after=x", "https://api.example.com", "a b"]
    {
        let body = json!({"@attributes": {"next": foreign}});
        let refused = learned(&Question::Levels { cursor: None }, body.to_string().as_bytes());
        assert!(matches!(refused, Err(Trouble::Garbled { .. })), "{foreign}");
    }
}

#[test]
fn levels_are_told_by_item_and_shop_without_the_sum_over_shops() {
    let since = Question::LevelsSince { since: at("2026-11-20T00:00:00Z"), cursor: None };
    let page = learned(&since, &fixture("item_shops")).expect("the list can be read");
    assert_eq!(page.told, [hint("401", "1", Some(13)), hint("401", "2", Some(-2))]);
    assert_eq!(page.until, Some(at("2026-11-20T08:31:00Z")));
    let Some(next @ Question::LevelsSince { .. }) = page.next else { panic!("there is another page") };
    let last = learned(&next, &fixture("item_shops_end")).expect("the list can be read");
    assert_eq!(last.told, [hint("405", "1", Some(40))]);
    assert_eq!(last.next, None);
}

#[test]
fn some_levels_are_told_pair_by_pair_and_what_has_no_row_is_not_counted() {
    let rows = vec![(item("405"), shop("1")), (item("999"), shop("1"))];
    let page = learned(&Question::LevelsOf { rows }, &fixture("item_shops_end")).expect("the list can be read");
    assert_eq!(page.told, [hint("405", "1", Some(40)), hint("999", "1", None)]);
    assert_eq!(page.next, None);
}

#[test]
fn a_level_that_is_no_number_is_refused_with_its_place() {
    let body = json!({"ItemShop": [{"itemShopID": "1", "itemID": "401", "shopID": "1", "qoh": "many"}]});
    let refused = learned(&Question::Levels { cursor: None }, body.to_string().as_bytes());
    let expected = "ItemShop[0].qoh: is not a decimal number with at most five places".to_owned();
    assert_eq!(refused, Err(Trouble::Garbled { reason: expected }));
}

#[test]
fn a_customer_is_told_with_how_to_reach_them_and_an_archived_one_without() {
    let page = learned(&Question::Customers { since: None, cursor: None }, &fixture("customers")).expect("a list");
    let person = Person {
        given_name: "Benedita".to_owned(),
        family_name: "Sousa".to_owned(),
        email: "benedita@example.com".to_owned(),
        phone: "+351 910 000 002".to_owned(),
        address: "Rua Nova 7, 1100-200, Lisboa, Portugal".to_owned(),
    };
    let changed = at("2026-11-21T17:04:12Z");
    let known = CustomerSeen {
        channel: CHANNEL,
        customer: CustomerKey::new("55"),
        version: 1_795_280_652_000,
        updated_at: changed,
        person: Some(Personal::Plain(Box::new(person))),
    };
    assert_eq!(changed.0, 1_795_280_652_000);
    let gone = CustomerSeen {
        customer: CustomerKey::new("56"),
        version: u64::try_from(at("2026-11-21T18:00:00Z").0 + 1).expect("after 1970"),
        updated_at: at("2026-11-21T18:00:00Z"),
        person: None,
        channel: CHANNEL,
    };
    assert_eq!(page.told, [Told::Customer(known), Told::Customer(gone)]);
}

#[test]
fn customers_that_were_asked_for_and_do_not_exist_are_missing() {
    let customers = ["55", "57", "56"].map(CustomerKey::new).to_vec();
    let page = learned(&Question::CustomersOf { customers }, &fixture("customers")).expect("the list can be read");
    assert_eq!(page.missing, ["57"]);
    assert_eq!(page.told.len(), 2);
}

#[test]
fn access_names_the_account_and_the_scopes_that_a_token_carries() {
    let page = learned(&Question::Access, &fixture("account")).expect("the account can be read");
    let access = Access { account: "7788".to_owned(), name: "Casa de Linho".to_owned(), scopes: None };
    assert_eq!(page.access, Some(access.clone()));

    let token: serde_json::Value = serde_json::from_slice(&fixture("token")).expect("the fixture is JSON");
    let mut carrying = account();
    carrying.token = Secret::new(token["access_token"].as_str().expect("a token"));
    let page = r_series().learn(&Question::Access, &carrying, &reply(200, &fixture("account"))).expect("as above");
    let scopes = ["employee:inventory_read", "employee:register_read"].map(str::to_owned).to_vec();
    assert_eq!(page.access, Some(Access { scopes: Some(scopes), ..access }));
}

#[test]
fn a_list_without_its_member_is_empty() {
    for question in [
        Question::Locations { cursor: None },
        Question::Catalogue { since: None, cursor: None },
        Question::Levels { cursor: None },
        Question::Orders { since: model::Instant(0), cursor: None },
        Question::Customers { since: None, cursor: None },
    ] {
        let page = learned(&question, &fixture("nothing")).expect("an empty list is an answer");
        assert_eq!((page.told.len(), page.next, page.until), (0, None, None), "{question:?}");
    }
}
