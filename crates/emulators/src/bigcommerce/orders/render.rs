//! How orders look in v2: money as text, times as in letters.
//!
//! Called by the order endpoints.

use super::super::Store;
use super::super::amount::Amount;
use super::super::clock::rfc2822;
use super::super::wire::{Query, merge};
use super::{Line, Order, Shipment};
use serde_json::{Map, Value, json};

const ADDRESS: [&str; 12] = [
    "first_name",
    "last_name",
    "company",
    "street_1",
    "street_2",
    "city",
    "state",
    "zip",
    "country",
    "country_iso2",
    "phone",
    "email",
];

impl Store {
    /// An order with what `include` asks for.
    pub(in super::super) fn render_order(&self, index: usize, query: &Query) -> Value {
        let order = self.orders.get(index);
        let (ex, inc) = (order.total_ex(), order.total_inc());
        let (zero, tax) = (Amount::ZERO.text(), (inc - ex).text());
        let mut shown = json!({
            "id": order.id, "customer_id": order.customer,
            "date_created": rfc2822(order.created_at), "date_modified": rfc2822(order.modified_at),
            "date_shipped": order.shipped_at.map_or_else(String::new, rfc2822),
            "status_id": order.status.number(), "status": order.status.word(), "custom_status": order.status.word(),
            "subtotal_ex_tax": ex.text(), "subtotal_inc_tax": inc.text(), "subtotal_tax": tax,
            "total_ex_tax": ex.text(), "total_inc_tax": inc.text(), "total_tax": tax,
            "base_shipping_cost": zero, "shipping_cost_ex_tax": zero, "shipping_cost_inc_tax": zero,
            "shipping_cost_tax": zero, "shipping_cost_tax_class_id": 0,
            "base_handling_cost": zero, "handling_cost_ex_tax": zero, "handling_cost_inc_tax": zero,
            "handling_cost_tax": zero, "handling_cost_tax_class_id": 0,
            "base_wrapping_cost": zero, "wrapping_cost_ex_tax": zero, "wrapping_cost_inc_tax": zero,
            "wrapping_cost_tax": zero, "wrapping_cost_tax_class_id": 0,
            "is_tax_inclusive_pricing": self.settings.tax_inclusive,
            "items_total": order.units(), "items_shipped": order.units_shipped(),
            "payment_status": payment_status(order), "refunded_amount": order.refunded.text(),
        });
        merge(
            &mut shown,
            json!({
                "payment_provider_id": "", "order_is_digital": false,
                "store_credit_amount": zero, "gift_certificate_amount": zero,
                "ip_address": "", "ip_address_v6": "", "geoip_country": "", "geoip_country_iso2": "",
                "currency_id": 1, "currency_code": self.settings.currency, "currency_exchange_rate": "1.0000000000",
                "default_currency_id": 1, "default_currency_code": self.settings.currency,
                "store_default_currency_code": self.settings.currency,
                "store_default_to_transactional_exchange_rate": "1.0000000000",
                "discount_amount": zero, "coupon_discount": zero,
                "shipping_address_count": i32::from(!order.pickup), "ebay_order_id": "0", "cart_id": "",
                "billing_address": billing(order), "is_email_opt_in": false, "credit_card_type": null,
                "is_deleted": order.deleted, "tax_provider_id": "BasicTaxProvider", "customer_locale": "en",
            }),
        );
        self.add_fields(&mut shown, order);
        self.add_links(&mut shown, order);
        self.add_included(&mut shown, order, query);
        shown
    }

    fn add_fields(&self, shown: &mut Value, order: &Order) {
        let defaults = [
            ("order_source", json!("www")),
            ("payment_method", json!("")),
            ("staff_notes", json!("")),
            ("customer_message", json!("")),
            ("channel_id", json!(1)),
            ("external_id", Value::Null),
            ("external_source", Value::Null),
            ("external_merchant_id", Value::Null),
            ("external_order_id", json!("")),
        ];
        for (name, default) in defaults {
            shown[name] = order.fields.get(name).cloned().unwrap_or(default);
        }
    }

    fn add_links(&self, shown: &mut Value, order: &Order) {
        for (name, path) in [
            ("products", "products"),
            ("shipping_addresses", "shipping_addresses"),
            ("coupons", "coupons"),
            ("fees", "fees"),
            ("consignments", "consignments"),
        ] {
            shown[name] = self.link(&format!("/orders/{}/{path}", order.id));
        }
    }

