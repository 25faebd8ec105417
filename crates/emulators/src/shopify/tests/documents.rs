//! Documents that the app makes: orders, refunds, customers, transfers.

use serde_json::{Value, json};

use super::Bench;
use crate::machine::{BookDocument, Machine as _};

pub(super) const ORDER: &str = "mutation($o: OrderCreateOrderInput!, $w: OrderCreateOptionsInput) {
    orderCreate(order: $o, options: $w) { order { id note sourceIdentifier displayFinancialStatus fullyPaid
        totalOutstandingSet { shopMoney { amount } } transactions { id } customer { id }
        lineItems(first: 5) { nodes { id quantity originalUnitPriceSet { shopMoney { amount } } } }
        fulfillmentOrders(first: 5) { nodes { id assignedLocation { location { id name } } } } }
        userErrors { code field message } } }";
pub(super) const MOVE: &str = "mutation($f: ID!, $l: ID!) { fulfillmentOrderMove(id: $f, newLocationId: $l) {
    movedFulfillmentOrder { id assignedLocation { location { name } } } originalFulfillmentOrder { id status }
    userErrors { code field message } } }";
pub(super) const REFUND: &str = "mutation($i: RefundInput!, $k: String!) { refundCreate(input: $i) @idempotent(key: $k) {
    refund { id note totalRefundedSet { shopMoney { amount } } refundLineItems(first: 5) { nodes { quantity restockType } } }
    order { displayFinancialStatus transactions { id kind amountSet { shopMoney { amount } } parentTransaction { id } } }
    userErrors { field message } } }";
pub(super) const CUSTOMER: &str = "mutation($i: CustomerInput!) { customerCreate(input: $i) {
    customer { id tags defaultAddress { address1 } } userErrors { field message } } }";
pub(super) const CHANGE: &str = "mutation($i: CustomerInput!) { customerUpdate(input: $i) {
    customer { firstName lastName email tags } userErrors { field message } } }";
pub(super) const ADDRESS: &str = "mutation($c: ID!, $a: MailingAddressInput!) {
    customerAddressCreate(customerId: $c, address: $a, setAsDefault: true) { address { id address1 } userErrors { field message } } }";
pub(super) const KNOWN: &str = "query($i: CustomerIdentifierInput!, $q: String) {
    customerByIdentifier(identifier: $i) { id } customers(first: 5, query: $q) { nodes { id tags } } }";
pub(super) const TRANSFER: &str = "mutation($i: InventoryTransferCreateInput!, $k: String!) {
    inventoryTransferCreate(input: $i) @idempotent(key: $k) {
        inventoryTransfer { id status referenceName note totalQuantity origin { location { name } } destination { location { name } }
            lineItems(first: 5) { nodes { totalQuantity inventoryItem { sku } } } }
        userErrors { code field message } } }";

impl Bench {
    fn variant(&mut self, sku: &str) -> Value {
        let query = "query($q: String) { productVariants(first: 1, query: $q) { nodes { id } } }";
        self.ask(query, json!({"q": format!("sku:'{sku}'")}))["data"]["productVariants"]["nodes"][0]["id"].take()
    }

    fn place_order(&mut self, quantity: u32, behaviour: &str) -> Value {
        let line = json!({"variantId": self.variant("SKU-1"), "quantity": quantity});
        let order =
            json!({"lineItems": [line], "financialStatus": "PENDING", "sourceIdentifier": "doc-1", "note": "by phone"});
        self.ask(ORDER, json!({"o": order, "w": {"inventoryBehaviour": behaviour}}))["data"]["orderCreate"].take()
    }

    fn documents(&self, kind: &str) -> Vec<BookDocument> {
        self.shop.books().documents.into_iter().filter(|document| document.kind == kind).collect()
    }
}

fn number(gid: &Value) -> &str {
    gid.as_str().and_then(|gid| gid.rsplit('/').next()).expect("a gid")
}

