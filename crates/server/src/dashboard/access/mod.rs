//! Who may see the pages: people at this machine when pages are open and nobody has been added yet, otherwise whoever
//! signs in, by name and password or with a key.
//!
//! Called before every page. It knows sessions, tokens and host names, and nothing of what the pages show.

mod gate;
mod host;
mod sign_in;
mod tokens;

use std::sync::Arc;

use ::access::{Person, Principal, Role};
use maud::{Markup, html};
use model::{Actor, Note};

pub(super) use gate::{gate, genuine, is_genuine};
pub(super) use sign_in::{begin, enter, leave, show};
pub(super) use tokens::FormTokens;

use crate::Scope;

/// Who looks at a page.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// What the audit calls them.
    pub(super) by: Actor,
    /// As the rules see them.
    pub(super) principal: Arc<Principal>,
    /// The person, when it is one.
    pub(super) person: Option<Arc<Person>>,
    /// What they may do, at no store in particular.
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
        let principal = Arc::new(Principal::person("this machine", [Role::Admin]));
        let by = Actor::Operator;
        Self { by, principal, person: None, scopes: Scope::ALL.to_vec(), token, signed_in: false, open: true }
    }

    /// The holder of a key, or a program.
    pub(super) fn with_key(principal: Principal, scopes: Vec<Scope>, token: String) -> Self {
        let by = Actor::Key(Note::new(&principal.name));
        Self { by, principal: Arc::new(principal), person: None, scopes, token, signed_in: true, open: false }
    }

    /// A person who signed in.
    pub(super) fn person(person: Person, scopes: Vec<Scope>, token: String) -> Self {
        let by = Actor::Person(Note::new(&person.name));
        let (principal, person) = (Arc::new(person.principal()), Some(Arc::new(person)));
        Self { by, principal, person, scopes, token, signed_in: true, open: false }
    }

    /// Nobody yet: sees the sign-in form and errors.
    pub(super) fn nobody() -> Self {
        let principal = Arc::new(Principal::machine("", []));
        let (by, token) = (Actor::System, String::new());
        Self { by, principal, person: None, scopes: Vec::new(), token, signed_in: false, open: false }
    }

    /// Their name, for lists of changes.
    pub(super) fn name(&self) -> &str {
        &self.principal.name
    }

    /// Whether this may be seen or done.
    pub(super) fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// The role in which they answer proposals.
    pub(super) fn role(&self, doorkeeper: &crate::doorkeeper::Doorkeeper) -> &'static str {
        doorkeeper.approves_as(&self.principal)
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
    let bytes = tokens::random::<16>().map_err(|_| super::error::PageError::Inside)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
