//! What every door is given: one flow handle, the links, the views and the figures.

use std::sync::Arc;

use flow::{Clock, Flow, Link, Meter};
use model::{ChannelId, Seq};
use tokio::sync::watch;
use views::ViewsReader;

use crate::Scope;
use crate::connect::Accounts;
use crate::doorkeeper::Doorkeeper;
use crate::links::Links;

/// The running hub, as the doors see it.
pub struct Hub {
    /// The way to the keeper.
    pub flow: Flow,
    /// The channels' links: a channel that a person connects joins them while the hub runs.
    pub links: Arc<Links>,
    /// Makes and changes channels, where the roof can do that.
    pub accounts: Arc<dyn Accounts>,
    /// The tables behind pages and API.
    pub views: ViewsReader,
    /// How far the tables have come.
    pub shown: watch::Receiver<Seq>,
    /// Figures.
    pub meter: Arc<Meter>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who may call the API by the configuration.
    pub keys: Vec<ApiKey>,
    /// Who else may come in, and what anybody may do.
    pub doorkeeper: Arc<Doorkeeper>,
    /// How the hub is set up.
    pub options: Options,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hub({} links)", self.links().len())
    }
}

impl Hub {
    /// Every channel's link, as they are now: in configuration order, then as they were connected.
    pub fn links(&self) -> Vec<Arc<Link>> {
        self.links.all()
    }

    /// The links of the channels that are read: those a person has not started yet are none of them.
    pub fn read_links(&self) -> Vec<Arc<Link>> {
        self.links.read()
    }

    /// The link of a channel.
    pub fn link(&self, channel: ChannelId) -> Option<Arc<Link>> {
        self.links().into_iter().find(|link| link.channel == channel)
    }

    /// The link of a channel by the name used in addresses.
    pub fn link_named(&self, name: &str) -> Option<Arc<Link>> {
        self.links().into_iter().find(|link| link.settings.name.as_str() == name)
    }
}

/// How the hub is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Largest body at a hook address, in bytes.
    pub hook_body_max: usize,
    /// Largest body at an API address, in bytes.
    pub api_body_max: usize,
    /// How long a body may take to arrive, in milliseconds.
    pub body_ms: u64,
    /// Whether pages may be seen without a key from this machine (the demo, a single store's computer).
    pub pages_open: bool,
    /// Host names, besides those of this machine, under which open pages answer.
    pub page_hosts: Vec<String>,
    /// A decision takes levels as fresh when they are not older than this, in milliseconds.
    pub fresh_ms: i64,
    /// Below this availability at a location the decision endpoint looks for a transfer.
    pub transfer_below: model::Quantity,
    /// Below this availability over all locations it says to reorder.
    pub reorder_below: model::Quantity,
    /// How the daily mail goes.
    pub mailed: Arc<crate::Mailed>,
    /// Program version.
    pub version: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hook_body_max: 2 * 1024 * 1024,
            api_body_max: 4 * 1024 * 1024,
            body_ms: 10_000,
            pages_open: true,
            page_hosts: Vec::new(),
            fresh_ms: 60_000,
            transfer_below: model::Quantity::units(1),
            reorder_below: model::Quantity::units(3),
            mailed: Arc::default(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// A caller of the API. The key itself is not kept, only its hash.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Who, for the audit.
    pub name: String,
    /// BLAKE3 of the key.
    pub hash: [u8; 32],
    /// What it may do.
    pub scopes: Vec<Scope>,
}
