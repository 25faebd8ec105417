//! A round of asking that met trouble: what is kept of it, and how long the next round waits. Used by both who ask a
//! channel by themselves.

use std::ops::ControlFlow;
use std::time::Duration;

use model::Seq;
use tokio::sync::watch;

use super::ask::AskError;
use crate::{FlowError, Link};

/// Shortest pause between two rounds.
const REST: Duration = Duration::from_millis(40);

/// The first trouble of a round. The other steps go on; only a hub that has stopped ends the round at once.
#[derive(Debug, Default)]
pub(super) struct Troubles(Option<AskError>);

impl Troubles {
    pub(super) fn note(&mut self, done: Result<(), AskError>) -> Result<(), AskError> {
        match done {
            Err(AskError::Flow(FlowError::Stopped)) => Err(FlowError::Stopped.into()),
            Err(error) => {
                self.0.get_or_insert(error);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// What a round answers when nothing went wrong; otherwise the trouble.
    pub(super) fn or(self, more: bool) -> Result<bool, AskError> {
        self.0.map_or(Ok(more), Err)
    }
}

/// Rests after a round as its end asks for: shortly when there is more to do, until something happens otherwise, and
/// longer after trouble. Breaks off when nobody needs the channel any more.
pub(super) async fn rest(
    done: Result<bool, AskError>,
    link: &Link,
    head: &mut watch::Receiver<Seq>,
    stop: &mut watch::Receiver<bool>,
) -> ControlFlow<()> {
    let pause = match done {
        Ok(true) => REST,
        Ok(false) => Duration::from_millis(200),
        Err(AskError::Flow(FlowError::Stopped)) => return ControlFlow::Break(()),
        Err(error) => {
            tracing::debug!(channel = %link.settings.name, %error, "asking is put off");
            link.note(|health| health.trouble = Some(error.to_string()));
            link.backoff().max(Duration::from_millis(200))
        }
    };
    tokio::time::sleep(REST.min(pause)).await;
    tokio::select! {
        biased;
        // Whoever could stop us is gone: nobody needs us any more.
        changed = stop.changed() => if changed.is_err() { return ControlFlow::Break(()) },
        _ = head.changed(), if pause > REST => {}
        () = tokio::time::sleep(pause) => {}
    }
    ControlFlow::Continue(())
}
