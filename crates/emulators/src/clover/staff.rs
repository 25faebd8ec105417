//! Who and what belongs to the merchant from the first day: the owner, the till, the tenders.
//!
//! Read by orders and payments, and listed by the API. They never change.

use super::filter::Field;
#[cfg(test)]
use super::id::Id;
use super::query::Query;
use super::shelf::listed;
use super::wire::{Answer, Call, Refused};
use serde_json::{Value, json};

/// Serial of the merchant's only till.
pub const DEVICE: &str = "0c6c2c9e-0000-4000-8000-000000000001";
/// Index of the cash tender.
pub const CASH: usize = 0;

const EMPLOYEE: &str = "EEMULATED0001";
const TENDERS: [(&str, &str, &str, bool); 5] = [
    ("TEMULATED0001", "Cash", "com.clover.tender.cash", true),
    ("TEMULATED0002", "Credit Card", "com.clover.tender.credit_card", false),
    ("TEMULATED0003", "Debit Card", "com.clover.tender.debit_card", false),
    ("TEMULATED0004", "Check", "com.clover.tender.check", true),
    ("TEMULATED0005", "External Payment", "com.clover.tender.external_payment", false),
];

/// Owner and tenders.
#[derive(Debug, Default)]
pub struct Staff;

impl Staff {
    /// Id of the owner, by whom everything is rung up.
    pub fn employee_id(&self) -> &'static str {
        EMPLOYEE
    }

    /// Index of the tender with this id.
    pub fn tender(&self, id: &str) -> Option<usize> {
        TENDERS.iter().position(|(known, ..)| *known == id)
    }

    /// A tender whose payments are logged for bookkeeping: a card is not.
    pub fn may_be_logged(&self, tender: usize) -> bool {
        !TENDERS[tender].2.ends_with("_card")
    }

    /// A tender inside a payment: id and label.
    pub fn tender_in_short(&self, tender: usize) -> Value {
        let (id, label, ..) = TENDERS[tender];
        json!({"id": id, "label": label})
    }

    /// A tender in full.
    pub fn render_tender(&self, tender: usize) -> Value {
        let (id, label, key, drawer) = TENDERS[tender];
        json!({
            "id": id, "editable": false, "labelKey": key, "label": label, "opensCashDrawer": drawer,
            "supportsTipping": true, "enabled": true, "visible": true,
        })
    }

    /// `GET tenders`.
    pub fn tenders(&self, call: &Call<'_>, base: &str) -> Answer {
        let all = (0..TENDERS.len()).map(|tender| self.render_tender(tender)).collect();
        short_list(call, base, &["id", "label", "labelKey", "enabled"], all)
    }

    /// `GET tenders/{id}`.
    pub fn one_tender(&self, id: &str) -> Answer {
        self.tender(id).map(|tender| self.render_tender(tender)).ok_or_else(Refused::not_found)
    }

    /// `GET employees`.
    pub fn employees(&self, call: &Call<'_>, base: &str) -> Answer {
        short_list(call, base, &["id", "name", "nickname", "customId", "email", "role"], vec![self.render_employee()])
    }

    /// `GET employees/{id}`.
    pub fn one_employee(&self, id: &str) -> Answer {
        if id == EMPLOYEE { Ok(self.render_employee()) } else { Err(Refused::not_found()) }
    }

    /// `GET shifts`: nobody clocks in.
    pub fn shifts(&self, call: &Call<'_>, base: &str) -> Answer {
        short_list(call, base, &["id"], Vec::new())
    }

    fn render_employee(&self) -> Value {
        json!({
            "id": EMPLOYEE, "name": "Owner", "nickname": "Owner", "customId": "", "email": "owner@example.com",
            "inviteSent": false, "role": "OWNER", "isOwner": true,
        })
    }
}

/// A list that is short enough to be made anew for every call.
fn short_list(call: &Call<'_>, base: &str, fields: &[&str], all: Vec<Value>) -> Answer {
    let query = Query::read(call, fields)?;
    let field = |one: &Value, name: &str| match &one[name] {
        Value::String(text) => Field::Text(text.clone()),
        Value::Bool(flag) => Field::Flag(*flag),
        _ => Field::None,
    };
    let passes = |one: &Value| query.filters.iter().all(|filter| filter.admits(&field(one, &filter.field)));
    let page = all.into_iter().filter(passes).skip(query.offset).take(query.limit).collect();
    Ok(listed(call, base, &query, page))
}

/// `{id}` of the owner.
pub fn employee() -> Value {
    json!({"id": EMPLOYEE})
}

/// `{id}` of the till.
pub fn device() -> Value {
    json!({"id": DEVICE})
}

/// Ids of the fixed records have the shape of drawn ones.
#[cfg(test)]
#[test]
fn fixed_ids_are_ids() {
    assert!(TENDERS.iter().all(|(id, ..)| Id::parse(id).is_some()));
    assert!(Id::parse(EMPLOYEE).is_some());
}
