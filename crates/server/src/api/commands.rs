//! `POST /v1/commands`: up to a thousand commands at once, in one job of the flow, each answered in order.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use flow::State as Mind;
use model::{Action, Command, Fact, IdempotencyKey, Instant, Note, Refusal, ReservationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::Caller;
use super::input::{self, Input};
use super::movements::{AdjustmentIn, CountIn, adjustment, count};
use super::once::{OnceKey, key};
use super::problem::{ApiError, Problem};
use super::reservations::{ReserveIn, reserve};
use super::{Door, ask};
use crate::Scope;

/// Most commands of one call.
const COMMANDS_MAX: usize = 1_000;

/// Commands, done in order; each stands or falls alone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommandsIn {
    /// One to 1,000.
    commands: Vec<CommandIn>,
}

/// One command: exactly one of the five.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommandIn {
    /// Idempotency key of this command; without one, the call's key and the command's place are used.
    key: Option<String>,
    /// Promise stock.
    reserve: Option<ReserveIn>,
    /// The goods of a promise leave.
    commit: Option<PromiseIn>,
    /// A promise is given back.
    release: Option<PromiseIn>,
    /// Stock is changed by hand.
    adjust: Option<AdjustmentIn>,
    /// Stock was counted.
    count: Option<CountIn>,
}

/// A promise to be ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PromiseIn {
    /// Such as `res_12`.
    reservation: String,
    /// Why, in a few words.
    #[serde(default)]
    reason: String,
}

/// What became of one command.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultOut {
    /// Whether it is done (now, or before under the same key).
    done: bool,
    /// The promise that was made, such as `res_12`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation: Option<String>,
    /// Why it was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// What became of each.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommandsOut {
    /// In the order of the commands.
    results: Vec<ResultOut>,
    /// A fact number at which all of it is contained in the journal.
    seq: u64,
}

/// Many commands at once, durable together.
#[utoipa::path(post, path = "/v1/commands", tag = "reservations", request_body = CommandsIn,
    responses((status = 200, description = "Each answered, and what was done is durable", body = CommandsOut)))]
pub(crate) async fn run(
    State(door): State<Arc<Door>>,
    caller: Caller,
    once: OnceKey,
    Input(sent): Input<CommandsIn>,
) -> Result<Json<CommandsOut>, ApiError> {
    if !(1..=COMMANDS_MAX).contains(&sent.commands.len()) {
        return Err(ApiError::invalid("commands", format!("one to {COMMANDS_MAX} commands are possible")));
    }
    let (at, by) = (door.hub.clock.now(), caller.actor());
    let (answer, plan) = ask::decide(&door.hub, move |desk| {
        let mut commands = Vec::new();
        let mut plan = Vec::new();
        for (place, one) in sent.commands.into_iter().enumerate() {
            let made = made(desk.state(), &caller, &once, place, one, at);
            plan.push(made.map_err(|error| error.within(&format!("commands[{place}]"))).map(|(action, known)| {
                commands.push(Command { at, by: by.clone(), action });
                known
            }));
        }
        Ok((commands, plan))
    })
    .await?;
    let seq = answer.seq.0;
    let mut decided = answer.results.into_iter();
    let results = plan.into_iter().enumerate().map(|(place, planned)| match planned {
        Err(error) => refused(error),
        Ok(known) => result(place, decided.next().unwrap_or_else(|| Ok(Vec::new())), known),
    });
    Ok(Json(CommandsOut { results: results.collect(), seq }))
}

/// The action of one command, and the promise that was made before under its key.
fn made(
    mind: &Mind,
    caller: &Caller,
    once: &OnceKey,
    place: usize,
    sent: CommandIn,
    at: Instant,
) -> Result<(Action, Option<ReservationId>), ApiError> {
    let CommandIn { key: own, reserve: ask, commit, release, adjust, count: counted } = sent;
    let key: Option<IdempotencyKey> = match own {
        Some(own) => Some(key("key", caller, &own)?),
        None => once.part(place),
    };
    let known = key.as_ref().and_then(|key| mind.reservations().by_key(key));
    let needs = |scope: Scope| if caller.may(scope) { Ok(()) } else { Err(ApiError::Forbidden { needs: scope }) };
    let action = match (ask, commit, release, adjust, counted) {
        (Some(ask), None, None, None, None) => reserve(mind, &ask, key, at).map_err(|error| error.within("reserve"))?,
        (None, Some(promise), None, None, None) => Action::Commit { reservation: input::id(&promise.reservation)? },
        (None, None, Some(promise), None, None) => Action::Release {
            reservation: input::id(&promise.reservation)?,
            reason: Note::new(input::text("release.reason", &promise.reason)?),
        },
        (None, None, None, Some(change), None) => {
            needs(Scope::StockWrite)?;
            adjustment(mind, &change, key).map_err(|error| error.within("adjust"))?
        }
        (None, None, None, None, Some(counted)) => {
            needs(Scope::StockWrite)?;
            count(mind, &counted, key).map_err(|error| error.within("count"))?
        }
        _ => {
            let problem = "a command is exactly one of reserve, commit, release, adjust, count";
            return Err(ApiError::Invalid { field: String::new(), problem: problem.into() });
        }
    };
    Ok((action, known))
}

fn refused(error: ApiError) -> ResultOut {
    ResultOut { done: false, reservation: None, problem: Some(error.problem()) }
}

fn result(place: usize, decided: Result<Vec<Fact>, Refusal>, known: Option<ReservationId>) -> ResultOut {
    match decided {
        Err(refusal) => refused(ApiError::from(refusal).within(&format!("commands[{place}]"))),
        Ok(facts) => {
            let made = facts.iter().find_map(|fact| match fact {
                Fact::Reserved(made) => Some(made.reservation),
                _ => None,
            });
            ResultOut { done: true, reservation: made.or(known).map(|id| id.to_string()), problem: None }
        }
    }
}
