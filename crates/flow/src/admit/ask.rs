//! Asking: one question to its last page, with patience, and what it told taken in.

use std::collections::BTreeSet;
use std::time::Duration;

use connectors::{Page, Question, Reply, Told, Trouble};
use dispatch::Lane;
use model::{ExternalItem, ExternalLocation, Instant, LevelSeen};

use crate::decide::commands;
use crate::{Flow, FlowError, Link, Lost};

/// How often one page is asked for before the question is put off.
const TRIES: u32 = 6;

/// The same while somebody waits for the answer.
const TRIES_FOR_PEOPLE: u32 = 2;

/// Why a question was put off.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The platform.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The way there.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// It cannot be asked.
    #[error(transparent)]
    Unsendable(#[from] connectors::Unsendable),
    /// The hub.
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl AskError {
    /// Whether it was refused for a reason that stays until somebody does something.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            Self::Trouble(Trouble::Refused { .. } | Trouble::Denied { .. } | Trouble::Garbled { .. }) => true,
            Self::Trouble(Trouble::Throttled { .. } | Trouble::Failed { .. }) => false,
            Self::Unsendable(_) => true,
            Self::Lost(_) | Self::Flow(_) => false,
        }
    }
}

/// What a question brought, besides what was taken in at once.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Levels.
    pub levels: Vec<LevelSeen>,
    /// Documents that changed, with their versions.
    pub changed: Vec<(model::DocumentKey, u64)>,
    /// Documents that could not be read, and why.
    pub unreadable: Vec<(model::DocumentKey, connectors::Unreadable)>,
    /// What does not exist.
    pub missing: Vec<String>,
    /// Subscriptions.
    pub subscriptions: Vec<connectors::Subscription>,
    /// News among what was told: orders that were not known in this version.
    pub news: Vec<model::DocumentKey>,
    /// Documents to be asked for once more in a moment.
    pub again: Vec<model::DocumentKey>,
    /// Items that were told of as being there.
    pub items: BTreeSet<ExternalItem>,
    /// Items that were told of as being deleted.
    pub deleted: BTreeSet<ExternalItem>,
    /// The largest time of change.
    pub until: Option<Instant>,
}

/// Asks a question page by page. Orders, items, locations and customers are decided as they come.
pub(crate) async fn ask(flow: &Flow, link: &Link, first: Question) -> Result<Gathered, AskError> {
    let mut gathered = Gathered::default();
    let mut asking = Asking::begin(flow, link).await?;
    let mut next = Some(first);
    while let Some(question) = next.take() {
        next = asking.page(&question, &mut gathered).await?;
    }
    link.well();
    Ok(gathered)
}

/// A question under way, page by page, for whoever keeps its place between two pages.
pub(crate) struct Asking<'a> {
    flow: &'a Flow,
    link: &'a Link,
    locations: Vec<ExternalLocation>,
    rows: u64,
}

impl<'a> Asking<'a> {
    pub(crate) async fn begin(flow: &'a Flow, link: &'a Link) -> Result<Self, FlowError> {
        Ok(Self { flow, link, locations: locations(flow, link).await?, rows: 0 })
    }

    /// Asks for one page and takes it in. Answers what to ask next.
    pub(crate) async fn page(
        &mut self,
        question: &Question,
        gathered: &mut Gathered,
    ) -> Result<Option<Question>, AskError> {
        let link = self.link;
        let asked_at = link.clock.now();
        let page = page(link, question, &self.locations, TRIES).await?;
        if page.wait_ms > 0 {
            tokio::time::sleep(Duration::from_millis(u64::try_from(page.wait_ms).unwrap_or(0).min(60_000))).await;
        }
        let next = page.next.clone();
        self.rows += page.told.len() as u64;
        link.note(|health| health.read(what(question), self.rows, &page.told, link.clock.now()));
        take_in(self.flow, link, asked_at, page, gathered).await?;
        Ok(next)
    }
}

/// What is sold goes before everything else, because all other channels must be lowered by it.
fn lane(question: &Question) -> Lane {
    match question {
        Question::Orders { .. } | Question::OrdersOf { .. } => Lane::News,
        Question::Locations { .. }
        | Question::Catalogue { .. }
        | Question::Levels { .. }
        | Question::LevelsSince { .. }
        | Question::LevelsOf { .. }
        | Question::Customers { .. }
        | Question::CustomersOf { .. }
        | Question::Access
        | Question::Subscriptions { .. }
        | Question::Subscribe { .. } => Lane::Read,
    }
}

