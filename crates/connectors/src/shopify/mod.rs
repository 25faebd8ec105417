//! Shopify's dictionary: online store and POS, Admin GraphQL API 2026-10 and its webhooks.
//!
//! Reached only through [`connector`](crate::connector). Holds no key, clock or socket. An item is known by its
//! inventory item's number, with `variant:` and the variant's number as another name, because levels name the one and
//! order lines the other; locations, orders and customers are known by their numbers, refunds as `refund:` and theirs.

mod abilities;
mod bulk;
mod detail;
mod documents;
mod grants;
mod graph;
mod graph_order;
mod known;
mod learn;
mod listing;
mod order_graph;
mod order_rest;
mod queries;
mod reply;
mod requests;
mod rest;
mod scalar;
mod subscribe;
mod tally;
mod translate;
mod verdict;
mod want;
mod webhook;
mod write;

use model::{ChannelId, WriteMode};

use crate::{
    Abilities, Account, Batch, BudgetReport, Connector, Delivery, Documents, Forged, Grants, Heard, Page, Question,
    Reply, Request, Run, Secret, Step, Trouble, Unreadable, Unsendable, Verified,
};

/// Shopify.
#[derive(Clone, Copy, Debug)]
pub struct Shopify;

impl Connector for Shopify {
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
        write::compose(batch)
    }

    /// One request carries all levels of a batch, and its key makes it safe to repeat. Listings are looked at before
    /// each is written.
    fn step(&self, batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
        if batch.mode == WriteMode::List {
            return listing::step(batch, account, run.replies);
        }
        match run.replies.last() {
            None => Ok(Step::Send(Box::new(requests::carry(body, account)?))),
            Some(reply) => write::hear(batch, reply).map(Step::Settled),
        }
    }

    fn budget(&self, reply: &Reply) -> Option<BudgetReport> {
        reply::budget(reply)
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(&grants::OAuth)
    }
    fn documents(&self) -> Option<&dyn Documents> {
        Some(&documents::Maker)
    }
}
