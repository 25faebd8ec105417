//! The emulated platforms of the demo, and the tester's side door to them.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use connectors::{Surface, connector};
use emulators::machine::{Act, Books, Calls, Keys, Opening};
use emulators::shell::{self, Faults, Options, Running};
use serde::Deserialize;
use serde_json::{Value, json};

use super::retailer::{Account, LOCATIONS, Retailer, knows, sells_from};

/// Webhooks of a channel that may be undelivered while sales are replayed at full speed.
pub(super) const UNDELIVERED_MAX: u64 = 64;

/// One emulated account.
pub(super) struct Platform {
    pub account: Account,
    pub running: Running,
    pub keys: Keys,
}

/// All of them.
pub(super) struct Platforms {
    pub all: Vec<Platform>,
    http: reqwest::Client,
}

/// What waits in an emulator's outbox.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Outbox {
    pub undelivered: u64,
    #[serde(default)]
    pub in_flight: u64,
}

/// Starts one emulator per account, on its usual port or on a free one.
///
/// # Errors
/// When none can be started.
pub(super) async fn start(retailer: &Retailer, args: &super::Args) -> anyhow::Result<Platforms> {
    let mut all = Vec::new();
    for (number, account) in Account::ALL.into_iter().enumerate() {
        let (running, keys) = start_one(number, account, retailer, args).await?;
        eprintln!("  {} emulator on http://{}", account.name(), running.addr);
        all.push(Platform { account, running, keys });
    }
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build()?;
    Ok(Platforms { all, http })
}

async fn start_one(
    number: usize,
    account: Account,
    retailer: &Retailer,
    args: &super::Args,
) -> anyhow::Result<(Running, Keys)> {
    let usual = SocketAddr::from(([127, 0, 0, 1], 8101 + u16::try_from(number).unwrap_or(0)));
    let listen = crate::emulate::free(usual)?;
    let opening = Opening {
        currency: retailer.currency.into(),
        zone: "Europe/London".into(),
        api_base: format!("http://{listen}"),
        sells_from: sells_from(account).iter().map(|name| (*name).to_owned()).collect(),
        rate_scale: (super::plan_points(args) / 100).max(1),
        time_scale: args.retry_scale.max(1),
        ..Opening::default()
    };
    let opened = emulators::open(account.name(), &opening)?;
    let options = Options {
        listen,
        seed: args.seed + number as u64,
        faults: clock_fault(args),
        retry_scale: args.retry_scale.max(1),
        in_flight_max: 16,
        ..Options::default()
    };
    Ok((shell::start(opened.machine, options).await?, opened.keys))
}

/// Whether its news are subscribed to by a person.
pub(super) fn by_hand(account: Account) -> bool {
    let abilities = connector(account).abilities();
    !abilities.can(Surface::Subscribe) && abilities.can(Surface::HearSales)
}

/// A platform's clock is off from the start or not at all; the other faults begin with the traffic.
fn clock_fault(args: &super::Args) -> Faults {
    match Faults::parse(&super::faults(args), shell::PER_MILLION) {
        Ok(wanted) if wanted.listed().iter().any(|(name, _)| *name == "skew") => {
            Faults::none().with(shell::Fault::Skew, shell::PER_MILLION)
        }
        _ => Faults::none(),
    }
}

impl Platforms {
    pub(super) fn of(&self, account: Account) -> anyhow::Result<&Platform> {
        self.all.iter().find(|platform| platform.account == account).context("the account has no emulator")
    }

