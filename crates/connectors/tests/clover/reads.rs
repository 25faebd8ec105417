//! Replies to questions about items, levels, customers and the merchant, and the walk through pages.

use connectors::{Access, LevelHint, Page, Question, Reply, Told};
use model::{
    Barcode, CustomerKey, CustomerSeen, Instant, ItemSeen, LocationName, LocationSeen, Money, Person, Personal, Sku,
    Title,
};
use serde_json::{Value, json};

use crate::desk::{CHANNEL, MERCHANT, NOW, account, clover, eur, fixture, item, learned, level, reply, shop};

fn hint(id: &str, shows: Option<&str>) -> Told {
    Told::Level(LevelHint { external: item(id), location: shop(), level: shows.map(level) })
}

#[test]
fn items_bring_code_price_and_whether_they_are_counted() {
    let page = learned(&Question::Catalogue { since: None, cursor: None }, &fixture("items")).expect("it can be read");
    let seen = |id: &str, sku: &str, title: &str, code: &str, price: Option<i64>| ItemSeen {
        channel: CHANNEL,
        external: item(id),
        aliases: vec![],
        sku: Sku::new(sku),
        title: Title::new(title),
        barcodes: Some(Barcode::new(code)).filter(|code| !code.is_empty()).into_iter().collect(),
        price: price.map(|minor| Money { minor, currency: eur() }),
        tax_inclusive: false,
        tracked: true,
        deleted: false,
    };
    let expected = [
        ItemSeen { tax_inclusive: true, ..seen("ITILEBLUE0001", "TILE-B", "Tile, blue", "5601234500016", Some(995)) },
        // It has a number, but sales do not move it.
        ItemSeen { tracked: false, ..seen("ISALTLOOSE001", "SALT-KG", "Sea salt, loose", "", Some(840)) },
        ItemSeen { tracked: false, ..seen("IREPAIR000001", "", "Repair", "", None) },
        ItemSeen { deleted: true, ..seen("IOLDLAMP00001", "", "Lamp", "", Some(2_500)) },
    ];
    assert_eq!(page.told, expected.map(|item| Told::Item(Box::new(item))));
    assert_eq!((page.until, page.next), (Some(Instant(1_795_427_200_000)), None));
}

#[test]
fn all_levels_are_read_below_zero_and_in_fractions_too() {
    let page = learned(&Question::Levels { cursor: None }, &fixture("item_stocks")).expect("it can be read");
    let expected = [
        hint("ITILEBLUE0001", Some("12")),
        hint("ISALTLOOSE001", Some("40.75")),
        hint("ICORKCOAST001", Some("-2")),
        hint("IUNCOUNTED001", None),
    ];
    assert_eq!((page.told.as_slice(), page.next), (&expected[..], None));
}

#[test]
fn some_levels_are_read_one_by_one_and_an_unknown_item_has_none() {
    let rows = vec![(item("ITILEBLUE0001"), shop()), (item("IGONE00000001"), shop())];
    let page = learned(&Question::LevelsOf { rows: rows.clone() }, &fixture("item_stock")).expect("it can be read");
    assert_eq!(page.told, [hint("ITILEBLUE0001", Some("12"))]);
    let next = page.next.expect("there is another");
    assert_eq!(next, Question::LevelsOf { rows: rows[1..].to_vec() });
    let page = clover().learn(&next, &account(), &reply(404, b"")).expect("it is an answer");
    assert_eq!((page.told, page.next), (vec![hint("IGONE00000001", None)], None));
}