#[test]
fn an_order_of_the_app_is_open_and_promised_and_the_same_call_makes_another() {
    let mut bench = Bench::new();
    bench.subscribe(&["orders/create", "orders/paid", "inventory_levels/update"]);
    let made = bench.place_order(4, "DECREMENT_OBEYING_POLICY");
    assert_eq!(made["userErrors"], json!([]));
    let order = &made["order"];
    assert_eq!((&order["displayFinancialStatus"], &order["fullyPaid"]), (&json!("PENDING"), &json!(false)));
    assert_eq!((&order["note"], &order["sourceIdentifier"]), (&json!("by phone"), &json!("doc-1")));
    assert_eq!(order["totalOutstandingSet"]["shopMoney"]["amount"], "79.80");
    assert_eq!(order["transactions"], json!([]));
    assert_eq!(bench.states("SKU-1", "Front"), [6, 4, 10]);
    assert_eq!(bench.topics(), ["orders/create", "inventory_levels/update"], "nobody has paid");
    let again = bench.place_order(4, "DECREMENT_OBEYING_POLICY");
    assert_ne!(again["order"]["id"], order["id"], "there is no key");
    let documents = bench.documents("order");
    assert_eq!(documents.len(), 2);
    assert_eq!((documents[0].state.as_str(), documents[0].document.as_str()), ("pending", number(&order["id"])));
}

#[test]
fn what_an_order_takes_from_the_levels_is_as_the_app_says() {
    let mut bench = Bench::new();
    let refused = bench.place_order(16, "DECREMENT_OBEYING_POLICY");
    assert_eq!(refused["userErrors"][0]["code"], "INVENTORY_CLAIM_FAILED");
    assert_eq!(bench.documents("order"), []);
    let line = json!({"variantId": bench.variant("SKU-1"), "quantity": 16});
    let made = bench.ask(ORDER, json!({"o": {"lineItems": [line]}}));
    assert_eq!(made["data"]["orderCreate"]["order"]["displayFinancialStatus"], "PAID", "nothing was said");
    assert_eq!(bench.states("SKU-1", "Front"), [10, 0, 10], "nothing was asked for, so nothing is claimed");
    bench.place_order(16, "DECREMENT_IGNORING_POLICY");
    assert_eq!(bench.states("SKU-1", "Front"), [-1, 11, 10]);
}

#[test]
fn an_order_with_a_wrong_line_price_or_customer_is_not_made() {
    let mut bench = Bench::new();
    let variant = bench.variant("SKU-1");
    let price = |amount: &str, currency: &str| json!({"shopMoney": {"amount": amount, "currencyCode": currency}});
    for order in [
        json!({"lineItems": []}),
        json!({"lineItems": [{"variantId": "gid://shopify/ProductVariant/1", "quantity": 1}]}),
        json!({"lineItems": [{"variantId": variant, "quantity": 0}]}),
        json!({"lineItems": [{"variantId": variant, "quantity": 1, "priceSet": price("1.005", "EUR")}]}),
        json!({"lineItems": [{"variantId": variant, "quantity": 1, "priceSet": price("1.00", "GBP")}]}),
        json!({"lineItems": [{"variantId": variant, "quantity": 1}],
            "customer": {"toAssociate": {"id": "gid://shopify/Customer/1"}}}),
    ] {
        let made = bench.ask(ORDER, json!({"o": order}))["data"]["orderCreate"].take();
        assert_eq!((&made["order"], &made["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID")), "{order}");
    }
    let line = json!({"variantId": variant, "quantity": 1, "priceSet": price("12.5", "EUR")});
    let made = bench.ask(ORDER, json!({"o": {"lineItems": [line]}}));
    let line = &made["data"]["orderCreate"]["order"]["lineItems"]["nodes"][0];
    assert_eq!(line["originalUnitPriceSet"]["shopMoney"]["amount"], "12.50");
}

#[test]
fn a_part_that_is_moved_takes_its_promise_along() {
    let mut bench = Bench::new();
    let made = bench.place_order(4, "DECREMENT_OBEYING_POLICY");
    let part = made["order"]["fulfillmentOrders"]["nodes"][0]["id"].clone();
    let (_, back) = bench.ids("SKU-1", "Back");
    let moved = bench.ask(MOVE, json!({"f": part, "l": back}))["data"]["fulfillmentOrderMove"].take();
    assert_eq!(moved["movedFulfillmentOrder"]["id"], part, "nothing was handed out of it");
    assert_eq!(moved["movedFulfillmentOrder"]["assignedLocation"]["location"]["name"], "Back");
    assert_eq!(bench.states("SKU-1", "Front"), [10, 0, 10]);
    assert_eq!(bench.states("SKU-1", "Back"), [1, 4, 5]);
    assert_eq!(bench.documents("order")[0].location, "Back");
    let again = bench.ask(MOVE, json!({"f": part, "l": back}))["data"]["fulfillmentOrderMove"].take();
    assert_eq!(again["movedFulfillmentOrder"], Value::Null);
    assert!(again["userErrors"][0]["message"].as_str().is_some_and(|words| words.contains("already")));
}

