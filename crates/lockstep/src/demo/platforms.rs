//! The emulated platforms of the demo, and the tester's side door to them.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use emulators::machine::{Act, Books, Machine};
use emulators::shell::{self, Faults, Options, Running};
use emulators::{shopify, square};
use serde::Deserialize;
use serde_json::{Value, json};

use super::retailer::{Account, LOCATIONS, Retailer};

/// Webhooks of a channel that may be undelivered while sales are replayed at full speed.
pub(super) const UNDELIVERED_MAX: u64 = 64;

/// One emulated account.
pub(super) struct Platform {
    pub account: Account,
    pub running: Running,
    pub secret: String,
    pub token: String,
    pub application_token: String,
    pub name_of_account: String,
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
        let usual = SocketAddr::from(([127, 0, 0, 1], 8101 + u16::try_from(number).unwrap_or(0)));
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        let options = |listen| Options {
            listen,
            seed: args.seed + number as u64,
            faults: clock_fault(args),
            retry_scale: args.retry_scale.max(1),
            in_flight_max: 16,
            ..Options::default()
        };
        let made = make(account, retailer, args)?;
        let running = match shell::start(made.machine, options(usual)).await {
            Ok(running) => running,
            Err(_) => shell::start(make(account, retailer, args)?.machine, options(free)).await?,
        };
        eprintln!("  {} emulator on http://{}", account.platform(), running.addr);
        all.push(Platform {
            account,
            running,
            secret: made.secret,
            token: made.token,
            application_token: made.application_token,
            name_of_account: made.name_of_account,
        });
    }
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build()?;
    Ok(Platforms { all, http })
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

struct Made {
    machine: Box<dyn Machine>,
    secret: String,
    token: String,
    application_token: String,
    name_of_account: String,
}

fn make(account: Account, retailer: &Retailer, args: &super::Args) -> anyhow::Result<Made> {
    Ok(match account {
        Account::Shopify => {
            let settings = shopify::Settings {
                currency: retailer.currency.into(),
                zone: "Europe/London".into(),
                web_locations: LOCATIONS.iter().map(|(name, _, _)| (*name).to_owned()).collect(),
                restore_rate: i64::from(args.plan),
                bucket: i64::from(args.plan) * 20,
                ..shopify::Settings::default()
            };
            Made {
                secret: settings.client_secret.clone(),
                token: settings.access_token.clone(),
                application_token: String::new(),
                name_of_account: settings.shop_domain.clone(),
                machine: Box::new(shopify::Shopify::new(settings)?),
            }
        }
        Account::Square => {
            let settings = square::Settings {
                currency: retailer.currency.into(),
                search_lag_ms: 30_000 / i64::from(args.retry_scale.max(1)),
                ..square::Settings::example()
            };
            Made {
                secret: String::new(),
                token: settings.access_token.clone(),
                application_token: settings.application_token.clone(),
                name_of_account: settings.merchant_id.clone(),
                machine: Box::new(square::Square::new(settings)),
            }
        }
    })
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
                account.platform(),
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
                });
                let counted = item.opening.iter().zip(LOCATIONS).filter(|(units, _)| item.tracked && **units > 0);
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
            books.push((account, self.get(account, "books").await?));
        }
        Ok(books)
    }

    /// Every platform's counters of API calls.
    ///
    /// # Errors
    /// When an emulator does not answer.
    pub(super) async fn calls(&self) -> anyhow::Result<Vec<(Account, Value)>> {
        let mut calls = Vec::new();
        for account in Account::ALL {
            calls.push((account, self.get(account, "calls").await?));
        }
        Ok(calls)
    }
}
