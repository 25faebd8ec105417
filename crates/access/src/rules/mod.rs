//! The rules: who may do what, as Cedar policies. Built in, with a file of the retailer's added to them.
//!
//! `server` asks before every answer. Pure: policies, a principal and an action in, a ruling with the rules that spoke
//! out. Default deny; a rule that cannot be evaluated allows nothing.

mod entities;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Effect, EntityUid, Policy, PolicySet, Request, RestrictedExpression, Schema,
    ValidationMode, Validator,
};

use crate::{Role, Scope};

const BUILT_IN: &str = include_str!("built_in.cedar");

/// One method at one address, and the group it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// For example `POST /v1/counts`.
    pub name: String,
    /// Whose scope opens it; `None` = what everybody does with their own account.
    pub group: Option<Scope>,
}

/// What somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person with roles.
    Person(BTreeSet<Role>),
    /// A program or an agent with scopes.
    Machine(BTreeSet<Scope>),
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The person's or the key's name.
    pub name: String,
    /// What they are.
    pub who: Who,
    /// Names of the stores they are for; empty = all, except for roles of a store.
    pub stores: BTreeSet<String>,
    /// Names of the channels they are for; empty = all.
    pub channels: BTreeSet<String>,
    /// The only addresses a key is for; empty = what its scopes open.
    pub endpoints: BTreeSet<String>,
}

impl Principal {
    /// A program with scopes and no other limit.
    pub fn machine(name: &str, scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self::of(name, Who::Machine(scopes.into_iter().collect()))
    }

    /// A person with roles and no other limit.
    pub fn person(name: &str, roles: impl IntoIterator<Item = Role>) -> Self {
        Self::of(name, Who::Person(roles.into_iter().collect()))
    }

    fn of(name: &str, who: Who) -> Self {
        let (stores, channels, endpoints) = Default::default();
        Self { name: name.to_owned(), who, stores, channels, endpoints }
    }

    /// Whether they are for some stores only.
    pub fn of_stores(&self) -> bool {
        let by_role = matches!(&self.who, Who::Person(roles) if !roles.is_empty()
            && roles.iter().all(|role| role.of_a_store()));
        !self.stores.is_empty() || by_role
    }
}

/// Where something is done, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// Name of a store.
    pub store: Option<&'a str>,
    /// Name of a channel.
    pub channel: Option<&'a str>,
}

/// What the rules say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The rules that decided it, by their `@id`; empty when none allowed it.
    pub by: Vec<String>,
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Not Cedar.
    #[error("read the rules: {0}")]
    Unreadable(String),
    /// Cedar, but about things that do not exist.
    #[error("the rules are about something that does not exist: {0}")]
    Invalid(String),
    /// Two rules of one name.
    #[error("two rules have the id {0:?}")]
    Twice(String),
}

/// All rules that count.
pub struct Rules {
    schema: Schema,
    policies: PolicySet,
    authorizer: Authorizer,
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rules({})", self.policies.num_of_policies())
    }
}

impl Rules {
    /// The built-in rules and those of the retailer, checked against every address there is.
    ///
    /// # Errors
    /// When the retailer's cannot be read, speak of what does not exist, or take a built-in rule's name.
    pub fn new(endpoints: &[Endpoint], own: &str) -> Result<Self, RulesError> {
        let schema = schema::text(endpoints);
        let schema = Schema::from_str(&schema).map_err(|error| RulesError::Unreadable(error.to_string()))?;
        let mut policies = PolicySet::new();
        for text in [BUILT_IN, own] {
            add(&mut policies, text)?;
        }
        // Those built in are checked by a test; it takes a moment that no start should wait for.
        if !own.is_empty() {
            check(&schema, &policies)?;
        }
        Ok(Self { schema, policies, authorizer: Authorizer::new() })
    }

    /// Whether somebody may call an address (`POST /v1/counts`), and which rules say so.
    pub fn at(&self, principal: &Principal, endpoint: &str, place: Place<'_>) -> Ruling {
        self.decide(principal, endpoint, place, Some(endpoint))
    }

    /// Whether somebody may do something of a group, for example see people's fields.
    pub fn may(&self, principal: &Principal, scope: Scope, place: Place<'_>) -> bool {
        self.decide(principal, scope.name(), place, None).allowed
    }

    /// Every scope that somebody has in effect, at no place in particular.
    pub fn scopes(&self, principal: &Principal) -> Vec<Scope> {
        Scope::ALL.into_iter().filter(|scope| self.may(principal, *scope, Place::default())).collect()
    }

    /// The text of the built-in rules, for documentation and pages.
    pub fn built_in() -> &'static str {
        BUILT_IN
    }

    fn decide(&self, principal: &Principal, action: &str, place: Place<'_>, endpoint: Option<&str>) -> Ruling {
        let nothing = Ruling { allowed: false, by: Vec::new() };
        let Some(action) = uid("Action", action) else { return nothing };
        let Some((who, what, entities)) = entities::of(principal, place, &self.schema) else { return nothing };
        let endpoint = endpoint.map(|name| ("endpoint".to_owned(), RestrictedExpression::new_string(name.to_owned())));
        let Ok(context) = Context::from_pairs(endpoint) else { return nothing };
        // An action or a principal that the schema does not know is refused here.
        let Ok(request) = Request::new(who, action, what, context, Some(&self.schema)) else { return nothing };
        let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
        // Cedar skips a rule that it cannot evaluate; a prohibition that is skipped would open something.
        let broken = response.diagnostics().errors().next().is_some();
        let by = response.diagnostics().reason().map(ToString::to_string).collect();
        Ruling { allowed: response.decision() == Decision::Allow && !broken, by }
    }
}

/// Refuses rules about what does not exist.
fn check(schema: &Schema, policies: &PolicySet) -> Result<(), RulesError> {
    let checked = Validator::new(schema.clone()).validate(policies, ValidationMode::Strict);
    let faults: Vec<String> = checked.validation_errors().map(ToString::to_string).collect();
    if faults.is_empty() { Ok(()) } else { Err(RulesError::Invalid(faults.join("; "))) }
}

fn add(policies: &mut PolicySet, text: &str) -> Result<(), RulesError> {
    let read =
        PolicySet::from_str(text).map_err(|error| RulesError::Unreadable(format!("{error}{}", place(&error))))?;
    if read.num_of_templates() > 0 {
        return Err(RulesError::Unreadable("templates are not used here".into()));
    }
    for policy in read.policies() {
        let policy = named(policy);
        let id = policy.id().to_string();
        policies.add(policy).map_err(|_| RulesError::Twice(id))?;
    }
    Ok(())
}

fn named(policy: &Policy) -> Policy {
    match policy.annotation("id") {
        Some(id) if !id.is_empty() => policy.new_id(cedar_policy::PolicyId::new(id)),
        // Without a name, what it does is at least told.
        _ => {
            let kind = if policy.effect() == Effect::Permit { "permit" } else { "forbid" };
            policy.new_id(cedar_policy::PolicyId::new(format!("own {kind} without id, {}", policy.id())))
        }
    }
}

fn place(error: &cedar_policy::ParseErrors) -> String {
    error.iter().map(|error| format!("; {error}")).collect()
}

/// An entity's name.
fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind = kind.parse().ok()?;
    Some(EntityUid::from_type_name_and_id(kind, cedar_policy::EntityId::new(id)))
}
