//! The configuration: the annotated default file is the defaults; the retailer's file and the environment replace
//! single values. Everything wrong is listed at once.

mod access;
mod app;
mod mail;
pub(crate) mod own;

use std::collections::BTreeSet;
use std::net::ToSocketAddrs;
use std::path::{Path, PathBuf};

use connectors::Secret;
use model::{Currency, Fields, Hold, LocationKind, Money, Platform, Quantity};
use serde::Deserialize;

pub(crate) use access::Access;
pub(crate) use app::{App, variable};
pub(crate) use mail::Mail;

/// The defaults, annotated.
pub(crate) const DEFAULT: &str = include_str!("default.toml");

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub hub: Hub,
    pub pace: Pace,
    pub rules: Rules,
    pub mail: Mail,
    pub access: Access,
    pub audit: Audit,
    #[serde(default)]
    pub app: Vec<App>,
    #[serde(default)]
    pub channel: Vec<Channel>,
    #[serde(default)]
    pub location: Vec<Location>,
    #[serde(default)]
    pub api_key: Vec<ApiKey>,
}

/// `[hub]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hub {
    pub listen: String,
    pub public_url: String,
    pub data: PathBuf,
    pub master_key_file: PathBuf,
    pub master_key_env: String,
    pub master_key_command: String,
    pub pages_open: bool,
    pub currency: String,
}

/// `[pace]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pace {
    pub poll_s: f64,
    pub hot_s: f64,
    pub reading_s: f64,
    pub gather_ms: u64,
    pub backfill_days: i64,
    pub hint_ms: i64,
    pub overlap_ms: i64,
}

/// `[rules]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rules {
    pub transfer_below: String,
    pub reorder_below: String,
    pub fresh_s: i64,
}

/// `[audit]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Audit {
    pub every_s: i64,
    pub every_facts: u64,
    pub folder: PathBuf,
    pub url: String,
}

/// `[[channel]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Channel {
    pub name: String,
    pub platform: String,
    pub base_url: String,
    #[serde(default)]
    pub token: String,
    #[serde(default)]
    pub token_file: PathBuf,
    #[serde(default)]
    pub application_token: String,
    #[serde(default)]
    pub application_token_file: PathBuf,
    #[serde(default)]
    pub webhook_secret: String,
    #[serde(default)]
    pub webhook_secret_file: PathBuf,
    /// The secret before the present one, while it is being rotated.
    #[serde(default)]
    pub webhook_secret_old: String,
    /// Renews the access token where that expires.
    #[serde(default)]
    pub refresh_token: String,
    #[serde(default)]
    pub refresh_token_file: PathBuf,
    /// Where tokens are given out, when that is another host than `base_url`.
    #[serde(default)]
    pub auth_url: String,
    #[serde(default)]
    pub client_id: String,
    #[serde(default)]
    pub client_secret: String,
    #[serde(default)]
    pub client_secret_file: PathBuf,
    #[serde(default)]
    pub account: String,
    /// Whether its prices include tax, for platforms that do not tell.
    #[serde(default)]
    pub prices_include_tax: Option<bool>,
    /// Fields that are copied from this channel to the hub's own record: `title`, `price`, `barcode`.
    #[serde(default)]
    pub leads: Vec<String>,
    /// Fields that this channel is made to list as the hub has them.
    #[serde(default)]
    pub follows: Vec<String>,
    /// A difference of more units than this waits for a person; empty = never.
    #[serde(default)]
    pub hold_above_units: String,
    /// The same for units times list price, as decimal text in the price's currency.
    #[serde(default)]
    pub hold_above_value: String,
    /// The same in per cent of the larger level; 0 = never.
    #[serde(default)]
    pub hold_above_percent: u32,
    #[serde(default)]
    pub currency: String,
    #[serde(default)]
    pub sells_from: Vec<String>,
    #[serde(default = "zero")]
    pub buffer: String,
    #[serde(default = "yes")]
    pub writes: bool,
    #[serde(default = "yes")]
    pub subscribe: bool,
    /// False until a person starts the reading.
    #[serde(default = "yes")]
    pub reads: bool,
    /// The file it stands in, when the hub made it.
    #[serde(skip)]
    pub own: Option<PathBuf>,
}