    async fn post(&self, account: Account, path: &str, body: &Value) -> anyhow::Result<Value> {
        let url = format!("http://{}/_control/{path}", self.of(account)?.running.addr);
        let request = self.http.post(&url).header("content-type", "application/json").body(body.to_string());
        let reply = request.send().await.with_context(|| format!("POST {url}"))?;
        let (status, text) = (reply.status(), reply.text().await?);
        anyhow::ensure!(status.is_success(), "POST {url}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, account: Account, path: &str) -> anyhow::Result<T> {
        let url = format!("http://{}/_control/{path}", self.of(account)?.running.addr);
        let text = self.http.get(&url).send().await.with_context(|| format!("GET {url}"))?.text().await?;
        serde_json::from_str(&text).with_context(|| format!("GET {url}"))
    }

    /// Acts inside a platform. Answers, in order, why one could not be done.
    ///
    /// # Errors
    /// When the emulator does not answer.
    pub(super) async fn act(&self, account: Account, acts: &[Act]) -> anyhow::Result<Vec<Option<String>>> {
        let mut refused = Vec::with_capacity(acts.len());
        for part in acts.chunks(2_000) {
            let answers = self.post(account, "act", &serde_json::to_value(part)?).await?;
            let answers = answers.as_array().context("one answer per act")?.clone();
            refused.extend(answers.iter().map(|answer| answer.get("error").map(ToString::to_string)));
        }
        Ok(refused)
    }

    /// The same, where a refusal is a mistake of the demo.
    ///
    /// # Errors
    /// The first refusal.
    pub(super) async fn must(&self, account: Account, acts: &[Act]) -> anyhow::Result<()> {
        let refused = self.act(account, acts).await?;
        match refused.iter().position(Option::is_some) {
            None => Ok(()),
            Some(place) => anyhow::bail!(
                "{}: {:?} was refused: {}",
                account.name(),
                acts[place],
                refused[place].clone().unwrap_or_default()
            ),
        }
    }

    /// Locations, items and opening stock, the same on every platform.
    ///
    /// # Errors
    /// When an emulator refuses.
    pub(super) async fn open_shop(&self, retailer: &Retailer) -> anyhow::Result<()> {
        for account in Account::ALL {
            let mut acts: Vec<Act> = LOCATIONS
                .iter()
                .filter(|(name, _, _)| knows(account, name))
                .map(|(name, _, _)| Act::PutLocation { name: (*name).into(), zone: Some("Europe/London".into()) })
                .collect();
            for item in &retailer.items {
                acts.push(Act::PutItem {
                    sku: item.sku.clone(),
                    title: item.title.clone(),
                    barcode: None,
                    price_minor: item.price_minor,
                    tracked: item.tracked,
                    force_new: false,
                    product: None,
                    option: None,
                });
                let counted = item
                    .opening
                    .iter()
                    .zip(LOCATIONS)
                    .filter(|(units, (location, _, _))| item.tracked && **units > 0 && knows(account, location));
                acts.extend(counted.map(|(units, (location, _, _))| Act::Count {
                    sku: item.sku.clone(),
                    location: location.into(),
                    quantity: units.to_string(),
                }));
            }
            self.must(account, &acts).await?;
        }
        Ok(())
    }

    /// News for the hub from accounts whose platform lets nobody subscribe by program: as a person would set it up.
    ///
    /// # Errors
    /// When an emulator refuses.
    pub(super) async fn subscribe_by_hand(&self, hub: &str) -> anyhow::Result<()> {
        for platform in &self.all {
            if !by_hand(platform.account) {
                continue;
            }
            let url = format!("{hub}/hooks/{0}/{0}", platform.account.name());
            crate::emulate::subscribe(platform.running.addr, &url, Some(&platform.keys.webhook_secret)).await?;
        }
        Ok(())
    }

    /// Faults on every platform: about one in a hundred, or one in a thousand when `gentle`.
    ///
    /// # Errors
    /// When the list names no such fault.
    pub(super) async fn set_faults(&self, list: &str, gentle: bool) -> anyhow::Result<()> {
        let per_million = if gentle { 1_000 } else { 10_000 };
        for account in Account::ALL {
            self.post(account, "faults", &json!({ "list": list, "per_million": per_million })).await?;
        }
        Ok(())
    }

    /// Makes a platform's API hang, or answer again.
    ///
    /// # Errors
    /// When the emulator does not answer.
    pub(super) async fn set_stalled(&self, account: Account, stalled: bool) -> anyhow::Result<()> {
        self.post(account, "stall", &json!({ "stalled": stalled })).await.map(drop)
    }

    /// What waits to be delivered.
    ///
    /// # Errors
    /// When the emulator does not answer.
    pub(super) async fn outbox(&self, account: Account) -> anyhow::Result<Outbox> {
        self.get(account, "outbox").await
    }

    /// Every platform's books.
    ///
    /// # Errors
    /// When an emulator does not answer.
    pub(super) async fn books(&self) -> anyhow::Result<Vec<(Account, Books)>> {
        let mut books = Vec::new();
        for account in Account::ALL {
            books.push((account, self.books_of(account).await?));
        }
        Ok(books)
    }

    /// One platform's books.
    ///
    /// # Errors
    /// When the emulator does not answer.
    pub(super) async fn books_of(&self, account: Account) -> anyhow::Result<Books> {
        self.get(account, "books").await
    }

    /// Every platform's counters of API calls.
    ///
    /// # Errors
    /// When an emulator does not answer.
    pub(super) async fn calls(&self) -> anyhow::Result<Vec<(Account, Calls)>> {
        let mut calls = Vec::new();
        for account in Account::ALL {
            calls.push((account, self.calls_of(account).await?));
        }
        Ok(calls)
    }

    /// One platform's.
    ///
    /// # Errors
    /// When the emulator does not answer.
    pub(super) async fn calls_of(&self, account: Account) -> anyhow::Result<Calls> {
        self.get(account, "calls").await
    }
}
