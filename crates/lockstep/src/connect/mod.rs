//! `lockstep connect`: is an account ready? Access, scopes, clock, locations, subscriptions; and where the platform has
//! OAuth, getting access in the first place.

mod oauth;

use std::sync::Arc;

use anyhow::Context;
use connectors::{Ability, Phase, Question, Scope, Surface, Unsendable};
use flow::{AskError, ChannelSettings, Clock, Link, Meter, SystemClock};
use model::{ChannelId, Instant, Platform};
use serde_json::{Value, json};
use server::access_check::{self, Grant, PlaceFound, ScopeFound};

use crate::cli::Place;
use crate::config::{Channel, Config};
use crate::exit::Outcome;
use crate::measure::Measure;
use crate::wallet::FileWallet;

/// Connects an account: asks for access where the platform has OAuth, checks scopes one by one, measures the clock,
/// makes the webhook subscriptions.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep connect shopify -c lockstep.toml --read-only      look first: nothing is made or changed there\n  lockstep connect clover --channel mall --authorize        opens the door for a person's consent\n  lockstep connect square -c lockstep.toml                  and makes the webhook subscriptions\n\nThe account is a [[channel]] section of the configuration; lockstep config shows one.\n\nExit code 0: it is ready. 1: something is missing, `problems` says what and how to mend it."
)]
pub(crate) struct Args {
    /// Which platform.
    platform: String,
    /// Which channel, when there are several of the platform.
    #[arg(long)]
    channel: Option<String>,
    /// Only look: the scopes of the read-only phase, no subscription.
    #[arg(long)]
    read_only: bool,
    /// Ask a person for access by OAuth, even if there is a token already.
    #[arg(long)]
    authorize: bool,
    /// Where the platform sends the person back to; it must be registered with the app there.
    #[arg(long, default_value = "http://127.0.0.1:8765/callback")]
    redirect_uri: String,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let platform = Platform::parse(&args.platform).with_context(|| {
        let known: Vec<&str> = Platform::ALL.iter().map(|platform| platform.name()).collect();
        format!("{:?} is no platform; known are {}", args.platform, known.join(", "))
    })?;
    let config = args.place.load()?;
    let channel = chosen(&config, platform, args.channel.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let found = runtime.block_on(connect(args, &config, channel))?;
    for problem in &found.problems {
        eprintln!("BAD  {problem}");
    }
    let well = found.problems.is_empty();
    measure.print(found.json());
    Ok(if well { Outcome::Well } else { Outcome::No })
}

fn chosen<'a>(config: &'a Config, platform: Platform, name: Option<&str>) -> anyhow::Result<&'a Channel> {
    let all = config.channel.iter().filter(|channel| channel.platform == platform.name());
    let all: Vec<&Channel> = all.filter(|channel| name.is_none_or(|name| channel.name == name)).collect();
    match all.as_slice() {
        [only] => Ok(only),
        [] => anyhow::bail!(
            "no [[channel]] of {} is configured{}; add one to the configuration (lockstep config shows how)",
            platform.title(),
            name.map_or_else(String::new, |name| format!(" under the name {name:?}"))
        ),
        several => {
            let names: Vec<&str> = several.iter().map(|channel| channel.name.as_str()).collect();
            anyhow::bail!("there are {}: {}; choose one with --channel", several.len(), names.join(", "))
        }
    }
}

/// What was found out.
#[derive(Default)]
struct Found {
    channel: String,
    account: String,
    account_name: String,
    scopes: Vec<Value>,
    locations: Vec<Value>,
    subscriptions: Vec<Value>,
    skew_ms: Option<i64>,
    cannot: Vec<Value>,
    problems: Vec<String>,
}

impl Found {
    fn json(&self) -> Value {
        json!({
            "channel": self.channel,
            "account": self.account,
            "account_name": self.account_name,
            "scopes": self.scopes,
            "locations": self.locations,
            "subscriptions": self.subscriptions,
            "clock_skew_ms": self.skew_ms,
            "cannot": self.cannot,
            "problems": self.problems,
        })
    }
}