/// `[[location]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Location {
    pub name: String,
    #[serde(default = "store")]
    pub kind: String,
    #[serde(default = "utc")]
    pub zone: String,
    #[serde(default)]
    pub home: String,
}

/// `[[api_key]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiKey {
    pub name: String,
    #[serde(default)]
    pub key: String,
    #[serde(default)]
    pub key_file: PathBuf,
    pub scopes: Vec<String>,
}

fn zero() -> String {
    "0".into()
}

fn yes() -> bool {
    true
}

fn store() -> String {
    "store".into()
}

fn utc() -> String {
    "UTC".into()
}

/// A value from the file or from the file it names.
fn text_or_file(field: &str, text: &str, file: &Path) -> Result<String, String> {
    if file.as_os_str().is_empty() {
        return Ok(text.to_owned());
    }
    std::fs::read_to_string(file)
        .map(|text| text.trim_end_matches(['\n', '\r']).to_owned())
        .map_err(|error| format!("{field}_file: cannot read {}: {error}", file.display()))
}

/// A secret that need not be there.
fn secret(field: &str, text: &str, file: &Path) -> Result<Option<Secret>, String> {
    let text = text_or_file(field, text, file)?;
    Ok((!text.is_empty()).then(|| Secret::new(&text)))
}

fn fields(key: &str, names: &[String]) -> Result<Fields, String> {
    Fields::parse(names.iter().map(String::as_str))
        .map_err(|name| format!("{key}: {name:?} is none of title, price, barcode"))
}

impl Config {
    /// What the hub is known by to a platform.
    pub(crate) fn app(&self, platform: &str) -> Option<&App> {
        self.app.iter().find(|app| app.platform == platform)
    }

    /// Adds the channels that were made while a hub ran on this data folder.
    ///
    /// # Errors
    /// Everything that is wrong, one line each.
    pub(crate) fn with_own_channels(mut self) -> anyhow::Result<Self> {
        self.channel.extend(own::read(&self.hub.data)?);
        without_faults(self)
    }
}

impl Channel {
    pub(crate) fn secret_token(&self) -> Result<Secret, String> {
        text_or_file("token", &self.token, &self.token_file).map(|text| Secret::new(&text))
    }

    pub(crate) fn secret_application_token(&self) -> Result<Option<Secret>, String> {
        secret("application_token", &self.application_token, &self.application_token_file)
    }

    pub(crate) fn secret_refresh_token(&self) -> Result<Option<Secret>, String> {
        secret("refresh_token", &self.refresh_token, &self.refresh_token_file)
    }

    pub(crate) fn secret_of_client(&self) -> Result<Option<Secret>, String> {
        secret("client_secret", &self.client_secret, &self.client_secret_file)
    }

    pub(crate) fn hold(&self) -> Result<Hold, String> {
        let currency = Currency::parse(&self.currency).or_else(|| Currency::parse("EUR"));
        let units = match self.hold_above_units.as_str() {
            "" => Quantity::ZERO,
            text => Quantity::parse(text).map_err(|_| format!("hold_above_units: {text:?} is no quantity"))?,
        };
        let value_minor = match self.hold_above_value.as_str() {
            "" => 0,
            text => {
                let money = currency.and_then(|currency| Money::parse(text, currency));
                money.ok_or_else(|| format!("hold_above_value: {text:?} is no amount"))?.minor
            }
        };
        Ok(Hold { units, value_minor, percent: self.hold_above_percent })
    }

    pub(crate) fn leading(&self) -> Result<Fields, String> {
        fields("leads", &self.leads)
    }

    pub(crate) fn following(&self) -> Result<Fields, String> {
        fields("follows", &self.follows)
    }

    pub(crate) fn webhook_secrets(&self) -> Result<Vec<Secret>, String> {
        let now = text_or_file("webhook_secret", &self.webhook_secret, &self.webhook_secret_file)?;
        Ok([now, self.webhook_secret_old.clone()]
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| Secret::new(text))
            .collect())
    }
}

impl ApiKey {
    pub(crate) fn text(&self) -> Result<String, String> {
        text_or_file("key", &self.key, &self.key_file)
    }
}

