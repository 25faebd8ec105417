//! Asks a platform what our token opens: the account, the scopes phase by phase, the locations over there, the webhook
//! subscriptions that deliver to us, and what time it is there. Only reads.
//!
//! The pages, the API and `lockstep connect` call it, so that both say the same. It knows no platform by name: what is
//! needed is in the dictionary's abilities.

use flow::{AskError, Link, Phase, Question, Surface, Unsendable, Word};
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

/// A webhook subscription that delivers to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionFound {
    /// The platform's id.
    pub id: String,
    /// Topics, as the platform names them.
    pub topics: Vec<String>,
    /// Where it delivers to.
    pub url: String,
    /// Whether it is switched on.
    pub enabled: bool,
}

/// Further apart than this, two clocks make trouble, in milliseconds.
const SKEW_MS: i64 = 30_000;

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
    /// Subscriptions that deliver to us; `None` when they cannot be listed there.
    pub subscriptions: Option<Vec<SubscriptionFound>>,
    /// How far the platform's clock is ahead of ours, in milliseconds.
    pub skew_ms: Option<i64>,
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
    match subscriptions(link).await {
        Ok(ours) => found.subscriptions = ours,
        Err(error) => found.problems.push(format!("its subscriptions cannot be read: {error}")),
    }
    found.skew_ms = link.skew_ms();
    if found.skew_ms.is_some_and(|skew_ms| skew_ms.abs() > SKEW_MS) {
        found.problems.push("its clock and ours differ by more than 30 s; set this machine's clock by NTP".to_owned());
    }
    found
}

/// The subscriptions that deliver to our hook address; `None` where a platform does not let programs make them.
///
/// # Errors
/// The platform's refusal, or why it cannot be reached.
pub async fn subscriptions(link: &Link) -> Result<Option<Vec<SubscriptionFound>>, AskError> {
    if !link.connector().abilities().can(Surface::Subscribe) {
        return Ok(None);
    }
    let pages = flow::look(link, Question::Subscriptions { cursor: None }).await?;
    let listed = pages.into_iter().flat_map(|page| page.subscriptions);
    let ours = listed.filter(|known| known.url.starts_with(&link.settings.hook_url));
    let ours = ours.map(|known| SubscriptionFound {
        id: known.id,
        topics: known.topics,
        url: known.url,
        enabled: known.enabled,
    });
    Ok(Some(ours.collect()))
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
