//! Customers: records of different channels that may be one person, and those that somebody said are. What stands in a
//! record is shown only to those who may read people's fields.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::{FlowError, Link};
use http::Request;
use maud::{Markup, html};
use model::{Action, ChannelName, CustomerAt, CustomerKey, MappingQuestion};

use super::head::{Counts, Kind, Place, Show, files};
use crate::dashboard::access::{Visitor, fresh_id, genuine};
use crate::dashboard::error::PageError;
use crate::dashboard::fields::Fields;
use crate::dashboard::html::Html;
use crate::dashboard::layout::{Frame, Notice, Section, empty, hidden, pager};
use crate::dashboard::words::Tone;
use crate::dashboard::{Pages, must};
use crate::mapping::{self, Pair, People, Record, Subject};
use crate::{ReadError, Scope};

/// Pairs on a page.
const PAGE: usize = 20;

/// Two records.
#[derive(Clone, Debug)]
pub(in super::super) struct PairLine {
    /// Channel and id of one, and of the other.
    pub(in super::super) records: [(String, String); 2],
    /// What stands in them, for those who may read it.
    pub(in super::super) fields: [Option<String>; 2],
    /// How sure it is, 0 to 100; `None` when a person said so.
    pub(in super::super) percent: Option<u32>,
    /// Why, without anything personal.
    pub(in super::super) why: Vec<&'static str>,
}

/// The list.
#[derive(Clone, Debug)]
pub(in super::super) struct PeoplePage {
    /// All channels.
    pub(in super::super) channels: Vec<String>,
    /// The chosen one; empty = all.
    pub(in super::super) channel: String,
    /// Questions of the other kinds.
    pub(in super::super) counts: Counts,
    /// Which are listed.
    pub(in super::super) show: Show,
    /// They.
    pub(in super::super) pairs: Vec<PairLine>,
    /// Query part by which the next page begins.
    pub(in super::super) more: Option<String>,
    /// Whether this is not the first page.
    pub(in super::super) later: bool,
}

/// `GET /mappings?kind=customers`.
pub(super) async fn list(
    pages: &Pages,
    visitor: &Visitor,
    (chosen, show, fields): (Option<&Arc<Link>>, Show, &Fields),
    channels: Vec<String>,
    counts: Counts,
    notice: Option<Notice>,
) -> Result<Html, PageError> {
    let from: usize = fields.number("from").unwrap_or(0);
    let mut found = match show {
        Show::Open => pages.people.pairs(&pages.hub, false).await?,
        Show::Dismissed => pages.people.pairs(&pages.hub, true).await?,
        Show::Done => pages.read(linked).await?,
    };
    if let Some(channel) = chosen.map(|link| link.channel) {
        found.retain(|pair| pair.one.channel == channel || pair.other.channel == channel);
    }
    let more = (found.len() > from.saturating_add(PAGE)).then(|| format!("from={}", from.saturating_add(PAGE)));
    let found: Vec<Pair> = found.into_iter().skip(from).take(PAGE).collect();
    let page = PeoplePage {
        channels,
        channel: chosen.map(|link| link.settings.name.to_string()).unwrap_or_default(),
        counts,
        show,
        pairs: lines(pages, visitor, found, show).await?,
        more,
        later: from > 0,
    };
    Ok(page.render(visitor, notice))
}

fn linked(state: &flow::State) -> Vec<Pair> {
    let pair = |(one, other): (&CustomerAt, &CustomerAt)| Pair {
        one: one.clone(),
        other: other.clone(),
        percent: 0,
        why: Vec::new(),
    };
    state.links().iter().map(pair).collect()
}

async fn lines(pages: &Pages, visitor: &Visitor, found: Vec<Pair>, show: Show) -> Result<Vec<PairLine>, PageError> {
    let opened = if visitor.may(Scope::PeopleRead) {
        let at: BTreeSet<CustomerAt> = found.iter().flat_map(|pair| [pair.one.clone(), pair.other.clone()]).collect();
        People::open(&pages.hub, at).await?
    } else {
        Default::default()
    };
    let lines = pages.read(move |state| {
        let record = |at: &CustomerAt| {
            let channel = state.catalogue().channel(at.channel);
            (channel.map_or_else(|| at.channel.to_string(), |put| put.name.to_string()), at.customer.to_string())
        };
        let words = |record: &Record| {
            let parts = [&record.name, &record.email, &record.phone].into_iter().filter(|part| !part.is_empty());
            parts.cloned().collect::<Vec<_>>().join(" · ")
        };
        let line = |pair: Pair| PairLine {
            records: [record(&pair.one), record(&pair.other)],
            fields: [opened.get(&pair.one).map(words), opened.get(&pair.other).map(words)],
            percent: (show != Show::Done).then_some(pair.percent),
            why: pair.why.into_iter().map(|(_, words)| words).collect(),
        };
        found.into_iter().map(line).collect()
    });
    lines.await
}

