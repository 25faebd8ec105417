//! The lists of what a retailer has besides goods, people and sales.
//!
//! Called by `routes`.

use super::{Named, NamedList, Outlet, PaymentType, Tax};
use crate::lightspeed_x::LightspeedX;
use crate::lightspeed_x::clock::iso_or_null;
use crate::lightspeed_x::decimal::Decimal;
use crate::lightspeed_x::feed::Feed;
use crate::lightspeed_x::ids::Id;
use crate::lightspeed_x::paging::Page;
use crate::lightspeed_x::wire::{self, Answer, Call, Refused, Reply};
use crate::machine::World;
use serde_json::{Value, json};

impl LightspeedX {
    /// Reads of everything small.
    pub(crate) fn route_account(&self, segments: &[&str], call: &Call) -> Answer {
        match segments {
            ["retailer"] => Ok(Reply::data(self.render_retailer())),
            [list @ ("brands" | "suppliers")] => {
                let named = self.named_list(list);
                let deleted = call.flag("deleted");
                let shown = |index: usize| deleted || named.all[index].deleted_at.is_none();
                Ok(Page::read(call)?.of(&named.feed, shown, |index| render_named(&named.all[index])))
            }
            [list @ ("brands" | "suppliers"), id] => {
                let found = Id::parse(id).and_then(|id| self.named_list(list).all.iter().find(|one| one.id == id));
                found.map(|one| Reply::data(render_named(one))).ok_or_else(Refused::not_found)
            }
            [list] => {
                let rows = self.small_list(list).ok_or_else(Refused::not_found)?;
                page_of(rows, call)
            }
            [list, id] => {
                let rows = self.small_list(list).ok_or_else(Refused::not_found)?;
                let found = rows.into_iter().find(|row| row["id"] == **id);
                found.map(Reply::data).ok_or_else(Refused::not_found)
            }
            _ => Err(Refused::not_found()),
        }
    }

    /// Lists of a handful of records that hardly ever change.
    fn small_list(&self, name: &str) -> Option<Vec<Value>> {
        let account = &self.account;
        Some(match name {
            "outlets" => account.outlets.iter().map(|outlet| self.render_outlet(outlet)).collect(),
            "registers" => account.outlets.iter().map(render_register).collect(),
            "taxes" => account.taxes.iter().enumerate().map(|(at, tax)| render_tax(tax, at == 0)).collect(),
            "payment_types" => account.payment_types.iter().map(render_payment_type).collect(),
            "users" => vec![self.render_user()],
            "price_books" => vec![self.render_price_book()],
            _ => return None,
        })
    }

    /// Creates, renames or deletes a brand or supplier.
    pub(crate) fn change_named(
        &mut self,
        method: &str,
        segments: &[&str],
        call: &Call,
        world: &mut World<'_>,
    ) -> Answer {
        let list = if segments[0] == "brands" { &mut self.account.brands } else { &mut self.account.suppliers };
        match (method, segments) {
            ("POST", [_]) => {
                let name = read_name(call)?.ok_or_else(|| Refused::against("name is required"))?;
                let one = Named { id: Id::draw(world.dice), name, deleted_at: None, version: 0 };
                let id = one.id.to_string();
                list.all.push(one);
                list.touch(list.all.len() - 1, self.versions.next(world.dice));
                Ok(Reply::data(Value::from(id)))
            }
            ("PUT", [_, id]) => {
                let index = list.find(id)?;
                if let Some(name) = read_name(call)? {
                    list.all[index].name = name;
                }
                list.touch(index, self.versions.next(world.dice));
                Ok(Reply::data(json!({ "id": id })))
            }
            ("DELETE", [_, id]) => {
                let index = list.find(id)?;
                list.all[index].deleted_at = Some(world.now);
                list.touch(index, self.versions.next(world.dice));
                Ok(Reply::data(json!({"id": id, "job_id": Id::draw(world.dice).to_string()})))
            }
            _ => Err(Refused::no_such_method()),
        }
    }

    fn named_list(&self, name: &str) -> &NamedList {
        if name == "brands" { &self.account.brands } else { &self.account.suppliers }
    }

    fn render_retailer(&self) -> Value {
        let settings = &self.settings;
        json!({
            "id": self.account.retailer_id.to_string(),
            "domain_prefix": settings.domain_prefix,
            "name": "Emulated Retail",
            "store_url": settings.api_base,
            "account_status": "ACTIVE",
            "account_type": "PAID",
            "version": self.account.user_version.to_string(),
            "no_tax_group_id": self.account.taxes[1].id.to_string(),
            "loyalty": {"enabled": false},
            "sku_sequence": {"enabled": false, "value": 10_000},
            "culture": "en",
            "timezone": settings.zone,
            "tax_exclusive": !settings.tax_inclusive,
            "country": "GB",
            "currency": {"code": settings.currency, "symbol": settings.currency},
            "store_credit": false,
            "gift_cards": {"enabled": false, "never_enabled": true},
        })
    }

