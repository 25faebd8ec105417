//! Puts a hub together from its configuration: keeper, links, pullers, senders, follower, doors.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use connectors::{Secret, connector};
use courier::{Courier, CourierConfig, Mode};
use flow::{ChannelSettings, Clock, Flow, Follower, Keeper, Meter, Settings, Stores, SystemClock};
use journal::{Options, RealDisk};
use model::{
    Action, Actor, ChannelName, Command, Currency, Instant, LocationKind, LocationName, Note, Platform, Quantity, Seq,
};
use tokio::sync::watch;

use crate::carrier::CourierCarrier;
use crate::channels::{Channels, implied_secret};
use crate::config::{Config, Hub};

/// Random bytes from the system.
pub(crate) fn random(bytes: &mut [u8]) {
    // The system's generator does not fail after it has been seeded at boot.
    if aws_lc_rs::rand::fill(bytes).is_err() {
        std::process::abort();
    }
}

/// The keeper of a configured hub's folder. What is decided there is signed for.
///
/// # Errors
/// When the folder cannot be used, or what is in it is damaged, or the master key cannot be had.
pub(crate) fn open(hub: &Hub) -> anyhow::Result<(Keeper, flow::Opened)> {
    let data = &hub.data;
    private_folder(data).with_context(|| format!("make the data folder {}", data.display()))?;
    // First, since it makes the keys of a new folder.
    let signing_key = crate::witness::signing_key(hub)?;
    let stores = Stores {
        disk: Arc::new(RealDisk::at(data)),
        journal: Options::default(),
        raw: Options { segment_bytes: 16 * 1024 * 1024, ..Options::default() },
        master: crate::vault::master(hub)?,
        random: Box::new(random),
    };
    let (mut keeper, opened) = Keeper::open(stores).with_context(|| format!("open {}", data.display()))?;
    keeper.signs_with(signing_key);
    Ok((keeper, opened))
}

/// The keeper of a folder by itself, with every default.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_alone(data: &Path) -> anyhow::Result<(Keeper, flow::Opened)> {
    let mut config = crate::config::load(None)?;
    data.clone_into(&mut config.hub.data);
    open(&config.hub)
}

/// The flow and the tables of a folder that no hub runs on. The tables may be behind.
///
/// # Errors
/// As [`open`].
pub(crate) fn at_rest(config: &Config) -> anyhow::Result<(Flow, views::ViewsReader)> {
    let (keeper, _) = open(&config.hub)?;
    let views = open_views(&config.hub.data)?.reader().context("open the views for reading")?;
    Ok((flow::start(keeper).context("start the keeper's thread")?, views))
}

/// A folder that only its owner may look into.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The tables, made anew when their file cannot be used: they hold nothing that the journal has not.
fn open_views(data: &Path) -> anyhow::Result<views::Views> {
    let path = data.join("views.sqlite");
    match views::Views::open(&path) {
        Ok(views) => Ok(views),
        Err(error) => {
            tracing::warn!(%error, "the tables cannot be used and are made anew from the journal");
            std::fs::rename(&path, data.join("views.sqlite.damaged")).context("set the damaged tables aside")?;
            for rest in ["views.sqlite-wal", "views.sqlite-shm"] {
                let _ = std::fs::remove_file(data.join(rest));
            }
            views::Views::open(&path).context("open the views")
        }
    }
}

/// People, keys and sessions of a data folder. The command line opens them while a hub runs on it, too.
///
/// # Errors
/// When they cannot be used.
pub(crate) fn staff(config: &Config) -> anyhow::Result<access::Store> {
    let data = &config.hub.data;
    private_folder(data).with_context(|| format!("make the data folder {}", data.display()))?;
    let seal = access::Seal::of_master(&seal_of_people(&config.hub)?);
    Ok(access::Store::open(&data.join("access.sqlite"), seal, Arc::new(access::SystemDice))?)
}

/// The key that seals second factors: made once and kept under the vault, so that a new master key leaves it as it is.
fn seal_of_people(hub: &Hub) -> anyhow::Result<[u8; 32]> {
    let (vault, path) = (crate::vault::Vault::of(hub)?, hub.data.join("access.key"));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => vault.open(&text).with_context(|| format!("open {}", path.display()))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut fresh = [0; 32];
            random(&mut fresh);
            let text = crate::audit::hex(&fresh);
            crate::vault::write(&path, &vault.seal(&text)?)?;
            text
        }
        Err(error) => return Err(error).with_context(|| format!("read {}", path.display())),
    };
    let key = crate::audit::unhex(&text).and_then(|bytes| bytes.try_into().ok());
    key.with_context(|| format!("{} holds no key", path.display()))
}

