//! The hooks door: webhooks of the platforms.
//!
//! Platforms call it. It takes the exact bytes, bounded in size and time, hands them to the flow and answers when what
//! they say is durable. It knows no platform's headers and no body: who sent it and what it means is the flow's.

mod answer;
pub(crate) mod body;

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::post;
use flow::{HookError, HookRequest, Link};
use tokio::time::Instant;

use crate::Hub;
use answer::Answer;
use body::BodyError;

/// The one address per channel; platforms whose deliveries do not say their topic have it as a last part.
pub(crate) fn router(hub: Arc<Hub>) -> axum::Router {
    axum::Router::new()
        .route("/hooks/{platform}/{channel}", post(hook))
        .route("/hooks/{platform}/{channel}/{topic}", post(hook_of_topic))
        .with_state(hub)
}

type Rejected = axum::extract::rejection::PathRejection;

async fn hook(
    State(hub): State<Arc<Hub>>,
    place: Result<Path<(String, String)>, Rejected>,
    request: Request,
) -> Response {
    let link = place.ok().and_then(|Path((platform, channel))| named(&hub, &platform, &channel));
    answered(&hub, link, "", request).await
}

async fn hook_of_topic(
    State(hub): State<Arc<Hub>>,
    place: Result<Path<(String, String, String)>, Rejected>,
    request: Request,
) -> Response {
    let Ok(Path((platform, channel, topic))) = place else { return answered(&hub, None, "", request).await };
    answered(&hub, named(&hub, &platform, &channel), &topic, request).await
}

async fn answered(hub: &Hub, link: Option<Arc<Link>>, topic: &str, request: Request) -> Response {
    let received = Instant::now();
    let answer = match &link {
        Some(link) => take(hub, link, topic, request).await,
        None => Answer::UnknownChannel,
    };
    measure(hub, link.as_deref(), &answer, received);
    answer.into_response()
}

/// The channel of an address. A channel under another platform's name is unknown: its secrets would not fit anyway.
fn named(hub: &Hub, platform: &str, channel: &str) -> Option<Arc<Link>> {
    hub.link_named(channel).filter(|link| link.settings.platform.name() == platform)
}

async fn take(hub: &Hub, link: &Arc<Link>, topic: &str, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let body = match body::read(&parts.headers, body, hub.options.hook_body_max, hub.options.body_ms).await {
        Ok(body) => body,
        Err(BodyError::TooLarge { max }) => return Answer::TooLarge { max },
        Err(BodyError::Slow { ms }) => return Answer::Slow { ms },
        Err(BodyError::Broken) => return Answer::Broken,
    };
    let request = HookRequest::new(parts.headers, topic, hub.clock.now(), body);
    match flow::admit(&hub.flow, link, &hub.links(), request).await {
        Ok(admitted) => Answer::Taken(admitted),
        Err(HookError::Forged(forged)) => Answer::Forged { reason: forged.to_string() },
        Err(HookError::Flow(error)) => {
            tracing::warn!(channel = %link.settings.name, %error, "a delivery was not taken in");
            Answer::NotNow { reason: error.to_string() }
        }
    }
}

/// Strangers may try any address, so an unknown channel's name never becomes a label.
fn measure(hub: &Hub, link: Option<&Link>, answer: &Answer, received: Instant) {
    let channel = link.map_or("", Link::label);
    hub.meter.count("lockstep_hooks_total", &format!("{channel}outcome=\"{}\",", answer.outcome()), 1);
    if let (Some(_), Answer::Taken(_)) = (link, answer) {
        let us = u64::try_from(received.elapsed().as_micros()).unwrap_or(u64::MAX);
        hub.meter.histogram("lockstep_ack_seconds", channel).record_us(us);
    }
}
