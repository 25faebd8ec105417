//! Each platform's dictionary: its bytes to our words, our words to its requests.
//!
//! Requests and replies are data; only the courier opens a socket, only `flow` waits. No connector holds a key, a
//! clock or a retry loop: all it needs is in its arguments, so that the simulator and the tests drive it directly.

mod abilities;
mod delivery;
mod question;
mod request;
mod shopify;
mod square;

pub use abilities::{Abilities, Ability, BudgetRule, Surface};
pub use delivery::{Control, Delivery, Forged, Heard, LevelHint, Secret, Told, Unreadable, Verified};
pub use question::{Page, Question, Subscription};
pub use request::{Account, Batch, BudgetReport, Effect, Reply, Request, Row, Trouble, Unsendable};

use model::{ChannelId, Outcome, Platform};

/// One platform's dictionary.
pub trait Connector: Send + Sync {
    /// What the platform can do, and how fast, as data for dispatch, docs and pages.
    fn abilities(&self) -> Abilities;

    /// Is this delivery genuine? Judged over the exact bytes before anything in them is believed. Several secrets
    /// while one is being rotated.
    ///
    /// # Errors
    /// When no secret fits or a needed header is missing.
    fn verify<'a>(&self, delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged>;

    /// What a genuine delivery says: words, and what must be fetched first.
    ///
    /// # Errors
    /// When the body is not what its topic promises; it is quarantined with this reason.
    fn read(&self, channel: ChannelId, delivery: &Verified<'_>) -> Result<Heard, Unreadable>;

    /// The request that asks a question of the platform.
    ///
    /// # Errors
    /// When the platform cannot be asked this, with the reason.
    fn ask(&self, question: &Question, account: &Account) -> Result<Request, Unsendable>;

    /// What the reply to a question says, and the next question when there is more.
    ///
    /// # Errors
    /// When the platform refused, is busy, or spoke in a way that cannot be read.
    fn learn(&self, question: &Question, account: &Account, reply: &Reply) -> Result<Page, Trouble>;

    /// The exact body that carries a batch of writes; journaled before it is sent.
    ///
    /// # Errors
    /// When a row cannot be said on this platform.
    fn compose(&self, batch: &Batch) -> Result<Vec<u8>, Unsendable>;

    /// The request that carries a composed body. The same body gives the same request.
    ///
    /// # Errors
    /// When the account's address is not usable.
    fn carry(&self, body: &[u8], account: &Account) -> Result<Request, Unsendable>;

    /// What the reply says became of each row, in order.
    ///
    /// # Errors
    /// When the whole request was refused or put off: nothing of it was done, or (see [`Trouble`]) nobody knows.
    fn hear(&self, batch: &Batch, reply: &Reply) -> Result<Vec<Outcome>, Trouble>;

    /// What the reply says about the rate budget.
    fn budget(&self, reply: &Reply) -> Option<BudgetReport>;
}

/// The dictionary of a platform.
pub fn connector(platform: Platform) -> &'static dyn Connector {
    match platform {
        Platform::Shopify => &shopify::Shopify,
        Platform::Square => &square::Square,
    }
}
