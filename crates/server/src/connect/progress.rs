//! How far the first reading of a channel has come, for the page that shows it live and for the API.

use flow::{FlowError, Link, ReadSoFar};

use crate::Hub;

/// Fewer levels than this say nothing about how fast they come.
const ENOUGH: u64 = 50;

/// How far the first reading has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Whether somebody reads it at all.
    pub started: bool,
    /// Whether everything has been read once.
    pub done: bool,
    /// What is being read, in words.
    pub words: String,
    /// Items of the channel that are mapped to ours, from this run and those before.
    pub items_known: u64,
    /// Rows told since the hub was started.
    pub so_far: ReadSoFar,
    /// Requests sent since the hub was started.
    pub requests: u64,
    /// How long it still takes, in milliseconds, once that can be told.
    pub left_ms: Option<i64>,
    /// The last trouble, in words.
    pub trouble: Option<String>,
}

/// Looks how far a channel's reading has come.
///
/// # Errors
/// When the hub has stopped or is busy.
pub async fn progress(hub: &Hub, link: &Link) -> Result<Progress, FlowError> {
    let (channel, health) = (link.channel, link.health());
    let (items, places) = hub
        .flow
        .read(move |state| {
            let catalogue = state.catalogue();
            (catalogue.items_on(channel).len() as u64, catalogue.locations_on(channel).count() as u64)
        })
        .await?;
    let lanes = ["lane=\"news\",", "lane=\"read\",", "lane=\"write\","];
    let sent = lanes.map(|lane| hub.meter.value("lockstep_requests_total", &format!("{}{lane}", link.label())));
    let started = hub.links.reads(channel);
    let read = health.reading.filter(|(what, _)| *what == LEVELS && !health.ready).map(|(_, rows)| rows);
    let since = health.reading_since.map(|since| hub.clock.now().since(since));
    Ok(Progress {
        started,
        done: started && health.ready,
        words: if started { health.progress_words() } else { "not started".to_owned() },
        items_known: items,
        so_far: health.so_far,
        requests: sent.iter().sum(),
        left_ms: read.zip(since).and_then(|(read, since)| left_ms(read, items.saturating_mul(places), since)),
        trouble: health.trouble,
    })
}

/// As the flow calls the step of which the whole is known: a level for each item at each location.
const LEVELS: &str = "stock levels";

/// The rest at the speed so far; `None` while that says too little.
fn left_ms(read: u64, whole: u64, since_ms: i64) -> Option<i64> {
    if read < ENOUGH || since_ms <= 0 {
        return None;
    }
    let rest = i128::from(whole.saturating_sub(read));
    i64::try_from(rest * i128::from(since_ms) / i128::from(read)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_told_from_the_speed_so_far_once_there_is_one() {
        assert_eq!(left_ms(100, 400, 1_000), Some(3_000));
        assert_eq!(left_ms(500, 400, 1_000), Some(0));
        assert_eq!(left_ms(ENOUGH - 1, 400, 1_000), None);
        assert_eq!(left_ms(100, 400, 0), None);
        assert_eq!(left_ms(u64::MAX, u64::MAX, i64::MAX), Some(0));
    }
}
