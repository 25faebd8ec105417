//! Forms about a mapping: it is this item, it is a new one, do not ask again, take it back.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::FlowError;
use http::Request;
use model::{Action, ChannelId, Command, ExternalItem, ItemId, MappingQuestion, Sku, Unit};

use crate::dashboard::access::{Visitor, fresh_id, genuine};
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{Fields, encoded};
use crate::dashboard::layout::Notice;
use crate::dashboard::words::Tone;
use crate::dashboard::{Pages, must};
use crate::mapping::{self, Now, Subject};
use crate::{ReadError, Scope};

/// What a form is about.
struct About {
    name: String,
    channel: ChannelId,
    external: ExternalItem,
    fields: Fields,
}

async fn begin(
    pages: &Pages,
    visitor: &Visitor,
    (name, external): (String, String),
    request: Request<Body>,
) -> Result<About, PageError> {
    must(visitor, Scope::OperationsWrite)?;
    let channel = super::link(pages, &name)?.channel;
    let fields = genuine(visitor, request).await?;
    Ok(About { name, channel, external: ExternalItem::new(&external), fields })
}

/// `POST /mappings/{channel}/{external}/map`: it is this item.
pub(in super::super) async fn map(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let about = begin(&pages, &visitor, place, request).await?;
    let (number, sku) = (about.fields.number("item").map(ItemId), Sku::new(about.fields.get("sku")));
    let found = pages.read(move |state| {
        let item = match number {
            Some(item) => state.catalogue().item(item),
            None => state.catalogue().sku(&sku),
        };
        item.map(|item| (item.item, item.sku.to_string()))
    });
    let Some((item, sku)) = found.await? else {
        return about.tell(&pages, Tone::Bad, "Nothing was changed: there is no such item.".to_owned());
    };
    let action = Action::MapItem { channel: about.channel, external: about.external.clone(), item: Some(item) };
    let command = Command { at: pages.now(), by: visitor.by.clone(), action };
    let done = pages.hub.flow.command(command).await.map(drop);
    about
        .settle(&pages, done, format!("Noted: it is {sku}. Its stock is kept from now on; its history has a way back."))
        .await
}

/// `POST /mappings/{channel}/{external}/new`: it is an item that we do not have yet.
pub(in super::super) async fn make(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(&visitor, Scope::StockWrite)?;
    let about = begin(&pages, &visitor, place, request).await?;
    let sku = Sku::new(about.fields.get("sku"));
    if sku.is_empty() {
        return about.tell(&pages, Tone::Bad, "Nothing was changed: a new item needs an SKU.".to_owned());
    }
    let asked = pages.finder.about(&pages.hub, about.channel, &about.external).await?;
    let Some(asked) = asked else {
        return about.tell(&pages, Tone::Bad, "Nothing was changed: this question was answered already.".to_owned());
    };
    let listing = asked.question.listing.map(|listing| *listing).unwrap_or_default();
    let (at, by, new) = (pages.now(), visitor.by.clone(), sku.clone());
    let (channel, external) = (about.channel, about.external.clone());
    let answer = pages.hub.flow.decide(move |desk| {
        // Decided in the same turn as it is looked up: no other item can get the SKU or the number in between.
        if desk.state().catalogue().sku(&new).is_some() {
            return Ok(Vec::new());
        }
        let item = desk.state().catalogue().next_item();
        let put = Action::PutItem {
            sku: new,
            title: listing.title,
            barcodes: listing.barcodes,
            unit: Unit::Piece,
            components: Vec::new(),
            price: listing.price,
            tax_inclusive: listing.tax_inclusive,
        };
        let map = Action::MapItem { channel, external, item: Some(item) };
        Ok([put, map].map(|action| Command { at, by: by.clone(), action }).into())
    });
    let answer = answer.await?;
    if answer.results.is_empty() {
        let text = format!("Nothing was changed: {sku} is an item of ours already. Choose it, or give another SKU.");
        return about.tell(&pages, Tone::Bad, text);
    }
    let done: Result<Vec<_>, _> = answer.results.into_iter().collect();
    let done = done.map(drop).map_err(FlowError::Refused);
    about.settle(&pages, done, format!("{sku} is an item of ours now. Its stock is kept from now on.")).await
}

/// `POST /mappings/{channel}/{external}/dismiss`: do not ask again.
pub(in super::super) async fn dismiss(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let about = begin(&pages, &visitor, place, request).await?;
    let words = "Put away: it is not asked again. Undo brings it back.".to_owned();
    about.carry_out(&pages, &visitor, Action::DismissQuestion(about.question()), words).await
}

/// `POST /mappings/{channel}/{external}/reopen`: ask again.
pub(in super::super) async fn reopen(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let about = begin(&pages, &visitor, place, request).await?;
    let words = "It is among the open questions again.".to_owned();
    about.carry_out(&pages, &visitor, Action::ReopenQuestion(about.question()), words).await
}

/// `POST /mappings/{channel}/{external}/undo`: it is again what it was before.
pub(in super::super) async fn undo(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let about = begin(&pages, &visitor, place, request).await?;
    let subject = Subject::Item(about.channel, about.external.clone());
    let (done, words) = taken_back(mapping::undo(&pages.hub, visitor.by.clone(), &subject).await)?;
    match done {
        Some(done) => about.settle(&pages, done, words).await,
        None => about.tell(&pages, Tone::Bad, words),
    }
}

/// What an undo came to, in words. `None`: there was nothing to take back.
pub(super) fn taken_back(
    undone: Result<Option<Now>, ReadError>,
) -> Result<(Option<Result<(), FlowError>>, String), PageError> {
    let nothing_now = "Taken back: it is none of ours any more. The channel is read, and if it still lists it, it comes back as a question.";
    Ok(match undone {
        Ok(Some(Now::Item(None) | Now::Location(None))) => (Some(Ok(())), nothing_now.to_owned()),
        Ok(Some(_)) => (Some(Ok(())), "Taken back: it is again what it was before.".to_owned()),
        Ok(None) => (None, "Nothing was changed: there is nothing to take back.".to_owned()),
        Err(ReadError::Flow(error)) => (Some(Err(error)), String::new()),
        Err(error) => return Err(error.into()),
    })
}

impl About {
    fn question(&self) -> MappingQuestion {
        MappingQuestion::Item { channel: self.channel, external: self.external.clone() }
    }

    async fn carry_out(
        &self,
        pages: &Pages,
        visitor: &Visitor,
        action: Action,
        words: String,
    ) -> Result<Response, PageError> {
        let command = Command { at: pages.now(), by: visitor.by.clone(), action };
        let done = pages.hub.flow.command(command).await.map(drop);
        self.settle(pages, done, words).await
    }

    async fn settle(&self, pages: &Pages, done: Result<(), FlowError>, words: String) -> Result<Response, PageError> {
        match done {
            Ok(()) => {
                pages.follow(pages.hub.flow.head()).await;
                self.tell(pages, Tone::Good, words)
            }
            Err(FlowError::Refused(refusal)) => self.tell(pages, Tone::Bad, format!("Nothing was changed: {refusal}.")),
            Err(error) => Err(error.into()),
        }
    }

    /// Back to where the form was.
    fn tell(&self, pages: &Pages, tone: Tone, text: String) -> Result<Response, PageError> {
        let address = match self.fields.get("back") {
            "list" => "/mappings".to_owned(),
            _ => format!("/mappings/{}/{}", encoded(&self.name), encoded(self.external.as_str())),
        };
        Ok(pages.outcomes.tell(&address, fresh_id()?, Notice { tone, text, undo: None }))
    }
}
