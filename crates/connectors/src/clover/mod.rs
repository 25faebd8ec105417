//! Clover's dictionary: the tills of one merchant, REST API v3.
//!
//! Called through the `Connector` trait. News are thin and read back; stock moves when an order is paid and comes back
//! only by hand; levels can only be set, so a write reads before and looks for overwritten sales afterwards. A merchant
//! is one location, known by the merchant's own id. It refuses to know payments beyond whether an order is paid.

mod cursor;
mod documents;
mod facts;
mod grants;
mod http_request;
mod learn;
mod requests;
mod tape;
mod translate;
mod trouble;
mod webhook;
mod wire;
mod write;

use model::ChannelId;

use crate::{
    Abilities, Account, Batch, BudgetReport, Connector, Delivery, Documents, Forged, Grants, Heard, Page, Question,
    Reply, Request, Run, Secret, Step, Trouble, Unreadable, Unsendable, Verified,
};

/// Stands before the id of a payment where a document is named: the order that it pays is what is wanted.
const PAYMENT: &str = "payment:";

/// Clover.
pub(crate) struct Clover;

impl Connector for Clover {
    fn abilities(&self) -> Abilities {
        facts::ABILITIES
    }

    fn verify<'a>(&self, delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
        webhook::verify(delivery, secrets)
    }

    /// Everything in a delivery has to be read back, so the channel is not needed to say it.
    fn read(&self, _channel: ChannelId, delivery: &Verified<'_>) -> Result<Vec<Heard>, Unreadable> {
        webhook::read(delivery)
    }

    fn greeting(&self, delivery: Delivery<'_>) -> Option<String> {
        webhook::greeting(delivery)
    }

    fn ask(&self, question: &Question, account: &Account) -> Result<Request, Unsendable> {
        requests::ask(question, account)
    }

    fn learn(&self, question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble> {
        learn::learn(question, account, reply)
    }

    fn compose(&self, batch: &Batch) -> Result<Vec<u8>, Unsendable> {
        write::compose(batch)
    }

    fn step(&self, batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
        write::step(batch, body, account, run)
    }

    fn budget(&self, reply: &Reply) -> Option<BudgetReport> {
        trouble::budget(reply)
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(&grants::OAuth)
    }

    fn documents(&self) -> Option<&dyn Documents> {
        Some(&documents::Papers)
    }
}
