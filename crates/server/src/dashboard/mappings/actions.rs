//! Forms about a mapping: it is this item, it is a new one, not now, take it back.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::FlowError;
use http::Request;
use model::{Action, ChannelId, Command, ExternalItem, ItemId, Sku, Unit};

use crate::dashboard::access::{Visitor, fresh_id, genuine};
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{Fields, encoded};
use crate::dashboard::layout::Notice;
use crate::dashboard::words::Tone;
use crate::dashboard::{Pages, must};
use crate::{ReadError, Scope, mapping};

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

/// `POST /mappings/{channel}/{external}/aside`: not now.
pub(in super::super) async fn put_aside(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let mut about = begin(&pages, &visitor, place, request).await?;
    about.fields = Fields::parse("back=list");
    if pages.aside.put(about.channel, about.external.clone()) {
        about.tell(&pages, Tone::Good, "Put aside. It is listed there until the hub is started again.".to_owned())
    } else {
        about.tell(&pages, Tone::Bad, "Nothing was changed: too many are put aside already.".to_owned())
    }
}

/// `POST /mappings/{channel}/{external}/undo`: it is again what it was before.
pub(in super::super) async fn undo(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let about = begin(&pages, &visitor, place, request).await?;
    match mapping::undo(&pages.hub, visitor.by.clone(), about.channel, &about.external).await {
        Ok(Some(Some(_))) => {
            about.settle(&pages, Ok(()), "Taken back: it is again what it was before.".to_owned()).await
        }
        Ok(Some(None)) => {
            let text = "Taken back: it is no item of ours any more. The channel is read, and if it still lists it, it comes back as a question.";
            about.settle(&pages, Ok(()), text.to_owned()).await
        }
        Ok(None) => about.tell(&pages, Tone::Bad, "Nothing was changed: there is nothing to take back.".to_owned()),
        Err(ReadError::Flow(error)) => about.settle(&pages, Err(error), String::new()).await,
        Err(error) => Err(error.into()),
    }
}

impl About {
    async fn settle(&self, pages: &Pages, done: Result<(), FlowError>, words: String) -> Result<Response, PageError> {
        match done {
            Ok(()) => {
                pages.aside.take_out(self.channel, &self.external);
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
