//! Changes of channels that people ask for at the doors. Each is written to the channel’s own file, so that
//! a restart finds it.

use anyhow::Context;
use flow::{KeptTokens, Wallet};
use model::{Action, Actor, Command, Platform};
use server::connect::{Accounts, ConnectError, Hint, Later, NewChannel, Section};

use super::platforms::{Signed, common};
use super::{Channels, PoisonError};
use crate::config::{Channel, Config, own, variable};
use crate::wallet::FileWallet;

/// Names that are addresses of the pages.
const TAKEN: [&str; 1] = ["callback"];

impl Accounts for Channels {
    fn hint(&self, platform: Platform) -> Hint {
        let (config, common) = (self.config(), common(platform));
        let named = config.app(platform.name()).map_or("", |app| app.base_url.as_str());
        Hint {
            base_url: if named.is_empty() { common.base_url } else { named }.to_owned(),
            base_words: common.base_words,
            account_words: common.account_words,
            app: app(&config, platform, None),
        }
    }

    fn section(&self, name: &str) -> Option<Section> {
        let config = self.config();
        let channel = config.channel.iter().find(|channel| channel.name == name)?;
        let platform = Platform::parse(&channel.platform)?;
        let file = channel.own.as_ref().map_or_else(|| "lockstep.toml".to_owned(), |file| file.display().to_string());
        Some(Section {
            file,
            own: channel.own.is_some(),
            reads: channel.reads,
            writes: channel.writes,
            app: app(&config, platform, Some(channel)),
        })
    }

    fn redirect_uri(&self) -> String {
        format!("{}/connect/callback", self.config().hub.public_url.trim_end_matches('/'))
    }

    fn add(&self, new: NewChannel, by: Actor) -> Later<'_> {
        Box::pin(async move {
            let _turn = self.turn.lock().await;
            let config = self.config();
            let keys = keys(&config, &new)?;
            let channel = checked(&config, &new, &keys)?;
            self.put(&channel, by).await?;
            if common(new.platform).signed == Signed::Ours {
                make_secret(&config, &new.name).map_err(kept)?;
            }
            self.change(&new.name, keys).await
        })
    }

    fn give(&self, name: &str, tokens: KeptTokens, account: Option<String>) -> Later<'_> {
        let name = name.to_owned();
        Box::pin(async move {
            let _turn = self.turn.lock().await;
            let config = self.config();
            let channel = find(&config, &name)?;
            let settings = crate::hub::channel_settings(&config, channel).map_err(kept)?;
            let wallet = FileWallet::new(&config.hub, &settings).map_err(kept)?;
            wallet.keep(&settings.name, &tokens).map_err(ConnectError::Kept)?;
            match account.filter(|_| channel.own.is_some() && channel.account.is_empty()) {
                Some(account) => self.change(&name, table([("account", account.into())])).await,
                None => self.put_to_work(channel).await.map_err(kept),
            }
        })
    }

    fn start_reading(&self, name: &str) -> Later<'_> {
        let name = name.to_owned();
        Box::pin(async move {
            let _turn = self.turn.lock().await;
            let config = self.config();
            if find(&config, &name)?.reads {
                return Ok(());
            }
            ours(&config, &name, "reads = true")?;
            self.change(&name, table([("reads", true.into())])).await
        })
    }

    fn let_write(&self, name: &str, by: Actor) -> Later<'_> {
        let name = name.to_owned();
        Box::pin(async move {
            let _turn = self.turn.lock().await;
            let config = self.config();
            if find(&config, &name)?.writes {
                return Ok(());
            }
            let channel = ours(&config, &name, "writes = true")?;
            self.put(&Channel { writes: true, ..channel.clone() }, by).await?;
            self.change(&name, table([("writes", true.into()), ("subscribe", true.into())])).await
        })
    }
}

impl Channels {
    /// The channel as a fact, with its author.
    async fn put(&self, channel: &Channel, by: Actor) -> Result<(), ConnectError> {
        let action: Action = crate::hub::put_channel(channel, true)
            .ok_or_else(|| ConnectError::NotNow("the channel's section cannot be read".to_owned()))?;
        let command = Command { at: self.clock.now(), by, action };
        self.flow.command(command).await.map(drop).map_err(ConnectError::from)
    }

    /// Writes keys of a channel's own file, and puts it to work as the file says now.
    async fn change(&self, name: &str, keys: toml::Table) -> Result<(), ConnectError> {
        let mut config = self.config();
        own::write(&config.hub.data, name, keys).map_err(kept)?;
        let written = own::read(&config.hub.data).map_err(kept)?;
        let channel = written.into_iter().find(|channel| channel.name == name);
        let channel = channel.ok_or_else(|| ConnectError::Unknown(name.to_owned()))?;
        match config.channel.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = channel.clone(),
            None => config.channel.push(channel.clone()),
        }
        *self.config.lock().unwrap_or_else(PoisonError::into_inner) = config;
        self.put_to_work(&channel).await.map_err(kept)
    }
}

