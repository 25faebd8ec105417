//! Plays a scenario on every platform and compares how it ended with what the fixtures say.
//!
//! Prints one line per platform, so that `--nocapture` gives the table.

use std::future::Future;
use std::pin::Pin;

use connectors::{Ability, connector};
use model::Platform;
use sim::{Retailer, Setup, on_virtual_time};

use crate::fixtures::{Expected, expected};
use crate::stage::{Stage, retailer};

/// Why a scenario did not go through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The platform, or the hub for it, says in words that it cannot.
    Refused(String),
    /// Something is not as it must be.
    Wrong(String),
}

/// How a scenario ended.
pub type Played = Result<(), Broken>;

/// Something that must hold, with what was found instead.
pub fn hold(it: bool, otherwise: impl FnOnce() -> String) -> Played {
    if it { Ok(()) } else { Err(Broken::Wrong(otherwise())) }
}

/// Two things that must be equal.
pub fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: T, wanted: T) -> Played {
    hold(found == wanted, || format!("{what}: {found:?} instead of {wanted:?}"))
}

/// A scenario: a stage that is in step, until it is played.
pub type Scenario = for<'s> fn(&'s mut Stage) -> Pin<Box<dyn Future<Output = Played> + 's>>;

/// Plays a scenario on every platform with the usual retailer.
pub fn everywhere(name: &str, scenario: Scenario) {
    everywhere_with(name, |_| {}, scenario);
}

/// The same with a retailer that was changed first.
pub fn everywhere_with(name: &str, change: fn(&mut Retailer), scenario: Scenario) {
    let failures: Vec<String> =
        Platform::ALL.into_iter().filter_map(|platform| failure(name, platform, change, scenario)).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn failure(name: &str, platform: Platform, change: fn(&mut Retailer), scenario: Scenario) -> Option<String> {
    let played = on_virtual_time(play(platform, change, scenario)).expect("the clock starts");
    let (ended, verdict) = match (&played, expected(name, platform)) {
        (Ok(()), Expected::Works) => ("ok".to_owned(), None),
        (Err(Broken::Refused(why)), Expected::Refused(surface)) => {
            (format!("refused: {why}"), matrix_says_so(platform, surface).err())
        }
        (Err(Broken::Refused(why)), Expected::NothingToAsk(why_not)) => {
            (format!("refused: {why} ({why_not})"), why.is_empty().then(|| "no words".to_owned()))
        }
        (other, expected) => (format!("{other:?}"), Some(format!("expected {expected:?}, ended {other:?}"))),
    };
    println!("| {name} | {} | {ended} |", platform.name());
    verdict.map(|problem| format!("{name} on {}: {problem}", platform.name()))
}

/// A scenario that a platform refuses needs a row in its capability matrix that says so in words.
fn matrix_says_so(platform: Platform, surface: connectors::Surface) -> Result<(), String> {
    let surfaces = connector(platform).abilities().surfaces;
    match surfaces.iter().find(|(listed, _)| *listed == surface) {
        Some((_, Ability::No(why) | Ability::Unused(why))) if !why.is_empty() => Ok(()),
        other => Err(format!("refused, but the capability matrix says {other:?} of {surface:?}")),
    }
}

async fn play(platform: Platform, change: fn(&mut Retailer), scenario: Scenario) -> Played {
    let mut retailer = retailer(platform);
    change(&mut retailer);
    let mut stage = Stage::open(Setup::new(71, retailer)).await?;
    scenario(&mut stage).await
}
