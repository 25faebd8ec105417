//! BigCommerce's dictionary: one store, its orders over API v2, everything else over v3.
//!
//! Called through the `Connector` trait. News is thin and read back; a store's number falls when an order is placed;
//! levels are written as differences, because the platform can neither compare nor remember a key. It refuses to know
//! payments, price lists and what a page of the store looks like.

mod documents;
mod grants;
mod http_request;
mod learn;
mod place;
mod requests;
mod scope;
mod signature;
mod surfaces;
mod translate;
mod trouble;
mod webhook;
mod wire;
mod write;

use model::{Basis, ChannelId, Platform};

use crate::{
    Abilities, Account, Batch, BudgetReport, BudgetRule, Connector, Deletions, Delivery, Documents, Forged, Grants,
    Heard, Mark, Page, Question, Reply, Request, Run, Secret, Step, Trouble, Unreadable, Unsendable, Verified,
};

/// A point is one request. The smallest plans allow 150 in 30 seconds, shared by all apps of the store.
const BUDGET: BudgetRule = BudgetRule { capacity: 150, restore_per_s: 5, requests_per_s: 0 };

/// The location that every store has, where stock is sold from unless an order says otherwise.
const DEFAULT_LOCATION: &str = "1";

/// BigCommerce.
pub(crate) struct BigCommerce;

impl Connector for BigCommerce {
    fn abilities(&self) -> Abilities {
        Abilities {
            platform: Platform::BigCommerce,
            basis: Basis::Available,
            whole_units: true,
            never_below_zero: true,
            deletions: Deletions::WholeCatalogue,
            batch_max: write::ROWS_MAX,
            listings_max: write::LISTINGS_MAX,
            ask_max: requests::ASK_MAX,
            absent_is_zero: true,
            budget: BUDGET,
            overlap_ms: 120_000,
            // An adjustment shows up to two seconds after it was accepted; the rest is for one that is still under way
            // when its sender has given it up.
            shows_after_ms: 5_000,
            mark: Mark::Clock,
            scopes: surfaces::SCOPES,
            surfaces: surfaces::SURFACES,
        }
    }

    fn verify<'a>(&self, delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
        signature::verify(delivery, secrets)
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

    fn step(&self, batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble> {
        write::step(batch, body, account, run)
    }

    fn budget(&self, reply: &Reply) -> Option<BudgetReport> {
        trouble::budget(reply)
    }

    fn grants(&self) -> Option<&dyn Grants> {
        Some(&grants::Install)
    }

    fn documents(&self) -> Option<&dyn Documents> {
        Some(&documents::Maker)
    }
}
