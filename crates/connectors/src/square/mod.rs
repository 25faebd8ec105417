//! Square's dictionary: Point of Sale, Online and Terminal of one seller, API version 2026-09-16.
//!
//! Called through the `Connector` trait. Orders come as thin news and are read back; stock moves when an order is paid;
//! levels are written as adjustments, and as dated counts where a reading showed drift. It refuses to know payments
//! beyond whether they are over.

mod codes;
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

use model::{Basis, ChannelId, Platform};

use crate::{
    Abilities, Ability, Account, Batch, BudgetReport, BudgetRule, Connector, Delivery, Forged, Heard, Mark, Page,
    Phase, Question, Reply, Request, Run, Scope, Secret, Step, Surface, Trouble, Unreadable, Unsendable, Verified,
};

/// Most changes in one call: not in the reference, but known from use.
const ROWS_MAX: usize = 100;

/// Square publishes no rates; this is assumed until its headers say otherwise.
const BUDGET: BudgetRule = BudgetRule { capacity: 20, restore_per_s: 10, requests_per_s: 0 };

const SCOPES: &[Scope] = &[
    Scope { name: "MERCHANT_PROFILE_READ", phase: Phase::Read, what_for: "locations" },
    Scope { name: "ITEMS_READ", phase: Phase::Read, what_for: "items, SKUs, barcodes and prices" },
    Scope { name: "INVENTORY_READ", phase: Phase::Read, what_for: "stock levels" },
    Scope { name: "ORDERS_READ", phase: Phase::Read, what_for: "sales, orders and returns" },
    Scope { name: "PAYMENTS_READ", phase: Phase::Read, what_for: "which orders are paid and refunded" },
    Scope { name: "CUSTOMERS_READ", phase: Phase::Read, what_for: "customers" },
    Scope { name: "INVENTORY_WRITE", phase: Phase::Write, what_for: "keeping stock levels in step" },
    Scope { name: "ITEMS_WRITE", phase: Phase::Write, what_for: "keeping prices, titles and barcodes in step" },
];

const SURFACES: &[(Surface, Ability)] = &[
    (Surface::HearSales, Ability::Yes),
    (Surface::HearStock, Ability::Yes),
    (Surface::HearItems, Ability::Yes),
    (Surface::HearCustomers, Ability::Yes),
    (Surface::HearRevoked, Ability::Yes),
    (Surface::PollOrders, Ability::Yes),
    (
        Surface::PollLevels,
        Ability::No("levels that changed are told by webhook; lost ones are found by reading everything"),
    ),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (Surface::WriteRelative, Ability::Yes),
    (
        Surface::WriteCompared,
        Ability::No("Square has no compare-and-set: an adjustment is taken whatever the level is"),
    ),
    (Surface::WriteDated, Ability::Yes),
    (Surface::WritePrice, Ability::Unused("not written yet")),
    (Surface::WriteTitle, Ability::Unused("not written yet")),
    (Surface::WriteBarcode, Ability::Unused("not written yet")),
    (Surface::Subscribe, Ability::Yes),
    (Surface::UnlinkedReturn, Ability::No("Square has no call that takes goods back")),
    (Surface::Fractions, Ability::Yes),
];

/// Square.
pub(crate) struct Square;

impl Connector for Square {
    fn abilities(&self) -> Abilities {
        Abilities {
            platform: Platform::Square,
            basis: Basis::OnHand,
            whole_units: false,
            batch_max: ROWS_MAX,
            listings_max: 0,
            ask_max: requests::DOCUMENTS_MAX,
            absent_is_zero: true,
            budget: BUDGET,
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
        writes::compose(batch)
    }

    /// One request carries the whole batch, and its key makes it safe to repeat.
    fn step(&self, batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
        match run.replies.last() {
            None => Ok(Step::Send(Box::new(writes::carry(body, account)?))),
            Some(reply) => writes::hear(batch, reply).map(Step::Settled),
        }
    }

    /// Square does not document rate headers; they are believed when they are there. The pace of refilling is ours.
    fn budget(&self, reply: &Reply) -> Option<BudgetReport> {
        let header = |name: &str| reply.headers.get(name)?.to_str().ok()?.trim().parse::<u32>().ok();
        Some(BudgetReport {
            capacity: header("x-ratelimit-limit")?,
            available: header("x-ratelimit-remaining")?,
            restore_per_s: BUDGET.restore_per_s,
            requests_per_s: None,
        })
    }
}
