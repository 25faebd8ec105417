//! Lightspeed Retail R-Series, emulated: one account with shops, registers, a back office and the public API V3.
//!
//! The HTTP shell and the simulator drive [`LightspeedR`] through [`Machine`]. Built from the vendor's own documents:
//! everything is a string, lists of one are objects, pages are linked by full addresses, stock is put absolutely, and
//! two limiters stand before it all. There are no webhooks. It is a pure state machine and knows nothing of the hub.
//!
//! A call passes the `door`, is sent on by `routes`, and is answered by the `calls` of a folder; what people do inside
//! the platform comes in through `acts`.

mod acts;
mod amount;
mod books;
mod clock;
mod cost;
mod counters;
mod customers;
mod documents;
mod door;
mod items;
mod limits;
mod oauth;
mod query;
mod records;
mod resources;
mod routes;
mod sales;
mod settings;
mod stock;
mod table;
#[cfg(test)]
mod tests;
mod transfers;
mod wire;

pub use amount::Amount;
pub use settings::Settings;

use crate::EmulatorError;
use crate::machine::{Act, Attempt, Books, Calls, Keys, Machine, Millis, Opened, Opening, Outgoing, World, with_date};
use bytes::Bytes;
use http::{Request, Response};
use resources::{EMPLOYEE, PAYMENT_TYPE, TAX_CATEGORY, TAX_CLASS, VENDOR};
use std::collections::HashMap;

/// Registers of the subscription of an account that is opened from outside.
const REGISTERS: u32 = 10;
/// There are no deliveries; the shell is told something that makes sense all the same.
const DELIVERY_TIMEOUT_MS: Millis = 10_000;

/// Opens a new, empty account. It has no web shop, no webhooks and no delays of its own, so that the settings for these
/// are not looked at.
///
/// # Errors
/// When the API's address ends with a slash, which every link would then carry twice.
pub fn open(opening: &Opening) -> Result<Opened, EmulatorError> {
    if opening.api_base.ends_with('/') {
        return Err(EmulatorError::Settings { reason: "api_base must not end with a slash".into() });
    }
    let settings = Settings {
        currency: opening.currency.clone(),
        tax_inclusive: opening.tax_inclusive,
        zone: opening.zone.clone(),
        suppliers: opening.suppliers.clone(),
        api_base: opening.api_base.clone(),
        registers: REGISTERS,
        rate_scale: opening.rate_scale.max(1),
        ..Settings::example()
    };
    let account = LightspeedR::new(settings);
    let keys = Keys {
        account: account.settings.account_id.clone(),
        access_token: account.tokens.access().to_owned(),
        refresh_token: account.tokens.refresh().to_owned(),
        client_id: account.settings.client_id.clone(),
        client_secret: account.settings.client_secret.clone(),
        ..Keys::default()
    };
    Ok(Opened { machine: Box::new(account), keys, one_location: false, unlinked_returns: true })
}

/// One Retail R-Series account.
#[derive(Debug)]
pub struct LightspeedR {
    settings: Settings,
    tokens: oauth::Tokens,
    limits: limits::Limits,
    records: records::Records,
    items: items::Items,
    stock: stock::Stock,
    sales: sales::Sales,
    customers: customers::Customers,
    /// Name of a matrix → its id, for the back office.
    matrices: HashMap<String, table::Id>,
    /// The tester's name of a document → its sale.
    documents: HashMap<String, table::Id>,
    log: Vec<books::Entry>,
    calls: Calls,
}

impl LightspeedR {
    /// An account with its owner, its taxes and its types of payment, without shops, items or sales.
    pub fn new(settings: Settings) -> Self {
        let mut account = Self {
            tokens: oauth::Tokens::new(&settings),
            limits: limits::Limits::new(&settings),
            records: records::Records::default(),
            items: items::Items::default(),
            stock: stock::Stock::default(),
            sales: sales::Sales::default(),
            customers: customers::Customers::default(),
            matrices: HashMap::new(),
            documents: HashMap::new(),
            log: Vec::new(),
            calls: Calls::default(),
            settings,
        };
        account.furnish();
        account
    }

    /// What every account has from its first day.
    fn furnish(&mut self) {
        let owner = [("firstName", "Account"), ("lastName", "Owner"), ("employeeRoleID", "1")];
        self.records.add(&EMPLOYEE, &owner, 0);
        let (inclusive, rate) = (self.settings.tax_inclusive.to_string(), self.settings.tax1_rate.to_string());
        let tax = [("isTaxInclusive", inclusive.as_str()), ("tax1Name", "Sales Tax"), ("tax1Rate", rate.as_str())];
        self.records.add(&TAX_CATEGORY, &tax, 0);
        for name in &self.settings.suppliers {
            self.records.add(&VENDOR, &[("name", name)], 0);
        }
        for name in ["Item", "Labor"] {
            self.records.add(&TAX_CLASS, &[("name", name)], 0);
        }
        for (name, kind, back) in [
            ("Cash", "cash", "1"),
            ("Check", "user_defined", "1"),
            ("Credit Card", "credit_card", "3"),
            ("Gift Card", "gift_card", "4"),
        ] {
            self.records.add(&PAYMENT_TYPE, &[("name", name), ("type", kind), ("refundAsPaymentTypeID", back)], 0);
        }
    }

    /// Compares every level with its log added up anew; lists `(item, shop, level, sum)` where they differ, which they
    /// never should.
    pub fn unbalanced(&self) -> Vec<(u64, u64, i64, i64)> {
        self.stock.unbalanced()
    }
}

impl Machine for LightspeedR {
    fn platform(&self) -> &'static str {
        "lightspeed-r"
    }

    fn handle(&mut self, request: &Request<Bytes>, world: &mut World<'_>) -> Response<Bytes> {
        with_date(self.answer(request, world), world.now)
    }

    fn act(&mut self, act: &Act, world: &mut World<'_>) -> Result<serde_json::Value, String> {
        self.carry_out_act(act, world)
    }

    fn throttled(&self, _request: &Request<Bytes>) -> Response<Bytes> {
        self.held(limits::Held::Burst, limits::Cost(100))
    }

    fn retry_pauses(&self) -> &'static [Millis] {
        &[]
    }

    fn delivery_timeout(&self) -> Millis {
        DELIVERY_TIMEOUT_MS
    }

    fn on_retry(&self, _delivery: &mut Outgoing, _attempt: u32, _previous: Attempt) {}

    fn gave_up(&mut self, _subscription: &str, _world: &mut World<'_>) {}

    fn unsubscribe(&mut self, _world: &mut World<'_>) {}

    fn tick(&mut self, _world: &mut World<'_>) {}

    fn next_tick(&self) -> Option<Millis> {
        None
    }

    fn books(&self) -> Books {
        self.read_books()
    }

    fn subscribe(
        &mut self,
        _url: &str,
        _topics: &[String],
        _secret: Option<&str>,
        _world: &mut World<'_>,
    ) -> Result<serde_json::Value, String> {
        Err("Retail R-Series has no webhooks: its changes are polled".into())
    }

    fn calls(&self) -> Calls {
        self.calls.clone()
    }
}