    /// `consignments` and `consignments.line_items`; the vendor wants `consignment_structure=object` beside them.
    fn add_included(&self, shown: &mut Value, order: &Order, query: &Query) {
        let included = query.list("include").unwrap_or_default();
        let whole = included.contains(&"consignments.line_items");
        if (whole || included.contains(&"consignments")) && query.get("consignment_structure") == Some("object") {
            shown["consignments"] = self.render_consignments(order, whole);
        }
        if included.contains(&"fees") {
            shown["fees"] = json!([]);
        }
    }

    /// Which goods are collected where, and which are sent.
    pub(super) fn render_consignments(&self, order: &Order, whole: bool) -> Value {
        let lines: Vec<Value> = order
            .lines
            .iter()
            .filter(|line| line.quantity > 0)
            .map(|line| {
                let path = format!("/orders/{}/products/{}", order.id, line.id);
                if whole { self.render_line(order, line) } else { self.link(&path) }
            })
            .collect();
        let (mut pickups, mut shipping) = (Vec::new(), Vec::new());
        if order.pickup {
            let location = self.locations.get(order.location);
            pickups.push(json!({
                "id": order.address_id(), "pickup_method_id": location.id,
                "pickup_method_display_name": format!("Pick up at {}", location.name),
                "collection_instructions": "", "collection_time_description": "",
                "location": location.render_pickup(), "line_items": lines,
            }));
        } else {
            let mut sent = self.render_shipping_address(order);
            if let Some(fields) = sent.as_object_mut() {
                fields.remove("order_id");
                // Numbers here, although the same costs are text below `shipping_addresses`.
                let costs = fields.iter_mut().filter(|(name, _)| name.contains("cost") && !name.ends_with("_id"));
                costs.for_each(|(_, value)| *value = json!(0));
            }
            sent["line_items"] = Value::Array(lines);
            shipping.push(sent);
        }
        json!({"pickups": pickups, "shipping": shipping, "downloads": [], "email": {"gift_certificates": []}})
    }

    /// A line.
    pub(super) fn render_line(&self, order: &Order, line: &Line) -> Value {
        let zero = Amount::ZERO.text();
        let base = if self.settings.tax_inclusive { line.price_inc } else { line.price_ex };
        let (ex, inc) = (line.price_ex.times(line.quantity), line.price_inc.times(line.quantity));
        let (product_id, variant_id) = line
            .variant
            .map_or((0, 0), |variant| (self.catalog.product_of(variant).id, self.catalog.variant(variant).id));
        let mut shown = json!({
            "id": line.id, "order_id": order.id, "product_id": product_id, "variant_id": variant_id,
            "order_pickup_method_id": if order.pickup { order.address_id() } else { 0 },
            "order_address_id": if order.pickup { 0 } else { order.address_id() },
            "name": &*line.name, "name_customer": &*line.name, "name_merchant": &*line.name,
            "sku": &*line.sku, "upc": &*line.upc, "type": "physical",
            "base_price": base.text(), "price_ex_tax": line.price_ex.text(), "price_inc_tax": line.price_inc.text(),
            "price_tax": (line.price_inc - line.price_ex).text(),
            "base_total": base.times(line.quantity).text(), "total_ex_tax": ex.text(), "total_inc_tax": inc.text(),
            "total_tax": (inc - ex).text(), "discounted_total_inc_tax": inc.text(),
            "quantity": line.quantity, "quantity_shipped": line.shipped, "quantity_refunded": line.refunded,
            "is_refunded": line.refunded > 0 && line.refunded >= line.quantity,
            "refund_amount": line.refund_amount.text(), "product_options": self.render_line_options(line),
        });
        merge(
            &mut shown,
            json!({
                "weight": "0.0000", "width": "0.0000", "height": "0.0000", "depth": "0.0000",
                "return_id": 0,
                "base_cost_price": zero, "cost_price_inc_tax": zero, "cost_price_ex_tax": zero, "cost_price_tax": zero,
                "wrapping_id": 0, "wrapping_name": "", "base_wrapping_cost": zero, "wrapping_cost_ex_tax": zero,
                "wrapping_cost_inc_tax": zero, "wrapping_cost_tax": zero, "wrapping_message": "",
                "event_name": null, "event_date": "", "fixed_shipping_cost": zero, "ebay_item_id": "",
                "ebay_transaction_id": "", "option_set_id": null, "parent_order_product_id": null,
                "is_bundled_product": false, "bin_picking_number": "", "external_id": null,
                "brand": "", "gift_certificate_id": null, "applied_discounts": [], "configurable_fields": [],
            }),
        );
        shown
    }

