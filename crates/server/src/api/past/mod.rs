//! What is past, read from the tables and put into the words of the API. The only place of the API that knows how the
//! tables are asked.

mod books;
mod facts;
mod instructions;
mod orders;

pub(super) use books::{decisions, oversells, quarantine, quarantined, reservation, transfer, transfers};
pub(super) use facts::{audit, explain, facts_after, facts_page};
pub(super) use instructions::{TellOf, instruction, instruction_state, instructions};
pub(super) use orders::{order, orders};

use std::time::Duration;

use views::{ViewsError, ViewsReader};

use super::problem::ApiError;
use crate::Hub;

/// How long a reader waits for the tables to hold what was durable when it asked.
const PATIENCE: Duration = Duration::from_millis(500);

/// Asks the tables, on a thread that may wait for the disk.
async fn look<T: Send + 'static>(
    hub: &Hub,
    query: impl FnOnce(&ViewsReader) -> Result<T, ViewsError> + Send + 'static,
) -> Result<T, ApiError> {
    let views = hub.views.clone();
    let unavailable = |cause: String| ApiError::Unavailable { cause };
    let looked = tokio::task::spawn_blocking(move || query(&views)).await;
    looked.map_err(|error| unavailable(error.to_string()))?.map_err(|error| unavailable(error.to_string()))
}

/// As [`look`], once the tables hold everything that is durable now: a caller sees what it has just done. When they
/// are far behind, what they hold is better than no answer.
pub(super) async fn look_behind<T: Send + 'static>(
    hub: &Hub,
    query: impl FnOnce(&ViewsReader) -> Result<T, ViewsError> + Send + 'static,
) -> Result<T, ApiError> {
    let (head, mut shown) = (hub.flow.head(), hub.shown.clone());
    let _ = tokio::time::timeout(PATIENCE, shown.wait_for(|seq| *seq >= head)).await;
    look(hub, query).await
}