fn doorkeeper(config: &Config) -> anyhow::Result<Arc<server::Doorkeeper>> {
    let settings = config.access.settings(&config.hub.public_url).map_err(|fault| anyhow::anyhow!(fault))?;
    let doorkeeper = server::Doorkeeper::new(staff(config)?, settings).context("who may do what")?;
    Ok(Arc::new(doorkeeper))
}

/// A running hub.
pub(crate) struct Running {
    pub hub: Arc<server::Hub>,
    pub flow: Flow,
    channels: Arc<Channels>,
    expiry: tokio::task::JoinHandle<()>,
    control: tokio::task::JoinHandle<()>,
    witnessing: tokio::task::JoinHandle<()>,
    witness: crate::witness::Witness,
    follower: std::thread::JoinHandle<()>,
}

impl Running {
    /// Ends pullers and senders, then the keeper, which writes a snapshot, then the follower.
    pub(crate) async fn stop(self) {
        self.channels.stop().await;
        self.expiry.abort();
        self.control.abort();
        self.witnessing.abort();
        if let Err(error) = self.witness.make().await {
            tracing::warn!(error = format!("{error:#}"), "the last checkpoint was not made or not sent outside");
        }
        self.flow.stop().await;
        drop(self.flow);
        drop(self.hub);
        drop(self.channels);
        let _ = tokio::task::spawn_blocking(move || self.follower.join()).await;
    }
}

/// Starts everything but the doors.
///
/// # Errors
/// When the data folder cannot be used or the configuration cannot be carried out.
pub(crate) async fn start(config: &Config) -> anyhow::Result<Running> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let meter = Arc::new(Meter::default());
    let (mut keeper, opened) = open(&config.hub)?;
    keeper.measured_by(Arc::clone(&meter));
    tracing::info!(?opened, "the data folder is open");
    let reader = keeper.reader();
    let flow = flow::start(keeper).context("start the keeper's thread")?;
    configure(&flow, config, clock.as_ref()).await?;
    let channels = Arc::new(Channels::new(config, &flow, &clock, &meter));
    channels.start().await?;
    let expiry = tokio::spawn(expire(flow.clone(), Arc::clone(&clock)));
    let views = open_views(&config.hub.data)?;
    let views_reader = views.reader().context("open the views for reading")?;
    let (told, shown) = watch::channel(views.checkpoint());
    let follower = follow(Follower::new(reader, views, told), flow.watch())?;
    let witness = crate::witness::Witness::new(&flow, &config.hub.data, &config.audit, &clock);
    let witnessing = tokio::spawn(witness.clone().run());
    let tools = crate::operations::Tools {
        flow: flow.clone(),
        views: views_reader.clone(),
        config: config.clone(),
        clock: Arc::clone(&clock),
    };
    let control = tokio::spawn(crate::operations::control::listen(tools));
    let hub = server::Hub {
        flow: flow.clone(),
        links: channels.links(),
        accounts: Arc::clone(&channels) as Arc<dyn server::connect::Accounts>,
        views: views_reader,
        shown,
        meter,
        clock,
        keys: keys(config)?,
        doorkeeper: doorkeeper(config)?,
        options: options(config)?,
    };
    Ok(Running { hub: Arc::new(hub), flow, channels, expiry, control, witnessing, witness, follower })
}

fn follow(follower: Follower, head: watch::Receiver<Seq>) -> anyhow::Result<std::thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        stand_back();
        follower.run(head, &runtime);
    };
    Ok(std::thread::Builder::new().name("views".into()).spawn(work)?)
}

/// How far the views stand back: under full load they get a tenth of a processor's time, otherwise all they want.
const VIEWS_NICENESS: i32 = 10;

/// Platforms wait for the keeper and nobody waits for pages, so where there is too little processor the views lag.
fn stand_back() {
    // On Linux alone this is about the calling thread; elsewhere it would slow the whole hub down.
    if cfg!(target_os = "linux")
        && let Err(error) = rustix::process::setpriority_process(None, VIEWS_NICENESS)
    {
        tracing::debug!(%error, "the views run with the same priority as everything else");
    }
}

