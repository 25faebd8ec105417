//! A toy R-Series: levels, a log of every change, and a page size. It is obviously right, and forgets to tell nothing.

use std::collections::BTreeMap;

use connectors::{Reply, Request};
use http::Method;
use serde_json::{Value, json};

use crate::desk::reply;

/// Base of `itemShopID`s.
const ROW: usize = 900;

#[derive(Clone, Debug)]
struct Stock {
    item: String,
    shop: String,
    level: i64,
}

#[derive(Clone, Debug)]
struct Change {
    item: String,
    shop: String,
    size: i64,
    /// 0 when the level was set.
    sale: u64,
}

/// What the platform holds.
#[derive(Clone, Debug)]
pub struct Toy {
    stock: Vec<Stock>,
    log: Vec<Change>,
    page: usize,
    /// Whether the reply to a write tells levels.
    tells: bool,
    /// How many writes came.
    pub writes: usize,
}

impl Toy {
    pub fn new(stock: &[(&str, &str, i64)], page: usize, tells: bool) -> Self {
        let stock = stock.iter().map(|(item, shop, level)| Stock {
            item: (*item).to_owned(),
            shop: (*shop).to_owned(),
            level: *level,
        });
        Self { stock: stock.collect(), log: Vec::new(), page, tells, writes: 0 }
    }

    pub fn level(&self, item: &str, shop: &str) -> i64 {
        self.stock.iter().find(|row| row.item == item && row.shop == shop).expect("it is stocked there").level
    }

    /// A sale (below zero) or refund at the till.
    pub fn sell(&mut self, item: &str, shop: &str, size: i64) {
        self.change(item, shop, size, 8_000 + self.log.len() as u64);
    }

    /// A person changes the level by so much: a row of the log without a cause, as our own writes are.
    pub fn set_by_hand(&mut self, item: &str, shop: &str, size: i64) {
        self.change(item, shop, size, 0);
    }

    fn change(&mut self, item: &str, shop: &str, size: i64, sale: u64) {
        let row = self.stock.iter_mut().find(|row| row.item == item && row.shop == shop).expect("it is stocked there");
        row.level += size;
        if size != 0 {
            self.log.push(Change { item: item.to_owned(), shop: shop.to_owned(), size, sale });
        }
    }

    /// Carries a request out.
    pub fn answer(&mut self, request: &Request) -> Reply {
        let path = request.http.uri().path().to_owned();
        let query = Query::of(request.http.uri().query().unwrap_or_default());
        let body = match (request.http.method(), path.rsplit('/').next().expect("a path has an end")) {
            (&Method::GET, "ItemShop.json") => {
                let wanted =
                    |row: &&(usize, Stock)| query.has("itemID", &row.1.item) && query.has("shopID", &row.1.shop);
                let rows: Vec<_> = self.stock.iter().cloned().enumerate().collect();
                let rows: Vec<Value> = rows.iter().filter(wanted).map(|(index, row)| shown(*index, row)).collect();
                self.list(&path, &query, "ItemShop", &rows)
            }
            (&Method::GET, "InventoryLog.json") => {
                let after = query.after("inventoryLogID");
                let rows = self.log.iter().enumerate().map(|(index, row)| (index as u64 + 1, row));
                let rows = rows.filter(|(id, row)| *id > after && query.has("itemID", &row.item));
                let mut rows: Vec<Value> = rows.map(|(id, row)| logged(id, row)).collect();
                if query.get("sort") == Some("-inventoryLogID") {
                    rows.reverse();
                }
                self.list(&path, &query, "InventoryLog", &rows)
            }
            (&Method::PUT, file) => self.put(file.trim_end_matches(".json"), request.http.body()),
            other => panic!("the toy has no {other:?}"),
        };
        reply(200, body.to_string().as_bytes())
    }

