//! The merchant itself: name, address, properties. One merchant is one location.
//!
//! The back office names it; the API reads it.

use super::Clover;
use super::hooks::Kind;
use super::query::Expand;
use super::wire::{Answer, Call, Refused};
use crate::machine::Millis;
use serde_json::{Value, json};

/// What the merchant is called and where its clocks stand.
#[derive(Debug)]
pub struct Merchant {
    /// Name of the one location; `None` until it is opened.
    pub name: Option<String>,
    /// IANA time zone.
    pub zone: String,
    /// When the location was opened.
    pub opened: Millis,
}

impl Clover {
    /// `GET /v3/merchants/{mId}`: address inside, properties and owner only when expanded.
    pub(super) fn read_merchant(&self, call: &Call<'_>) -> Answer {
        let expand = Expand::read(call);
        let (id, base) = (&self.settings.merchant_id, &self.settings.api_base);
        let href = format!("{base}/v3/merchants/{id}");
        let name = self.merchant.name.as_deref().unwrap_or("Emulated Merchant");
        let mut merchant = json!({
            "href": href, "id": id, "name": name, "createdTime": self.merchant.opened,
            "owner": {"id": self.staff.employee_id()}, "address": self.render_address(),
            "properties": {"href": format!("{href}/properties")},
        });
        if expand.has("properties") {
            merchant["properties"] = self.render_properties();
        }
        if expand.has("owner") {
            merchant["owner"] = self.staff.one_employee(self.staff.employee_id())?;
        }
        Ok(merchant)
    }

    /// `GET …/address`.
    pub(super) fn render_address(&self) -> Value {
        let country = match self.settings.currency.as_str() {
            "GBP" => "GB",
            "EUR" => "DE",
            "CAD" => "CA",
            "ARS" => "AR",
            _ => "US",
        };
        json!({"address1": "1 High Street", "city": "Emulated", "state": "", "zip": "10001", "country": country})
    }

    /// `GET …/properties`.
    pub(super) fn render_properties(&self) -> Value {
        json!({
            "merchantRef": {"id": self.settings.merchant_id},
            "defaultCurrency": self.settings.currency,
            "timezone": self.merchant.zone,
            "vat": self.settings.tax_inclusive,
            "trackStock": true,
            "updateStock": true,
            "tipsEnabled": false,
        })
    }

    /// `GET …/tax_rates`: the one that is on everything.
    pub(super) fn read_tax_rates(&self) -> Value {
        json!({"elements": [self.render_tax_rate()]})
    }

    /// The merchant's tax, in 1/100000 percent.
    pub(super) fn render_tax_rate(&self) -> Value {
        json!({"id": "XEMULATED0001", "name": "Tax", "rate": self.settings.tax_rate, "isDefault": true})
    }

    /// Names the one location; again by the same name is fine.
    ///
    /// # Errors
    /// A second location, or no name.
    pub(super) fn put_location(&mut self, name: &str, zone: Option<&str>, now: Millis) -> Result<Value, String> {
        if name.is_empty() {
            return Err("a location needs a name".into());
        }
        match &self.merchant.name {
            Some(known) if known != name => {
                return Err(format!("a Clover merchant is one location, and this one is {known}"));
            }
            Some(_) => {}
            None => {
                self.merchant.name = Some(name.to_owned());
                self.merchant.opened = now;
                self.hooks.note("M", &self.settings.merchant_id, Kind::Update);
            }
        }
        if let Some(zone) = zone.filter(|zone| *zone != self.merchant.zone) {
            self.merchant.zone = zone.to_owned();
            self.hooks.note("M", &self.settings.merchant_id, Kind::Update);
        }
        Ok(json!({"location_id": self.settings.merchant_id}))
    }

    /// Whether this is the name of the one location.
    ///
    /// # Errors
    /// No location yet, or another one.
    pub(super) fn here(&self, name: &str) -> Result<(), String> {
        match &self.merchant.name {
            Some(known) if known == name => Ok(()),
            Some(known) => Err(format!("there is no location {name}: the merchant is {known}")),
            None => Err("the merchant has no location yet".into()),
        }
    }

    /// The merchant's id in the path has to be the token's.
    ///
    /// # Errors
    /// 401.
    pub(super) fn judge_merchant(&self, id: &str) -> Result<(), Refused> {
        if id == self.settings.merchant_id { Ok(()) } else { Err(Refused::unauthorized()) }
    }
}