#[test]
fn the_merchant_is_the_only_location_and_tells_who_we_are() {
    let page = learned(&Question::Locations { cursor: None }, &fixture("merchant")).expect("it can be read");
    let location =
        LocationSeen { channel: CHANNEL, external: shop(), name: LocationName::new("Kiosk Lisboa"), active: true };
    assert_eq!(page.told, [Told::Location(location)]);
    let page = learned(&Question::Access, &fixture("merchant")).expect("it can be read");
    let access = Access { account: MERCHANT.to_owned(), name: "Kiosk Lisboa".to_owned(), scopes: None };
    assert_eq!(page.access, Some(access));
    let other = learned(&Question::Access, br#"{"id":"MSOMEBODYELSE","name":"x"}"#);
    assert!(other.is_err(), "the token opens another shop");
}

#[test]
fn customers_are_read_with_their_first_choice_of_address_and_hidden_in_debug() {
    let question = Question::CustomersOf { customers: vec![CustomerKey::new("CAMALIA000001")] };
    let page = learned(&question, &fixture("customer")).expect("it can be read");
    let person = Person {
        given_name: "Amália".to_owned(),
        family_name: "Quental".to_owned(),
        email: "amalia@example.com".to_owned(),
        phone: "+351210000000".to_owned(),
        address: "Rua do Ouro 7, 1100-060, Lisboa, PT".to_owned(),
    };
    let seen = CustomerSeen {
        channel: CHANNEL,
        customer: CustomerKey::new("CAMALIA000001"),
        version: NOW.0.unsigned_abs(),
        updated_at: NOW,
        person: Some(Personal::Plain(Box::new(person))),
    };
    assert_eq!(page.told, [Told::Customer(seen.clone())]);
    assert!(!format!("{:?}", page.told).contains("Quental"));
    let listed = learned(&Question::Customers { since: None, cursor: None }, &fixture("customers")).expect("a list");
    let since = Instant(1_795_000_000_000);
    let nameless = CustomerKey::new("CNAMELESS0001");
    let blank =
        CustomerSeen { customer: nameless, updated_at: Instant(1_794_000_000_000), person: None, ..seen.clone() };
    let listed_as = [CustomerSeen { updated_at: since, ..seen }, blank];
    assert_eq!(listed.told, listed_as.map(|seen| Told::Customer(CustomerSeen { version: 0, ..seen })));
    assert_eq!((listed.until, listed.next), (Some(since), None));
    let gone = clover().learn(&question, &account(), &reply(404, b"")).expect("it is an answer");
    assert_eq!((gone.missing, gone.told.len()), (vec!["CAMALIA000001".to_owned()], 0));
}

fn customers(page: &Page) -> Vec<&CustomerSeen> {
    let customers = page.told.iter().map(|told| if let Told::Customer(seen) = told { Some(seen) } else { None });
    customers.flatten().collect()
}

#[test]
fn a_customer_listed_again_later_is_told_as_before() {
    let question = Question::Customers { since: Some(Instant(1)), cursor: None };
    let at = |sent_at| {
        let page = clover().learn(&question, &account(), &Reply { sent_at, ..reply(200, &fixture("customers")) });
        page.expect("it can be read").told
    };
    assert_eq!(at(NOW), at(NOW.plus_ms(60_000)));
}

#[test]
fn a_customer_whose_fields_were_blanked_is_told_without_a_person() {
    let body = br#"{"id":"CAMALIA000001","firstName":"","lastName":" ","emailAddresses":{"elements":[]}}"#;
    let question = Question::CustomersOf { customers: vec![CustomerKey::new("CAMALIA000001")] };
    let page = learned(&question, body).expect("it can be read");
    let [seen] = customers(&page)[..] else { panic!("one customer: {page:?}") };
    assert_eq!((seen.version, seen.updated_at, &seen.person), (NOW.0.unsigned_abs(), NOW, &None));
}

#[test]
fn deleted_customers_are_asked_for_last_and_nothing_follows_them() {
    let since = Some(Instant(1_794_000_000_000));
    let page = learned(&Question::Customers { since, cursor: None }, &fixture("customers")).expect("it can be read");
    let next = page.next.expect("the deleted ones are left");
    assert_eq!(next, Question::Customers { since, cursor: Some("deleted:0".to_owned()) });
    let page = learned(&next, br#"{"elements":[{"id":"CAMALIA000001","customerSince":1795000000000}]}"#);
    let page = page.expect("it can be read");
    let [seen] = customers(&page)[..] else { panic!("one customer: {page:?}") };
    assert_eq!((seen.customer.as_str(), &seen.person), ("CAMALIA000001", &None));
    assert!(seen.version > NOW.plus_ms(1_000_000_000_000).0.unsigned_abs(), "no later reading revives it");
    assert_eq!((page.until, page.next), (None, None));
}

#[test]
fn deleted_items_are_asked_for_first_and_told_as_deleted() {
    let since = Some(Instant(1_794_000_000_000));
    let first = Question::Catalogue { since, cursor: None };
    let page = learned(&first, br#"{"elements":[{"id":"IOLDLAMP00001","sku":"LAMP"}]}"#).expect("it can be read");
    let deleted = |told: &Told| matches!(told, Told::Item(item) if item.deleted);
    assert!(page.told.len() == 1 && page.told.iter().all(deleted));
    let living = Question::Catalogue { since, cursor: Some("0".to_owned()) };
    assert_eq!(page.next.as_ref(), Some(&living));
    let page = learned(&living, br#"{"elements":[{"id":"INEWLAMP00001","sku":"LAMP"}]}"#).expect("it can be read");
    assert!(page.told.len() == 1 && !page.told.iter().any(deleted));
    assert_eq!(page.next, None);
}

/// Walks a question to its end over a platform that answers from a list by `filter`, `offset` and `limit`.
fn walk(first: Question, all: &[Value]) -> (Vec<Page>, usize) {
    let mut pages = Vec::new();
    let mut next = Some(first);
    while let Some(question) = next.take() {
        assert!(pages.len() < 100, "the walk does not end");
        let request = clover().ask(&question, &account()).expect("it can be asked");
        let query = request.http.uri().query().unwrap_or_default().to_owned();
        let number = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)).map(|text| text.parse::<i64>());
            value.map(|number| number.expect("a number"))
        };
        let changed = |value: &&Value| {
            let at = value["modifiedTime"].as_i64().unwrap_or(0);
            number("filter=modifiedTime%3E%3D").is_none_or(|from| at >= from)
                && number("filter=modifiedTime%3C").is_none_or(|end| at < end)
        };
        let (skip, limit) = (number("offset=").expect("it counts"), number("limit=").expect("it limits"));
        let found = all.iter().filter(changed).skip(skip.unsigned_abs() as usize).take(limit.unsigned_abs() as usize);
        let body = json!({"elements": found.collect::<Vec<_>>()}).to_string();
        let page = learned(&question, body.as_bytes()).expect("it can be read");
        next = page.next.clone();
        pages.push(page);
    }
    let told: std::collections::BTreeSet<String> = pages
        .iter()
        .flat_map(|page| &page.told)
        .map(|told| match told {
            Told::Order(order) => order.document.to_string(),
            Told::Item(item) => item.external.to_string(),
            Told::Level(hint) => hint.external.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    (pages, told.len())
}

fn order(number: i64, modified: i64) -> Value {
    json!({"id": format!("O{number}"), "total": 1, "paymentState": "OPEN", "createdTime": modified, "modifiedTime": modified})
}

#[test]
fn orders_are_walked_to_the_end_by_their_time_of_change() {
    let start = NOW.0 - 1_000_000;
    let all: Vec<Value> = (0..350).map(|number| order(number, start + number / 3)).collect();
    let (pages, told) = walk(Question::Orders { since: Instant(start), cursor: None }, &all);
    assert_eq!(told, 350);
    assert_eq!(pages.iter().filter_map(|page| page.until).max(), Some(Instant(start + 116)));
    let second = pages[0].next.clone();
    // The hundredth order changed 33 ms after the start.
    assert_eq!(second, Some(Question::Orders { since: Instant(start), cursor: Some(format!("{}:0", start + 33)) }));
}

#[test]
fn many_orders_of_one_millisecond_are_counted_off() {
    let at = NOW.0 - 1_000_000;
    let all: Vec<Value> = (0..250).map(|number| order(number, at)).chain([order(999, at + 5)]).collect();
    assert_eq!(walk(Question::Orders { since: Instant(at), cursor: None }, &all).1, 251);
}

#[test]
fn a_year_of_orders_is_asked_for_in_windows_of_ninety_days() {
    const DAY: i64 = 86_400_000;
    let start = NOW.0 - 365 * DAY;
    let all: Vec<Value> = (0..365).map(|day| order(day, start + day * DAY + 7)).collect();
    let (pages, told) = walk(Question::Orders { since: Instant(start), cursor: None }, &all);
    assert_eq!((told, pages.len()), (365, 5));
}

#[test]
fn a_long_list_of_items_and_levels_is_read_to_the_end_with_an_overlap() {
    let items: Vec<Value> =
        (0..2_100).map(|number| json!({"id": format!("I{number}"), "modifiedTime": number})).collect();
    let (pages, told) = walk(Question::Catalogue { since: None, cursor: None }, &items);
    assert_eq!((told, pages.len()), (2_100, 3));
    assert_eq!(pages[0].next, Some(Question::Catalogue { since: None, cursor: Some("950".to_owned()) }));
    let stocks: Vec<Value> =
        (0..1_000).map(|number| json!({"item": {"id": format!("I{number}")}, "quantity": 1})).collect();
    let (pages, told) = walk(Question::Levels { cursor: None }, &stocks);
    assert_eq!((told, pages.len()), (1_000, 2));
    let hints: usize = pages.iter().map(|page| page.told.len()).sum();
    assert_eq!(hints, 1_000, "no level is told twice in one reading");
}