    fn render_line_options(&self, line: &Line) -> Value {
        let chosen = line.variant.filter(|variant| self.catalog.product_of(*variant).option.is_some());
        let Some(variant) = chosen else { return json!([]) };
        let (option, value) = self.option_ids(variant);
        let name = self.catalog.product_of(variant).option.as_deref().unwrap_or_default();
        let label = &self.catalog.variant(variant).label;
        json!([{
            "id": option, "option_id": option, "order_product_id": line.id, "product_option_id": option,
            "display_name": name, "display_name_customer": name, "display_name_merchant": name,
            "display_value": label, "display_value_customer": label, "display_value_merchant": label,
            "value": value.to_string(), "type": "Multiple choice", "name": name, "display_style": "Pick list",
        }])
    }

    /// The one address that goods are sent to.
    pub(super) fn render_shipping_address(&self, order: &Order) -> Value {
        let zero = Amount::ZERO.text();
        let mut shown = address(&order.shipping);
        let quotes = format!("/orders/{}/shipping_addresses/{}/shipping_quotes", order.id, order.address_id());
        let rest = json!({
            "id": order.address_id(), "order_id": order.id, "items_total": order.units(),
            "items_shipped": order.units_shipped(), "shipping_method": "Flat Rate", "base_cost": zero,
            "cost_ex_tax": zero, "cost_inc_tax": zero, "cost_tax": zero, "cost_tax_class_id": 0,
            "base_handling_cost": zero, "handling_cost_ex_tax": zero, "handling_cost_inc_tax": zero,
            "handling_cost_tax": zero, "handling_cost_tax_class_id": 0, "shipping_zone_id": 1,
            "shipping_zone_name": "Everywhere", "shipping_quotes": self.link(&quotes), "form_fields": [],
        });
        merge(&mut shown, rest);
        shown
    }

    /// A shipment.
    pub(super) fn render_shipment(&self, order: &Order, shipment: &Shipment) -> Value {
        let items: Vec<Value> = shipment
            .items
            .iter()
            .map(|(line, quantity)| {
                let line = &order.lines[*line];
                let product_id = line.variant.map_or(0, |variant| self.catalog.product_of(variant).id);
                json!({"order_product_id": line.id, "product_id": product_id, "quantity": quantity})
            })
            .collect();
        let mut shown = json!({
            "id": shipment.id, "order_id": order.id, "customer_id": order.customer,
            "order_address_id": order.address_id(), "date_created": rfc2822(shipment.at),
            "tracking_number": "", "merchant_shipping_cost": Amount::ZERO.text(), "shipping_method": "Flat Rate",
            "comments": "", "shipping_provider": "", "tracking_carrier": "", "tracking_link": "",
            "shipping_provider_display_name": "", "generated_tracking_link": "",
            "billing_address": address(&order.billing), "shipping_address": address(&order.shipping), "items": items,
        });
        for (name, value) in &shipment.tracking {
            shown[name] = value.clone();
        }
        shown
    }

    fn link(&self, resource: &str) -> Value {
        json!({"url": format!("{}/v2{resource}", self.settings.root()), "resource": resource})
    }
}

/// The address fields, empty where nothing was typed.
fn address(typed: &Map<String, Value>) -> Value {
    let field = |name: &&str| ((*name).to_owned(), json!(typed.get(*name).and_then(Value::as_str).unwrap_or_default()));
    Value::Object(ADDRESS.iter().map(field).collect())
}

fn billing(order: &Order) -> Value {
    let mut shown = address(&order.billing);
    shown["form_fields"] = json!([]);
    shown
}

fn payment_status(order: &Order) -> &'static str {
    if !order.paid {
        ""
    } else if order.refunded == Amount::ZERO {
        "captured"
    } else if order.refunded < order.total_inc() {
        "partially refunded"
    } else {
        "refunded"
    }
}
