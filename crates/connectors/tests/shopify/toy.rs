//! A toy shop of one order: it knows where every unit is and tells it in both of Shopify's shapes, page by page.

use model::{ExternalLocation, PartSeen, PartState, Quantity};
use serde_json::{Value, json};

const PLACES: [u64; 2] = [70010001, 70010002];

/// Units of one line. What is neither handed over nor cancelled is open.
#[derive(Clone, Debug)]
pub struct ToyLine {
    pub handed_over: [u32; 2],
    pub open: u32,
    /// Which place the open units are promised at.
    pub open_at: usize,
    pub cancelled: u32,
    /// Of those handed over at the first place.
    pub returned: u32,
    /// Of those handed over at the second place: refunded and not put back.
    pub kept: u32,
    /// Refunded and not put back without having been handed over: gone from where the order was assigned.
    pub unshelved: u32,
    /// Edited away, without a refund.
    pub removed: u32,
}

#[derive(Clone, Debug)]
pub struct ToyOrder {
    pub lines: Vec<ToyLine>,
}

fn id(index: usize, base: u64) -> u64 {
    base + index as u64
}

fn gid(kind: &str, number: u64) -> Value {
    json!({ "id": format!("gid://shopify/{kind}/{number}") })
}

fn with(mut object: Value, fields: Value) -> Value {
    let (Value::Object(object_fields), Value::Object(more)) = (&mut object, fields) else { panic!("two objects") };
    object_fields.extend(more);
    object
}

/// A page of at most `first` elements after a cursor, which is the place in the list.
fn page(elements: &[Value], first: u64, after: Option<&str>) -> Value {
    let start = after.map_or(0, |after| after.parse::<usize>().expect("our own cursor"));
    let end = elements.len().min(start + usize::try_from(first).expect("small"));
    let more = end < elements.len();
    json!({ "nodes": elements[start..end], "pageInfo": { "hasNextPage": more, "endCursor": end.to_string() } })
}

impl ToyLine {
    fn ordered(&self) -> u32 {
        self.handed_over[0] + self.handed_over[1] + self.open + self.cancelled + self.unshelved + self.removed
    }

    fn refunded(&self) -> u32 {
        self.cancelled + self.returned + self.kept + self.unshelved
    }

    /// Refund rows: id, units, kind, place.
    fn refund_rows(&self, index: usize) -> Vec<(u64, u32, &'static str, Option<u64>)> {
        let rows = [
            (id(index, 800), self.cancelled, "cancel", Some(PLACES[0])),
            (id(index, 900), self.returned, "return", Some(PLACES[0])),
            (id(index, 1000), self.kept + self.unshelved, "no_restock", None),
        ];
        rows.into_iter().filter(|(_, units, _, _)| *units > 0).collect()
    }

    /// What the hub should see of it.
    pub fn parts(&self) -> Vec<PartSeen> {
        let part = |state, place: usize, units: u32| PartSeen {
            location: Some(ExternalLocation::new(&PLACES[place].to_string())),
            quantity: Quantity::units(units),
            state,
        };
        let gone = (0..2).map(|place| {
            let unshelved = if place == 0 { self.unshelved } else { 0 };
            part(PartState::Gone, place, self.handed_over[place] + unshelved)
        });
        let parts = gone.chain([part(PartState::Promised, self.open_at, self.open)]);
        parts.filter(|part| !part.quantity.is_zero()).collect()
    }
}

impl ToyOrder {
    /// Whether a webhook cannot say where every unit is.
    pub fn is_half_told_by_a_webhook(&self) -> bool {
        self.lines.iter().any(|line| line.open + line.unshelved > 0)
    }

    /// One fulfilment per line and place, so that there are many.
    fn fulfillments(&self) -> Vec<(usize, usize)> {
        let all = (0..self.lines.len()).flat_map(|line| [(line, 0), (line, 1)]);
        all.filter(|(line, place)| self.lines[*line].handed_over[*place] > 0).collect()
    }

    /// One refund per line with anything refunded.
    fn refunds(&self) -> Vec<usize> {
        (0..self.lines.len()).filter(|line| self.lines[*line].refunded() > 0).collect()
    }

    /// The body of `orders/updated`.
    pub fn webhook(&self) -> Value {
        let lines: Vec<Value> = self
            .lines
            .iter()
            .enumerate()
            .map(|(index, line)| {
                json!({"id": id(index, 100), "variant_id": id(index, 300), "sku": "S", "quantity": line.ordered(),
                "current_quantity": line.ordered() - line.refunded() - line.removed,
                "fulfillable_quantity": line.open, "price": "1.00"})
            })
            .collect();
        let fulfillments: Vec<Value> = self
            .fulfillments()
            .into_iter()
            .map(|(line, place)| {
                json!({"id": id(line * 2 + place, 500), "status": "success", "location_id": PLACES[place],
                "line_items": [{"id": id(line, 100), "quantity": self.lines[line].handed_over[place]}]})
            })
            .collect();
        let refunds: Vec<Value> = self.refunds().into_iter().map(|line| {
            let rows = self.lines[line].refund_rows(line).into_iter().map(|(number, units, kind, place)| {
                json!({"id": number, "line_item_id": id(line, 100), "quantity": units, "restock_type": kind,
                    "location_id": place, "line_item": {"variant_id": id(line, 300), "sku": "S"}})
            });
            let rows: Vec<Value> = rows.collect();
            json!({"id": id(line, 700), "order_id": 1, "created_at": "2026-11-21T09:00:00Z", "refund_line_items": rows})
        }).collect();
        json!({"id": 1, "name": "#1", "created_at": "2026-11-20T09:00:00Z",
            "processed_at": "2026-11-20T09:59:00+01:00", "updated_at": "2026-11-21T09:00:00Z",
            "cancelled_at": null, "source_name": "web", "source_identifier": null, "location_id": null,
            "currency": "GBP", "taxes_included": true, "total_price": "9.00", "current_total_price": "9.00",
            "email": null, "phone": null, "customer": null, "line_items": lines, "fulfillments": fulfillments,
            "refunds": refunds})
    }