#[test]
fn the_rest_of_a_part_that_was_begun_becomes_a_part_of_its_own() {
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "4")]).expect("in stock");
    let query = "{ orders(first: 1) { nodes { fulfillmentOrders(first: 2) { nodes { id lineItems(first: 1) { nodes { id } } } } } } }";
    let part = bench.ask(query, json!({}))["data"]["orders"]["nodes"][0]["fulfillmentOrders"]["nodes"][0].take();
    hand_out(&mut bench, &part, 1);
    let (_, back) = bench.ids("SKU-1", "Back");
    let moved = bench.ask(MOVE, json!({"f": part["id"], "l": back}))["data"]["fulfillmentOrderMove"].take();
    assert_ne!(moved["movedFulfillmentOrder"]["id"], part["id"]);
    assert_eq!(moved["originalFulfillmentOrder"], json!({"id": part["id"], "status": "CLOSED"}));
    assert_eq!(bench.states("SKU-1", "Front"), [9, 0, 9]);
    assert_eq!(bench.states("SKU-1", "Back"), [2, 3, 5]);
}

fn hand_out(bench: &mut Bench, part: &Value, units: u32) {
    let fulfil = "mutation($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) { userErrors { message } } }";
    let line = json!({"id": part["lineItems"]["nodes"][0]["id"], "quantity": units});
    bench.ask(
        fulfil,
        json!({"f": {"lineItemsByFulfillmentOrder": [
            {"fulfillmentOrderId": part["id"], "fulfillmentOrderLineItems": [line]}]}}),
    );
}

fn money_back(order: &Value, payment: &Value, amount: &str) -> Value {
    json!({"orderId": order, "parentId": payment, "kind": "REFUND", "gateway": "shopify_payments", "amount": amount})
}

#[test]
fn a_refund_takes_back_what_left_and_what_did_not_each_by_its_own_word() {
    let mut bench = Bench::new();
    bench.order("w1", &[("SKU-1", "4")]).expect("in stock");
    let query = "{ orders(first: 1) { nodes { id lineItems(first: 1) { nodes { id } }
        fulfillmentOrders(first: 1) { nodes { id lineItems(first: 1) { nodes { id } } } } } } }";
    let order = bench.ask(query, json!({}))["data"]["orders"]["nodes"][0].take();
    let part = &order["fulfillmentOrders"]["nodes"][0];
    hand_out(&mut bench, part, 2);
    assert_eq!(bench.states("SKU-1", "Front"), [6, 2, 8]);
    let (_, front) = bench.ids("SKU-1", "Front");
    let row = |restock: &str, quantity: u32| {
        json!({"lineItemId": order["lineItems"]["nodes"][0]["id"], "quantity": quantity, "restockType": restock,
            "locationId": front})
    };
    let input = json!({"orderId": order["id"], "note": "broken [doc-2]", "currency": "EUR",
        "refundLineItems": [row("RETURN", 1), row("CANCEL", 1)]});
    let made = bench.ask(REFUND, json!({"i": input, "k": "doc-2"}))["data"]["refundCreate"].take();
    assert_eq!(made["userErrors"], json!([]));
    assert_eq!(made["refund"]["totalRefundedSet"]["shopMoney"]["amount"], "0.00", "goods only");
    assert_eq!(bench.states("SKU-1", "Front"), [8, 1, 9]);
    let too_many = json!({"orderId": order["id"], "refundLineItems": [row("CANCEL", 2)]});
    let refused = bench.ask(REFUND, json!({"i": too_many, "k": "doc-3"}))["data"]["refundCreate"].take();
    assert_eq!(refused["userErrors"][0]["message"], "2 cannot be refunded, 1 remain");
    let lost = json!({"orderId": order["id"], "refundLineItems": [row("NO_RESTOCK", 2)]});
    bench.ask(REFUND, json!({"i": lost, "k": "doc-4"}));
    assert_eq!(bench.states("SKU-1", "Front"), [8, 0, 8], "one was handed out, the other left the shelf");
}