    fn render_outlet(&self, outlet: &Outlet) -> Value {
        json!({
            "id": outlet.id.to_string(),
            "name": outlet.name,
            "time_zone": outlet.zone,
            "default_tax_id": self.account.taxes[0].id.to_string(),
            "currency": self.settings.currency,
            "currency_symbol": self.settings.currency,
            "display_prices": if self.settings.tax_inclusive { "inclusive" } else { "exclusive" },
            "physical_address_1": "",
            "physical_city": "",
            "physical_postcode": "",
            "physical_country_id": "GB",
            "attributes": [],
            "email": "",
            "deleted_at": null,
            "version": outlet.version,
        })
    }

    fn render_user(&self) -> Value {
        json!({
            "id": self.account.user_id.to_string(),
            "username": "owner",
            "display_name": "Owner",
            "email": "owner@example.com",
            "account_type": "admin",
            "enabled": true,
            "restricted_outlet_ids": [],
            "is_primary_user": true,
            "created_at": "2025-01-06T09:00:00+00:00",
            "updated_at": "2025-01-06T09:00:00+00:00",
            "deleted_at": null,
            "version": self.account.user_version,
        })
    }

    fn render_price_book(&self) -> Value {
        json!({
            "id": self.account.price_book_id.to_string(),
            "name": "General Price Book (All Products)",
            "customer_group_id": self.account.customer_group_id.to_string(),
            "outlet_id": null,
            "valid_from": null,
            "valid_to": null,
            "restrict_to_platform_key": "0",
            "restrict_to_platform_label": "All Platforms",
            "deleted_at": null,
            "version": self.account.price_book_version,
        })
    }
}

impl NamedList {
    fn find(&self, id: &str) -> Result<usize, Refused> {
        let found = Id::parse(id).and_then(|id| self.all.iter().position(|one| one.id == id));
        found.filter(|index| self.all[*index].deleted_at.is_none()).ok_or_else(Refused::not_found)
    }

    fn touch(&mut self, index: usize, version: u64) {
        let old = std::mem::replace(&mut self.all[index].version, version);
        self.feed.file(index, old, version);
    }
}

fn read_name(call: &Call) -> Result<Option<String>, Refused> {
    Ok(wire::text(call.unwrapped()?, "name")?.filter(|name| !name.is_empty()).map(str::to_owned))
}

/// Rows that carry their version in `version`, paged like a feed.
fn page_of(rows: Vec<Value>, call: &Call) -> Answer {
    let mut feed = Feed::default();
    for (index, row) in rows.iter().enumerate() {
        feed.file(index, 0, row["version"].as_u64().unwrap_or_default());
    }
    Ok(Page::read(call)?.of(&feed, |_| true, |index| rows[index].clone()))
}

fn render_register(outlet: &Outlet) -> Value {
    let register = &outlet.register;
    json!({
        "id": register.id.to_string(),
        "name": register.name,
        "outlet_id": outlet.id.to_string(),
        "ask_for_note_on_save": 0,
        "print_note_on_receipt": false,
        "ask_for_user_on_sale": false,
        "print_receipt": true,
        "email_receipt": false,
        "invoice_prefix": "",
        "invoice_suffix": "",
        "invoice_sequence": register.invoices,
        "is_open": true,
        "register_close_time": null,
        "deleted_at": null,
        "version": register.version,
    })
}

fn render_tax(tax: &Tax, is_default: bool) -> Value {
    let rate = Decimal::raw(tax.rate).number();
    json!({
        "id": tax.id.to_string(),
        "name": tax.name,
        "display_name": tax.name,
        "is_default": is_default,
        "rates": [{"id": tax.rate_id.to_string(), "name": tax.name, "display_name": tax.name, "rate": rate}],
        "deleted_at": null,
        "version": tax.version,
    })
}

fn render_payment_type(kind: &PaymentType) -> Value {
    json!({
        "id": kind.id.to_string(),
        "name": kind.name,
        "type_id": kind.kind,
        "deleted_at": null,
        "version": kind.version,
    })
}

fn render_named(one: &Named) -> Value {
    json!({
        "id": one.id.to_string(),
        "name": one.name,
        "deleted_at": iso_or_null(one.deleted_at),
        "version": one.version,
    })
}