/// Promises, and proposals that nobody answered, lapse by a timer outside the engine.
async fn expire(flow: Flow, clock: Arc<dyn Clock>) {
    let mut tick = tokio::time::interval(std::time::Duration::from_secs(1));
    loop {
        tick.tick().await;
        for action in [Action::Expire { max: 10_000 }, Action::Lapse { max: 1_000 }, Action::Watch] {
            let command = Command { at: clock.now(), by: Actor::System, action };
            if let Err(flow::FlowError::Stopped) = flow.command(command).await {
                return;
            }
        }
    }
}

/// A hub that has no policy gets the one that a new hub starts with: it lets nothing happen by itself.
async fn first_policy(flow: &Flow, at: model::Instant) -> anyhow::Result<()> {
    let policy = flow::policy::read(flow::policy::STARTING)
        .map_err(|flaws| anyhow::anyhow!("the starting policy has {} flaws", flaws.len()))?;
    let reason = model::Note::new("a new hub starts with it");
    let text = model::Note::new(flow::policy::STARTING);
    let put = Action::PutPolicy { base: 0, policy, text, reason };
    let command = Command { at, by: Actor::Operator, action: put };
    let answer = flow
        .decide(move |desk| Ok(if desk.state().governance().policy().is_none() { vec![command] } else { Vec::new() }));
    for result in answer.await?.results {
        result.context("put the starting policy into force")?;
    }
    Ok(())
}

/// Channels and locations from the file become facts where they differ from what is known. A location's home is a
/// channel and a channel sells from locations: so new channels come first, bare, and whole ones last.
async fn configure(flow: &Flow, config: &Config, clock: &dyn Clock) -> anyhow::Result<()> {
    let at = clock.now();
    for part in [bare, whole] {
        let config = config.clone();
        let answer = flow.decide(move |desk| Ok(part(desk.state(), &config, at))).await?;
        for result in answer.results {
            result.context("carry out the configuration")?;
        }
    }
    first_policy(flow, at).await
}

/// The same for a keeper without a thread. Nothing of it is durable before the caller commits.
///
/// # Errors
/// When the configuration cannot be carried out.
pub(crate) fn configure_at_rest(keeper: &mut Keeper, config: &Config) -> anyhow::Result<()> {
    for part in [bare, whole] {
        let commands = part(keeper.state(), config, SystemClock.now());
        for result in keeper.decide(&commands) {
            result.context("carry out the configuration")?;
        }
    }
    Ok(())
}

fn bare(state: &engine::State, config: &Config, at: Instant) -> Vec<Command> {
    let known = |name: &str| state.catalogue().channel_named(&ChannelName::new(name)).is_some();
    let new = config.channel.iter().filter(|channel| !known(&channel.name));
    let bare = new.filter_map(|channel| put_channel(channel, false));
    let places = config.location.iter().filter_map(put_location);
    bare.chain(places).map(|action| Command { at, by: Actor::Operator, action }).collect()
}

fn whole(_: &engine::State, config: &Config, at: Instant) -> Vec<Command> {
    let whole = config.channel.iter().filter_map(|channel| put_channel(channel, true));
    whole.map(|action| Command { at, by: Actor::Operator, action }).collect()
}

/// A channel's section as what is to be done; `None` when it is not valid.
pub(crate) fn put_channel(channel: &crate::config::Channel, with_places: bool) -> Option<Action> {
    let platform = Platform::parse(&channel.platform)?;
    let abilities = connector(platform).abilities();
    let sells_from =
        if with_places { channel.sells_from.iter().map(|name| LocationName::new(name)).collect() } else { Vec::new() };
    Some(Action::PutChannel {
        name: ChannelName::new(&channel.name),
        platform,
        basis: abilities.basis,
        sells_from,
        buffer: Quantity::parse(&channel.buffer).ok()?,
        whole_units: abilities.whole_units,
        never_below_zero: abilities.never_below_zero,
        writes: channel.writes,
        leads: channel.leading().ok()?,
        follows: channel.following().ok()?,
        hold: channel.hold().ok()?,
    })
}

fn put_location(location: &crate::config::Location) -> Option<Action> {
    Some(Action::PutLocation {
        name: LocationName::new(&location.name),
        kind: LocationKind::parse(&location.kind)?,
        zone: Note::new(&location.zone),
        home: (!location.home.is_empty()).then(|| ChannelName::new(&location.home)),
    })
}

/// A way out of its own for one channel: nothing it does can hold up another's.
///
/// # Errors
/// When the HTTP client cannot be set up.
pub(crate) fn carrier(clock: &Arc<dyn Clock>, writes: bool) -> anyhow::Result<Arc<CourierCarrier>> {
    let mode = if writes { Mode::ReadWrite } else { Mode::ReadOnly };
    let courier = Courier::new(CourierConfig { mode, ..CourierConfig::default() }).context("set up the HTTP client")?;
    Ok(Arc::new(CourierCarrier { courier, clock: Arc::clone(clock) }))
}