    /// The levels that a reply lists, by item and shop.
    pub fn told(&self, reply: &Reply) -> BTreeMap<(&str, &str), i64> {
        let body: Value = serde_json::from_slice(&reply.body).expect("our own reply");
        let rows = match &body["ItemShop"] {
            Value::Array(rows) => rows.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        };
        let pair = |row: &Value| {
            let stock = self.stock.iter().find(|stock| row["itemID"] == stock.item && row["shopID"] == stock.shop);
            let stock = stock.expect("a row of ours");
            let level = row["qoh"].as_str().expect("text").parse().expect("a whole number");
            ((stock.item.as_str(), stock.shop.as_str()), level)
        };
        rows.iter().map(pair).collect()
    }

    fn put(&mut self, item: &str, body: &[u8]) -> Value {
        self.writes += 1;
        let body: Value = serde_json::from_slice(body).expect("the body is JSON");
        for row in body["ItemShops"]["ItemShop"].as_array().expect("rows") {
            let id: usize = row["itemShopID"].as_str().expect("text").parse().expect("a number");
            let stock = self.stock[id - ROW].clone();
            assert_eq!(stock.item, item, "a row of another item");
            let target: i64 = row["qoh"].as_str().expect("text").parse().expect("a whole number");
            self.change(item, &stock.shop, target - stock.level, 0);
        }
        let rows: Vec<Value> = self
            .stock
            .iter()
            .enumerate()
            .filter(|(_, row)| row.item == item)
            .map(|(index, row)| shown(index, row))
            .collect();
        let shops = if self.tells { json!({"ItemShop": rows}) } else { json!("") };
        json!({"Item": {"itemID": item, "ItemShops": shops}})
    }

    fn list(&self, path: &str, query: &Query, name: &str, rows: &[Value]) -> Value {
        let start: usize = query.get("after").map_or(0, |after| after.parse().expect("our own cursor"));
        let total = rows.len();
        let end = total.min(start + self.page);
        let rows = &rows[start.min(end)..end];
        let next = if end < total {
            format!("https://toy.example.net{path}?{}&after={end}", query.without_after())
        } else {
            String::new()
        };
        let mut list = json!({"@attributes": {"next": next, "previous": ""}});
        match rows {
            [] => {}
            [one] => list[name] = one.clone(),
            several => list[name] = json!(several),
        }
        list
    }
}

fn shown(index: usize, row: &Stock) -> Value {
    json!({"itemShopID": (ROW + index).to_string(), "itemID": row.item, "shopID": row.shop,
        "qoh": row.level.to_string(), "timeStamp": "2026-11-21T18:00:01+00:00"})
}

fn logged(id: u64, row: &Change) -> Value {
    json!({"inventoryLogID": id.to_string(), "itemID": row.item, "shopID": row.shop,
        "qohChange": row.size.to_string(), "saleID": row.sale.to_string(), "orderID": "0", "transferID": "0",
        "inventoryCountID": "0", "vendorReturnID": "0", "itemImportID": "0", "customerID": "0",
        "createTime": "2026-11-21T18:00:01+00:00"})
}

/// A query, decoded.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(text: &str) -> Self {
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Whether a filter by ids lets this one through.
    fn has(&self, name: &str, id: &str) -> bool {
        let Some(filter) = self.get(name) else { return true };
        let ids = filter.strip_prefix("IN,[").and_then(|rest| rest.strip_suffix(']')).expect("a list of ids");
        ids.split(',').any(|own| own == id)
    }

    /// The bound of a `>` filter.
    fn after(&self, name: &str) -> u64 {
        let bound = self.get(name).map(|filter| filter.strip_prefix(">,").expect("a bound"));
        bound.map_or(0, |bound| bound.parse().expect("a number"))
    }

    fn without_after(&self) -> String {
        let pairs = self.0.iter().filter(|(name, _)| name != "after");
        pairs.map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next(), rest.next()].map(|digit| char::from(digit.expect("two digits")));
            bytes.push(u8::from_str_radix(&digits.iter().collect::<String>(), 16).expect("two digits"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("text")
}