impl PeoplePage {
    /// The page.
    pub(in super::super) fn render(&self, visitor: &Visitor, notice: Option<Notice>) -> Html {
        let place = Place { kind: Kind::Customers, show: self.show, channel: &self.channel, query: "" };
        let here = place.address();
        let next = self.more.as_ref().map(|more| format!("{here}&{more}"));
        Frame::new("Mappings", Section::Mappings, visitor).noticing(notice).page(html! {
            (place.head(&self.channels, &self.counts))
            p { "Customer records of different channels with the same e-mail address or telephone number. Nothing is joined before somebody says so." }
            @if self.pairs.is_empty() { (empty("There is none here.")) }
            ul class="stuck questions" { @for pair in &self.pairs { li { (pair.render(visitor, self.show)) } } }
            (pager(self.later.then_some(here.as_str()), next.as_deref(), "Further ones"))
            (files(Kind::Customers, &self.channels, visitor))
        })
    }
}

impl PairLine {
    fn render(&self, visitor: &Visitor, show: Show) -> Markup {
        html! {
            @for ((channel, customer), fields) in self.records.iter().zip(&self.fields) {
                p { @if let Some(fields) = fields { b { (fields) } " " } span class="quiet" { "on " (channel) } " " span class="sku" { (customer) } }
            }
            @if let Some(percent) = self.percent {
                p class="reason" { span class="fit" { (percent) " of 100" } @for why in &self.why { " · " (why) } }
            }
            @if visitor.may(Scope::OperationsWrite) { div class="row" {
                @match show {
                    Show::Open => { (self.act(visitor, "link", "They are one person")) (self.act(visitor, "dismiss", "They are different")) }
                    Show::Dismissed => { (self.act(visitor, "reopen", "Ask again")) (self.act(visitor, "link", "They are one person")) }
                    Show::Done => { (self.act(visitor, "unlink", "Take the link away")) (self.act(visitor, "undo", "Undo what was said last")) }
                }
            } }
        }
    }

    fn act(&self, visitor: &Visitor, act: &str, words: &str) -> Markup {
        let [(channel, customer), (other_channel, other_customer)] = &self.records;
        html! {
            form method="post" action={ "/linked-customers/" (act) } {
                (visitor.token_field())
                (hidden("channel", channel))
                (hidden("customer", customer))
                (hidden("other_channel", other_channel))
                (hidden("other_customer", other_customer))
                button type="submit" class=[(act != "link").then_some("plain")] { (words) }
            }
        }
    }
}

/// `POST /linked-customers/{act}`: link, unlink, dismiss, reopen or undo.
pub(in super::super) async fn decide(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(act): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::OperationsWrite)?;
    let fields = genuine(&visitor, request).await?;
    let record = |channel: &str, customer: &str| {
        let (channel, customer) = (ChannelName::new(fields.get(channel)), CustomerKey::new(fields.get(customer)));
        pages.read(move |state| {
            let channel = state.catalogue().channel_named(&channel)?.channel;
            Some(CustomerAt { channel, customer })
        })
    };
    let one = record("channel", "customer").await?.ok_or(PageError::Form)?;
    let other = record("other_channel", "other_customer").await?.ok_or(PageError::Form)?;
    let question = || MappingQuestion::same_customer(one.clone(), other.clone());
    let (action, words) = match act.as_str() {
        "link" => (Action::LinkCustomers { one, other }, "Noted: they are one person."),
        "unlink" => (Action::UnlinkCustomers { one, other }, "Noted: the link is taken away."),
        "dismiss" => (Action::DismissQuestion(question()), "Noted: they are different, and it is not asked again."),
        "reopen" => (Action::ReopenQuestion(question()), "It is among the open questions again."),
        "undo" => {
            let undone = mapping::undo(&pages.hub, visitor.by.clone(), &Subject::Customer(one)).await;
            let (done, words) = super::actions::taken_back(undone)?;
            return tell(&pages, done.unwrap_or(Ok(())).map_err(ReadError::Flow), words).await;
        }
        _ => return Err(PageError::Missing("page".to_owned())),
    };
    let done = mapping::command(&pages.hub, visitor.by.clone(), action).await.map(drop);
    tell(&pages, done, words.to_owned()).await
}

async fn tell(pages: &Pages, done: Result<(), ReadError>, words: String) -> Result<Response, PageError> {
    let (tone, text) = told(done, words)?;
    pages.follow(pages.hub.flow.head()).await;
    let notice = Notice { tone, text, undo: None };
    Ok(pages.outcomes.tell("/mappings?kind=customers", fresh_id()?, notice))
}

/// How it went, in words.
pub(super) fn told(done: Result<(), ReadError>, words: String) -> Result<(Tone, String), PageError> {
    match done {
        Ok(()) => Ok((Tone::Good, words)),
        Err(ReadError::Flow(FlowError::Refused(refusal))) => {
            Ok((Tone::Bad, format!("Nothing was changed: {refusal}.")))
        }
        Err(error) => Err(error.into()),
    }
}
