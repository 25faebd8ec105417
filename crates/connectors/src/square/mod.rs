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

use model::{Basis, ChannelId, Outcome, Platform};

use crate::{
    Abilities, Ability, Account, Batch, BudgetReport, BudgetRule, Connector, Delivery, Forged, Heard, Page, Question,
    Reply, Request, Secret, Surface, Trouble, Unreadable, Unsendable, Verified,
};

/// Most changes in one call: not in the reference, but known from use.
const ROWS_MAX: usize = 100;

/// Square publishes no rates; this is assumed until its headers say otherwise.
const BUDGET: BudgetRule = BudgetRule { capacity: 20, restore_per_s: 10 };

const SURFACES: &[(Surface, Ability)] = &[
    (Surface::HearSales, Ability::Yes),
    (Surface::HearStock, Ability::Yes),
    (Surface::HearCustomers, Ability::Yes),
    (Surface::PollOrders, Ability::Yes),
    (Surface::ReadLevels, Ability::Yes),
    (Surface::ReadCatalogue, Ability::Yes),
    (Surface::ReadCustomers, Ability::Yes),
    (Surface::WriteRelative, Ability::Yes),
    (
        Surface::WriteCompared,
        Ability::No("Square has no compare-and-set: an adjustment is taken whatever the level is"),
    ),
    (Surface::WriteDated, Ability::Yes),
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
            ask_max: requests::DOCUMENTS_MAX,
            absent_is_zero: true,
            budget: BUDGET,
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
        writes::compose(batch)
    }

    fn carry(&self, body: &[u8], account: &Account) -> Result<Request, Unsendable> {
        writes::carry(body, account)
    }

    fn hear(&self, batch: &Batch, reply: &Reply) -> Result<Vec<Outcome>, Trouble> {
        writes::hear(batch, reply)
    }

    /// Square does not document rate headers; they are believed when they are there. The pace of refilling is ours.
    fn budget(&self, reply: &Reply) -> Option<BudgetReport> {
        let header = |name: &str| reply.headers.get(name)?.to_str().ok()?.trim().parse::<u32>().ok();
        Some(BudgetReport {
            capacity: header("x-ratelimit-limit")?,
            available: header("x-ratelimit-remaining")?,
            restore_per_s: BUDGET.restore_per_s,
        })
    }
}
