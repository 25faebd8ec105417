//! Sales: what is gone, promised and given back.

use connectors::{Account, Page, Question, Told};
use model::{
    CustomerKey, DocumentKey, ExternalItem, Instant, LineSeen, Money, Note, OrderKind, OrderSeen, OrderState, PartSeen,
    PartState, Quantity, Restock, ReturnSeen, Sku,
};

use crate::desk::{
    BOWL, CHANNEL, MAIN, MARTA, MUG, SALE, SIDE, TEA, account, altered, at, documents, eur, fixture, heard, item,
    learned, lightspeed, place, reply,
};

fn all() -> Question {
    Question::Orders { since: Instant(0), cursor: None }
}

fn one(id: &str) -> Question {
    Question::OrdersOf { documents: documents(&[id]) }
}

fn orders(page: Page) -> Vec<OrderSeen> {
    let order = |told| match told {
        Told::Order(order) => *order,
        other => panic!("it is no order: {other:?}"),
    };
    page.told.into_iter().map(order).collect()
}

/// The only sale in a reply to a question for one.
fn sale(body: &[u8]) -> OrderSeen {
    let id = serde_json::from_slice::<serde_json::Value>(body).expect("JSON")["data"]["id"].as_str().map(str::to_owned);
    let page = learned(&one(&id.expect("an id")), body).expect("it is readable");
    assert_eq!(page.unreadable, []);
    orders(page).remove(0)
}

fn cents(minor: i64) -> Money {
    Money { minor, currency: eur() }
}

fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).expect("a quantity")
}

fn line(number: u32, product: Option<&str>, amount: &str, price: i64, parts: &[(&str, PartState)]) -> LineSeen {
    let parts = parts.iter().map(|(location, state)| PartSeen {
        location: Some(place(location)),
        quantity: quantity(amount),
        state: *state,
    });
    LineSeen {
        line: Note::new(&format!("6f6f6f77-5e6f-4071-8283-9eafb0c1700{number}")),
        item: product.map(ExternalItem::new),
        sku: Sku::new(""),
        quantity: quantity(amount),
        price: Some(cents(price)),
        parts: parts.collect(),
    }
}

fn till_sale() -> OrderSeen {
    OrderSeen {
        channel: CHANNEL,
        document: DocumentKey::new(SALE),
        reference: Note::new("MS-1001"),
        version: 9001,
        placed_at: at("2026-11-21T10:14:30Z"),
        kind: OrderKind::Till,
        customer: Some(CustomerKey::new(MARTA)),
        contact: None,
        currency: eur(),
        tax_inclusive: false,
        total: cents(4350),
        state: OrderState::Completed,
        lines: Some(vec![
            line(1, Some(MUG), "2", 1250, &[(MAIN, PartState::Gone)]),
            line(2, Some(TEA), "0.33333", 3000, &[(MAIN, PartState::Gone)]),
            line(3, None, "1", 125, &[]),
        ]),
        returns: vec![],
    }
}

#[test]
fn the_goods_of_a_closed_sale_are_gone() {
    assert_eq!(sale(&fixture("sale")), till_sale());
}

#[test]
fn a_sale_heard_by_webhook_and_read_back_equals_the_same_sale_polled() {
    let heard = heard("sale.update", &fixture("hook_sale_update")).expect("it is readable");
    assert_eq!(heard.notices, [model::NoticeAbout::Order(DocumentKey::new(SALE))]);
    let read_back = sale(&fixture("sale"));
    let polled = orders(learned(&all(), &fixture("sales")).expect("it is readable")).remove(0);
    assert_eq!(read_back, polled);
    assert_eq!(read_back, till_sale());
}

#[test]
fn an_online_order_for_delivery_is_promised_until_it_is_handed_over() {
    let web = orders(learned(&all(), &fixture("sales")).expect("it is readable")).remove(1);
    assert_eq!(web.kind, OrderKind::Web);
    assert_eq!(web.state, OrderState::Open);
    assert_eq!(web.reference, Note::new("MS-1002 web-778"));
    assert_eq!(web.customer, None);
    assert_eq!(web.lines, Some(vec![line(4, Some(MUG), "1", 1250, &[(SIDE, PartState::Promised)])]));
}