async fn connect(args: &Args, config: &Config, channel: &Channel) -> anyhow::Result<Found> {
    let settings = crate::hub::channel_settings(config, channel)?;
    let link = link(config, &settings, args.read_only)?;
    let found = Found { channel: channel.name.clone(), ..Found::default() };
    let phase = if args.read_only || !channel.writes { Phase::Read } else { Phase::Write };
    if !args.authorize && !settings.token.expose().is_empty() {
        return look(link, found, phase, None, args).await;
    }
    let tokens = oauth::ask_for_access(&link, &settings, &args.redirect_uri, &needed(&link, phase)).await?;
    let told = tokens.scopes.clone();
    let kept = flow::KeptTokens::given(tokens, SystemClock.now());
    link.wallet().keep(&settings.name, &kept).map_err(|why| anyhow::anyhow!(why))?;
    eprintln!("ok   access was given; the tokens are kept in {}", config.hub.data.join("tokens").display());
    look(self::link(config, &settings, args.read_only)?, found, phase, told, args).await
}

async fn look(
    link: Link,
    mut found: Found,
    phase: Phase,
    told: Option<Vec<String>>,
    args: &Args,
) -> anyhow::Result<Found> {
    let access = access_check::check(&link, phase, told.as_deref()).await;
    (found.account, found.account_name) = (access.account, access.account_name);
    found.problems = access.problems;
    found.scopes = access.scopes.iter().filter_map(scope).collect();
    let place = |place: &PlaceFound| json!({ "id": place.external.to_string(), "name": place.name.to_string(), "active": place.active });
    found.locations = access.places.iter().map(place).collect();
    subscriptions(&link, args.read_only, &mut found).await;
    found.skew_ms = link.skew_ms();
    if found.skew_ms.is_some_and(|skew| skew.abs() > 30_000) {
        found.problems.push("its clock and ours differ by more than 30 s; set this machine's clock by NTP".into());
    }
    for (surface, ability) in link.connector().abilities().surfaces {
        if let Ability::No(why) = ability {
            found.cannot.push(json!({ "what": surface.words(), "why": why }));
        }
    }
    Ok(found)
}

/// A scope for scripts; one that is neither needed nor there is of no interest.
fn scope(found: &ScopeFound) -> Option<Value> {
    let (needed, granted) = match found.grant {
        Grant::Granted => (true, Some(true)),
        Grant::Missing => (true, Some(false)),
        Grant::Untold => (true, None),
        Grant::Extra => (false, Some(true)),
        Grant::Later => return None,
    };
    Some(json!({ "name": found.name, "needed": needed, "granted": granted, "for": found.what_for }))
}

fn link(config: &Config, settings: &ChannelSettings, read_only: bool) -> anyhow::Result<Link> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let carrier = crate::hub::carrier(&clock, !read_only)?;
    let wallet = Arc::new(FileWallet::new(&config.hub.data, settings));
    let meter = Arc::new(Meter::default());
    Ok(Link::new(ChannelId(0), settings.clone(), carrier, clock, meter).with_wallet(wallet))
}

/// Least privilege: what the phase needs and no more.
fn needed(link: &Link, phase: Phase) -> Vec<&'static Scope> {
    let scopes = link.connector().abilities().scopes.iter();
    scopes.filter(|scope| scope.phase <= phase).collect()
}

async fn subscriptions(link: &Link, read_only: bool, found: &mut Found) {
    if !link.connector().abilities().can(Surface::Subscribe) {
        return;
    }
    let url = link.settings.hook_url.clone();
    let listed = match flow::look(link, Question::Subscriptions { cursor: None }).await {
        Ok(pages) => pages,
        Err(error) => return found.problems.push(format!("its subscriptions cannot be read: {error}")),
    };
    let ours: Vec<_> =
        listed.into_iter().flat_map(|page| page.subscriptions).filter(|known| known.url.starts_with(&url)).collect();
    let present: Vec<String> =
        ours.iter().filter(|known| known.enabled).flat_map(|known| known.topics.clone()).collect();
    for known in &ours {
        found
            .subscriptions
            .push(json!({ "topics": known.topics, "url": known.url, "enabled": known.enabled, "made": false }));
    }
    if read_only {
        return;
    }
    let since: Instant = SystemClock.now();
    match flow::look(link, Question::Subscribe { url: url.clone(), present: present.clone(), since }).await {
        Ok(_) => {
            let again = flow::look(link, Question::Subscriptions { cursor: None }).await.unwrap_or_default();
            let now = again.into_iter().flat_map(|page| page.subscriptions).filter(|known| known.url.starts_with(&url));
            for made in now.filter(|known| !ours.iter().any(|old| old.id == known.id)) {
                found
                    .subscriptions
                    .push(json!({ "topics": made.topics, "url": made.url, "enabled": made.enabled, "made": true }));
            }
        }
        Err(AskError::Unsendable(Unsendable::Impossible(_))) => {}
        Err(error) => found.problems.push(format!("the webhook subscriptions cannot be made: {error}")),
    }
}