#[test]
fn more_money_than_is_left_is_refused_unless_the_app_insists() {
    let mut bench = Bench::new();
    bench.sell("s1", "SKU-1", "2");
    let query = "{ orders(first: 1) { nodes { id transactions { id } } } }";
    let order = bench.ask(query, json!({}))["data"]["orders"]["nodes"][0].take();
    let (id, payment) = (&order["id"], &order["transactions"][0]["id"]);
    let mut refund = |amount: &str, key: &str, over: bool| {
        let input =
            json!({"orderId": id, "allowOverRefunding": over, "transactions": [money_back(id, payment, amount)]});
        bench.ask(REFUND, json!({"i": input, "k": key}))["data"]["refundCreate"].take()
    };
    let part = refund("30.00", "a", false);
    assert_eq!(part["order"]["displayFinancialStatus"], "PARTIALLY_REFUNDED");
    assert_eq!(part["order"]["transactions"][1]["parentTransaction"]["id"], *payment);
    assert_eq!(refund("30.00", "a", false)["refund"]["id"], part["refund"]["id"], "the same key is the same refund");
    assert_eq!(refund("9.91", "b", false)["refund"], Value::Null, "9.90 are left");
    assert_eq!(refund("9.90", "c", false)["order"]["displayFinancialStatus"], "REFUNDED");
    assert_eq!(refund("0.01", "d", true)["userErrors"], json!([]));
    assert_eq!(bench.documents("refund").iter().map(|it| it.amount_minor).sum::<i64>(), 3_991);
}

#[test]
fn a_refund_of_nothing_or_from_a_payment_that_is_not_the_orders_is_refused() {
    let mut bench = Bench::new();
    let made = bench.place_order(1, "DECREMENT_OBEYING_POLICY");
    let id = &made["order"]["id"];
    let foreign = json!("gid://shopify/OrderTransaction/1");
    for (number, input) in [
        json!({"orderId": id}),
        json!({"orderId": "gid://shopify/Order/1"}),
        json!({"orderId": id, "transactions": [money_back(id, &foreign, "1.00")]}),
        json!({"orderId": id, "currency": "GBP"}),
    ]
    .into_iter()
    .enumerate()
    {
        let made = bench.ask(REFUND, json!({"i": input, "k": number.to_string()}))["data"]["refundCreate"].take();
        assert!(made["userErrors"][0]["message"].is_string(), "{input}");
    }
    assert_eq!(bench.documents("refund"), []);
}

#[test]
fn an_unpaid_order_that_is_cancelled_is_void_and_gives_no_money_back() {
    let mut bench = Bench::new();
    let made = bench.place_order(2, "DECREMENT_OBEYING_POLICY");
    let cancel = "mutation($o: ID!) { orderCancel(orderId: $o, reason: OTHER, restock: true) { orderCancelUserErrors { code } } }";
    bench.ask(cancel, json!({"o": made["order"]["id"]}));
    assert_eq!(bench.states("SKU-1", "Front"), [10, 0, 10]);
    let documents = (bench.documents("order"), bench.documents("refund"));
    assert_eq!((documents.0[0].state.as_str(), documents.1[0].amount_minor), ("voided", 0));
}

