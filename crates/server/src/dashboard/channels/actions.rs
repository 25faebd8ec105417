//! Forms about a channel: try a stuck level again, read everything, say which item an external id is.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use flow::FlowError;
use http::Request;
use model::{Action, Command, ExternalItem, ItemId, LocationId, Sku};

use crate::Scope;
use crate::dashboard::access::{Visitor, fresh_id, genuine};
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{Fields, encoded};
use crate::dashboard::layout::Notice;
use crate::dashboard::words::Tone;
use crate::dashboard::{Pages, must};

/// `POST /channels/{name}/again`: a level that is stuck may be written again.
pub(in super::super) async fn again(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (channel, fields) = begin(&pages, &visitor, &name, request).await?;
    let (sku, location) = (Sku::new(fields.get("sku")), fields.number("location").map(LocationId));
    let item = item_of(&pages, sku).await?;
    let (Some(item), Some(location)) = (item, location) else {
        return Err(PageError::Missing("level of this item".to_owned()));
    };
    let action = Action::Unblock { channel, item, location };
    decide(&pages, &visitor, &name, action, "It is tried again now.").await
}

/// `POST /channels/{name}/read`: everything the channel shows is read and compared.
pub(in super::super) async fn read(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (channel, _) = begin(&pages, &visitor, &name, request).await?;
    if !pages.hub.links.ask_reading(channel) {
        return tell(&pages, &name, Tone::Bad, "It is not read yet. Start that first.".to_owned());
    }
    tell(&pages, &name, Tone::Good, "Everything is being read. What differs is mended as it is found.".to_owned())
}

/// `POST /channels/{name}/map`: an external id is this item.
pub(in super::super) async fn map(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    let (channel, fields) = begin(&pages, &visitor, &name, request).await?;
    let item = match fields.number("item").map(ItemId) {
        Some(item) => Some(item),
        None => item_of(&pages, Sku::new(fields.get("sku"))).await?,
    };
    let Some(item) = item else {
        let text = format!("Nothing was changed: there is no item with the SKU “{}”.", fields.get("sku"));
        return tell(&pages, &name, Tone::Bad, text);
    };
    let action = Action::MapItem { channel, external: ExternalItem::new(fields.get("external")), item: Some(item) };
    decide(&pages, &visitor, &name, action, "Noted. Its stock is kept from now on.").await
}

pub(super) async fn begin(
    pages: &Pages,
    visitor: &Visitor,
    name: &str,
    request: Request<Body>,
) -> Result<(model::ChannelId, Fields), PageError> {
    must(visitor, Scope::OperationsWrite)?;
    let channel = super::link(pages, name)?.channel;
    Ok((channel, genuine(visitor, request).await?))
}

async fn item_of(pages: &Pages, sku: Sku) -> Result<Option<ItemId>, PageError> {
    pages.read(move |state| state.catalogue().sku(&sku).map(|item| item.item)).await
}

pub(super) async fn decide(
    pages: &Pages,
    visitor: &Visitor,
    name: &str,
    action: Action,
    done: &str,
) -> Result<Response, PageError> {
    let command = Command { at: pages.now(), by: visitor.by.clone(), action };
    match pages.hub.flow.command(command).await {
        Ok(_) => {
            pages.follow(pages.hub.flow.head()).await;
            tell(pages, name, Tone::Good, done.to_owned())
        }
        Err(FlowError::Refused(refusal)) => tell(pages, name, Tone::Bad, format!("Nothing was changed: {refusal}.")),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn tell(pages: &Pages, name: &str, tone: Tone, text: String) -> Result<Response, PageError> {
    let address = format!("/channels/{}", encoded(name));
    Ok(pages.outcomes.tell(&address, fresh_id()?, Notice { tone, text, undo: None }))
}
