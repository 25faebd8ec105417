//! The links of a running hub. The roof puts them in, and another one in the place of an old one when an account gets
//! a new token or may be written to; every door looks here anew for each request.

use std::sync::{Arc, RwLock};

use flow::Link;
use model::ChannelId;
use tokio::sync::watch;

/// One channel's link and what its puller hears.
#[derive(Debug)]
pub struct Bound {
    /// The link.
    pub link: Arc<Link>,
    /// Counts up to ask its puller for a reading of everything.
    pub reading: watch::Sender<u64>,
    /// False while nobody reads it yet: a person has not started that.
    pub reads: bool,
}

/// All of them, in configuration order, then as they were connected.
#[derive(Debug, Default)]
pub struct Links(RwLock<Vec<Bound>>);

impl Links {
    /// These.
    pub fn new(bound: Vec<Bound>) -> Self {
        Self(RwLock::new(bound))
    }

    /// Puts a link in the place of the channel's former one, or at the end.
    pub fn put(&self, bound: Bound) {
        let Ok(mut all) = self.0.write() else { return };
        match all.iter_mut().find(|old| old.link.channel == bound.link.channel) {
            Some(old) => *old = bound,
            None => all.push(bound),
        }
    }

    /// Every link.
    pub fn all(&self) -> Vec<Arc<Link>> {
        self.look(|all| all.iter().map(|bound| Arc::clone(&bound.link)).collect())
    }

    /// The links of channels that are read.
    pub fn read(&self) -> Vec<Arc<Link>> {
        self.look(|all| all.iter().filter(|bound| bound.reads).map(|bound| Arc::clone(&bound.link)).collect())
    }

    /// Whether a channel is read.
    pub fn reads(&self, channel: ChannelId) -> bool {
        self.look(|all| all.iter().any(|bound| bound.link.channel == channel && bound.reads))
    }

    /// Asks for a reading of everything a channel shows. Answers false when nobody reads it.
    pub fn ask_reading(&self, channel: ChannelId) -> bool {
        self.look(|all| {
            let bound = all.iter().find(|bound| bound.link.channel == channel && bound.reads);
            bound.map(|bound| bound.reading.send_modify(|asked| *asked = asked.wrapping_add(1))).is_some()
        })
    }

    /// How many readings of everything were asked for.
    pub fn readings_asked(&self, channel: ChannelId) -> u64 {
        self.look(|all| {
            all.iter().find(|bound| bound.link.channel == channel).map_or(0, |bound| *bound.reading.borrow())
        })
    }

    fn look<T: Default>(&self, look: impl FnOnce(&[Bound]) -> T) -> T {
        self.0.read().map(|all| look(&all)).unwrap_or_default()
    }
}
