//! Orders: parts, versions, refunds, and the ways by which an order comes together.

use connectors::{Page, Question, Trouble};
use model::{CustomerKey, DocumentKey, OrderKind, OrderSeen, OrderState, PartState, Personal, Quantity, Restock};
use serde_json::{Value, json};

use crate::desk::{
    account, at, bigcommerce, dated, documents, fixture, item, learned, orders, place, read_order, reply, value,
};

const SINCE: &str = "2026-11-20T16:00:00Z";

fn listed(body: &[u8]) -> Page {
    learned(&Question::Orders { since: at(SINCE), cursor: None }, body).expect("it is an answer")
}

/// Parts as `line:place=promised/gone`.
fn parts(order: &OrderSeen) -> Vec<String> {
    let lines = order.lines.as_ref().expect("all lines are told");
    let sum = |line: &model::LineSeen, state: PartState| {
        let of = line.parts.iter().filter(|part| part.state == state);
        of.fold(Quantity::ZERO, |sum, part| sum.plus(part.quantity))
    };
    let place = |line: &model::LineSeen| {
        let place = line.parts.first().and_then(|part| part.location.clone());
        place.map_or("-".to_owned(), |place| place.to_string())
    };
    let text = |line: &model::LineSeen| {
        let (promised, gone) = (sum(line, PartState::Promised), sum(line, PartState::Gone));
        format!("{}:{}={promised}/{gone}", line.line, place(line))
    };
    lines.iter().map(text).collect()
}

