//! `/live`: one stream per open tab, which tells which parts of its page look different now.
//!
//! A part is sent when it differs from what was sent before; the ages in it do not count, since the browser counts them
//! itself. A reconnect begins with every part, so nothing has to be remembered between two connections.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::access::Visitor;
use super::error::PageError;
use super::fields::{Fields, path_parts};
use super::html::Html;
use super::{Pages, channels, connect, documents, live, orders, quarantine, stock};

/// Shortest pause between two looks: at most two in a second.
const PAUSE: Duration = Duration::from_millis(500);
/// Longest pause: health and budgets change without a fact.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Looks after which a stream ends, so that a visitor's rights are asked for again. The browser connects anew.
const LOOKS_MAX: u32 = 2_000;
/// A sign of life for whatever lies between.
const HEARTBEAT: Duration = Duration::from_secs(15);

type Parts = Vec<(&'static str, Html)>;

/// `GET /live?at=ADDRESS`.
pub(super) async fn serve(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, PageError> {
    let at: Uri = Fields::of_query(&uri).get("at").parse().map_err(|_| PageError::Form)?;
    let Ok(permit) = Arc::clone(&pages.streams).try_acquire_owned() else {
        return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response());
    };
    let first = parts(&pages, &visitor, &at).await?;
    let (events, stream) = mpsc::channel::<Result<Event, Infallible>>(16);
    tokio::spawn(follow(pages, visitor, at, first, events, permit));
    let mut response =
        Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    super::html::guard(response.headers_mut());
    Ok(response)
}

async fn follow(
    pages: Arc<Pages>,
    visitor: Visitor,
    at: Uri,
    first: Parts,
    events: mpsc::Sender<Result<Event, Infallible>>,
    _permit: OwnedSemaphorePermit,
) {
    let (mut head, mut shown) = (pages.hub.flow.watch(), pages.hub.shown.clone());
    let mut sent: HashMap<&'static str, blake3::Hash> = HashMap::new();
    let mut next = first;
    for _ in 0..LOOKS_MAX {
        let seq = head.borrow_and_update().0;
        shown.borrow_and_update();
        for (id, html) in next {
            let hash = blake3::hash(without_ages(html.as_str()).as_bytes());
            if sent.insert(id, hash) != Some(hash) {
                let data = serde_json::json!({ "id": id, "html": html.as_str() }).to_string();
                let event = Event::default().event("part").id(seq.to_string()).data(data);
                if events.send(Ok(event)).await.is_err() {
                    return;
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
        let stopped = tokio::select! {
            changed = head.changed() => changed.is_err(),
            changed = shown.changed() => changed.is_err(),
            () = events.closed() => true,
            () = tokio::time::sleep(LOOK_AGAIN) => false,
        };
        if stopped {
            return;
        }
        match parts(&pages, &visitor, &at).await {
            Ok(parts) => next = parts,
            // The page says that it is not connected, and the browser tries again.
            Err(_) => return,
        }
    }
}

/// The parts of the page at an address of ours.
async fn parts(pages: &Pages, visitor: &Visitor, at: &Uri) -> Result<Parts, PageError> {
    let path = path_parts(at.path());
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let fields = Fields::of_query(at);
    match path.as_slice() {
        [] => Ok(live::load(pages, visitor).await?.parts(visitor)),
        ["stock"] => Ok(stock::load(pages, visitor, &fields).await?.parts()),
        ["stock", sku] => Ok(stock::load_item(pages, visitor, sku).await?.parts()),
        ["orders"] => Ok(orders::load(pages, visitor, &fields).await?.parts()),
        ["documents"] => Ok(documents::load(pages, visitor, &fields).await?.parts(visitor)),
        ["channels"] => Ok(channels::load(pages, visitor).await?.parts()),
        ["channels", name] => Ok(channels::load_one(pages, visitor, name).await?.parts()),
        ["connect", name] => Ok(connect::load_one(pages, visitor, name).await?.parts(visitor)),
        ["quarantine"] => Ok(quarantine::load(pages, visitor, &fields).await?.parts()),
        _ => Err(PageError::Missing("live page".to_owned())),
    }
}

/// The text of a part without what only says how long ago something was.
fn without_ages(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(" data-ago>") {
        out.push_str(before);
        rest = after.split_once("</time>").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_only_grew_older_looks_the_same() {
        let part = |age: &str, on_hand: &str| format!("<p>{on_hand} <time datetime=\"1\" data-ago>{age}</time> b</p>");
        assert_eq!(without_ages(&part("2 s ago", "7")), without_ages(&part("9 s ago", "7")));
        assert_ne!(without_ages(&part("2 s ago", "7")), without_ages(&part("2 s ago", "8")));
        assert_eq!(without_ages("<p>plain</p>"), "<p>plain</p>");
    }
}
