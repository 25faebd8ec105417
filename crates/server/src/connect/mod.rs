//! Connecting an account: what the doors (pages, API) ask of the roof, which alone reads and writes configuration, and
//! how a person's consent becomes a token.
//!
//! It knows no platform by name: addresses and words that differ by platform come from the roof, OAuth from the
//! dictionaries.

mod consent;
mod progress;

pub use consent::{Consent, Consents, scopes};
pub use progress::{Progress, progress};

use std::future::Future;
use std::pin::Pin;

use flow::KeptTokens;
use model::{Actor, Platform};

/// What comes of a change, later.
pub type Later<'a> = Pin<Box<dyn Future<Output = Result<(), ConnectError>> + Send + 'a>>;

/// Makes and changes channels while the hub runs.
pub trait Accounts: Send + Sync {
    /// What a person must know to connect an account of this platform.
    fn hint(&self, platform: Platform) -> Hint;

    /// How a channel is configured; `None` when there is none of that name.
    fn section(&self, name: &str) -> Option<Section>;

    /// Where platforms send a person back to after consent.
    fn redirect_uri(&self) -> String;

    /// Writes the channel's section, makes it a fact by this author, and links it. It is read-only and not read yet.
    fn add(&self, new: NewChannel, by: Actor) -> Later<'_>;

    /// Keeps tokens of a channel and links it anew with them. `account` is the platform's id of the account, where it
    /// was told with them and the section has none.
    fn give(&self, name: &str, tokens: KeptTokens, account: Option<String>) -> Later<'_>;

    /// Begins to read a channel, now and after every restart.
    fn start_reading(&self, name: &str) -> Later<'_>;

    /// Lets the hub write to a channel, and make its webhook subscription, by this author's word.
    fn let_write(&self, name: &str, by: Actor) -> Later<'_>;
}

/// What a person must know to connect an account of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Where the platform's API is, as it is for most; empty when it differs by account.
    pub base_url: String,
    /// What the address looks like.
    pub base_words: &'static str,
    /// What the account's id is.
    pub account_words: &'static str,
    /// Whether access can be asked for by OAuth; otherwise what to set first, in words.
    pub app: Result<(), String>,
}

/// How a channel is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The file in which that stands.
    pub file: String,
    /// Whether the file is the hub's own, written here; otherwise it is a person's.
    pub own: bool,
    /// Whether it is read.
    pub reads: bool,
    /// Whether it is written to.
    pub writes: bool,
    /// Whether access can be asked for by OAuth; otherwise what to set first, in words.
    pub app: Result<(), String>,
}

/// A channel to be made: read-only, until a person lets it write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChannel {
    /// Unique; letters, digits, `-` and `_`.
    pub name: String,
    /// Which platform.
    pub platform: Platform,
    /// Where its API is, without a slash at the end.
    pub base_url: String,
    /// The platform's id of the account; may be empty.
    pub account: String,
    /// ISO 4217; empty = the hub's.
    pub currency: String,
    /// Our locations that its orders may come from, best first.
    pub sells_from: Vec<String>,
}

/// Why an account cannot be connected so.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// A value that makes no sense, or is taken.
    #[error("{field}: {problem}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// No channel of that name.
    #[error("there is no channel {0:?}")]
    Unknown(String),
    /// Not as things stand; the words say what would help.
    #[error("{0}")]
    NotNow(String),
    /// What came back belongs to no question of ours: it is old, was answered before, or another browser asked.
    #[error("this answer belongs to no question that is still open; ask for access again")]
    Stray,
    /// The platform or the person refused.
    #[error("access was not given: {0}")]
    Denied(String),
    /// The engine refused, or the hub has stopped.
    #[error(transparent)]
    Flow(#[from] flow::FlowError),
    /// A file could not be written.
    #[error("{0}")]
    Kept(String),
}

/// A hub whose channels come from its configuration alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAccounts;

impl NoAccounts {
    fn refused(self) -> Later<'static> {
        let words = "channels of this hub are made by its configuration alone".to_owned();
        Box::pin(std::future::ready(Err(ConnectError::NotNow(words))))
    }
}

impl Accounts for NoAccounts {
    fn hint(&self, _: Platform) -> Hint {
        let app = Err("This hub cannot ask for access by itself.".to_owned());
        Hint { base_url: String::new(), base_words: "", account_words: "", app }
    }

    fn section(&self, _: &str) -> Option<Section> {
        None
    }

    fn redirect_uri(&self) -> String {
        String::new()
    }

    fn add(&self, _: NewChannel, _: Actor) -> Later<'_> {
        self.refused()
    }

    fn give(&self, _: &str, _: KeptTokens, _: Option<String>) -> Later<'_> {
        self.refused()
    }

    fn start_reading(&self, _: &str) -> Later<'_> {
        self.refused()
    }

    fn let_write(&self, _: &str, _: Actor) -> Later<'_> {
        self.refused()
    }
}
