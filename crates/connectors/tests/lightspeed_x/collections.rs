//! Catalogue, customers, locations, access, subscriptions as read.

use connectors::{Access, Page, Question, Subscription, Told};
use model::{
    Barcode, CustomerKey, CustomerSeen, Instant, ItemSeen, LocationName, LocationSeen, Money, Person, Personal, Sku,
    Title,
};

use crate::desk::{
    BOWL, CHANNEL, MAIN, MARTA, MUG, SIDE, TEA, URL, account, asked, at, eur, fixture, item, learned, lightspeed,
    place, reply, said,
};

fn seen(id: &str, sku: &str, title: &str, barcodes: &[&str], price: Option<i64>) -> ItemSeen {
    ItemSeen {
        channel: CHANNEL,
        external: item(id),
        aliases: vec![],
        sku: Sku::new(sku),
        title: Title::new(title),
        barcodes: barcodes.iter().map(|code| Barcode::new(code)).collect(),
        price: price.map(|minor| Money { minor, currency: eur() }),
        tax_inclusive: false,
        tracked: true,
        deleted: false,
    }
}

#[test]
fn products_are_told_with_the_price_that_the_store_keeps() {
    let question = Question::Catalogue { since: None, cursor: None };
    let page = learned(&question, &fixture("products")).expect("it is readable");
    let told = vec![
        seen(MUG, "MUG-W", "Mug", &["4006381333931"], Some(1250)),
        ItemSeen {
            tax_inclusive: true,
            ..seen(BOWL, "BOWL-B", "Bowl / Blue", &["036000291452", "5901234123457"], Some(2400))
        },
        ItemSeen {
            tax_inclusive: true,
            tracked: false,
            ..seen("0b7e2a10-3c44-4d1e-9a52-6f1d0c8e1004", "BOX", "Gift box", &[], Some(4000))
        },
        ItemSeen { deleted: true, ..seen(TEA, "TEA", "Tea by weight", &[], None) },
        ItemSeen {
            tracked: false,
            ..seen("0b7e2a10-3c44-4d1e-9a52-6f1d0c8e1005", "WRAP", "Gift wrapping", &[], Some(200))
        },
    ];
    let told: Vec<Told> = told.into_iter().map(|item| Told::Item(Box::new(item))).collect();
    assert_eq!(page.told, told);
    assert_eq!(page.until, Some(Instant(7016)));
    assert_eq!(page.next, Some(Question::Catalogue { since: None, cursor: Some("7016".to_owned()) }));
}

#[test]
fn customers_are_told_and_deleted_ones_without_a_person() {
    let question = Question::Customers { since: Some(Instant(6000)), cursor: None };
    let page = learned(&question, &fixture("customers")).expect("it is readable");
    let customer = |id: &str, version: u64, updated: &str, person: Option<Person>| {
        Told::Customer(CustomerSeen {
            channel: CHANNEL,
            customer: CustomerKey::new(id),
            version,
            updated_at: at(updated),
            person: person.map(|person| Personal::Plain(Box::new(person))),
        })
    };
    let marta = Person {
        given_name: "Marta".into(),
        family_name: "Reis".into(),
        email: "marta@example.org".into(),
        phone: "+351910000001".into(),
        address: "Rua das Flores 7, 4050-262, Porto, PT".into(),
    };
    let firm = Person {
        given_name: String::new(),
        family_name: "Café Central Lda".into(),
        email: String::new(),
        phone: "+351220000002".into(),
        ..marta.clone()
    };
    let told = [
        customer(MARTA, 6001, "2026-11-21T10:14:33Z", Some(marta)),
        customer("7c5d9e33-1a2b-4c3d-9e4f-5a6b7c8d3002", 6004, "2026-11-21T10:14:33Z", Some(firm)),
        customer("7c5d9e33-1a2b-4c3d-9e4f-5a6b7c8d3003", 6009, "2026-11-21T11:00:00Z", None),
    ];
    assert_eq!(page.told, told);
    assert_eq!(page.until, Some(Instant(6009)));
}

