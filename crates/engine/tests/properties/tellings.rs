//! Tellings of equal version: whatever order they arrive in and however often, the answer to the last question counts.
//! One channel is asked one question after the other, so its answers come in order between deliveries of any order.

use model::{ItemId, Level, LocationId, NoticeAbout};
use proptest::prelude::*;

use crate::support::*;

const DOCUMENT: &str = "1";

type Parts = Vec<(ItemId, LocationId, u32, u32)>;

/// What a document was from one moment on; a version may be told in several ways.
#[derive(Clone, Debug)]
struct Moment {
    parts: Parts,
    /// Whether the platform dated it later than the moment before.
    later: bool,
}

fn moments() -> impl Strategy<Value = Vec<Moment>> {
    let item = prop::sample::select(vec![CAP, MUG, SET]);
    let at = prop::sample::select(LOCATIONS.to_vec());
    let parts = prop::collection::vec((item, at, 0..4_u32, 0..4_u32), 0..3);
    prop::collection::vec((parts, any::<bool>()).prop_map(|(parts, later)| Moment { parts, later }), 1..6)
}

fn version(moments: &[Moment], number: usize) -> u64 {
    1 + moments[1..=number].iter().filter(|moment| moment.later).count() as u64
}

fn told(moments: &[Moment], number: usize) -> News {
    // The total differs at every moment: a platform that came back to what it said before said it of another moment.
    let blank = News::web(DOCUMENT).version(version(moments, number)).total(number as i64);
    let parts = moments[number].parts.iter();
    parts.fold(blank, |news, (item, at, promised, gone)| news.promised(*item, *at, *promised).gone(*item, *at, *gone))
}

fn asked(moments: &[Moment], number: usize) -> News {
    told(moments, number).asked(number as i64)
}

fn books(hub: &Hub) -> Vec<(Level, Level)> {
    let places = [CAP, MUG, SET].into_iter().flat_map(|item| LOCATIONS.map(|at| hub.at(item, at)));
    places.map(|position| (position.on_hand(), position.reserved())).collect()
}

fn end(news: &[News]) -> Hub {
    let mut hub = Hub::with_caps_at_b(4);
    for news in news {
        hub.must(news.heard());
    }
    hub
}

/// Every moment in question and delivery, twice, in any order.
fn shuffled(which: impl Fn(&[Moment], usize) -> Vec<News>) -> impl Strategy<Value = (Vec<Moment>, Vec<News>)> {
    moments().prop_flat_map(move |moments| {
        let once: Vec<News> = (0..moments.len()).flat_map(|number| which(&moments, number)).collect();
        let twice: Vec<News> = once.iter().chain(&once).cloned().collect();
        (Just(moments), Just(twice).prop_shuffle())
    })
}

/// The same places for deliveries, and the answers in the order of their questions between them.
fn asked_in_order(news: &[News]) -> Vec<News> {
    let mut answers: Vec<&News> = news.iter().filter(|news| news.asked_at().is_some()).collect();
    answers.sort_by_key(|answer| answer.asked_at());
    let mut answers = answers.into_iter();
    let next = |told: &News| if told.asked_at().is_some() { answers.next().cloned() } else { Some(told.clone()) };
    news.iter().filter_map(next).collect()
}

proptest! {
    #[test]
    fn answers_in_any_order_with_repeats_end_in_the_last(
        (moments, news) in shuffled(|moments, number| vec![asked(moments, number)])
    ) {
        let last = asked(&moments, moments.len() - 1);
        prop_assert_eq!(books(&end(&news)), books(&end(&[last])));
    }

    #[test]
    fn with_deliveries_between_the_last_answer_counts_too(
        (moments, news) in shuffled(|moments, number| vec![asked(moments, number), told(moments, number)])
    ) {
        let last = asked(&moments, moments.len() - 1);
        prop_assert_eq!(books(&end(&asked_in_order(&news))), books(&end(&[last])));
    }

    #[test]
    fn deliveries_alone_end_in_the_last_once_what_they_leave_open_is_asked_for(
        (moments, news) in shuffled(|moments, number| vec![told(moments, number)])
    ) {
        let last = asked(&moments, moments.len() - 1);
        let mut hub = end(&news);
        let open = NoticeAbout::Order(DOCUMENT.into());
        if hub.state.notices(WEB).any(|(about, _)| *about == open) {
            hub.must(last.heard());
        }
        prop_assert_eq!(books(&hub), books(&end(&[last])));
    }

    #[test]
    fn an_answer_heard_before_adds_no_fact(
        (moments, news) in shuffled(|moments, number| vec![asked(moments, number), told(moments, number)])
    ) {
        let mut hub = end(&asked_in_order(&news));
        let last = asked(&moments, moments.len() - 1);
        // It may answer the question that a contradicting delivery left open.
        hub.must(last.heard());
        prop_assert_eq!(hub.must(last.heard()), vec![]);
    }
}