#[test]
fn lines_below_zero_came_back_to_the_shelf_and_the_others_are_sold() {
    let exchange = orders(learned(&all(), &fixture("sales")).expect("it is readable")).remove(2);
    assert_eq!(exchange.lines, Some(vec![line(6, Some(BOWL), "1", 2000, &[(MAIN, PartState::Gone)])]));
    let back = ReturnSeen {
        document: exchange.document.clone(),
        line: Note::new("6f6f6f77-5e6f-4071-8283-9eafb0c17005"),
        item: Some(item(MUG)),
        sku: Sku::new(""),
        quantity: Quantity::units(1),
        restock: Restock::At(place(MAIN)),
        at: at("2026-11-21T10:14:30Z"),
    };
    assert_eq!(exchange.returns, [back]);
}

#[test]
fn a_voided_sale_gives_its_goods_back() {
    let voided = sale(&fixture("sale_voided"));
    assert_eq!((voided.state, voided.version), (OrderState::Cancelled, 9040));
    let parts: Vec<usize> = voided.lines.into_iter().flatten().map(|line| line.parts.len()).collect();
    assert_eq!(parts, [0, 0, 0]);
}

#[test]
fn a_deleted_sale_gives_its_goods_back() {
    let deleted = altered("sale", "\"state\"", "\"deleted_at\": \"2026-11-22T08:00:00+00:00\", \"state\"");
    let deleted = sale(&deleted);
    assert_eq!(deleted.state, OrderState::Cancelled);
    assert!(deleted.lines.into_iter().flatten().all(|line| line.parts.is_empty()));
}

#[test]
fn what_a_pending_sale_did_to_the_level_is_told_by_its_attributes() {
    let seen = |attributes: &str| {
        let order = sale(&altered("sale_layby", "\"layby\"", attributes));
        let part = order.lines.into_iter().flatten().flat_map(|line| line.parts).map(|part| part.state).next();
        (order.state, part)
    };
    assert_eq!(seen("\"layby\""), (OrderState::Open, Some(PartState::Gone)));
    assert_eq!(seen("\"onaccount\""), (OrderState::Completed, Some(PartState::Gone)));
    assert_eq!(seen("\"pickup\""), (OrderState::Open, Some(PartState::Promised)));
    assert_eq!(seen("\"DISPATCH\""), (OrderState::Open, Some(PartState::Promised)));
    assert_eq!(seen("\"onaccount\", \"delivery\""), (OrderState::Open, Some(PartState::Promised)));
    assert_eq!(seen("\"service\""), (OrderState::Open, None));
    assert_eq!(seen(""), (OrderState::Open, None));
}

#[test]
fn a_parked_sale_and_a_parked_return_move_nothing() {
    let parked = sale(&altered("sale", "\"closed\"", "\"parked\""));
    assert_eq!(parked.state, OrderState::Open);
    assert!(parked.lines.into_iter().flatten().all(|line| line.parts.is_empty()));
    let back =
        sale(&altered("sale", "\"closed\"", "\"parked\"").to_vec().replace(b"\"quantity\": 2,", b"\"quantity\": -2,"));
    assert_eq!(back.returns, []);
}

#[test]
fn a_voided_line_of_a_closed_sale_moves_nothing() {
    let body = altered("sale_layby", "\"CONFIRMED\"", "\"VOIDED\"");
    assert!(sale(&body).lines.into_iter().flatten().all(|line| line.parts.is_empty()));
}

#[test]
fn prices_that_are_exact_only_with_tax_are_told_with_tax() {
    let order = sale(&fixture("sale_tax_inclusive"));
    assert!(order.tax_inclusive);
    assert_eq!(order.total, cents(1485));
    assert_eq!(order.lines, Some(vec![line(8, Some(MUG), "3", 495, &[(MAIN, PartState::Gone)])]));
}

#[test]
fn where_both_prices_are_whole_coins_the_merchant_says_which_is_meant() {
    // 12 and 2.40 are 14.40, and either is a price.
    let body = altered("sale_tax_inclusive", "4.30435", "12");
    let body = String::from_utf8(body).expect("text").replace("0.64565", "2.40").into_bytes();
    let told = |prices_include_tax| {
        let account = Account { prices_include_tax, ..account() };
        let id =
            serde_json::from_slice::<serde_json::Value>(&body).expect("JSON")["data"]["id"].as_str().map(str::to_owned);
        let page = lightspeed().learn(&one(&id.expect("an id")), &account, &reply(200, &body)).expect("it is readable");
        let order = orders(page).remove(0);
        (order.tax_inclusive, order.lines.expect("all its lines")[0].price)
    };
    assert_eq!(told(Some(true)), (true, Some(cents(1440))));
    assert_eq!(told(Some(false)), (false, Some(cents(1200))));
    assert_eq!(told(None), (false, Some(cents(1200))));
}

