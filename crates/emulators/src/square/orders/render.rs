//! How an order looks in the API.
//!
//! Called by every endpoint that shows orders; it changes nothing.

use super::super::Square;
use super::super::clock::rfc3339;
use super::super::wire::money;
use super::{Fulfilment, Line, Order, Return, ReturnLine};
use serde_json::{Map, Value, json};

impl Square {
    /// The whole order.
    pub(crate) fn show_order(&self, index: usize) -> Value {
        let order = self.orders.get(index);
        let mut shown = order.extra.clone();
        let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        put("id", json!(order.id));
        put("location_id", json!(self.locations.get(order.location).id));
        put("source", json!({"name": order.source}));
        put("state", json!(order.state.word()));
        put("version", json!(order.version));
        put("created_at", json!(rfc3339(order.created_at)));
        put("updated_at", json!(rfc3339(order.updated_at)));
        if let Some(closed_at) = order.closed_at {
            put("closed_at", json!(rfc3339(closed_at)));
        }
        if !order.reference.is_empty() {
            put("reference_id", json!(order.reference));
        }
        if let Some(customer) = &order.customer {
            put("customer_id", json!(customer));
        }
        if !order.fulfilments.is_empty() {
            put("fulfillments", order.fulfilments.iter().map(Fulfilment::render).collect());
        }
        self.show_lines(order, &mut shown);
        self.show_money(order, &mut shown);
        Value::Object(shown)
    }

    fn show_lines(&self, order: &Order, shown: &mut Map<String, Value>) {
        let lines: Vec<Value> = order
            .lines
            .iter()
            .filter(|line| !line.quantity.is_zero())
            .map(|line| self.show_line(order, line))
            .collect();
        if !lines.is_empty() {
            shown.insert("line_items".into(), Value::Array(lines));
        }
        if let Some(returned) = &order.returned {
            shown.insert("returns".into(), json!([self.show_return(returned)]));
            let amounts = self.amounts(order.return_total(), self.tax_of_return(order));
            shown.insert("return_amounts".into(), amounts);
        }
    }

    fn show_line(&self, order: &Order, line: &Line) -> Value {
        let mut shown = Map::new();
        let tax = self.tax_of_line(order, line);
        if let Some(applied) = self.show_applied_tax(line, tax) {
            shown.insert("applied_taxes".into(), applied);
        }
        let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        put("uid", Value::from(line.uid.as_str()));
        put("quantity", Value::from(line.quantity.to_string()));
        put("item_type", Value::from("ITEM"));
        put("base_price_money", self.money(line.price_minor));
        for name in ["variation_total_price_money", "gross_sales_money", "total_money"] {
            put(name, self.money(line.quantity.price(line.price_minor)));
        }
        put("total_tax_money", self.money(tax));
        put("total_discount_money", self.money(0));
        match line.variation {
            Some(variation) => self.name_line(variation, &mut shown),
            None => {
                shown.insert("name".into(), Value::from(line.name.as_str()));
            }
        }
        Value::Object(shown)
    }

    fn name_line(&self, variation: usize, shown: &mut Map<String, Value>) {
        let (item, name) = self.catalog.names(variation);
        shown.insert("catalog_object_id".into(), Value::from(self.catalog.variation(variation).id.as_str()));
        shown.insert("catalog_version".into(), Value::from(self.catalog.version_of(variation)));
        shown.insert("name".into(), Value::from(item));
        shown.insert("variation_name".into(), Value::from(name));
    }

    fn show_return(&self, returned: &Return) -> Value {
        let lines: Vec<Value> = returned.lines.iter().map(|line| self.show_return_line(line)).collect();
        let mut shown = json!({"uid": returned.uid, "return_line_items": lines});
        if let Some(source) = &returned.source {
            shown["source_order_id"] = json!(source);
        }
        shown
    }

    fn show_return_line(&self, line: &ReturnLine) -> Value {
        let mut shown = Map::new();
        let mut put = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        put("uid", Value::from(line.uid.as_str()));
        put("quantity", Value::from(line.quantity.to_string()));
        put("item_type", Value::from("ITEM"));
        put("base_price_money", self.money(line.price_minor));
        for name in ["variation_total_price_money", "gross_return_money", "total_money"] {
            put(name, self.money(line.quantity.price(line.price_minor)));
        }
        let tax = self.tax_inside(Some(line.variation), line.quantity, line.price_minor);
        put("total_tax_money", self.money(tax));
        if let Some(source) = &line.source_uid {
            put("source_line_item_uid", Value::from(source.as_str()));
        }
        self.name_line(line.variation, &mut shown);
        Value::Object(shown)
    }

    fn show_money(&self, order: &Order, shown: &mut Map<String, Value>) {
        let total = order.total();
        let paid: i64 =
            order.payments.iter().map(|index| self.payments.payment(*index).captured()).fold(0, i64::saturating_add);
        let due = if order.returned.is_some() { 0 } else { total.saturating_sub(paid) };
        let zero = self.money(0);
        let tax = self.tax_of_order(order);
        if let Some(taxes) = self.show_taxes(order) {
            shown.insert("taxes".into(), taxes);
        }
        shown.insert("total_tax_money".into(), self.money(tax));
        for name in ["total_discount_money", "total_tip_money", "total_service_charge_money"] {
            shown.insert(name.into(), zero.clone());
        }
        shown.insert("total_money".into(), self.money(total));
        let (net, net_tax) =
            (total.saturating_sub(order.return_total()), tax.saturating_sub(self.tax_of_return(order)));
        shown.insert("net_amounts".into(), self.amounts(net, net_tax));
        shown.insert("net_amount_due_money".into(), self.money(due));
        let location = &self.locations.get(order.location).id;
        if !order.payments.is_empty() {
            let tenders = order.payments.iter().map(|index| self.payments.payment(*index).tender(location, self));
            shown.insert("tenders".into(), tenders.collect());
        }
        if !order.refunds.is_empty() {
            let refunds = order.refunds.iter().map(|index| self.payments.refund(*index).in_order(location, self));
            shown.insert("refunds".into(), refunds.collect());
        }
    }

    fn amounts(&self, total: i64, tax: i64) -> Value {
        let mut shown = Map::new();
        shown.insert("total_money".into(), self.money(total));
        shown.insert("tax_money".into(), self.money(tax));
        for name in ["discount_money", "tip_money", "service_charge_money"] {
            shown.insert(name.into(), self.money(0));
        }
        Value::Object(shown)
    }

    /// Money of the seller's currency.
    pub(crate) fn money(&self, minor: i64) -> Value {
        money(minor, &self.settings.currency)
    }
}

impl Fulfilment {
    fn render(&self) -> Value {
        let mut shown = self.fields.clone();
        shown.insert("uid".into(), json!(self.uid));
        shown.insert("type".into(), json!(self.kind));
        shown.insert("state".into(), json!(self.state));
        Value::Object(shown)
    }
}
