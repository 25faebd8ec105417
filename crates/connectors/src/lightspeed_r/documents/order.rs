//! An order that is not paid: a sale that is not completed, `POST Sale.json`.
//!
//! <https://developers.lightspeedhq.com/retail/endpoints/Sale/>, read 2026-11-24. No stock moves before it is completed. It
//! is found again by its reference number. A sale has no field for a note that programs may write.

use model::{CustomerKey, ExternalLocation};
use serde_json::{Value, json};

use super::rows::{List, all, create, id};
use super::{Desk, SALES, SOURCE, number, price, shop, till, units};
use crate::lightspeed_r::http_request::{DRIP, NESTED, escaped};
use crate::lightspeed_r::tape::Pause;
use crate::{Account, Document, DocumentLine, Unsendable};

/// Sales.
pub(super) const LIST: List = List { path: "Sale", member: "Sale", scope: SALES };

/// All of the body but register and employee, which only the platform tells.
///
/// # Errors
/// When a line cannot be said.
pub(super) fn body(
    document: &Document,
    account: &Account,
    location: &ExternalLocation,
    lines: &[DocumentLine],
    customer: Option<&CustomerKey>,
) -> Result<Value, Unsendable> {
    let said = lines.iter().enumerate().map(|(row, line)| {
        let (item, units) = units(row, &line.external, line.quantity)?;
        let mut said = json!({ "itemID": item, "unitQuantity": units });
        if let Some(price) = price(row, line.each, account)? {
            said["unitPrice"] = json!(price);
        }
        Ok(said)
    });
    let mut body = json!({
        "completed": "false",
        "shopID": shop(location)?,
        "referenceNumber": document.reference,
        "referenceNumberSource": SOURCE,
        "SaleLines": { "SaleLine": said.collect::<Result<Vec<_>, Unsendable>>()? },
    });
    if let Some(customer) = customer {
        body["customerID"] = json!(number(customer.as_str(), 0)?);
    }
    Ok(body)
}

/// The sale's id.
///
/// # Errors
/// When there is a request to send, or what is wrong.
pub(super) fn make(
    document: &Document,
    location: &ExternalLocation,
    mut body: Value,
    desk: &mut Desk<'_>,
) -> Result<String, Pause> {
    // One that people have given up since is still the one that was made.
    let filter = format!("referenceNumber={}&sort=saleID&archived=true", escaped(&document.reference));
    let known = if desk.first { Vec::new() } else { all(LIST, &filter, desk)? };
    if let Some(sale) = known.first() {
        return id(sale, "saleID");
    }
    body["registerID"] = json!(till::register(shop(location)?, desk)?);
    body["employeeID"] = json!(till::employee(desk)?);
    let lines = body["SaleLines"]["SaleLine"].as_array().map_or(0, Vec::len);
    let cost = u32::try_from(lines).unwrap_or(u32::MAX).saturating_mul(NESTED).saturating_add(2 * DRIP);
    id(&create(LIST, "Sale", &body, cost, desk)?, "saleID")
}
