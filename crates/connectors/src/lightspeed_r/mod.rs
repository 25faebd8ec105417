//! Lightspeed Retail R-Series's dictionary: tills and stock of one account, API V3.
//!
//! Called through the `Connector` trait. The platform has no webhooks, so everything is asked for; sales move stock when
//! they are completed; a level can only be set, so a write reads before it and looks at the inventory log after it. It
//! refuses to know payments, work orders and lay-aways.

mod abilities;
mod documents;
mod grants;
mod http_request;
mod learn;
mod paging;
mod requests;
mod tape;
mod translate;
mod trouble;
mod wire;
mod writes;

use model::ChannelId;

use crate::{
    Abilities, Account, Batch, BudgetReport, Connector, Delivery, Documents, Forged, Grants, Heard, Page, Question,
    Reply, Request, Run, Secret, Step, Trouble, Unreadable, Unsendable, Verified,
};

/// Lightspeed Retail R-Series.
pub(crate) struct LightspeedR;

impl Connector for LightspeedR {
    fn abilities(&self) -> Abilities {
        abilities::ABILITIES
    }

    /// Nothing genuine can come in: the platform signs no deliveries because it sends none.
    fn verify<'a>(&self, _delivery: Delivery<'a>, _secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
        Err(Forged::Missing { header: "of a signature (Lightspeed R-Series sends no webhooks)" })
    }

    /// Never reached, because `verify` proves nothing.
    fn read(&self, _channel: ChannelId, _delivery: &Verified<'_>) -> Result<Vec<Heard>, Unreadable> {
        Err(wire::unreadable("", "Lightspeed R-Series sends no webhooks"))
    }

    fn ask(&self, question: &Question, account: &Account) -> Result<Request, Unsendable> {
        requests::ask(question, account)
    }

    fn learn(&self, question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
        learn::learn(question, account, reply)
    }

    fn compose(&self, batch: &Batch) -> Result<Vec<u8>, Unsendable> {
        writes::compose(batch)
    }

    fn step(&self, batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
        writes::step(batch, body, account, run)
    }

    fn budget(&self, reply: &Reply) -> Option<BudgetReport> {
        http_request::budget(reply)
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(self)
    }

    fn documents(&self) -> Option<&dyn Documents> {
        Some(&documents::Papers)
    }
}
