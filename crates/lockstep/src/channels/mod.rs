//! The channels of a running hub: each is a link, a puller and a sender, made from its section of the configuration, and
//! made anew when that section or its token changes. The doors ask for changes through `server::connect::Accounts`.

mod accounts;
mod platforms;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use flow::{Clerk, Clock, Flow, Link, Meter, Puller, Sender, Settings};
use model::ChannelName;
use server::{Bound, Links};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) use platforms::implied_secret;

use crate::config::{Channel, Config};
use crate::wallet::FileWallet;

/// All channels.
pub(crate) struct Channels {
    config: Mutex<Config>,
    flow: Flow,
    clock: Arc<dyn Clock>,
    meter: Arc<Meter>,
    settings: Settings,
    links: Arc<Links>,
    hands: Mutex<BTreeMap<String, Hands>>,
    /// One change of channels at a time.
    turn: tokio::sync::Mutex<()>,
}

/// Who works on a channel.
struct Hands {
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 3],
}

impl Channels {
    /// None yet.
    pub(crate) fn new(config: &Config, flow: &Flow, clock: &Arc<dyn Clock>, meter: &Arc<Meter>) -> Self {
        Self {
            config: Mutex::new(config.clone()),
            flow: flow.clone(),
            clock: Arc::clone(clock),
            meter: Arc::clone(meter),
            settings: crate::hub::settings(config),
            links: Arc::default(),
            hands: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Their links.
    pub(crate) fn links(&self) -> Arc<Links> {
        Arc::clone(&self.links)
    }

    /// Puts every configured channel to work.
    ///
    /// # Errors
    /// When a section cannot be carried out.
    pub(crate) async fn start(&self) -> anyhow::Result<()> {
        for channel in self.config().channel {
            self.put_to_work(&channel).await?;
        }
        Ok(())
    }

    /// Ends all work.
    pub(crate) async fn stop(&self) {
        let hands = std::mem::take(&mut *self.hands.lock().unwrap_or_else(PoisonError::into_inner));
        for hands in hands.into_values() {
            hands.end().await;
        }
    }

    fn config(&self) -> Config {
        self.config.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Links a channel as its section says, in the place of whatever was at work on it.
    async fn put_to_work(&self, channel: &Channel) -> anyhow::Result<()> {
        let link = Arc::new(self.link(channel).await?);
        let former = self.hands.lock().unwrap_or_else(PoisonError::into_inner).remove(&channel.name);
        if let Some(former) = former {
            // A write of its that is on the way is sent again with the same key, as after a crash.
            former.end().await;
        }
        let (reading, asked) = watch::channel(0);
        self.links.put(Bound { link: Arc::clone(&link), reading, reads: channel.reads });
        if channel.reads {
            let (stop, stopping) = watch::channel(false);
            let puller = Puller::new(self.flow.clone(), Arc::clone(&link), self.settings, asked);
            let clerk = Clerk::new(self.flow.clone(), Arc::clone(&link));
            let sender = Sender::new(self.flow.clone(), link, self.settings);
            let tasks = [
                tokio::spawn(puller.run(stopping.clone())),
                tokio::spawn(clerk.run(stopping.clone())),
                tokio::spawn(sender.run(stopping)),
            ];
            let hands = Hands { stop, tasks };
            self.hands.lock().unwrap_or_else(PoisonError::into_inner).insert(channel.name.clone(), hands);
        }
        Ok(())
    }

    async fn link(&self, channel: &Channel) -> anyhow::Result<Link> {
        let config = self.config();
        let name = ChannelName::new(&channel.name);
        let wanted = name.clone();
        let id = self.flow.read(move |state| state.catalogue().channel_named(&wanted).map(|known| known.channel));
        let id = id.await?.with_context(|| format!("channel {name} is not known to the engine"))?;
        let carrier = crate::hub::carrier(&self.clock, channel.writes)?;
        let settings = crate::hub::channel_settings(&config, channel)?;
        let wallet = Arc::new(FileWallet::new(&config.hub, &settings)?);
        Ok(Link::new(id, settings, carrier, Arc::clone(&self.clock), Arc::clone(&self.meter)).with_wallet(wallet))
    }
}

impl Hands {
    async fn end(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            task.abort();
            let _ = task.await;
        }
    }
}
