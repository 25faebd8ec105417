//! `POST /v2/orders`: an order made by an app, sent to one address or collected at one location.
//!
//! Called by the order endpoints. Nothing is refused for want of stock: the vendor's documents name no such refusal.

use super::super::Store;
use super::super::amount::Amount;
use super::super::books::Entry;
use super::super::stock::QUANTITY_MAX;
use super::super::wire::{Answer, Call, Refused, Reply, text};
use super::{NewLine, NewOrder, Status};
use crate::machine::World;
use serde_json::{Map, Value, json};

/// Fields that are kept as they come.
pub(super) const KEPT: [&str; 9] = [
    "staff_notes",
    "customer_message",
    "payment_method",
    "external_id",
    "external_source",
    "external_order_id",
    "external_merchant_id",
    "channel_id",
    "order_source",
];

impl Store {
    /// Makes an order and answers it, as the vendor does.
    pub(super) fn create_order(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let form = &call.body;
        let billing = form["billing_address"].as_object().ok_or_else(|| not_supplied("billing_address"))?;
        let status = read_status(form)?.unwrap_or(Status::Pending);
        let customer = self.read_customer(form)?.unwrap_or(0);
        let pickups = form.pointer("/consignments/pickups").or_else(|| form.pointer("/consignments/0/pickups"));
        let (location, rows) = match pickups.and_then(Value::as_array) {
            Some(pickups) => self.read_pickup(form, pickups)?,
            None => (0, &form["products"]),
        };
        let rows = rows.as_array().filter(|rows| !rows.is_empty()).ok_or_else(|| not_supplied("products"))?;
        let lines: Result<Vec<NewLine>, Refused> = rows.iter().map(|row| self.read_line(row)).collect();
        let shipping = form.pointer("/shipping_addresses/0").and_then(Value::as_object).unwrap_or(billing);
        let mut fields = kept(form);
        fields.entry("order_source").or_insert_with(|| json!("external"));
        let new = NewOrder {
            lines: lines?,
            location,
            pickup: pickups.is_some(),
            customer,
            billing: billing.clone(),
            shipping: if pickups.is_some() { Map::new() } else { shipping.clone() },
            fields,
        };
        let index = self.orders.add(new, world.now);
        let reference = self.orders.get(index).field("external_order_id").to_owned();
        self.log.push(Entry::Order { order: index, reference });
        self.tell_order(index, "created", world);
        self.take_payment(index, status, world);
        self.set_status(index, status, world);
        Ok(Reply::ok(self.render_order(index, &call.query)))
    }

    /// Money was taken outside when the order comes with a status that stands for it.
    pub(super) fn take_payment(&mut self, index: usize, status: Status, world: &mut World<'_>) {
        let open = matches!(
            status,
            Status::Incomplete | Status::Pending | Status::AwaitingPayment | Status::Cancelled | Status::Declined
        );
        if !open && !self.orders.get(index).paid {
            self.orders.change(index, world.now, |order| order.paid = true);
        }
    }

