//! Lines of a sale that come back for their money: `POST Sale/{saleID}/refund.json`.
//!
//! <https://developers.lightspeedhq.com/retail/endpoints/Sale-refund/>, read 2026-11-24. It makes another sale of negative
//! lines that has to balance, and its goods are on hand again in the shop where it is made: neither goods without their
//! money nor money without its goods can be said.
//!
//! A refund is never made twice. The page of the call does not promise that the new sale keeps a reference, so that a run
//! that is not the first reads what has come back of these very lines since the refund was asked for, and takes for ours
//! what bears our reference, or no reference at all and the same lines and quantities.

use std::collections::BTreeMap;

use model::{DocumentKey, ExternalLocation, Instant, Money, Quantity};
use serde_json::{Value, json};

use super::order::LIST as SALE;
use super::rows::{List, all, create, flag, id, related, text};
use super::{Desk, MARGIN_MS, SALES, SOURCE, number, refused, shop, till, whole};
use crate::lightspeed_r::http_request::DRIP;
use crate::lightspeed_r::requests::{IDS_MAX, ids, relation};
use crate::lightspeed_r::tape::Pause;
use crate::{Account, Document, Unsendable};

const LINES: List = List { path: "SaleLine", member: "SaleLine", scope: SALES };
const PAYMENT_TYPES: List = List { path: "PaymentType", member: "PaymentType", scope: SALES };

/// What is given back, in the platform's ids.
pub(super) struct Asked<'a> {
    pub order: &'a DocumentKey,
    pub lines: &'a [(String, Quantity)],
    pub restock_at: Option<&'a ExternalLocation>,
    pub amount: Money,
}

/// All of the body but the payment, register and employee, which only the sale tells.
///
/// # Errors
/// When it cannot be said.
pub(super) fn body(
    document: &Document,
    account: &Account,
    order: &DocumentKey,
    lines: &[(String, Quantity)],
    restock_at: Option<&ExternalLocation>,
    amount: Money,
) -> Result<Value, Unsendable> {
    number(order.as_str(), 0)?;
    if lines.is_empty() || lines.len() > IDS_MAX {
        return Err(Unsendable::Impossible("give back money for fewer than 1 or more than 100 lines of a sale"));
    }
    let place = restock_at
        .ok_or(Unsendable::Impossible("give back money without its goods: its refunds put them on hand again"))?;
    if amount.currency != account.currency {
        return Err(Unsendable::Impossible("give back money in another currency than the account's"));
    }
    let said = lines.iter().enumerate().map(|(row, (line, quantity))| {
        let units = whole(row, *quantity)?;
        Ok(json!({ "parentSaleLineID": number(line, row)?, "unitQuantity": format!("-{units}") }))
    });
    Ok(json!({
        "completed": "true",
        "shopID": shop(place)?,
        "referenceNumber": document.reference,
        "referenceNumberSource": SOURCE,
        "SaleLines": { "SaleLine": said.collect::<Result<Vec<_>, Unsendable>>()? },
    }))
}

/// The id of the sale that gives back.
///
/// # Errors
/// When there is a request to send, or what is wrong.
pub(super) fn make(
    document: &Document,
    asked: &Asked<'_>,
    mut body: Value,
    desk: &mut Desk<'_>,
) -> Result<String, Pause> {
    let known = if desk.first { None } else { made_before(document, asked, desk)? };
    if let Some(known) = known {
        return Ok(known);
    }
    let sold = sold(asked.order, desk)?;
    let kind = paid_back_by(&sold, asked.amount, desk)?;
    let place = asked.restock_at.ok_or_else(|| refused("it does not say where the goods come back"))?;
    body["registerID"] = json!(till::register(shop(place)?, desk)?);
    body["employeeID"] = json!(till::employee_of(&sold, desk)?);
    let amount = Money { minor: asked.amount.minor.saturating_neg(), ..asked.amount }.to_decimal();
    body["SalePayments"] = json!({ "SalePayment": [{ "amount": amount, "paymentTypeID": kind }] });
    let at = format!("Sale/{}/refund", asked.order.as_str());
    id(&create(SALE, &at, &body, 10 * DRIP, desk)?, "saleID")
}

fn sold(order: &DocumentKey, desk: &mut Desk<'_>) -> Result<Value, Pause> {
    let filter = ids("saleID", std::iter::once(order.as_str()))?;
    let rows = all(SALE, &format!("{filter}&sort=saleID&archived=true&{}", relation("SalePayments")), desk)?;
    rows.into_iter().next().ok_or_else(|| refused(format!("R-Series knows no sale {}", order.as_str())))
}

/// How the money is paid back: as the first payment of so much says it should be. What was paid in parts is given back
/// in parts, each of which has to be asked for.
fn paid_back_by(sold: &Value, amount: Money, desk: &mut Desk<'_>) -> Result<String, Pause> {
    let payments = related(sold, "SalePayments", "SalePayment");
    let covers = |payment: &&Value| {
        let paid = Money::parse(&text(payment, "amount"), amount.currency);
        !flag(payment, "archived") && paid.is_some_and(|paid| paid.minor >= amount.minor)
    };
    let payment = payments.iter().find(covers).ok_or_else(|| {
        refused("no payment of the sale is of so much; what was paid in parts is given back in parts")
    })?;
    let kind = id(payment, "paymentTypeID")?;
    let filter = ids("paymentTypeID", std::iter::once(kind.as_str()))?;
    let known = all(PAYMENT_TYPES, &format!("{filter}&sort=paymentTypeID&archived=true"), desk)?;
    let other = known.first().map(|known| text(known, "refundAsPaymentTypeID"));
    Ok(other.filter(|other| !matches!(other.as_str(), "" | "0")).unwrap_or(kind))
}

/// The refund that an earlier run made.
fn made_before(document: &Document, asked: &Asked<'_>, desk: &mut Desk<'_>) -> Result<Option<String>, Pause> {
    let filter = ids("parentSaleLineID", asked.lines.iter().map(|(line, _)| line.as_str()))?;
    let since = document.asked_at.plus_ms(-MARGIN_MS);
    let mut back = BTreeMap::<String, Vec<(String, String)>>::new();
    for row in all(LINES, &format!("{filter}&sort=saleLineID"), desk)? {
        if Instant::parse(&text(&row, "createTime")).is_ok_and(|at| at < since) {
            continue;
        }
        let line = (text(&row, "parentSaleLineID"), text(&row, "unitQuantity"));
        back.entry(id(&row, "saleID")?).or_default().push(line);
    }
    if back.is_empty() {
        return Ok(None);
    }
    let filter = ids("saleID", back.keys().map(String::as_str))?;
    for sale in all(SALE, &format!("{filter}&sort=saleID&archived=true"), desk)? {
        let sale_id = id(&sale, "saleID")?;
        let reference = text(&sale, "referenceNumber");
        let same = || back.get(&sale_id).is_some_and(|lines| same_lines(lines, asked.lines));
        if reference == document.reference || (reference.is_empty() && !flag(&sale, "voided") && same()) {
            return Ok(Some(sale_id));
        }
    }
    Ok(None)
}

fn same_lines(back: &[(String, String)], asked: &[(String, Quantity)]) -> bool {
    let mut back: Vec<(&str, String)> = back.iter().map(|(line, units)| (line.as_str(), units.clone())).collect();
    let asked = asked.iter().map(|(line, much)| (line.as_str(), format!("-{}", much.floor_units())));
    let mut asked: Vec<(&str, String)> = asked.collect();
    back.sort();
    asked.sort();
    back == asked
}