/// The order of a fixture with some of its fields replaced, read whole.
fn with(name: &str, fields: Value) -> OrderSeen {
    let mut order = value(name);
    let own = order.as_object_mut().expect("an order");
    own.extend(fields.as_object().expect("fields").clone());
    let id = own["id"].to_string();
    let body = order.to_string().into_bytes();
    let bodies: [&[u8]; 3] = [&body, br#"{"data":[],"meta":{}}"#, &body];
    let (page, _) = if learned(&documents(&[&id]), &body).expect("an answer").next.is_some() {
        read_order(&id, &bodies)
    } else {
        read_order(&id, &bodies[..1])
    };
    orders(&page)[0].clone()
}

#[test]
fn an_order_tells_what_is_promised_and_what_has_left() {
    let (page, asked) = read_order("2207", &[&fixture("order")]);
    assert_eq!(asked, ["GET /v2/orders/2207?include=consignments.line_items&consignment_structure=object"]);
    let order = orders(&page)[0];
    assert_eq!(order.document, DocumentKey::new("2207"));
    assert_eq!(order.reference.as_str(), "2207 till-9");
    assert_eq!(order.placed_at, at("2026-11-20T16:40:01Z"));
    assert_eq!((order.kind, order.state), (OrderKind::Web, OrderState::Open));
    assert_eq!(order.customer, Some(CustomerKey::new("54")));
    assert!(order.contact.is_none(), "a customer's record is read by itself");
    assert_eq!((order.currency.code(), order.total.minor, order.tax_inclusive), ("EUR", 6827, true));
    assert_eq!(parts(order), ["51:1=1/1", "52:1=1/0"]);
    let lines = order.lines.as_ref().expect("all lines");
    assert_eq!((&lines[0].item, lines[0].sku.as_str()), (&Some(item("7004")), "MUG-BLUE"));
    assert!(lines[0].price.is_none(), "22.7550 is no whole number of cents");
    assert_eq!(lines[1].price.map(|price| price.minor), Some(861));
    assert!(order.returns.is_empty());
}

#[test]
fn a_pickup_is_promised_where_it_is_fetched_and_lines_without_goods_have_no_parts() {
    let (page, _) = read_order("2208", &[&fixture("order_pickup_guest")]);
    let order = orders(&page)[0];
    assert_eq!(parts(order), ["61:3=1/0", "62:-=0/0", "63:1=1/0", "64:-=0/0"]);
    let lines = order.lines.as_ref().expect("all lines");
    assert_eq!(lines.iter().map(|line| line.item.is_some()).collect::<Vec<_>>(), [true, false, true, false]);
    assert_eq!(lines[1].quantity, Quantity::units(3));
    assert_eq!(lines[0].price.map(|price| price.minor), Some(1850), "without tax, as the store's prices are");
    assert!(!order.tax_inclusive);
    assert_eq!(order.total.minor, 30_001, "half a cent is rounded up");
}

#[test]
fn a_guest_has_a_contact_that_debug_does_not_show() {
    let (page, _) = read_order("2208", &[&fixture("order_pickup_guest")]);
    let order = orders(&page)[0];
    assert!(order.customer.is_none());
    let Some(Personal::Plain(person)) = &order.contact else { panic!("there is no contact") };
    assert_eq!((person.given_name.as_str(), person.email.as_str()), ("Noor", "noor@example.com"));
    assert_eq!(person.address, "Rua do Forno 8, 4000-123, Porto, Porto, Portugal");
    assert!(!format!("{page:?}").contains("Noor"));
}

#[test]
fn every_status_says_how_much_of_a_line_is_there() {
    let told = |status: u8| {
        let order = with("order", json!({"status_id": status}));
        (parts(&order)[0].clone(), order.state)
    };
    for open in [1, 3, 7, 8, 9, 11, 12, 13, 14, 99] {
        assert_eq!(told(open), ("51:1=1/1".to_owned(), OrderState::Open), "status {open}");
    }
    for left in [2, 10] {
        assert_eq!(told(left), ("51:1=0/2".to_owned(), OrderState::Completed), "status {left}");
    }
    for called_off in [5, 6] {
        assert_eq!(told(called_off), ("51:-=0/0".to_owned(), OrderState::Cancelled), "status {called_off}");
    }
    assert_eq!(told(4), ("51:1=1/1".to_owned(), OrderState::Completed), "a refund puts nothing on the shelf");
}

#[test]
fn an_unfinished_order_is_none_yet() {
    let (page, _) = read_order("2211", &[&fixture("order_incomplete")]);
    assert_eq!((page.missing, page.told.len()), (vec!["2211".to_owned()], 0));
}

#[test]
fn an_order_that_is_not_there_is_missing_and_the_next_is_asked_for() {
    let question = documents(&["9", "2207"]);
    let page = bigcommerce().learn(&question, &account(), &reply(404, &fixture("order_missing")));
    let page = page.expect("it is an answer");
    assert_eq!(page.missing, ["9"]);
    assert_eq!(page.next, Some(documents(&["2207"])));
}

#[test]
fn an_order_that_cannot_be_read_does_not_spoil_the_next() {
    let page = learned(&documents(&["2207", "2208"]), br#"{"id": 2207}"#).expect("it is an answer");
    let (document, error) = &page.unreadable[0];
    assert_eq!((document.as_str(), error.field.as_str()), ("2207", "status_id"));
    assert_eq!(page.next, Some(documents(&["2208"])));
    let other = learned(&documents(&["7"]), &fixture("order")).expect("it is an answer");
    assert_eq!(other.unreadable[0].1.to_string(), "id: is not that of the order asked for");
}

#[test]
fn a_refunded_order_is_read_again_after_its_refunds_and_told_whole() {
    let (order, refunds) = (fixture("order_refunded"), fixture("refunds"));
    let (page, asked) = read_order("2209", &[&order, &refunds, &order]);
    let again = "GET /v2/orders/2209?include=consignments.line_items&consignment_structure=object";
    assert_eq!(asked, [again, "GET /v3/orders/2209/payment_actions/refunds", again]);
    assert!(page.next.is_none());
    let order = orders(&page)[0];
    assert_eq!(parts(order), ["71:1=0/2", "72:1=1/0"], "a refund does not change what the store's number says");
    let returns: Vec<String> = order
        .returns
        .iter()
        .map(|back| format!("{} {} {} {}", back.document, back.line, back.sku, back.quantity))
        .collect();
    assert_eq!(returns, ["refund:31 71 MUG-BLUE 1", "refund:32 72 TOWEL 1"], "money without units is no return");
    assert!(order.returns.iter().all(|back| back.restock == Restock::Nowhere));
    assert_eq!(order.returns[0].at, at("2026-11-20T16:43:58Z"));
    assert_eq!(order.returns[1].item, Some(item("product:311")), "an old line names only its product");
}

#[test]
fn two_rows_of_one_refund_for_one_line_are_one_return() {
    let mut refunds = value("refunds");
    let items = refunds["data"][0]["items"].as_array_mut().expect("items");
    items.push(json!({"item_type": "PRODUCT", "item_id": 71, "quantity": 1}));
    let order = fixture("order_refunded");
    let (page, _) = read_order("2209", &[&order, refunds.to_string().as_bytes(), &order]);
    let returns = &orders(&page)[0].returns;
    assert_eq!((returns.len(), returns[0].quantity), (2, Quantity::units(2)));
}

#[test]
fn a_refund_whose_payments_were_all_declined_has_not_happened() {
    let mut refunds = value("refunds");
    refunds["data"][0]["payments"][0]["is_declined"] = json!(true);
    refunds["data"][1]["payments"] = json!([{"is_declined": true}, {"is_declined": false}]);
    let order = fixture("order_refunded");
    let (page, _) = read_order("2209", &[&order, refunds.to_string().as_bytes(), &order]);
    let returns: Vec<&str> = orders(&page)[0].returns.iter().map(|back| back.document.as_str()).collect();
    assert_eq!(returns, ["refund:32"]);
}

#[test]
fn an_order_without_refunds_after_all_is_told_when_the_refunds_are_not_there() {
    let order = fixture("order_refunded");
    let page = learned(&documents(&["2209", "5"]), &order).expect("it is an answer");
    let question = page.next.expect("the refunds are asked for");
    let page = bigcommerce().learn(&question, &account(), &reply(404, b"{}")).expect("it is an answer");
    assert!(page.missing.is_empty());
    let page = learned(&page.next.expect("the order is asked for again"), &order).expect("it is an answer");
    assert_eq!(orders(&page)[0].returns, []);
    assert_eq!(page.next, Some(documents(&["5"])));
}

#[test]
fn lines_that_did_not_come_with_the_order_are_fetched_and_the_order_is_the_same() {
    let (links, lines) = (fixture("order_links"), fixture("order_lines"));
    let (fetched, asked) = read_order("2207", &[&links, &lines, &links]);
    assert_eq!(asked[1], "GET /v2/orders/2207/products?page=1&limit=250");
    let (whole, _) = read_order("2207", &[&fixture("order")]);
    assert_eq!(fetched, whole);
}

#[test]
fn lines_that_came_only_in_part_are_fetched() {
    let mut part = value("order");
    part["consignments"]["shipping"][0]["line_items"].as_array_mut().expect("lines").pop();
    let part = part.to_string().into_bytes();
    let page = listed(&[b"[", part.as_slice(), b"]"].concat());
    assert_eq!((page.told.len(), page.changed.len()), (0, 1));
    let (fetched, _) = read_order("2207", &[&part, &fixture("order_lines"), &part]);
    let (whole, _) = read_order("2207", &[&fixture("order")]);
    assert_eq!(fetched, whole);
}

#[test]
fn lines_are_fetched_to_the_last_page_and_fetched_pickups_keep_their_place() {
    let line =
        |id: u64| json!({"id": id, "product_id": 310, "variant_id": 7004, "quantity": 1, "order_pickup_method_id": 4});
    let mut head = value("order_pickup_guest");
    let link = json!([{"url": "https://x", "resource": "/x"}]);
    let pickup = json!({"id": 6, "pickup_method_id": 4, "location": {"id": 3}, "line_items": link});
    head["consignments"] = json!({"pickups": [pickup], "shipping": [], "downloads": []});
    let head = head.to_string().into_bytes();
    let first: Vec<Value> = (1..=250).map(line).collect();
    let second = json!([line(251)]).to_string();
    let (page, asked) = read_order("2208", &[&head, json!(first).to_string().as_bytes(), second.as_bytes(), &head]);
    assert_eq!(asked[2], "GET /v2/orders/2208/products?page=2&limit=250");
    let order = orders(&page)[0];
    let lines = order.lines.as_ref().expect("all lines");
    assert_eq!(lines.len(), 251);
    assert!(lines.iter().all(|line| line.parts[0].location == Some(place("3"))));
}

#[test]
fn an_order_that_changes_while_it_is_read_is_begun_anew_and_given_up_in_the_end() {
    let moment = |second: u32| {
        let modified = format!("Fri, 20 Nov 2026 16:44:{second:02} +0000");
        let mut order = value("order_refunded");
        order["date_modified"] = json!(modified);
        order.to_string().into_bytes()
    };
    let refunds = fixture("refunds");
    let (page, asked) = read_order("2209", &[&moment(1), &refunds, &moment(2), &refunds, &moment(2)]);
    assert_eq!(asked.len(), 5);
    assert_eq!(orders(&page)[0].version / 1_000_000 % 60, 2);
    let restless: Vec<Vec<u8>> = (1..=5).flat_map(|second| [moment(second), refunds.clone()]).take(9).collect();
    let restless: Vec<&[u8]> = restless.iter().map(Vec::as_slice).collect();
    let (page, _) = read_order("2209", &restless);
    assert_eq!(page.unreadable[0].1.to_string(), "date_modified: changes faster than the order can be read");
}

#[test]
fn versions_rise_within_a_second_by_shipments_refunds_and_status() {
    let at_stage = |status: u8, shipped: u32, refunded: u32| {
        let mut order = value("order");
        order["status_id"] = json!(status);
        order["items_shipped"] = json!(shipped);
        let lines = &mut order["consignments"]["shipping"][0]["line_items"];
        lines[0]["quantity_shipped"] = json!(shipped);
        lines[0]["quantity_refunded"] = json!(refunded);
        with("order", order).version
    };
    let stages = [
        at_stage(1, 0, 0),
        at_stage(7, 0, 0),
        at_stage(11, 0, 0),
        at_stage(9, 0, 0),
        at_stage(3, 1, 0),
        at_stage(2, 2, 0),
        at_stage(10, 2, 0),
        at_stage(14, 2, 1),
        at_stage(4, 2, 2),
        at_stage(5, 2, 2),
    ];
    assert!(stages.is_sorted_by(|before, after| before < after), "{stages:?}");
    let later = with("order", json!({"date_modified": "Fri, 20 Nov 2026 16:42:06 +0000", "status_id": 1})).version;
    assert!(later > stages[9]);
}

/// The order of the fixture with this status, read and listed when the store's clock showed a second of its last minute.
fn read_at(second: u8, status: u8) -> [connectors::Page; 2] {
    let mut order = value("order");
    order["date_modified"] = json!("Fri, 20 Nov 2026 16:42:05 +0000");
    order["status_id"] = json!(status);
    let date = format!("Fri, 20 Nov 2026 16:42:{second:02} GMT");
    let one = dated(200, order.to_string().as_bytes(), &date);
    let list = dated(200, json!([order]).to_string().as_bytes(), &date);
    let since = Question::Orders { since: at("2026-11-20T16:00:00Z"), cursor: None };
    let learned = |question, reply| bigcommerce().learn(question, &account(), reply).expect("an answer");
    [learned(&documents(&["2207"]), &one), learned(&since, &list)]
}

#[test]
fn an_order_read_before_its_second_is_over_is_told_and_asked_for_once_more() {
    for (second, again) in [(5, true), (6, true), (7, false), (50, false)] {
        for page in read_at(second, 11) {
            assert_eq!((orders(&page).len(), page.again.len()), (1, usize::from(again)), "at second {second}");
        }
    }
    let (page, _) = read_order("2207", &[&fixture("order")]);
    assert!(page.again.is_empty(), "where the store does not tell the time, asking again tells no more");
}

#[test]
fn what_is_read_after_a_second_wins_over_whatever_was_read_within_it() {
    let version = |second, status| {
        let [read, listed] = read_at(second, status);
        assert_eq!(orders(&read)[0].version, orders(&listed)[0].version, "whoever tells of it");
        orders(&read)[0].version
    };
    // A completed order looks later than an open one, until it is known which of the two was the last.
    assert!(version(5, 10) > version(5, 1));
    assert!(version(7, 1) > version(5, 10));
    assert_eq!(version(7, 1), version(50, 1), "the last word is always the same");
}

#[test]
fn what_was_read_beside_an_order_within_its_second_is_read_again_after_it() {
    let mut order = value("order_refunded");
    order["date_modified"] = json!("Fri, 20 Nov 2026 16:42:05 +0000");
    let order = order.to_string().into_bytes();
    let refunds = fixture("refunds");
    let reply = |body: &[u8], second: u8| dated(200, body, &format!("Fri, 20 Nov 2026 16:42:{second:02} GMT"));
    let replies = [(&order, 6), (&refunds, 6), (&order, 7), (&refunds, 7), (&order, 7)];
    let mut question = documents(&["2209"]);
    for (step, (body, second)) in replies.into_iter().enumerate() {
        let page = bigcommerce().learn(&question, &account(), &reply(body, second)).expect("an answer");
        match page.next.clone() {
            Some(next) => question = next,
            None => {
                assert_eq!((step, orders(&page).len(), page.again.len()), (4, 1, 0));
                return;
            }
        }
    }
    panic!("the order is never told");
}

#[test]
fn a_list_tells_whole_orders_names_refunded_ones_and_sets_bad_ones_aside() {
    let page = listed(&fixture("orders"));
    let ids: Vec<&str> = orders(&page).iter().map(|order| order.document.as_str()).collect();
    assert_eq!(ids, ["2207", "2208", "2210"], "2211 is not finished");
    assert_eq!(page.changed.iter().map(|(document, _)| document.as_str()).collect::<Vec<_>>(), ["2209"]);
    assert_eq!(page.unreadable[0].0.as_str(), "2212");
    let problem = "[5].products[id 95].quantity: is not a decimal number with at most five places";
    assert_eq!(page.unreadable[0].1.to_string(), problem);
    assert_eq!(page.until, Some(at("2026-11-20T16:47:00Z")));
    assert!(page.next.is_none());
}

#[test]
fn the_same_sale_is_equal_whether_a_webhook_or_the_poll_tells_of_it() {
    let page = listed(&fixture("orders"));
    for (place, name) in ["order", "order_pickup_guest"].into_iter().enumerate() {
        let (read, _) = read_order(["2207", "2208"][place], &[&fixture(name)]);
        assert_eq!(orders(&page)[place], orders(&read)[0], "{name}");
    }
    let order = fixture("order_refunded");
    let (read, _) = read_order("2209", &[&order, &fixture("refunds"), &order]);
    assert_eq!(page.changed[0].1, orders(&read)[0].version, "so it is not asked for again once it is known");
}

#[test]
fn the_version_of_an_order_listed_without_its_lines_is_a_lower_bound() {
    let links = json!([value("order_links")]).to_string();
    let page = listed(links.as_bytes());
    assert!(page.told.is_empty());
    let (read, _) = read_order("2207", &[&fixture("order")]);
    assert!(page.changed[0].1 <= orders(&read)[0].version);
    assert!(page.changed[0].1 / 1_000_000 == orders(&read)[0].version / 1_000_000);
}

#[test]
fn a_full_page_is_followed_from_its_last_time_and_an_empty_one_is_the_end() {
    let order = |index: u32| {
        let mut order = value("order");
        order["id"] = json!(10_000 + index);
        order["date_modified"] = json!(format!("Fri, 20 Nov 2026 16:{:02}:00 +0000", index / 10));
        order
    };
    let full: Vec<Value> = (0..250).map(order).collect();
    let page = listed(json!(full).to_string().as_bytes());
    assert_eq!((page.told.len(), page.until), (250, Some(at("2026-11-20T16:24:00Z"))));
    let next = page.next.expect("a full page is followed");
    let asked = crate::desk::line(&crate::desk::ask(&next));
    let expected = "GET /v2/orders?min_date_modified=2026-11-20T16:24:00.000Z&sort=date_modified:asc&page=1&limit=250";
    assert!(asked.starts_with(expected), "{asked}");
    let same: Vec<Value> = (0..250)
        .map(|index| {
            let mut own = order(240);
            own["id"] = json!(20_000 + index);
            own
        })
        .collect();
    let page = learned(&next, json!(same).to_string().as_bytes()).expect("it is an answer");
    let second = page.next.expect("all of one second fill the page");
    assert!(crate::desk::line(&crate::desk::ask(&second)).contains("16:24:00.000Z&sort=date_modified:asc&page=2"));
    let end = bigcommerce().learn(&second, &account(), &reply(204, b"")).expect("no body is an empty list");
    assert_eq!((end.told.len(), end.next), (0, None));
}

#[test]
fn a_list_that_is_none_is_garbled() {
    let trouble =
        |body: &[u8]| learned(&Question::Orders { since: at(SINCE), cursor: None }, body).expect_err("no list");
    assert_eq!(trouble(b"{}"), Trouble::Garbled { reason: "not a JSON list".to_owned() });
    assert_eq!(trouble(b"[{\"id\":1}]"), Trouble::Garbled { reason: "[0].date_created: is missing".to_owned() });
    assert_eq!(trouble(b"[{"), Trouble::Garbled { reason: "[0]: the JSON ends too early".to_owned() });
}

#[test]
fn a_line_id_that_comes_twice_is_refused() {
    let mut order = value("order");
    order["consignments"]["shipping"][0]["line_items"][1]["id"] = json!(51);
    let page = learned(&documents(&["2207"]), order.to_string().as_bytes()).expect("it is an answer");
    assert_eq!(page.unreadable[0].1.to_string(), "products: has an id twice");
}

#[test]
fn quantities_are_exact_or_refused_and_amounts_must_be_numbers() {
    let told = |field: &str, odd: Value| {
        let mut order = value("order");
        order["consignments"]["shipping"][0]["line_items"][0][field] = odd;
        let page = learned(&documents(&["2207"]), order.to_string().as_bytes()).expect("it is an answer");
        page.unreadable.first().map(|(_, error)| error.to_string())
    };
    let path = "products[id 51].quantity: is ";
    assert_eq!(told("quantity", json!(-1)), Some(format!("{path}below zero")));
    assert_eq!(told("quantity", json!(1e300)), Some(format!("{path}not a decimal number with at most five places")));
    assert_eq!(told("quantity", json!(u64::MAX)), Some(format!("{path}not a decimal number with at most five places")));
    assert_eq!(told("quantity", json!(2.0)), None);
    assert_eq!(
        told("price_inc_tax", json!("dear")),
        Some("products[id 51].price_inc_tax: is not an amount".to_owned())
    );
    assert_eq!(told("price_inc_tax", json!(22.75)), None);
}
