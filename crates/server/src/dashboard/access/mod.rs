//! Who may see the pages: people at this machine when pages are open, otherwise whoever signs in with a key.
//!
//! Called before every page. It knows sessions, tokens and host names, and nothing of what the pages show.

mod gate;
mod host;
mod sessions;
mod sign_in;

use maud::{Markup, html};
use model::{Actor, Note};

pub(super) use gate::{gate, genuine, is_genuine};
pub(super) use sessions::Sessions;
pub(super) use sign_in::{enter, leave, show};

use crate::Scope;

/// Who looks at a page.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// What the audit calls them.
    pub(super) by: Actor,
    /// What they may do.
    pub(super) scopes: Vec<Scope>,
    /// Proof that a form came from our own page.
    pub(super) token: String,
    /// Whether a key was given.
    pub(super) signed_in: bool,
    /// Whether pages are open to this visitor without a key.
    pub(super) open: bool,
}

impl Visitor {
    /// Somebody at this machine.
    pub(super) fn at_this_machine(token: String) -> Self {
        Self { by: Actor::Operator, scopes: Scope::ALL.to_vec(), token, signed_in: false, open: true }
    }

    /// The holder of a key.
    pub(super) fn with_key(name: &str, scopes: Vec<Scope>, token: String) -> Self {
        Self { by: Actor::Key(Note::new(name)), scopes, token, signed_in: true, open: false }
    }

    /// Nobody yet: sees the sign-in form and errors.
    pub(super) fn nobody() -> Self {
        Self { by: Actor::System, scopes: Vec::new(), token: String::new(), signed_in: false, open: false }
    }

    /// Whether this may be seen or done.
    pub(super) fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// The role in which they answer proposals.
    pub(super) fn role(&self) -> &'static str {
        crate::hub::role(&self.scopes)
    }

    /// The field every form carries.
    pub(super) fn token_field(&self) -> Markup {
        html! { input type="hidden" name="token" value=(self.token); }
    }
}

/// Sixteen random bytes in hexadecimal: an id that nobody guesses and that is used once.
///
/// # Errors
/// When the system gives no random bytes.
pub(super) fn fresh_id() -> Result<String, super::error::PageError> {
    let bytes = sessions::random::<16>().map_err(|_| super::error::PageError::Inside)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