/// A channel's settings from its section.
///
/// # Errors
/// When a secret cannot be read.
pub(crate) fn channel_settings(config: &Config, channel: &crate::config::Channel) -> anyhow::Result<ChannelSettings> {
    let currency = if channel.currency.is_empty() { &config.hub.currency } else { &channel.currency };
    let wrong = |error: String| anyhow::anyhow!("channel {}: {error}", channel.name);
    let platform = Platform::parse(&channel.platform).context("platform")?;
    // What the section leaves open is the app's.
    let app = config.app(&channel.platform).cloned().unwrap_or_default();
    let own = |own: &str, apps: &str| if own.is_empty() { apps.to_owned() } else { own.to_owned() };
    let open = |secret: Secret| {
        let plain = crate::vault::plain(&config.hub, secret.expose());
        plain.map(|plain| Secret::new(&plain)).with_context(|| format!("channel {}: a sealed secret", channel.name))
    };
    let some = |secret: Option<Secret>| secret.map(open).transpose();
    let client_secret = some(channel.secret_of_client().map_err(wrong)?.or(app.secret_of_client().map_err(wrong)?))?;
    let application_token = channel.secret_application_token().map_err(wrong)?;
    let application_token = some(application_token.or(app.secret_application_token().map_err(wrong)?))?;
    let mut secrets = channel.webhook_secrets().map_err(wrong)?;
    if secrets.is_empty() {
        secrets = app.webhook_secrets().map_err(wrong)?;
    }
    let mut secrets = secrets.into_iter().map(open).collect::<anyhow::Result<Vec<_>>>()?;
    if secrets.is_empty() {
        secrets.extend(implied_secret(platform, client_secret.as_ref()));
    }
    Ok(ChannelSettings {
        name: ChannelName::new(&channel.name),
        platform,
        base_url: channel.base_url.clone(),
        token: open(channel.secret_token().map_err(wrong)?)?,
        auth_url: own(&channel.auth_url, &app.auth_url).trim_end_matches('/').to_owned(),
        client_id: own(&channel.client_id, &app.client_id),
        client_secret,
        refresh_token: some(channel.secret_refresh_token().map_err(wrong)?)?,
        application_token,
        secrets,
        hook_url: format!(
            "{}/hooks/{}/{}",
            config.hub.public_url.trim_end_matches('/'),
            channel.platform,
            channel.name
        ),
        currency: Currency::parse(currency).context("currency")?,
        prices_include_tax: channel.prices_include_tax,
        account: (!channel.account.is_empty()).then(|| channel.account.clone()),
        subscribe: channel.subscribe,
    })
}

/// How the flow paces itself.
pub(crate) fn settings(config: &Config) -> Settings {
    let ms = |seconds: f64| (seconds * 1_000.0) as i64;
    Settings {
        poll_ms: ms(config.pace.poll_s),
        hot_ms: ms(config.pace.hot_s),
        reading_ms: ms(config.pace.reading_s),
        gather_ms: config.pace.gather_ms,
        backfill_ms: config.pace.backfill_days * 24 * 3_600_000,
        hint_ms: config.pace.hint_ms,
        overlap_ms: (config.pace.overlap_ms > 0).then_some(config.pace.overlap_ms),
    }
}

fn options(config: &Config) -> anyhow::Result<server::Options> {
    Ok(server::Options {
        pages_open: config.hub.pages_open,
        fresh_ms: config.rules.fresh_s * 1_000,
        transfer_below: Quantity::parse(&config.rules.transfer_below)?,
        reorder_below: Quantity::parse(&config.rules.reorder_below)?,
        version: env!("CARGO_PKG_VERSION"),
        ..server::Options::default()
    })
}

fn keys(config: &Config) -> anyhow::Result<Vec<server::ApiKey>> {
    let one = |key: &crate::config::ApiKey| {
        let text = key.text().map_err(|error| anyhow::anyhow!("api_key {}: {error}", key.name))?;
        let text = crate::vault::plain(&config.hub, &text).with_context(|| format!("api_key {}", key.name))?;
        let scopes = key.scopes.iter().filter_map(|scope| server::Scope::parse(scope)).collect();
        Ok(server::ApiKey { name: key.name.clone(), hash: *blake3::hash(text.as_bytes()).as_bytes(), scopes })
    };
    config.api_key.iter().map(one).collect()
}