#[test]
fn some_customers_are_asked_one_by_one_and_missing_ones_named() {
    let both = [MARTA, "nobody"].map(CustomerKey::new).to_vec();
    let question = Question::CustomersOf { customers: both };
    assert_eq!(said(&asked(&question)).1, format!("/api/2026-07/customers/{MARTA}"));
    let page = learned(&question, &fixture("customer")).expect("it is readable");
    assert_eq!(page.told.len(), 1);
    let next = page.next.expect("there is another");
    let page = lightspeed().learn(&next, &account(), &reply(404, b"")).expect("an answer");
    assert_eq!(page, Page { missing: vec!["nobody".to_owned()], ..Page::default() });
}

#[test]
fn outlets_are_locations_and_deleted_ones_closed() {
    let page = learned(&Question::Locations { cursor: None }, &fixture("outlets")).expect("it is readable");
    let location = |id: &str, name: &str, active: bool| {
        Told::Location(LocationSeen { channel: CHANNEL, external: place(id), name: LocationName::new(name), active })
    };
    let closed = location("4f9a1c22-8b60-4e7d-8f0a-2b7c5d3e2003", "Old shop", false);
    assert_eq!(page.told, [location(MAIN, "Main Street", true), location(SIDE, "Side Street", true), closed]);
    assert_eq!(page.next, Some(Question::Locations { cursor: Some("503".to_owned()) }));
}

#[test]
fn the_store_says_who_it_is_but_not_what_the_token_opens() {
    let page = learned(&Question::Access, &fixture("retailer")).expect("it is readable");
    let access = Access { account: "casa-nova".to_owned(), name: "Casa Nova".to_owned(), scopes: None };
    assert_eq!(page.access, Some(access));
}

#[test]
fn subscriptions_are_listed_with_their_state() {
    let page = learned(&Question::Subscriptions { cursor: None }, &fixture("webhooks")).expect("it is readable");
    let subscription = |number: u32, topic: &str, url: String, enabled: bool| Subscription {
        id: format!("d2d2d2d2-0000-4000-8000-00000000000{number}"),
        topics: vec![topic.to_owned()],
        url,
        enabled,
        secret: None,
    };
    let listed = [
        subscription(1, "sale.update", format!("{URL}/sale.update"), true),
        subscription(2, "inventory.update", format!("{URL}/inventory.update"), false),
        subscription(3, "consignment.send", "https://other.example.net/x/consignment.send".to_owned(), true),
    ];
    assert_eq!(page.subscriptions, listed);
    assert_eq!(page.next, None);
}

fn subscribe(present: &[&str]) -> Question {
    let present = present.iter().map(|topic| (*topic).to_owned()).collect();
    Question::Subscribe { url: URL.to_owned(), present, since: Instant(5) }
}

#[test]
fn each_missing_type_is_subscribed_at_an_address_of_its_own() {
    let question = subscribe(&["sale.update", "inventory.update"]);
    let request = asked(&question);
    let (method, path, body) = said(&request);
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/api/2026-07/webhooks"));
    assert_eq!(body, format!(r#"{{"active":true,"type":"product.update","url":"{URL}/product.update"}}"#));
    assert_eq!(request.effect, connectors::Effect::Write);
    let page = learned(&question, &fixture("webhook_made")).expect("it is readable");
    assert_eq!(page.subscriptions[0].topics, ["product.update"]);
    assert_eq!(page.secret, None);
    assert_eq!(page.next, Some(subscribe(&["sale.update", "inventory.update", "product.update"])));
}

#[test]
fn a_type_that_is_there_already_is_passed_over_and_the_last_ends_it() {
    let last = subscribe(&["sale.update", "inventory.update", "product.update"]);
    let page = lightspeed().learn(&last, &account(), &reply(409, &fixture("webhook_conflict"))).expect("an answer");
    assert_eq!(page, Page::default());
    let all = subscribe(&["sale.update", "inventory.update", "product.update", "customer.update"]);
    assert!(lightspeed().ask(&all, &account()).is_err());
}
