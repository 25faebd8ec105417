//! Each platform's dictionary: its bytes to our words, our words to its requests.
//!
//! Requests and replies are data; only the courier opens a socket, only `flow` waits. No connector holds a key, a
//! clock or a retry loop: all it needs is in its arguments, so that the simulator and the tests drive it directly.

mod abilities;
mod access;
mod bigcommerce;
mod clover;
mod delivery;
mod documents;
mod lightspeed_r;
mod lightspeed_x;
mod question;
mod request;
mod shopify;
mod square;

pub use abilities::{Abilities, Ability, BudgetRule, Deletions, Mark, Phase, Scope, Surface};
pub use access::{Grants, Tokens};
pub use delivery::{Control, Delivery, Forged, Heard, LevelHint, Secret, Told, Unreadable, Verified};
pub use documents::{Document, DocumentLine, Documents, Made, Making, document_reference};
pub use question::{Access, Page, Question, Subscription};
pub use request::{
    Account, Batch, BudgetReport, Effect, ListingRow, Reply, Request, Row, Run, Step, Trouble, Unsendable,
};

use model::{ChannelId, Platform};

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

    /// What a genuine delivery says: words, and what must be fetched first. One part for each account that it is
    /// about (nearly always one); a part that cannot be read is told as such and does not spoil the others.
    ///
    /// # Errors
    /// When the body as a whole is not what its topic promises; it is quarantined with this reason.
    fn read(&self, channel: ChannelId, delivery: &Verified<'_>) -> Result<Vec<Heard>, Unreadable>;

    /// The code in a delivery by which the platform checks a new hook address before anything is signed, for a person
    /// to type in over there. It proves nothing and changes nothing here.
    fn greeting(&self, _delivery: Delivery<'_>) -> Option<String> {
        None
    }

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

    /// What comes next in carrying out a composed body: a request, or what became of each row. Everything is in the
    /// arguments, so that a run can be begun anew after a crash (`run.first` is false then). A run that stops halfway
    /// is begun anew, too.
    ///
    /// # Errors
    /// When the last reply refuses, puts off or fails the request: nothing of it was done, or (see [`Trouble`]) nobody
    /// knows.
    fn step(&self, batch: &Batch, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Step, Trouble>;

    /// What the reply says about the rate budget.
    fn budget(&self, reply: &Reply) -> Option<BudgetReport>;

    /// How access is given and renewed; `None` when a token is typed in by hand and does not expire.
    fn grants(&self) -> Option<&dyn Grants> {
        None
    }

    /// How documents are made; `None` where a program can make none. The abilities say which.
    fn documents(&self) -> Option<&dyn Documents> {
        None
    }
}

/// The dictionary of a platform.
pub fn connector(platform: Platform) -> &'static dyn Connector {
    match platform {
        Platform::Shopify => &shopify::Shopify,
        Platform::Square => &square::Square,
        Platform::Clover => &clover::Clover,
        Platform::BigCommerce => &bigcommerce::BigCommerce,
        Platform::LightspeedX => &lightspeed_x::LightspeedX,
        Platform::LightspeedR => &lightspeed_r::LightspeedR,
    }
}
