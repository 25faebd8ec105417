//! Who may come in and what they may do: roles and rules (Cedar), passwords, second factors, sessions, keys.
//!
//! `server` asks before every answer; the command line makes the first people. Three folders: `rules` decides and
//! touches nothing, `proof` checks what somebody brings along, `store` keeps people, keys and sessions in one SQLite
//! file of their own. It refuses to know HTTP, pages and the trade: a store or a channel is a name here.

mod dice;
mod error;
mod proof;
mod role;
mod rules;
mod scope;
mod slowdown;
mod store;

pub use dice::{Dice, SystemDice};
pub use error::AccessError;
pub use proof::{PASSWORD_MIN, Password, Seal, Totp, Weak, totp_address};
pub use role::Role;
pub use rules::{Endpoint, Place, Principal, Rules, RulesError, Ruling, Who};
pub use scope::Scope;
pub use slowdown::Slowdown;
pub use store::{
    Change, KeyKind, KeyRecord, NewKey, NewPerson, Person, PersonId, ProvedKey, Session, SessionOf, SignIn, Store,
    digest,
};
