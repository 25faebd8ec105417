//! Asks a platform what our token opens: the account, the scopes phase by phase, the locations over there. Only reads.
//!
//! The channel's page and `lockstep connect` call it, so that both say the same. It knows no platform by name: what is
//! needed is in the dictionary's abilities.

use flow::{AskError, Link, Phase, Question, Unsendable, Word};
use model::{ExternalLocation, LocationName};

/// What a scope is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Needed and there.
    Granted,
    /// Needed and not there.
    Missing,
    /// Needed, and the platform does not tell what the token has.
    Untold,
    /// There, and not needed in this phase.
    Extra,
    /// Not there, and not needed in this phase.
    Later,
}

/// A scope and what it is to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeFound {
    /// By the platform's own name.
    pub name: &'static str,
    /// In which phase it is needed.
    pub phase: Phase,
    /// What for, in words.
    pub what_for: &'static str,
    /// Whether it is there.
    pub grant: Grant,
}

/// A location over there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceFound {
    /// The platform's id.
    pub external: ExternalLocation,
    /// The platform's name of it.
    pub name: LocationName,
    /// False when it is closed there.
    pub active: bool,
}

/// What was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessFound {
    /// The platform's id of the account; empty when it does not tell.
    pub account: String,
    /// Its name for people; may be empty.
    pub account_name: String,
    /// Every scope the dictionary knows, in its order.
    pub scopes: Vec<ScopeFound>,
    /// Locations over there, in the platform's order.
    pub places: Vec<PlaceFound>,
    /// What is wrong and how to mend it; empty when all is well.
    pub problems: Vec<String>,
}

/// Asks who we are there, what we may do and which locations there are. `told` are the scopes that came with a token
/// just given, for platforms that tell them only then.
pub async fn check(link: &Link, phase: Phase, told: Option<&[String]>) -> AccessFound {
    let mut found = AccessFound::default();
    let granted = access(link, &mut found).await;
    found.scopes = scopes(link, phase, granted.as_deref().or(told));
    for missing in found.scopes.iter().filter(|scope| scope.grant == Grant::Missing) {
        let problem =
            format!("the scope {} is missing ({}); grant it and connect again", missing.name, missing.what_for);
        found.problems.push(problem);
    }
    places(link, &mut found).await;
    found
}

/// Who we are there. Answers the scopes, where the platform tells them.
async fn access(link: &Link, found: &mut AccessFound) -> Option<Vec<String>> {
    match flow::look(link, Question::Access).await {
        Ok(pages) => {
            let access = pages.into_iter().find_map(|page| page.access)?;
            let ours = link.settings.account.as_deref().filter(|ours| *ours != access.account);
            if let Some(ours) = ours.filter(|_| !access.account.is_empty()) {
                found.problems.push(format!(
                    "the token opens account {}, and the configuration says {ours}; one of the two is wrong",
                    access.account
                ));
            }
            (found.account, found.account_name) = (access.account, access.name);
            access.scopes
        }
        // The platform has no such call: the locations will tell whether the token opens anything.
        Err(AskError::Unsendable(Unsendable::Impossible(_))) => None,
        Err(error) => {
            found.problems.push(format!("the account cannot be reached: {error}; check base_url, account and token"));
            None
        }
    }
}

/// Every scope of the dictionary, held against what the token has.
fn scopes(link: &Link, phase: Phase, granted: Option<&[String]>) -> Vec<ScopeFound> {
    let scopes = link.connector().abilities().scopes.iter();
    let found = scopes.map(|scope| {
        let needed = scope.phase <= phase;
        let has = granted.map(|granted| granted.iter().any(|name| name == scope.name));
        let grant = match (needed, has) {
            (true, Some(true)) => Grant::Granted,
            (true, Some(false)) => Grant::Missing,
            (true, None) => Grant::Untold,
            (false, Some(true)) => Grant::Extra,
            (false, Some(false) | None) => Grant::Later,
        };
        ScopeFound { name: scope.name, phase: scope.phase, what_for: scope.what_for, grant }
    });
    found.collect()
}

async fn places(link: &Link, found: &mut AccessFound) {
    match flow::look(link, Question::Locations { cursor: None }).await {
        Ok(pages) => {
            let told = pages.into_iter().flat_map(|page| page.told);
            let places = told.filter_map(|told| match told {
                Word::Location(seen) => {
                    Some(PlaceFound { external: seen.external, name: seen.name, active: seen.active })
                }
                _ => None,
            });
            found.places = places.collect();
        }
        Err(error) => found.problems.push(format!("its locations cannot be read: {error}")),
    }
}
