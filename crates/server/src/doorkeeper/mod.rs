//! The doorkeeper: asked before every answer of API and pages. Where does this come from, who is it, may they do this,
//! and are they not asking too often?
//!
//! The rules and the people are the crate `access`'s; here they are tied to addresses, connections and headers. It
//! knows nothing of what is behind the doors but the names of the addresses.

mod bounds;
pub mod given;
mod origin;
mod pace;
mod proxies;

use std::collections::BTreeSet;
use std::sync::Arc;

use access::{Endpoint, Place, Principal, Role, Rules, Scope, Seal, Slowdown, Store, SystemDice, Who};
use tokio::sync::Semaphore;

pub(crate) use bounds::{Bounds, Elsewhere};
pub(crate) use origin::{Origin, tell};
pub(crate) use pace::{Allowance, Pace};
pub use proxies::{Forwarding, Proxies};

use crate::{Access, ROUTES};

/// Names and addresses whose failures are remembered.
const REMEMBERED: usize = 10_000;
/// Passwords checked at a time: each takes 19 MiB.
const GUESSES: usize = 2;
/// Failures that cost a name nothing yet: people mistype.
const FREE_BY_NAME: u32 = 4;
/// The same for an address, behind which a whole store may be.
const FREE_BY_ADDRESS: u32 = 20;

/// How the doors are kept.
#[derive(Clone, Debug)]
pub struct DoorSettings {
    /// Rules of the retailer, added to those built in; Cedar text, may be empty.
    pub rules: String,
    /// Calls of one key in a minute.
    pub key_per_minute: u32,
    /// Calls without a known key from one address in a minute, attempts to sign in among them.
    pub address_per_minute: u32,
    /// Whose word counts about where a request comes from.
    pub proxies: Proxies,
    /// Whether people reach the hub by https.
    pub https: bool,
}

impl Default for DoorSettings {
    fn default() -> Self {
        Self {
            rules: String::new(),
            key_per_minute: 60_000,
            address_per_minute: 6_000,
            proxies: Proxies::default(),
            https: false,
        }
    }
}

/// Why the doors cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The rules.
    #[error(transparent)]
    Rules(#[from] access::RulesError),
    /// The people and keys.
    #[error(transparent)]
    Store(#[from] access::AccessError),
}

/// The doorkeeper.
#[derive(Debug)]
pub struct Doorkeeper {
    /// People, keys, sessions.
    pub store: Store,
    pub(crate) rules: Rules,
    pub(crate) pace: Pace,
    pub(crate) settings: DoorSettings,
    pub(crate) names: Slowdown,
    pub(crate) addresses: Slowdown,
    pub(crate) guesses: Semaphore,
}

impl Doorkeeper {
    /// With these people and keys.
    ///
    /// # Errors
    /// When the retailer's rules cannot be used.
    pub fn new(store: Store, settings: DoorSettings) -> Result<Self, DoorError> {
        let rules = Rules::new(&endpoints(), &settings.rules)?;
        Ok(Self {
            store,
            rules,
            pace: Pace::new(REMEMBERED),
            settings,
            names: Slowdown::new(REMEMBERED, FREE_BY_NAME),
            addresses: Slowdown::new(REMEMBERED, FREE_BY_ADDRESS),
            guesses: Semaphore::new(GUESSES),
        })
    }

    /// With nobody known yet and nothing kept on disk.
    ///
    /// # Errors
    /// When the retailer's rules cannot be used.
    pub fn in_memory(settings: DoorSettings) -> Result<Self, DoorError> {
        let mut key = [0; 32];
        access::Dice::fill(&SystemDice, &mut key)?;
        Self::new(Store::in_memory(Seal::of_master(&key), Arc::new(SystemDice))?, settings)
    }

    /// Whether somebody may have an address (`POST /v1/counts`), at no store in particular.
    pub fn allows(&self, principal: &Principal, endpoint: &str) -> bool {
        self.rules.at(principal, endpoint, Place::default()).allowed
    }

    /// Whether somebody may see orders of a channel.
    pub(crate) fn shows_orders_of(&self, principal: &Principal, channel: &str) -> bool {
        let place = Place { store: None, channel: Some(channel) };
        principal.channels.is_empty() || self.rules.may(principal, Scope::OrdersRead, place)
    }

    /// The role in which somebody answers proposals: the highest of a person's, or what a key's scopes come to.
    pub(crate) fn approves_as(&self, principal: &Principal) -> &'static str {
        let order = [Role::Admin, Role::Ops, Role::Manager, Role::Clerk, Role::Auditor, Role::Viewer];
        let role = match &principal.who {
            Who::Person(roles) => order.into_iter().find(|role| roles.contains(role)),
            Who::Machine(scopes) if scopes.contains(&Scope::Admin) => Some(Role::Admin),
            Who::Machine(scopes) if scopes.contains(&Scope::OperationsWrite) => Some(Role::Ops),
            Who::Machine(_) => Some(Role::Manager),
        };
        role.unwrap_or(Role::Viewer).name()
    }

    /// Names of addresses that do not exist.
    pub fn unknown_addresses<'a>(asked: impl IntoIterator<Item = &'a String>) -> Vec<String> {
        let known: BTreeSet<String> = endpoints().into_iter().map(|endpoint| endpoint.name).collect();
        asked.into_iter().filter(|name| !known.contains(*name)).cloned().collect()
    }
}

/// Every address that is not open to everybody, with the group it belongs to.
fn endpoints() -> Vec<Endpoint> {
    let routes = ROUTES.iter().chain(crate::dashboard::page_routes());
    let closed = routes.filter_map(|route| {
        let group = match route.access {
            Access::Open => return None,
            Access::Own => None,
            Access::Needs(scope) => Some(scope),
        };
        Some(Endpoint { name: route.name(), group })
    });
    closed.collect()
}
