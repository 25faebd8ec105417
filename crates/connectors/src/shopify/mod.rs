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

use model::{Basis, ChannelId, Platform};

use crate::{
    Abilities, Ability, Account, Batch, BudgetReport, BudgetRule, Connector, Delivery, Forged, Heard, Mark, Page,
    Phase, Question, Reply, Request, Run, Scope, Secret, Step, Surface, Trouble, Unreadable, Unsendable, Verified,
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
            listings_max: 0,
            ask_max: 50,
            absent_is_zero: false,
            // The standard plan; larger plans refill faster and say so in every answer.
            budget: BudgetRule { capacity: 2_000, restore_per_s: 100, requests_per_s: 0 },
            // Search runs behind the store of orders by seconds; two minutes are ample.
            overlap_ms: 120_000,
            mark: Mark::Clock,
            scopes: SCOPES,
            surfaces: SURFACES,
        }
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

    /// One request carries the whole batch, and its key makes it safe to repeat.
    fn step(&self, batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
        match run.replies.last() {
            None => Ok(Step::Send(Box::new(requests::carry(body, account)?))),
            Some(reply) => write::hear(batch, reply).map(Step::Settled),
        }
    }

    fn budget(&self, reply: &Reply) -> Option<BudgetReport> {
        reply::budget(reply)
    }
}

const SCOPES: &[Scope] = &[
    Scope { name: "read_products", phase: Phase::Read, what_for: "items, SKUs, barcodes and prices" },
    Scope { name: "read_inventory", phase: Phase::Read, what_for: "stock levels" },
    Scope { name: "read_locations", phase: Phase::Read, what_for: "locations" },
    Scope { name: "read_orders", phase: Phase::Read, what_for: "sales, orders and returns" },
    Scope { name: "read_customers", phase: Phase::Read, what_for: "customers" },
    Scope { name: "write_inventory", phase: Phase::Write, what_for: "keeping stock levels in step" },
    Scope { name: "write_products", phase: Phase::Write, what_for: "keeping prices, titles and barcodes in step" },
];

const SURFACES: &[(Surface, Ability)] = &[
    (Surface::HearSales, Ability::Yes),
    (Surface::HearStock, Ability::Yes),
    (Surface::HearItems, Ability::Yes),
    (Surface::HearCustomers, Ability::Yes),
    (Surface::HearRevoked, Ability::Yes),
    (Surface::PollOrders, Ability::Yes),
    (Surface::PollLevels, Ability::No("its list of levels cannot be narrowed to those that changed")),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (Surface::WriteRelative, Ability::Yes),
    (Surface::WriteCompared, Ability::Yes),
    (Surface::WriteDated, Ability::No("a level is set as of now; a comparison with the level believed stands in")),
    (Surface::WritePrice, Ability::Unused("not written yet")),
    (Surface::WriteTitle, Ability::Unused("not written yet")),
    (Surface::WriteBarcode, Ability::Unused("not written yet")),
    (Surface::Subscribe, Ability::Yes),
    (Surface::UnlinkedReturn, Ability::No("every refund belongs to an order")),
    (Surface::Fractions, Ability::No("inventory counts whole units")),
];