    /// One pick-up, and neither products nor shipping addresses beside it.
    fn read_pickup<'f>(&self, form: &'f Value, pickups: &'f [Value]) -> Result<(usize, &'f Value), Refused> {
        if form.get("products").is_some() || form.get("shipping_addresses").is_some() {
            return Err(Refused::bad("An order can have either consignments or products and shipping_addresses."));
        }
        let [pickup] = pickups else {
            return Err(Refused::bad("An order can have only one pickup consignment."));
        };
        let method = pickup["pickup_method_id"].as_u64().ok_or_else(|| not_supplied("pickup_method_id"))?;
        let code = pickup.pointer("/location/code").and_then(Value::as_str);
        // A pick-up method belongs to a location; here both have the same number.
        let location = code.and_then(|code| self.locations.with_code(code)).or_else(|| self.locations.with_id(method));
        let location = location.ok_or_else(|| Refused::bad("The pickup method does not exist."))?;
        Ok((location, &pickup["line_items"]))
    }

    /// `customer_id`, when it is given: 0 for a guest.
    ///
    /// # Errors
    /// 400 when there is no such customer.
    pub(super) fn read_customer(&self, form: &Value) -> Result<Option<u64>, Refused> {
        let Some(id) = form.get("customer_id").filter(|value| !value.is_null()) else { return Ok(None) };
        let id = id.as_u64().or_else(|| id.as_str()?.parse().ok());
        let known = id.filter(|id| *id == 0 || self.customers.find(*id).is_some());
        known.map(Some).ok_or_else(|| Refused::bad("The field 'customer_id' is invalid."))
    }

    /// A catalogue product by `product_id`, with the variant by its id or by its options; or a custom product.
    pub(super) fn read_line(&self, row: &Value) -> Result<NewLine, Refused> {
        let quantity = read_quantity(row)?.filter(|quantity| *quantity > 0).ok_or_else(|| invalid("quantity"))?;
        let (ex, inc) = read_prices(row)?;
        let Some(product) = row["product_id"].as_u64().filter(|id| *id > 0) else {
            let name = text(row, "name").filter(|name| !name.is_empty()).ok_or_else(|| not_supplied("name"))?;
            let (ex, inc) = ex.zip(inc).ok_or_else(|| not_supplied("price_inc_tax"))?;
            let word = |field: &str| text(row, field).unwrap_or_default().into();
            let (sku, upc) = (word("sku"), word("upc"));
            return Ok(NewLine { variant: None, name: name.into(), sku, upc, quantity, price_ex: ex, price_inc: inc });
        };
        let product = self.catalog.find_product(product).ok_or_else(|| invalid("product_id"))?;
        let variant = self.chosen_variant(product, row)?;
        let entered = self.prices(self.catalog.price(variant));
        let (ex, inc) = self.settle_prices(ex, inc, entered);
        Ok(self.variant_line(variant, quantity, ex, inc))
    }

    fn chosen_variant(&self, product: usize, row: &Value) -> Result<usize, Refused> {
        let variants = &self.catalog.product(product).variants;
        if let Some(id) = row["variant_id"].as_u64().filter(|id| *id > 0) {
            let found = self.catalog.find_variant(id).filter(|variant| variants.contains(variant));
            return found.ok_or_else(|| invalid("variant_id"));
        }
        if let [only] = variants.as_slice() {
            return Ok(*only);
        }
        let value = row.pointer("/product_options/0/value");
        let value = value.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
        let found = value.and_then(|value| self.variant_with_value(product, value));
        found.ok_or_else(|| Refused::bad("The options of one or more products are invalid."))
    }

    /// A line of a variant with its name, SKU and GTIN as they are now.
    pub(in super::super) fn variant_line(&self, variant: usize, quantity: i64, ex: Amount, inc: Amount) -> NewLine {
        let known = self.catalog.variant(variant);
        let name = self.catalog.product_of(variant).name.clone();
        let (sku, upc) = (known.sku.clone(), known.upc.clone());
        NewLine { variant: Some(variant), name, sku, upc, quantity, price_ex: ex, price_inc: inc }
    }

    /// A price as entered, without and with tax.
    pub(in super::super) fn prices(&self, entered: Amount) -> (Amount, Amount) {
        let percent = self.settings.tax_percent;
        if self.settings.tax_inclusive {
            (entered.without_tax(percent), entered)
        } else {
            (entered, entered.with_tax(percent))
        }
    }

    /// The prices that a caller gives; one that is missing follows from the other, both from the catalogue.
    pub(super) fn settle_prices(
        &self,
        ex: Option<Amount>,
        inc: Option<Amount>,
        otherwise: (Amount, Amount),
    ) -> (Amount, Amount) {
        let percent = self.settings.tax_percent;
        match (ex, inc) {
            (Some(ex), Some(inc)) => (ex, inc),
            (Some(ex), None) => (ex, ex.with_tax(percent)),
            (None, Some(inc)) => (inc.without_tax(percent), inc),
            (None, None) => otherwise,
        }
    }
}

/// The kept fields of a form.
pub(super) fn kept(form: &Value) -> Map<String, Value> {
    KEPT.iter().filter_map(|name| Some(((*name).to_owned(), form.get(*name)?.clone()))).collect()
}

/// `status_id`, as a number or as text.
pub(super) fn read_status(form: &Value) -> Result<Option<Status>, Refused> {
    let Some(value) = form.get("status_id").filter(|value| !value.is_null()) else { return Ok(None) };
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number.and_then(Status::read).map(Some).ok_or_else(|| invalid("status_id"))
}

/// `quantity`, as a whole number from zero.
pub(super) fn read_quantity(row: &Value) -> Result<Option<i64>, Refused> {
    let Some(value) = row.get("quantity").filter(|value| !value.is_null()) else { return Ok(None) };
    let quantity = value.as_i64().filter(|quantity| (0..=QUANTITY_MAX).contains(quantity));
    quantity.map(Some).ok_or_else(|| invalid("quantity"))
}

/// The prices that a row gives, without and with tax; neither is below zero.
pub(super) fn read_prices(row: &Value) -> Result<(Option<Amount>, Option<Amount>), Refused> {
    let read = |name: &str| match row.get(name).filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => {
            let price = Amount::read(value).filter(|price| *price >= Amount::ZERO);
            price.map(Some).ok_or_else(|| invalid(name))
        }
    };
    Ok((read("price_ex_tax")?, read("price_inc_tax")?))
}

fn not_supplied(field: &str) -> Refused {
    let mut refused = Refused::bad(format!("The required field '{field}' was not supplied."));
    refused.errors.insert("missing_field".into(), json!(field));
    refused
}

/// 400 that names a field.
pub(super) fn invalid(field: &str) -> Refused {
    let mut refused = Refused::bad(format!("The field '{field}' is invalid."));
    refused.errors.insert("invalid_field".into(), json!(field));
    refused
}
