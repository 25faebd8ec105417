//! Square's dictionary: Point of Sale, Online and Terminal of one seller, API version 2026-09-16.
//!
//! Called through the `Connector` trait. Orders come as thin news and are read back; stock moves when an order is paid;
//! levels are written as adjustments, and as dated counts where a reading showed drift. Of payments it knows whether they
//! are over, and what is left of one to give back.

mod abilities;
mod codes;
mod documents;
mod grants;
mod http_request;
mod learn;
mod place;
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

/// Square.
pub(crate) struct Square;

impl Connector for Square {
    fn abilities(&self) -> Abilities {
        abilities::abilities()
    }

    fn verify<'a>(&self, delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
        webhook::verify(delivery, secrets)
    }

    fn read(&self, channel: ChannelId, delivery: &Verified<'_>) -> Result<Vec<Heard>, Unreadable> {
        webhook::read(channel, delivery).map(|heard| vec![heard])
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
        Some(&documents::Papers)
    }
}
