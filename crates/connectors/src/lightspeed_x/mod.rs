//! Lightspeed Retail X-Series's dictionary, API version 2026-07: the tills and the online shop of one retailer.
//!
//! Called through the `Connector` trait. Deliveries have an old shape and are only hints: what they name is read back.
//! Everything is polled by the platform's rising version numbers. Levels are written as stock adjustments, which are
//! relative, and looked for among the recorded ones before they are repeated. It refuses to know price books, and
//! hears of no consignment: what those do to stock shows in the levels.

mod abilities;
mod decimal;
mod documents;
mod form;
mod grants;
mod http_request;
mod learn;
mod requests;
mod topic;
mod translate;
mod trouble;
mod webhook;
mod wire;
mod writes;

use model::ChannelId;

use crate::{
    Abilities, Account, Batch, BudgetReport, Connector, Delivery, Documents, Forged, Grants, Heard, Page, Question,
    Reply, Request, Run, Secret, Step, Trouble, Unreadable, Unsendable, Verified,
};

/// Lightspeed Retail X-Series.
pub(crate) struct LightspeedX;

impl Connector for LightspeedX {
    fn abilities(&self) -> Abilities {
        abilities::abilities()
    }

    fn verify<'a>(&self, delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
        webhook::verify(delivery, secrets)
    }

    fn read(&self, _channel: ChannelId, delivery: &Verified<'_>) -> Result<Vec<Heard>, Unreadable> {
        webhook::read(delivery).map(|heard| vec![heard])
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
        abilities::budget(reply)
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(&grants::OAuth)
    }

    fn documents(&self) -> Option<&dyn Documents> {
        Some(&documents::Maker)
    }
}