#[test]
fn a_price_that_is_exact_in_no_way_is_left_out_and_the_sale_counts_all_the_same() {
    let order = sale(&altered("sale_tax_inclusive", "0.64565", "0.1"));
    assert!(!order.tax_inclusive);
    let lines = order.lines.expect("all its lines");
    assert_eq!((lines[0].price, lines[0].parts.len()), (None, 1));
}

#[test]
fn the_total_is_what_is_told_or_its_parts_or_the_payments() {
    let total = |from: &str, to: &str| sale(&altered("sale_tax_inclusive", from, to)).total;
    assert_eq!(total("\"price_incl_tax\": 14.85", "\"price_incl_tax\": 14.90"), cents(1490));
    assert_eq!(total("\"price_incl_tax\": 14.85", "\"price_incl_tax\": 14.85001"), cents(1485));
    let body = altered("sale_tax_inclusive", "\"price_incl_tax\": 14.85", "\"price_incl_tax\": 14.85001");
    let body = body.replace(b"\"tax\": 1.93695,\n   \"loyalty\"", b"\"tax\": 1.9,\n   \"loyalty\"");
    assert_eq!(sale(&body.replace(b"\"amount\": 14.85", b"\"amount\": 14.80")).total, cents(1480));
}

#[test]
fn quantities_are_read_to_the_fifth_decimal_and_refused_beyond() {
    let parts = |text: &str| {
        let order = sale(&altered("sale", "0.33333", text));
        order.lines.expect("all its lines")[1].quantity.parts()
    };
    assert_eq!(parts("0.33333"), 33_333);
    assert_eq!(parts("1e-5"), 1);
    assert_eq!(parts("900719925474.09999"), 90_071_992_547_409_999);
    assert_eq!(parts("\"1.50000\""), 150_000);
    for text in ["0.333333", "1e30", "12345678901234567890", "true", "\"one\""] {
        let page = learned(&one(SALE), &altered("sale", "\"quantity\": 0.33333", &format!("\"quantity\": {text}")));
        let page = page.expect("the rest goes on");
        assert_eq!(page.told, [], "{text}");
        assert_eq!(page.unreadable[0].0, DocumentKey::new(SALE));
        assert_eq!(page.unreadable[0].1.field, "data.line_items[1].quantity", "{text}");
    }
}

#[test]
fn a_sale_that_cannot_be_read_does_not_stop_the_others() {
    let page = learned(&all(), &altered("sales", "\"quantity\": -1", "\"quantity\": \"many\"")).expect("it goes on");
    assert_eq!(page.told.len(), 2);
    assert_eq!(page.unreadable.len(), 1);
    assert_eq!(page.unreadable[0].1.to_string(), "data[2].line_items[0].quantity: is not a decimal number");
    assert_eq!(page.until, Some(Instant(9020)));
}

#[test]
fn a_sale_that_lacks_what_counts_is_named_with_the_field() {
    let told = |from: &str, to: &str| {
        let page = learned(&one(SALE), &altered("sale", from, to)).expect("the rest goes on");
        page.unreadable.first().map(|(_, error)| error.to_string()).unwrap_or_default()
    };
    assert_eq!(told("\"version\": 9001", "\"v\": 9001"), "data._metadata.version: is missing");
    assert_eq!(told("\"version\": 9001", "\"version\": -1"), "data._metadata.version: is not u64");
    assert_eq!(told("\"closed\"", "\"open\""), "data.state: is not a state of a sale");
    assert_eq!(told("\"outlet_id\"", "\"outlet\""), "data.source.outlet_id: is missing");
    assert!(told("\"2026-11-21T10:14:30+00:00\"", "\"soon\"").starts_with("data.date: is not an RFC 3339 time"));
}

#[test]
fn a_time_without_an_offset_is_utc() {
    let body = altered("sale", "\"2026-11-21T10:14:30+00:00\"", "\"2026-11-21 10:14:30\"");
    assert_eq!(sale(&body).placed_at, at("2026-11-21T10:14:30Z"));
}

/// Replaces text in bytes, which must be there.
trait Replace {
    fn replace(&self, from: &[u8], to: &[u8]) -> Vec<u8>;
}

impl Replace for Vec<u8> {
    fn replace(&self, from: &[u8], to: &[u8]) -> Vec<u8> {
        let text = String::from_utf8(self.clone()).expect("text");
        let (from, to) = (std::str::from_utf8(from).expect("text"), std::str::from_utf8(to).expect("text"));
        assert!(text.contains(from), "there is no {from}");
        text.replace(from, to).into_bytes()
    }
}
