//! The way from a handler to the flow and back: commands made from names, and answers read from the state.

use flow::{Answer, Desk, State};
use model::{Action, Actor, Command, Fact};

use super::problem::ApiError;
use crate::Hub;
use crate::doorkeeper::Bounds;

/// Has commands decided that are made from the state as it is when their turn comes. What `make` keeps comes back
/// with the answer; when it fails, or a command is about a store that the caller is not for, nothing is decided.
pub(crate) async fn decide<T: Send + 'static>(
    hub: &Hub,
    make: impl FnOnce(&mut Desk<'_>) -> Result<(Vec<Command>, T), ApiError> + Send + 'static,
) -> Result<(Answer, T), ApiError> {
    // Nobody calls from outside the guard: without a caller nothing is decided.
    let bounds = Bounds::here().ok_or(ApiError::Closed)?;
    let (tell, told) = tokio::sync::oneshot::channel();
    let answer = hub
        .flow
        .decide(move |desk| {
            let made = make(desk).and_then(|(commands, kept)| {
                for command in &commands {
                    bounds.hold(desk.state(), &command.action)?;
                }
                Ok((commands, kept))
            });
            let (commands, outcome) = match made {
                Ok((commands, kept)) => (commands, Ok(kept)),
                Err(error) => (Vec::new(), Err(error)),
            };
            // Nobody listens any more when the caller has gone; then nothing is to be done for it.
            if tell.send(outcome).is_err() { Ok(Vec::new()) } else { Ok(commands) }
        })
        .await?;
    let kept = told.await.map_err(|_| ApiError::Stopped)??;
    Ok((answer, kept))
}

/// Has one command decided. Empty when the same was done before.
pub(crate) async fn command(
    hub: &Hub,
    by: Actor,
    make: impl FnOnce(&State) -> Result<Action, ApiError> + Send + 'static,
) -> Result<(Vec<Fact>, u64), ApiError> {
    let at = hub.clock.now();
    let (answer, ()) = decide(hub, move |desk| Ok((vec![Command { at, by, action: make(desk.state())? }], ()))).await?;
    let seq = answer.seq.0;
    Ok((answer.only()?, seq))
}

/// Reads the state.
pub(crate) async fn read<T: Send + 'static>(
    hub: &Hub,
    read: impl FnOnce(&State) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    hub.flow.read(read).await?
}