/// What a question is about, for people.
fn what(question: &Question) -> &'static str {
    match question {
        Question::Locations { .. } => "locations",
        Question::Catalogue { .. } => "items",
        Question::Levels { .. } | Question::LevelsSince { .. } | Question::LevelsOf { .. } => "stock levels",
        Question::Orders { .. } | Question::OrdersOf { .. } => "orders",
        Question::Customers { .. } | Question::CustomersOf { .. } => "customers",
        Question::Access | Question::Subscriptions { .. } | Question::Subscribe { .. } => "its subscriptions",
    }
}

/// Asks a question page by page without taking anything in: for looking at an account from outside, before or beside a
/// hub.
///
/// # Errors
/// The platform's refusal, or why it cannot be reached or asked.
pub async fn look(link: &Link, first: Question) -> Result<Vec<Page>, AskError> {
    let mut pages = Vec::new();
    let mut next = Some(first);
    while let Some(question) = next.take() {
        let page = page(link, &question, &[], TRIES_FOR_PEOPLE).await?;
        if page.wait_ms > 0 {
            tokio::time::sleep(Duration::from_millis(u64::try_from(page.wait_ms).unwrap_or(0).min(60_000))).await;
        }
        next.clone_from(&page.next);
        pages.push(page);
    }
    Ok(pages)
}

async fn locations(flow: &Flow, link: &Link) -> Result<Vec<ExternalLocation>, FlowError> {
    let channel = link.channel;
    flow.read(move |state| state.catalogue().locations_on(channel).map(|(_, external)| external.clone()).collect())
        .await
}

async fn page(link: &Link, question: &Question, locations: &[ExternalLocation], most: u32) -> Result<Page, AskError> {
    let mut tries = 0;
    let mut renewed = false;
    loop {
        tries += 1;
        let account = link.account(locations.to_vec()).await;
        let request = link.connector.ask(question, &account)?;
        let failed: AskError = match link.request(request, lane(question)).await {
            Ok(reply) => match learn(link, question, &account, &reply) {
                Ok(page) => return Ok(page),
                // The token may have expired: it is renewed once, and what is refused then is refused.
                Err(Trouble::Denied { .. }) if !renewed && link.renew(&account.token).await => {
                    renewed = true;
                    continue;
                }
                Err(trouble @ (Trouble::Denied { .. } | Trouble::Refused { .. })) => return Err(trouble.into()),
                // Being asked to slow down is no failure; it is waited for as long as it takes.
                Err(Trouble::Throttled { .. }) => {
                    tries -= 1;
                    continue;
                }
                Err(trouble) => trouble.into(),
            },
            Err(lost) => lost.into(),
        };
        if tries >= most {
            return Err(failed);
        }
        tokio::time::sleep(link.backoff()).await;
    }
}

fn learn(link: &Link, question: &Question, account: &connectors::Account, reply: &Reply) -> Result<Page, Trouble> {
    link.connector.learn(question, account, reply).inspect_err(|trouble| link.trouble(trouble))
}

/// Rows decided in one job, so that no job holds the keeper for long.
const ROWS: usize = 500;

async fn take_in(
    flow: &Flow,
    link: &Link,
    asked_at: Instant,
    page: Page,
    gathered: &mut Gathered,
) -> Result<(), AskError> {
    if let Some(secret) = page.secret {
        link.secret_made(secret);
    }
    gathered.changed.extend(page.changed);
    gathered.unreadable.extend(page.unreadable);
    gathered.missing.extend(page.missing);
    gathered.again.extend(page.again);
    gathered.subscriptions.extend(page.subscriptions);
    gathered.until = gathered.until.max(page.until);
    let mut rest = Vec::new();
    for word in link.with_what_we_know(page.told) {
        match word {
            Told::Level(hint) => {
                let level = hint.level.unwrap_or(model::Level::ZERO);
                gathered.levels.push(LevelSeen { external: hint.external, location: hint.location, level });
            }
            other => {
                if let Told::Item(item) = &other {
                    let told = if item.deleted { &mut gathered.deleted } else { &mut gathered.items };
                    told.insert(item.external.clone());
                }
                rest.push(other);
            }
        }
    }
    while !rest.is_empty() {
        let part: Vec<Told> = rest.drain(..rest.len().min(ROWS)).collect();
        let (channel, at) = (link.channel, link.clock.now());
        let answer = flow.decide(move |desk| Ok(commands(desk, channel, at, Some(asked_at), part)?.commands)).await?;
        let new = answer.results.iter().flatten().flatten().filter_map(|fact| match fact {
            model::Fact::OrderPut(put) => Some(put.document.clone()),
            _ => None,
        });
        gathered.news.extend(new);
    }
    Ok(())
}
