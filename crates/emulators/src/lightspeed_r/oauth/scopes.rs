//! The vendor's scopes, and what a set of them lets a token do.
//!
//! Asked by the door for every call and by the authorize page.

use super::super::resources::Resource;

/// Every scope that may be asked for.
const KNOWN: [&str; 34] = [
    "employee:all",
    "employee:all_read",
    "employee:admin",
    "employee:admin_employees",
    "employee:admin_inventory",
    "employee:admin_purchases",
    "employee:admin_shops",
    "employee:admin_void_sale",
    "employee:categories",
    "employee:cfd",
    "employee:customers",
    "employee:customers_read",
    "employee:customers_view_gift_card_numbers",
    "employee:inventory",
    "employee:inventory_base",
    "employee:inventory_counts",
    "employee:inventory_counts_reconcile",
    "employee:inventory_log",
    "employee:inventory_read",
    "employee:manufacturers",
    "employee:product_cost",
    "employee:product_edit",
    "employee:purchase_orders",
    "employee:register",
    "employee:register_layaway",
    "employee:register_read",
    "employee:register_refund",
    "employee:reports",
    "employee:special_orders",
    "employee:tags",
    "employee:transfers",
    "employee:vendors",
    "employee:vendor_returns",
    "employee:workbench",
];

/// Whether a list of scopes names known ones only, and at least one.
pub fn are_known(scope: &str) -> bool {
    let mut scopes = scope.split_whitespace().peekable();
    scopes.peek().is_some() && scopes.all(|scope| KNOWN.contains(&scope))
}

/// Whether a token with these scopes may read or write a resource. A resource without scopes is open to every token.
pub fn grants(scope: &str, resource: &Resource, writes: bool) -> bool {
    let named = |allowed: &[&str]| scope.split_whitespace().any(|scope| allowed.contains(&scope));
    if named(&["employee:all"]) || named(resource.write_scopes) {
        return true;
    }
    if writes {
        return resource.write_scopes.is_empty();
    }
    named(&["employee:all_read"]) || resource.read_scopes.is_empty() || named(resource.read_scopes)
}