    /// The answer to a request of ours.
    pub fn answer(&self, body: &[u8]) -> Vec<u8> {
        let body: Value = serde_json::from_slice(body).expect("JSON");
        let variables = &body["variables"];
        let query = body["query"].as_str().expect("a query");
        let data = if query.starts_with("query OrdersOf") {
            let lines = variables["lines"].as_u64().expect("a number");
            json!({ "nodes": [self.head(lines)] })
        } else {
            let parts = (0..).map_while(|index| {
                let of = variables[format!("i{index}")].as_str()?;
                let first = variables[format!("n{index}")].as_u64()?;
                let after = variables[format!("a{index}")].as_str();
                Some((format!("p{index}"), self.part(of, first, after)))
            });
            Value::Object(parts.collect())
        };
        json!({ "data": data }).to_string().into_bytes()
    }

    fn head(&self, lines: u64) -> Value {
        let order = json!({"id": "gid://shopify/Order/1", "name": "#1", "createdAt": "2026-11-20T09:00:00Z",
            "processedAt": "2026-11-20T08:59:00Z",
            "updatedAt": "2026-11-21T09:00:00Z", "cancelledAt": null, "sourceName": "web", "sourceIdentifier": null,
            "taxesIncluded": true, "currencyCode": "GBP", "email": null, "phone": null, "customer": null,
            "retailLocation": null, "currentTotalPriceSet": {"shopMoney": {"amount": "9.0"}}});
        let lists = self.order_part(2, None);
        with(with(order, lists), json!({ "lineItems": page(&self.lines(), lines, None) }))
    }

    fn part(&self, of: &str, first: u64, after: Option<&str>) -> Value {
        let (kind, number) = of.trim_start_matches("gid://shopify/").split_once('/').expect("a gid");
        let number: usize = number.parse().expect("a number");
        let line = |line: usize| gid("LineItem", id(line, 100));
        match kind {
            "Order" => self.order_part(first, after),
            "FulfillmentOrder" => {
                let place = number - 600;
                let open = self.lines.iter().enumerate().filter(|(_, it)| it.open > 0 && it.open_at == place);
                let rows = open.map(|(index, it)| json!({"remainingQuantity": it.open, "lineItem": line(index)}));
                json!({ "lineItems": page(&rows.collect::<Vec<_>>(), first, after) })
            }
            "Fulfillment" => {
                let (index, place) = ((number - 500) / 2, (number - 500) % 2);
                let row = json!({"quantity": self.lines[index].handed_over[place], "lineItem": line(index)});
                json!({ "fulfillmentLineItems": page(&[row], first, after) })
            }
            "Refund" => {
                let index = number - 700;
                let rows = self.lines[index].refund_rows(index).into_iter().map(|(number, units, kind, place)| {
                    let location = place.map(|place| gid("Location", place));
                    let fields = json!({"quantity": units, "restockType": kind.to_uppercase(),
                        "lineItem": line(index), "location": location});
                    with(gid("RefundLineItem", number), fields)
                });
                let rows: Vec<Value> = rows.collect();
                json!({ "refundLineItems": page(&rows, first, after) })
            }
            other => panic!("nobody asks for a {other}"),
        }
    }

    /// Everything an order has in lists; what was not asked for does no harm.
    fn order_part(&self, first: u64, after: Option<&str>) -> Value {
        let orders = [0, 1].map(|place: usize| {
            let location = json!({ "location": gid("Location", PLACES[place]) });
            let open = self.lines.iter().any(|line| line.open > 0 && line.open_at == place);
            let status = if open { "OPEN" } else { "CLOSED" };
            with(gid("FulfillmentOrder", id(place, 600)), json!({"status": status, "assignedLocation": location}))
        });
        let fulfillment = |(line, place): (usize, usize)| {
            let fields = json!({"status": "SUCCESS", "location": gid("Location", PLACES[place])});
            with(gid("Fulfillment", id(line * 2 + place, 500)), fields)
        };
        let refund = |line| with(gid("Refund", id(line, 700)), json!({ "processedAt": "2026-11-21T09:00:00Z" }));
        let size = usize::try_from(first).expect("small");
        let fulfillments: Vec<Value> = self.fulfillments().into_iter().map(fulfillment).take(size).collect();
        let refunds: Vec<Value> = self.refunds().into_iter().map(refund).take(size).collect();
        let lists = json!({"fulfillments": fulfillments, "refunds": refunds});
        let pages =
            json!({"lineItems": page(&self.lines(), first, after), "fulfillmentOrders": page(&orders, 250, None)});
        with(lists, pages)
    }

    fn lines(&self) -> Vec<Value> {
        let price = json!({"shopMoney": {"amount": "1.0"}});
        let line = |(index, line): (usize, &ToyLine)| {
            let fields = json!({"sku": "S", "quantity": line.ordered(),
                "currentQuantity": line.ordered() - line.refunded() - line.removed, "unfulfilledQuantity": line.open,
                "variant": gid("ProductVariant", id(index, 300)), "originalUnitPriceSet": price});
            with(gid("LineItem", id(index, 100)), fields)
        };
        self.lines.iter().enumerate().map(line).collect()
    }
}