/// Reads the file over the defaults.
///
/// # Errors
/// Everything that is wrong, one line each.
pub(crate) fn load(file: Option<&Path>) -> anyhow::Result<Config> {
    let mut table: toml::Table = toml::from_str(DEFAULT)?;
    if let Some(file) = file {
        let text = std::fs::read_to_string(file)
            .map_err(|error| anyhow::anyhow!("cannot read the configuration {}: {error}", file.display()))?;
        let own: toml::Table = toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
        merge(&mut table, own);
    }
    let mut config: Config = serde::Deserialize::deserialize(table)
        .map_err(|error: toml::de::Error| anyhow::anyhow!("the configuration cannot be used: {error}"))?;
    #[expect(clippy::disallowed_methods, reason = "the roof reads the environment")]
    app::with_environment(&mut config.app, |name| std::env::var(name).ok());
    without_faults(config)
}

fn without_faults(config: Config) -> anyhow::Result<Config> {
    let wrong = faults(&config);
    if !wrong.is_empty() {
        anyhow::bail!("the configuration has {} fault(s):\n  {}", wrong.len(), wrong.join("\n  "));
    }
    Ok(config)
}

fn merge(into: &mut toml::Table, own: toml::Table) {
    for (key, value) in own {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(there)), toml::Value::Table(new)) => merge(there, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Everything that is wrong with it.
pub(crate) fn faults(config: &Config) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |good: bool, text: String| {
        if !good {
            wrong.push(text);
        }
    };
    check(
        Currency::parse(&config.hub.currency).is_some(),
        format!("hub.currency: {:?} is no ISO 4217 code", config.hub.currency),
    );
    for (field, text) in
        [("transfer_below", &config.rules.transfer_below), ("reorder_below", &config.rules.reorder_below)]
    {
        check(Quantity::parse(text).is_ok(), format!("rules.{field}: {text:?} is no quantity"));
    }
    check(
        config.pace.poll_s > 0.0 && config.pace.hot_s > 0.0 && config.pace.reading_s > 0.0,
        "pace: poll_s, hot_s and reading_s must be above zero".into(),
    );
    config.access.faults().into_iter().for_each(|fault| check(false, fault));
    let listen = config.hub.listen.to_socket_addrs().is_ok_and(|mut found| found.next().is_some());
    check(listen, format!("hub.listen: {:?} is no address and port, such as 127.0.0.1:8080", config.hub.listen));
    let key = &config.hub.master_key_file;
    check(
        key.as_os_str().is_empty() || key.is_file(),
        format!("hub.master_key_file: there is no file {}", key.display()),
    );
    let sources =
        [!key.as_os_str().is_empty(), !config.hub.master_key_env.is_empty(), !config.hub.master_key_command.is_empty()];
    check(
        sources.iter().filter(|set| **set).count() < 2,
        "hub: only one of master_key_file, master_key_env and master_key_command can be set".into(),
    );
    check(
        config.audit.every_s > 0 && config.audit.every_facts > 0,
        "audit: every_s and every_facts must be above zero".into(),
    );
    let url = &config.audit.url;
    check(
        url.is_empty() || url.starts_with("https://") || url.starts_with("http://"),
        "audit.url: an address begins with https://".into(),
    );
    config.mail.faults().into_iter().for_each(|fault| check(false, fault));
    config.app.iter().flat_map(App::faults).for_each(|fault| check(false, fault));
    let locations: BTreeSet<&str> = config.location.iter().map(|l| l.name.as_str()).collect();
    let channels: BTreeSet<&str> = config.channel.iter().map(|c| c.name.as_str()).collect();
    check(locations.len() == config.location.len(), "location: two have the same name".into());
    check(channels.len() == config.channel.len(), "channel: two have the same name".into());
    for channel in &config.channel {
        let twice = config.channel.iter().filter(|other| other.name == channel.name).count() > 1;
        if let Some(file) = channel.own.as_ref().filter(|_| twice) {
            check(
                false,
                format!("channel {}: it stands in {} too; remove one of the two", channel.name, file.display()),
            );
        }
    }
    for channel in &config.channel {
        let name = &channel.name;
        let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        check(plain, format!("channel {name:?}: a name has only letters, digits, - and _ (it is part of an address)"));
        let platforms: Vec<&str> = Platform::ALL.iter().map(|p| p.name()).collect();
        check(
            Platform::parse(&channel.platform).is_some(),
            format!("channel {name}: platform {:?} is none of {}", channel.platform, platforms.join(", ")),
        );
        let url = channel.base_url.starts_with("https://") || channel.base_url.starts_with("http://");
        check(
            url && !channel.base_url.ends_with('/'),
            format!("channel {name}: base_url must be http(s):// without a slash at the end"),
        );
        check(
            Quantity::parse(&channel.buffer).is_ok(),
            format!("channel {name}: buffer {:?} is no quantity", channel.buffer),
        );
        let currency = &channel.currency;
        let known = currency.is_empty() || Currency::parse(currency).is_some();
        check(known, format!("channel {name}: currency {currency:?} is no ISO 4217 code"));
        for place in &channel.sells_from {
            check(
                locations.contains(place.as_str()),
                format!("channel {name}: sells_from names {place:?}, which is no location"),
            );
        }
        let readings = [
            channel.secret_token().err(),
            channel.secret_application_token().err(),
            channel.secret_refresh_token().err(),
            channel.secret_of_client().err(),
            channel.webhook_secrets().err(),
            channel.hold().err(),
            channel.leading().err(),
            channel.following().err(),
        ];
        for wrong in readings.into_iter().flatten() {
            check(false, format!("channel {name}: {wrong}"));
        }
    }
    for field in ["title", "price", "barcode"] {
        let leaders = config.channel.iter().filter(|channel| channel.leads.iter().any(|name| name == field));
        let leaders: Vec<&str> = leaders.map(|channel| channel.name.as_str()).collect();
        check(leaders.len() < 2, format!("channel: {} both lead in {field}; only one can", leaders.join(" and ")));
    }
    for location in &config.location {
        let name = &location.name;
        check(
            LocationKind::parse(&location.kind).is_some(),
            format!("location {name}: kind {:?} is none of store, warehouse, dc", location.kind),
        );
        check(
            location.home.is_empty() || channels.contains(location.home.as_str()),
            format!("location {name}: home {:?} is no channel", location.home),
        );
        check(
            jiff::tz::TimeZone::get(&location.zone).is_ok(),
            format!("location {name}: {:?} is no IANA time zone", location.zone),
        );
    }
    for key in &config.api_key {
        for scope in &key.scopes {
            check(server::Scope::parse(scope).is_some(), format!("api_key {}: {scope:?} is no scope", key.name));
        }
        let long = key.text().is_ok_and(|text| text.len() >= 24);
        check(
            long,
            format!(
                "api_key {}: the key must have at least 24 characters (make one with: openssl rand -hex 32)",
                key.name
            ),
        );
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_is_valid() {
        let config = load(None).expect("defaults");
        assert_eq!(config.hub.listen, "127.0.0.1:8080");
        assert!(faults(&config).is_empty());
    }

    #[test]
    fn every_fault_is_listed_at_once() {
        let mut table: toml::Table = toml::from_str(DEFAULT).expect("default");
        let own = "[hub]\ncurrency = \"EURO\"\n[[channel]]\nname = \"a b\"\nplatform = \"abacus\"\nbase_url = \"ftp://x/\"\n\
                   sells_from = [\"Moon\"]\n[[location]]\nname = \"L\"\nhome = \"nowhere\"\nzone = \"Mars/Base\"";
        merge(&mut table, toml::from_str(own).expect("toml"));
        let config: Config = serde::Deserialize::deserialize(table).expect("shape");
        assert_eq!(faults(&config).len(), 7, "{:#?}", faults(&config));
    }

    #[test]
    fn an_unknown_key_is_named() {
        let file = std::env::temp_dir().join(format!("lockstep-config-{}.toml", std::process::id()));
        std::fs::write(&file, "[hub]\nlisten_to = \"x\"\n").expect("write");
        let error = load(Some(&file)).expect_err("refused").to_string();
        std::fs::remove_file(&file).expect("remove");
        assert!(error.contains("listen_to"), "{error}");
    }
}