fn find<'a>(config: &'a Config, name: &str) -> Result<&'a Channel, ConnectError> {
    let found = config.channel.iter().find(|channel| channel.name == name);
    found.ok_or_else(|| ConnectError::Unknown(name.to_owned()))
}

/// A channel whose file the hub may change.
fn ours<'a>(config: &'a Config, name: &str, key: &str) -> Result<&'a Channel, ConnectError> {
    let channel = find(config, name)?;
    if channel.own.is_none() {
        let words = format!("this channel stands in lockstep.toml: set {key} in its section, and start the hub again");
        return Err(ConnectError::NotNow(words));
    }
    Ok(channel)
}

/// Whether a person can be asked for access; otherwise what to set first.
fn app(config: &Config, platform: Platform, channel: Option<&Channel>) -> Result<(), String> {
    let app = config.app(platform.name());
    let id = channel.is_some_and(|channel| !channel.client_id.is_empty())
        || app.is_some_and(|app| !app.client_id.is_empty());
    let secret = channel.and_then(|channel| channel.secret_of_client().ok().flatten());
    let secret = secret.or_else(|| app.and_then(|app| app.secret_of_client().ok().flatten())).is_some();
    if id && secret {
        return Ok(());
    }
    Err(format!(
        "To ask for access at {title}, the hub must know its app there: set client_id and client_secret_file in a section \
         [[app]] with platform = \"{name}\" in lockstep.toml, or {} and {} in the environment, and start the hub again. \
         A token can be given without that.",
        variable(platform, "client_id"),
        variable(platform, "client_secret"),
        title = platform.title(),
        name = platform.name(),
    ))
}

/// The keys of a new channel: read-only, not read, and nothing is made over there.
fn keys(config: &Config, new: &NewChannel) -> Result<toml::Table, ConnectError> {
    let sells_from: Vec<toml::Value> = new.sells_from.iter().map(|name| name.as_str().into()).collect();
    let mut keys = table([
        ("name", new.name.as_str().into()),
        ("platform", new.platform.name().into()),
        ("base_url", new.base_url.as_str().into()),
        ("sells_from", sells_from.into()),
        ("writes", false.into()),
        ("subscribe", false.into()),
        ("reads", false.into()),
    ]);
    for (key, text) in [("account", &new.account), ("currency", &new.currency)] {
        if !text.is_empty() {
            keys.insert(key.to_owned(), text.as_str().into());
        }
    }
    if common(new.platform).signed == Signed::Ours {
        let file = std::path::absolute(secret_file(config, &new.name)).map_err(|error| kept(error.into()))?;
        keys.insert("webhook_secret_file".to_owned(), file.display().to_string().into());
    }
    Ok(keys)
}

/// The section those keys make, once nothing is wrong with it.
fn checked(config: &Config, new: &NewChannel, keys: &toml::Table) -> Result<Channel, ConnectError> {
    let invalid = |field, problem: &str| Err(ConnectError::Invalid { field, problem: problem.to_owned() });
    if TAKEN.contains(&new.name.as_str()) || config.channel.iter().any(|channel| channel.name == new.name) {
        return invalid("name", "there is a channel of this name already");
    }
    if !new.base_url.starts_with("https://") && !new.base_url.starts_with("http://") {
        return invalid("base_url", "an address begins with https://");
    }
    let mut keys = keys.clone();
    // Its file is made when everything else is known to be well.
    keys.remove("webhook_secret_file");
    let channel: Channel = keys.try_into().map_err(|error: toml::de::Error| kept(error.into()))?;
    let mut with = config.clone();
    // The page's locations may be facts alone, of which the file knows nothing: the engine checks those.
    with.channel.push(Channel { sells_from: Vec::new(), ..channel.clone() });
    match crate::config::faults(&with).first() {
        Some(fault) => invalid("channel", fault),
        None => Ok(channel),
    }
}

fn secret_file(config: &Config, name: &str) -> std::path::PathBuf {
    config.hub.data.join("tokens").join(format!("{name}.hook"))
}

/// The secret that the platform is told to send with its deliveries.
fn make_secret(config: &Config, name: &str) -> anyhow::Result<()> {
    let file = secret_file(config, name);
    let mut bytes = [0; 32];
    crate::hub::random(&mut bytes);
    let sealed = crate::vault::Vault::of(&config.hub)?.seal(&crate::audit::hex(&bytes))?;
    crate::vault::write(&file, &sealed).with_context(|| format!("write {}", file.display()))
}

fn table<const N: usize>(pairs: [(&str, toml::Value); N]) -> toml::Table {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn kept(error: anyhow::Error) -> ConnectError {
    ConnectError::Kept(format!("{error:#}"))
}
