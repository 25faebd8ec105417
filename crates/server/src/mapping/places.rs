//! Questions about locations, each with those of ours that it may be, best first.

use flow::State;
use model::{ChannelId, ExternalLocation, LocationId, LocationPut};
use views::{LocationQuestion, QuestionFilter};

use super::finder::views;
use super::tokens;
use crate::{Hub, ReadError};

/// Candidates shown.
const CANDIDATES: usize = 5;
/// A word of the time zone tells as much as this: a zone is as large as a country.
const ZONE: f64 = 0.3;

/// A location that it may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlaceCandidate {
    /// Which.
    pub location: LocationId,
    /// Its name.
    pub name: String,
    /// How well it fits, 0 to 100.
    pub percent: u32,
    /// Why, in words.
    pub why: String,
    /// The external id that it is on this channel already: mapping it here takes it away there.
    pub taken: Option<String>,
}

/// A question and what it may be.
#[derive(Clone, Debug)]
pub(crate) struct AskedPlace {
    /// The question.
    pub question: LocationQuestion,
    /// Best first; all of ours when there are few.
    pub candidates: Vec<PlaceCandidate>,
}

/// Questions that pass the filter, after the one given, each with its candidates.
///
/// # Errors
/// When the hub has stopped or its tables cannot be read.
pub(crate) async fn places(
    hub: &Hub,
    filter: QuestionFilter,
    after: Option<(ChannelId, ExternalLocation)>,
    limit: usize,
) -> Result<Vec<AskedPlace>, ReadError> {
    let questions = views(hub, move |views| {
        let after = after.as_ref().map(|(channel, external)| (*channel, external));
        views.location_questions(&filter, after, limit)
    });
    with_candidates(hub, questions.await?).await
}

/// The question about one location, when there is one.
///
/// # Errors
/// When the hub has stopped or its tables cannot be read.
pub(crate) async fn place(
    hub: &Hub,
    channel: ChannelId,
    external: &ExternalLocation,
) -> Result<Option<AskedPlace>, ReadError> {
    let wanted = external.clone();
    let question = views(hub, move |views| views.location_question(channel, &wanted)).await?;
    Ok(with_candidates(hub, question.into_iter().collect()).await?.into_iter().next())
}

async fn with_candidates(hub: &Hub, questions: Vec<LocationQuestion>) -> Result<Vec<AskedPlace>, ReadError> {
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let asked = hub.flow.read(move |state| {
        let asked = |question: LocationQuestion| AskedPlace { candidates: candidates(state, &question), question };
        questions.into_iter().map(asked).collect()
    });
    Ok(asked.await?)
}

fn candidates(state: &State, question: &LocationQuestion) -> Vec<PlaceCandidate> {
    let catalogue = state.catalogue();
    let mut found: Vec<PlaceCandidate> = catalogue
        .locations()
        .iter()
        .map(|ours| {
            let (fit, why) = likeness(question.name.as_str(), ours);
            let taken = catalogue.external_location(question.channel, ours.location).map(ToString::to_string);
            let percent = (fit * 100.0).round().clamp(0.0, 100.0) as u32;
            PlaceCandidate { location: ours.location, name: ours.name.to_string(), percent, why, taken }
        })
        .collect();
    // One that the channel has already is unlikely to be this one too.
    let order = |it: &PlaceCandidate| (it.taken.is_some(), std::cmp::Reverse(it.percent), it.location);
    found.sort_by_key(order);
    found.truncate(CANDIDATES);
    found
}

/// How much of the words of both are the same. The platform's name often holds a town or a street; ours has its time
/// zone besides.
fn likeness(theirs: &str, ours: &LocationPut) -> (f64, String) {
    let (theirs, name) = (tokens::words(theirs), tokens::words(ours.name.as_str()));
    let town = ours.zone.as_str().rsplit('/').next().unwrap_or_default().replace('_', " ");
    let common: Vec<&String> = theirs.keys().filter(|word| name.contains_key(*word)).collect();
    let all: f64 = theirs.values().sum::<f64>() + name.values().sum::<f64>();
    let shared: f64 = common.iter().map(|word| theirs[*word] + name[*word]).sum();
    let fit = if all > 0.0 { shared / all } else { 0.0 };
    let near = tokens::words(&town).keys().any(|word| theirs.contains_key(word) && !name.contains_key(word));
    let list = common.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let mut why = if list.is_empty() { "no word in common".to_owned() } else { format!("both are called {list}") };
    if near {
        why.push_str(&format!("; its time zone is that of {town}"));
    }
    let fit = if near { fit + (1.0 - fit) * ZONE } else { fit };
    (fit, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(name: &str, zone: &str) -> LocationPut {
        let kind = model::LocationKind::Store;
        LocationPut { location: LocationId(0), name: name.into(), kind, zone: model::Note::new(zone), home: None }
    }

    #[test]
    fn a_location_with_more_words_in_common_fits_better_and_case_and_accents_do_not_matter() {
        let fit = |name: &str| likeness("MUNCHEN store 3", &ours(name, "UTC")).0;
        assert!(fit("München, store 3") > fit("München") && fit("München") > fit("Airport"));
        assert_eq!(fit("Airport"), 0.0);
    }

    #[test]
    fn the_town_of_a_time_zone_speaks_for_a_location_but_less_than_its_name() {
        let zone = likeness("Shop Berlin", &ours("High Street", "Europe/Berlin"));
        assert!(zone.0 > 0.0 && zone.1.contains("time zone is that of Berlin"), "{zone:?}");
        assert!(zone.0 < likeness("Shop Berlin", &ours("Berlin", "Europe/Berlin")).0);
    }
}
