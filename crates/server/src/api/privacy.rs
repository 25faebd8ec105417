//! What is kept of a person, handed out on request or made unreadable for good.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::Whom;
use model::Note;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Caller;
use super::input::{self, MaybeInput, Place};
use super::problem::ApiError;
use super::{Door, people};

/// A person as one platform described them at one time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KnownAs {
    /// Given name.
    given_name: String,
    /// Family name.
    family_name: String,
    /// E-mail address.
    email: String,
    /// Telephone number.
    phone: String,
    /// Postal address on one line.
    address: String,
}

/// A message of a platform about them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageOut {
    /// Its body as text.
    body: String,
}

/// Everything that is kept of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonData {
    /// Every version of their record that can still be read, oldest first.
    known_as: Vec<KnownAs>,
    /// Their orders, by the platform's ids.
    orders: Vec<String>,
    /// Facts about them and their orders, with their numbers.
    #[schema(value_type = Vec<Object>)]
    facts: Vec<serde_json::Value>,
    /// What platforms sent about them, as it came.
    messages: Vec<MessageOut>,
}

/// Everything that is kept of a person: for access requests.
#[utoipa::path(get, path = "/v1/customers/{channel}/{customer}/data", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("customer" = String, Path, description = "The platform's id, percent-encoded")),
    responses((status = 200, description = "What is kept", body = PersonData)))]
pub(crate) async fn data(
    State(door): State<Arc<Door>>,
    Place(place): Place<(String, String)>,
) -> Result<Json<PersonData>, ApiError> {
    let at = people::at(&door, place).await?;
    let whom = Whom::Customer { channel: at.channel, customer: at.customer, documents: Vec::new() };
    let left = flow::left(&door.hub.flow, &whom).await?;
    let known = left.people.into_iter().map(|person| KnownAs {
        given_name: person.given_name,
        family_name: person.family_name,
        email: person.email,
        phone: person.phone,
        address: person.address,
    });
    let facts = left.facts.iter().map(|(seq, entry)| serde_json::json!({ "seq": seq, "entry": entry }));
    let raw = left.raw.iter().map(|input| MessageOut { body: String::from_utf8_lossy(&input.body).into_owned() });
    Ok(Json(PersonData {
        known_as: known.collect(),
        orders: left.documents.iter().map(ToString::to_string).collect(),
        facts: facts.collect(),
        messages: raw.collect(),
    }))
}

/// Why somebody is forgotten.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EraseIn {
    /// Kept with the fact; no name.
    reason: String,
}

/// What was forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErasedOut {
    /// Keys that were destroyed.
    keys_destroyed: usize,
}

/// Forget a person: what names them cannot be read any more, here and in every copy of the data.
#[utoipa::path(post, path = "/v1/customers/{channel}/{customer}/erase", tag = "operations",
    params(("channel" = String, Path, description = "Channel"),
        ("customer" = String, Path, description = "The platform's id, percent-encoded")),
    request_body = EraseIn,
    responses((status = 200, description = "They are forgotten, and that is durable", body = ErasedOut)))]
pub(crate) async fn erase(
    State(door): State<Arc<Door>>,
    caller: Caller,
    Place(place): Place<(String, String)>,
    MaybeInput(sent): MaybeInput<EraseIn>,
) -> Result<Json<ErasedOut>, ApiError> {
    let at = people::at(&door, place).await?;
    let reason = Note::new(input::text("reason", &sent.reason)?);
    let whom = Whom::Customer { channel: at.channel, customer: at.customer, documents: Vec::new() };
    let keys = flow::erase(&door.hub.flow, &whom, reason, caller.actor(), door.hub.clock.now()).await?;
    Ok(Json(ErasedOut { keys_destroyed: keys }))
}
