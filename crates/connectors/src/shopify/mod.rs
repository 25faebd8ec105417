//! Shopify's dictionary: online store and POS, Admin GraphQL API 2026-10 and its webhooks.
//!
//! Reached only through [`connector`](crate::connector). Holds no key, clock or socket. An item is known by its
//! inventory item's number, with `variant:` and the variant's number as another name, because levels name the one and
//! order lines the other; locations, orders and customers are known by their numbers, refunds as `refund:` and theirs.

mod bulk;
mod detail;
mod graph;
mod graph_order;
mod known;
mod learn;
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

use model::{Basis, ChannelId, Outcome, Platform};

use crate::{
    Abilities, Ability, Account, Batch, BudgetReport, BudgetRule, Connector, Delivery, Forged, Heard, Page, Question,
    Reply, Request, Secret, Surface, Trouble, Unreadable, Unsendable, Verified,
};

/// Shopify.
#[derive(Clone, Copy, Debug)]
pub struct Shopify;

impl Connector for Shopify {
    fn abilities(&self) -> Abilities {
        Abilities {
            platform: Platform::Shopify,
            basis: Basis::Available,
            whole_units: true,
            batch_max: write::ROWS_MAX,
            ask_max: 50,
            absent_is_zero: false,
            // The standard plan; larger plans refill faster and say so in every answer.
            budget: BudgetRule { capacity: 2_000, restore_per_s: 100 },
            // Search runs behind the store of orders by seconds; two minutes are ample.
            overlap_ms: 120_000,
            surfaces: SURFACES,
        }
    }

    fn verify<'a>(&self, delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
        webhook::verify(delivery, secrets)
    }

    fn read(&self, channel: ChannelId, delivery: &Verified<'_>) -> Result<Heard, Unreadable> {
        webhook::read(channel, delivery)
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

    fn carry(&self, body: &[u8], account: &Account) -> Result<Request, Unsendable> {
        requests::carry(body, account)
    }

    fn hear(&self, batch: &Batch, reply: &Reply) -> Result<Vec<Outcome>, Trouble> {
        write::hear(batch, reply)
    }

    fn budget(&self, reply: &Reply) -> Option<BudgetReport> {
        reply::budget(reply)
    }
}

const SURFACES: &[(Surface, Ability)] = &[
    (Surface::HearSales, Ability::Yes),
    (Surface::HearStock, Ability::Yes),
    (Surface::HearCustomers, Ability::Yes),
    (Surface::PollOrders, Ability::Yes),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (Surface::WriteRelative, Ability::Yes),
    (Surface::WriteCompared, Ability::Yes),
    (Surface::WriteDated, Ability::No("a level is set as of now; a comparison with the level believed stands in")),
    (Surface::Subscribe, Ability::Yes),
    (Surface::UnlinkedReturn, Ability::No("every refund belongs to an order")),
    (Surface::Fractions, Ability::No("inventory counts whole units")),
];
