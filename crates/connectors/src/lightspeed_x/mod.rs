//! Lightspeed Retail X-Series's dictionary.

use model::{Basis, ChannelId, Platform};

use crate::{
    Abilities, Account, Batch, BudgetReport, BudgetRule, Connector, Delivery, Forged, Heard, Mark, Page, Question,
    Reply, Request, Run, Secret, Step, Trouble, Unreadable, Unsendable, Verified,
};

/// Lightspeed Retail X-Series.
pub(crate) struct LightspeedX;

impl Connector for LightspeedX {
    fn abilities(&self) -> Abilities {
        Abilities {
            platform: Platform::LightspeedX,
            basis: Basis::OnHand,
            whole_units: false,
            batch_max: 1,
            listings_max: 0,
            ask_max: 1,
            absent_is_zero: false,
            budget: BudgetRule { capacity: 1, restore_per_s: 1 },
            overlap_ms: 0,
            mark: Mark::Clock,
            scopes: &[],
            surfaces: &[],
        }
    }

    fn verify<'a>(&self, _delivery: Delivery<'a>, _secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
        Err(Forged::NoSecret)
    }

    fn read(&self, _channel: ChannelId, _delivery: &Verified<'_>) -> Result<Vec<Heard>, Unreadable> {
        Ok(Vec::new())
    }

    fn ask(&self, _question: &Question, _account: &Account) -> Result<Request, Unsendable> {
        Err(Unsendable::Impossible("not written yet"))
    }

    fn learn(&self, _question: &Question, _account: &Account, _reply: &Reply) -> Result<Page, Trouble> {
        Err(Trouble::Garbled { reason: "not written yet".into() })
    }

    fn compose(&self, _batch: &Batch) -> Result<Vec<u8>, Unsendable> {
        Err(Unsendable::Impossible("not written yet"))
    }

    fn step(&self, _batch: &Batch, _body: &[u8], _account: &Account, _run: &Run<'_>) -> Result<Step, Trouble> {
        Err(Trouble::Garbled { reason: "not written yet".into() })
    }

    fn budget(&self, _reply: &Reply) -> Option<BudgetReport> {
        None
    }
}
