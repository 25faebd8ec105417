//! People and keys as somebody gives them, in words: read here for API, pages and command line alike.

use std::collections::BTreeSet;

use access::{KeyKind, NewKey, NewPerson, Role, Scope};

use super::Doorkeeper;

/// The longest life of a key that is given in days.
const DAYS_MAX: i64 = 3_650;
const DAY_MS: i64 = 86_400_000;

/// A word that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Wrong {
    /// Which field: `roles`, `scopes`, `endpoints` …
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

/// A person in words.
#[derive(Clone, Debug, Default)]
pub struct PersonGiven {
    /// Name.
    pub name: String,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Names of stores.
    pub stores: Vec<String>,
    /// Names of channels.
    pub channels: Vec<String>,
}

/// A key in words.
#[derive(Clone, Debug, Default)]
pub struct KeyGiven {
    /// Name.
    pub name: String,
    /// `service` or `agent`; empty = `service`.
    pub kind: String,
    /// What for.
    pub purpose: String,
    /// Names of scopes.
    pub scopes: Vec<String>,
    /// Addresses, such as `POST /v1/counts`.
    pub endpoints: Vec<String>,
    /// Names of stores.
    pub stores: Vec<String>,
    /// Names of channels.
    pub channels: Vec<String>,
    /// Calls in a minute; 0 = as configured.
    pub per_minute: u32,
    /// How long it opens, in days; `None` = until it is revoked.
    pub days: Option<i64>,
}

/// A person from words.
///
/// # Errors
/// The word that is wrong.
pub fn person(given: &PersonGiven) -> Result<NewPerson, Wrong> {
    let roles = words(&given.roles)
        .into_iter()
        .map(|word| Role::parse(&word).ok_or_else(|| wrong("roles", format!("{word:?} is none of {}", role_names()))))
        .collect::<Result<BTreeSet<_>, _>>()?;
    if roles.is_empty() {
        return Err(wrong("roles", format!("at least one role is needed, of {}", role_names())));
    }
    let (stores, channels) = (words(&given.stores), words(&given.channels));
    Ok(NewPerson { name: given.name.trim().to_owned(), roles, stores, channels })
}

/// A key from words.
///
/// # Errors
/// The word that is wrong.
pub fn key(given: &KeyGiven, now_ms: i64) -> Result<NewKey, Wrong> {
    let kind = if given.kind.is_empty() { Some(KeyKind::Service) } else { KeyKind::parse(&given.kind) };
    let kind = kind.ok_or_else(|| wrong("kind", "a key is for a service or an agent".into()))?;
    let scopes = words(&given.scopes)
        .into_iter()
        .map(|word| Scope::parse(&word).ok_or_else(|| wrong("scopes", format!("{word:?} is no scope"))))
        .collect::<Result<BTreeSet<_>, _>>()?;
    if scopes.is_empty() {
        return Err(wrong("scopes", "a key without a scope opens nothing".into()));
    }
    let endpoints = words(&given.endpoints);
    if let Some(unknown) = Doorkeeper::unknown_addresses(&endpoints).first() {
        return Err(wrong("endpoints", format!("there is no address {unknown:?}; write it as in POST /v1/counts")));
    }
    if given.days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
        return Err(wrong("days", format!("a key opens for 1 to {DAYS_MAX} days")));
    }
    Ok(NewKey {
        name: given.name.trim().to_owned(),
        kind,
        purpose: given.purpose.trim().to_owned(),
        scopes,
        endpoints,
        stores: words(&given.stores),
        channels: words(&given.channels),
        per_minute: given.per_minute,
        expires_ms: given.days.map(|days| now_ms + days * DAY_MS),
    })
}

/// A list as people write it in one field: words between commas or line breaks.
pub fn list(text: &str) -> Vec<String> {
    text.split([',', '\n', '\r']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn words(list: &[String]) -> BTreeSet<String> {
    list.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

fn role_names() -> String {
    Role::ALL.map(Role::name).join(", ")
}

fn wrong(field: &'static str, problem: String) -> Wrong {
    Wrong { field, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_misspelt_is_named_with_its_field() {
        let field = |result: Result<NewKey, Wrong>| result.expect_err("refused").field;
        let given = KeyGiven { name: "a".into(), scopes: vec!["stock:read".into()], ..KeyGiven::default() };
        assert_eq!(key(&given, 0).expect("a key").scopes, [Scope::StockRead].into());
        assert_eq!(field(key(&KeyGiven { kind: "robot".into(), ..given.clone() }, 0)), "kind");
        assert_eq!(field(key(&KeyGiven { scopes: vec!["stock".into()], ..given.clone() }, 0)), "scopes");
        assert_eq!(field(key(&KeyGiven { scopes: Vec::new(), ..given.clone() }, 0)), "scopes");
        assert_eq!(field(key(&KeyGiven { endpoints: vec!["/v1/counts".into()], ..given.clone() }, 0)), "endpoints");
        assert_eq!(field(key(&KeyGiven { days: Some(0), ..given.clone() }, 0)), "days");
        let good = KeyGiven { endpoints: list("POST /v1/counts,\nGET /v1/items "), days: Some(1), ..given };
        let made = key(&good, 5).expect("a key");
        assert_eq!((made.endpoints.len(), made.expires_ms), (2, Some(86_400_005)));
        let nobody = PersonGiven { name: "a".into(), roles: vec!["king".into()], ..PersonGiven::default() };
        assert_eq!(person(&nobody).expect_err("refused").field, "roles");
        assert_eq!(
            person(&PersonGiven { name: "a".into(), ..PersonGiven::default() }).expect_err("refused").field,
            "roles"
        );
    }
}
