//! Shapes of the bodies about orders, field by field as the vendor writes them. Borrowed, because they are most of the
//! traffic. Filled in by `order`.

use serde::Serialize;

use super::{Amount, AmountSet};

/// An order, in `orders/*`.
#[derive(Serialize)]
pub(super) struct OrderBody<'a> {
    pub(super) id: u64,
    pub(super) admin_graphql_api_id: String,
    pub(super) name: String,
    pub(super) number: u64,
    pub(super) order_number: u64,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) processed_at: String,
    pub(super) cancelled_at: Option<String>,
    pub(super) cancel_reason: Option<String>,
    pub(super) closed_at: Option<String>,
    pub(super) currency: &'a str,
    pub(super) presentment_currency: &'a str,
    pub(super) taxes_included: bool,
    pub(super) test: bool,
    pub(super) source_name: &'static str,
    pub(super) source_identifier: Option<&'a str>,
    pub(super) location_id: Option<u64>,
    pub(super) user_id: Option<u64>,
    pub(super) email: Option<&'a str>,
    pub(super) phone: Option<&'a str>,
    pub(super) financial_status: &'static str,
    pub(super) fulfillment_status: Option<&'static str>,
    pub(super) subtotal_price: String,
    pub(super) total_tax: &'static str,
    pub(super) total_discounts: &'static str,
    pub(super) total_price: String,
    pub(super) total_outstanding: String,
    pub(super) current_total_price: String,
    pub(super) total_price_set: AmountSet<'a>,
    pub(super) current_total_price_set: AmountSet<'a>,
    pub(super) discount_codes: [Amount<'a>; 0],
    pub(super) tax_lines: [Amount<'a>; 0],
    pub(super) customer: Option<CustomerBody<'a>>,
    pub(super) billing_address: Option<&'a str>,
    pub(super) shipping_address: Option<&'a str>,
    pub(super) line_items: Vec<LineBody<'a>>,
    pub(super) shipping_lines: [Amount<'a>; 0],
    pub(super) refunds: Vec<RefundBody<'a>>,
    pub(super) fulfillments: Vec<FulfilmentBody<'a>>,
    pub(super) payment_gateway_names: Vec<&'static str>,
    pub(super) note: Option<&'a str>,
    pub(super) note_attributes: [NoteAttribute<'a>; 1],
    pub(super) tags: &'static str,
}

/// A note of the order; carries the reference of whoever made it.
#[derive(Serialize)]
pub(super) struct NoteAttribute<'a> {
    pub(super) name: &'static str,
    pub(super) value: &'a str,
}

/// The buyer, within an order.
#[derive(Serialize)]
pub(super) struct CustomerBody<'a> {
    pub(super) id: u64,
    pub(super) admin_graphql_api_id: String,
    pub(super) email: Option<&'a str>,
    pub(super) phone: Option<&'a str>,
    pub(super) first_name: Option<&'a str>,
    pub(super) last_name: Option<&'a str>,
    pub(super) updated_at: String,
}

/// A line of an order.
#[derive(Serialize)]
pub(super) struct LineBody<'a> {
    pub(super) id: u64,
    pub(super) admin_graphql_api_id: String,
    pub(super) variant_id: u64,
    pub(super) product_id: u64,
    pub(super) sku: Option<&'a str>,
    pub(super) name: String,
    pub(super) title: &'a str,
    pub(super) quantity: i64,
    pub(super) current_quantity: i64,
    pub(super) fulfillable_quantity: i64,
    pub(super) fulfillment_status: Option<&'static str>,
    pub(super) price: String,
    pub(super) total_discount: &'static str,
    pub(super) discount_allocations: [Amount<'a>; 0],
    pub(super) tax_lines: [Amount<'a>; 0],
    pub(super) taxable: bool,
    pub(super) requires_shipping: bool,
    pub(super) gift_card: bool,
    pub(super) grams: u32,
}

/// Goods that left.
#[derive(Serialize)]
pub(super) struct FulfilmentBody<'a> {
    pub(super) id: u64,
    pub(super) order_id: u64,
    pub(super) name: String,
    pub(super) status: &'static str,
    pub(super) location_id: u64,
    pub(super) tracking_company: Option<&'a str>,
    pub(super) tracking_number: Option<&'a str>,
    pub(super) tracking_numbers: Vec<&'a str>,
    pub(super) shipment_status: Option<&'a str>,
    pub(super) created_at: String,
    pub(super) updated_at: String,
    pub(super) line_items: Vec<FulfilmentLineBody<'a>>,
}

/// A line of the order within a fulfilment; `id` is the line of the order.
#[derive(Serialize)]
pub(super) struct FulfilmentLineBody<'a> {
    pub(super) id: u64,
    pub(super) sku: Option<&'a str>,
    pub(super) variant_id: u64,
    pub(super) quantity: i64,
}

/// A refund, in `refunds/create` and within an order.
#[derive(Serialize)]
pub(super) struct RefundBody<'a> {
    pub(super) id: u64,
    pub(super) order_id: u64,
    pub(super) admin_graphql_api_id: String,
    pub(super) created_at: String,
    pub(super) processed_at: String,
    pub(super) note: Option<&'a str>,
    pub(super) user_id: Option<u64>,
    pub(super) restock: bool,
    pub(super) refund_line_items: Vec<RefundLineBody<'a>>,
    pub(super) transactions: Vec<TransactionBody<'a>>,
    pub(super) order_adjustments: [Amount<'a>; 0],
    pub(super) refund_shipping_lines: [Amount<'a>; 0],
}

/// A line of a refund.
#[derive(Serialize)]
pub(super) struct RefundLineBody<'a> {
    pub(super) id: u64,
    pub(super) line_item_id: u64,
    pub(super) quantity: i64,
    pub(super) restock_type: &'static str,
    pub(super) location_id: Option<u64>,
    pub(super) subtotal: String,
    pub(super) total_tax: &'static str,
    pub(super) line_item: RefundedLine<'a>,
}

/// The line of the order that a refund is about.
#[derive(Serialize)]
pub(super) struct RefundedLine<'a> {
    pub(super) id: u64,
    pub(super) sku: Option<&'a str>,
    pub(super) variant_id: u64,
}

/// Money that moved.
#[derive(Serialize)]
pub(super) struct TransactionBody<'a> {
    pub(super) id: u64,
    pub(super) order_id: u64,
    pub(super) kind: &'static str,
    pub(super) gateway: &'static str,
    pub(super) status: &'static str,
    pub(super) amount: String,
    pub(super) currency: &'a str,
    pub(super) parent_id: u64,
    pub(super) created_at: String,
}