#[test]
fn a_shop_has_an_address_and_a_number_once_and_finds_people_by_them_and_by_tag() {
    let mut bench = Bench::new();
    bench.subscribe(&["customers/create", "customers/update"]);
    let ada = json!({"firstName": "Ada", "lastName": "Byron", "email": "ada@example.com", "phone": "+441632960001",
        "tags": ["doc-4"], "addresses": [{"address1": "12 Kiln Lane"}]});
    let made = bench.ask(CUSTOMER, json!({"i": ada}))["data"]["customerCreate"].take();
    let id = &made["customer"]["id"];
    assert_eq!(made["customer"]["defaultAddress"]["address1"], "12 Kiln Lane");
    for (input, words) in [
        (json!({"firstName": "A", "email": "ADA@example.com"}), "Email has already been taken"),
        (json!({"firstName": "A", "phone": "+441632960001"}), "Phone has already been taken"),
        (json!({"email": "nowhere"}), "Email is invalid"),
        (json!({"phone": "12"}), "Phone is invalid"),
        (json!({"tags": ["x"]}), "A name, phone number, or email address must be present"),
    ] {
        let refused = bench.ask(CUSTOMER, json!({"i": input}))["data"]["customerCreate"].take();
        assert_eq!((&refused["customer"], &refused["userErrors"][0]["message"]), (&Value::Null, &json!(words)));
    }
    for identifier in
        [json!({"emailAddress": "Ada@example.com"}), json!({"phoneNumber": "+441632960001"}), json!({"id": id})]
    {
        let found = bench.ask(KNOWN, json!({"i": identifier, "q": "tag:'doc-4'"}));
        assert_eq!(found["data"]["customerByIdentifier"]["id"], *id);
        assert_eq!(found["data"]["customers"]["nodes"][0]["tags"], json!(["doc-4"]));
    }
    let changed = bench.ask(CHANGE, json!({"i": {"id": id, "lastName": "Lovelace"}}));
    let wanted = json!({"firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.com", "tags": ["doc-4"]});
    assert_eq!(changed["data"]["customerUpdate"]["customer"], wanted);
    bench.ask(ADDRESS, json!({"c": id, "a": {"address1": "1 Quay"}}));
    assert_eq!(bench.topics(), ["customers/create", "customers/update", "customers/update"]);
    assert_eq!(bench.documents("customer")[0].person, "Ada Lovelace ada@example.com +441632960001");
}

#[test]
fn a_transfer_is_a_draft_that_moves_nothing() {
    let mut bench = Bench::new();
    let ((item, front), (_, back)) = (bench.ids("SKU-1", "Front"), bench.ids("SKU-1", "Back"));
    let line = json!({"inventoryItemId": item, "quantity": 3});
    let input = json!({"originLocationId": front, "destinationLocationId": back, "lineItems": [line], "referenceName": "doc-5"});
    let made = bench.ask(TRANSFER, json!({"i": input, "k": "doc-5"}))["data"]["inventoryTransferCreate"].take();
    let transfer = &made["inventoryTransfer"];
    assert_eq!((&transfer["status"], &transfer["totalQuantity"]), (&json!("DRAFT"), &json!(3)));
    assert_eq!(transfer["destination"]["location"]["name"], "Back");
    assert_eq!(bench.states("SKU-1", "Front"), [10, 0, 10]);
    let again = bench.ask(TRANSFER, json!({"i": input, "k": "doc-5"}));
    assert_eq!(again["data"]["inventoryTransferCreate"]["inventoryTransfer"]["id"], transfer["id"]);
    assert_eq!(bench.documents("transfer").len(), 1);
    for (number, (input, code)) in [
        (
            json!({"originLocationId": front, "destinationLocationId": front, "lineItems": [line]}),
            "TRANSFER_ORIGIN_CANNOT_BE_THE_SAME_AS_DESTINATION",
        ),
        (json!({"originLocationId": "gid://shopify/Location/1", "lineItems": [line]}), "LOCATION_NOT_FOUND"),
        (json!({"originLocationId": front, "lineItems": [line, line]}), "DUPLICATE_ITEM"),
        (json!({"lineItems": [{"inventoryItemId": item, "quantity": 0}]}), "INVALID_QUANTITY"),
        (json!({"lineItems": [{"inventoryItemId": "gid://shopify/InventoryItem/1", "quantity": 1}]}), "ITEM_NOT_FOUND"),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = bench.ask(TRANSFER, json!({"i": input, "k": number.to_string()}));
        assert_eq!(refused["data"]["inventoryTransferCreate"]["userErrors"][0]["code"], code);
    }
}

#[test]
fn documents_need_their_scopes_and_some_their_key() {
    let mut bench = Bench::new();
    let keyless = TRANSFER.replace("@idempotent(key: $k)", "").replace(", $k: String!", "");
    let refused = bench.ask(&keyless, json!({"i": {"lineItems": []}}));
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    bench.shop.shop.scopes.retain(|scope| !scope.starts_with("write_"));
    let line = json!({"variantId": bench.variant("SKU-1"), "quantity": 1});
    let refused = bench.ask(ORDER, json!({"o": {"lineItems": [line]}}));
    assert_eq!(refused["errors"][0]["extensions"]["code"], "ACCESS_DENIED");
    assert!(refused["errors"][0]["message"].as_str().is_some_and(|words| words.contains("write_orders")));
}
