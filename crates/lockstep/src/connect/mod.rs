//! `lockstep connect`: is an account ready? Access, scopes, clock, locations, subscriptions; and where the platform has
//! OAuth, getting access in the first place.

mod oauth;

use std::io::IsTerminal;
use std::sync::Arc;

use anyhow::Context;
use connectors::{Ability, Phase, Question, Surface, Unsendable};
use flow::{AskError, ChannelSettings, Clock, Link, Meter, SystemClock};
use model::{ChannelId, Instant, Platform};
use serde_json::{Value, json};
use server::access_check::{self, Grant, PlaceFound, ScopeFound, SubscriptionFound};

use crate::cli::Place;
use crate::config::{Channel, Config};
use crate::exit::Outcome;
use crate::wallet::FileWallet;
use eval::measure::Measure;

/// Connects an account: asks for access where the platform has OAuth, checks scopes one by one, measures the clock,
/// makes the webhook subscriptions.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  lockstep connect shopify -c lockstep.toml --read-only      look first: nothing is made or changed there\n  lockstep connect clover --channel mall --authorize        opens the door for a person's consent\n  lockstep connect square -c lockstep.toml                  and makes the webhook subscriptions\n\nThe account is a [[channel]] section of the configuration (lockstep config shows one), or was made at the page /connect of\na running hub. Such a one, when it is read-only, is let write by `lockstep connect` without --read-only.\n\nExit code 0: it is ready. 1: something is missing, `problems` says what and how to mend it."
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
    /// Also ask for what making documents needs: orders, refunds, customers, transfers, purchase orders.
    #[arg(long, conflicts_with = "read_only")]
    documents: bool,
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
    // A channel that the hub made itself is let write by being connected again without --read-only.
    let widens = !args.read_only && !channel.writes && channel.own.is_some();
    let phase = match (args.read_only || !(channel.writes || widens), args.documents) {
        (true, _) => Phase::Read,
        (false, false) => Phase::Write,
        (false, true) => Phase::Make,
    };
    if widens {
        tell_what_changes(&link);
    }
    let ask = args.authorize || !link.has_token() || lacks_what_a_person_can_give(&link, phase).await;
    let mut found = if ask {
        ask_then_look(args, config, &settings, &link, found, phase).await?
    } else {
        look(link, found, phase, None, args).await?
    };
    if widens && found.problems.is_empty() {
        let keys = [("writes", true), ("subscribe", true)];
        let keys = keys.map(|(key, value)| (key.to_owned(), toml::Value::Boolean(value)));
        let file = crate::config::own::write(&config.hub.data, &channel.name, keys.into_iter().collect())?;
        eprintln!("ok   writes = true stands in {}; the hub takes it up when it is started again", file.display());
    } else if widens {
        found.problems.push("nothing was changed: it stays read-only".to_owned());
    }
    Ok(found)
}

/// Said before a person is asked for more.
fn tell_what_changes(link: &Link) {
    eprintln!(
        "{} is read-only now. When the hub may write: stock levels that differ from what it should show are corrected,\n\
         less stock before more; the webhook subscription is made, where programs may. Scopes needed besides those to read:",
        link.settings.name
    );
    for scope in link.connector().abilities().scopes.iter().filter(|scope| scope.phase == Phase::Write) {
        eprintln!("  {}  {}", scope.name, scope.what_for);
    }
}

/// Whether the token lacks a scope of the phase, and there is a person at the terminal who can give it.
async fn lacks_what_a_person_can_give(link: &Link, phase: Phase) -> bool {
    let can_ask = link.connector().grants().is_some() && !link.settings.client_id.is_empty();
    if phase == Phase::Read || !can_ask || !std::io::stderr().is_terminal() {
        return false;
    }
    let scopes = access_check::check(link, phase, None).await.scopes;
    scopes.iter().any(|scope| scope.grant == Grant::Missing)
}

async fn ask_then_look(
    args: &Args,
    config: &Config,
    settings: &ChannelSettings,
    link: &Link,
    found: Found,
    phase: Phase,
) -> anyhow::Result<Found> {
    let tokens =
        oauth::ask_for_access(link, settings, &args.redirect_uri, &server::connect::scopes(link, phase)).await?;
    let told = tokens.scopes.clone();
    let kept = flow::KeptTokens::given(tokens, SystemClock.now());
    link.wallet().keep(&settings.name, &kept).map_err(|why| anyhow::anyhow!(why))?;
    eprintln!("ok   access was given; the tokens are kept in {}", config.hub.data.join("tokens").display());
    look(self::link(config, settings, args.read_only)?, found, phase, told, args).await
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
    found.skew_ms = access.skew_ms;
    let ours = access.subscriptions.unwrap_or_default();
    found.subscriptions = ours.iter().map(|known| subscription(known, false)).collect();
    if !args.read_only {
        subscribe(&link, &ours, &mut found).await;
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
    let wallet = Arc::new(FileWallet::new(&config.hub, settings)?);
    let meter = Arc::new(Meter::default());
    Ok(Link::new(ChannelId(0), settings.clone(), carrier, clock, meter).with_wallet(wallet))
}

fn subscription(found: &SubscriptionFound, made: bool) -> Value {
    json!({ "topics": found.topics, "url": found.url, "enabled": found.enabled, "made": made })
}

/// Makes the subscriptions that are missing.
async fn subscribe(link: &Link, ours: &[SubscriptionFound], found: &mut Found) {
    if !link.connector().abilities().can(Surface::Subscribe) {
        return;
    }
    let url = link.settings.hook_url.clone();
    let present = ours.iter().filter(|known| known.enabled).flat_map(|known| known.topics.clone()).collect();
    let since: Instant = SystemClock.now();
    match flow::look(link, Question::Subscribe { url, present, since }).await {
        Ok(_) => {
            let now = access_check::subscriptions(link).await.ok().flatten().unwrap_or_default();
            let made = now.iter().filter(|known| !ours.iter().any(|old| old.id == known.id));
            found.subscriptions.extend(made.map(|known| subscription(known, true)));
        }
        Err(AskError::Unsendable(Unsendable::Impossible(_))) => {}
        Err(error) => found.problems.push(format!("the webhook subscriptions cannot be made: {error}")),
    }
}
