//! Open questions with their candidates, from the tables, the state and an index that is built anew when it is old.

use std::sync::Arc;

use model::{ChannelId, ExternalItem, Instant};
use tokio::sync::Mutex;
use views::{MappingQuestion, QuestionFilter, ViewsReader};

use super::index::{Index, Known};
use super::queue::{self, Asked};
use crate::{Hub, ReadError};

/// An index is used for this long, in milliseconds, unless items were added.
const FRESH_MS: i64 = 300_000;
/// Items copied in one job, so that the keeper is never held up for long.
const LOOK: usize = 10_000;

/// Finds candidates.
#[derive(Debug, Default)]
pub(crate) struct Finder(Mutex<Option<(Instant, Arc<Index>)>>);

impl Finder {
    /// Questions that pass the filter, after the one given, each with its candidates.
    ///
    /// # Errors
    /// When the hub has stopped or its tables cannot be read.
    pub(crate) async fn asked(
        &self,
        hub: &Hub,
        filter: QuestionFilter,
        after: Option<(ChannelId, ExternalItem)>,
        limit: usize,
    ) -> Result<Vec<Asked>, ReadError> {
        let after = move |views: &ViewsReader| {
            let after = after.as_ref().map(|(channel, external)| (*channel, external));
            views.mapping_questions(&filter, after, limit)
        };
        let questions = views(hub, after).await?;
        self.with_candidates(hub, questions).await
    }

    /// The question about one external id, when there is one.
    ///
    /// # Errors
    /// When the hub has stopped or its tables cannot be read.
    pub(crate) async fn about(
        &self,
        hub: &Hub,
        channel: ChannelId,
        external: &ExternalItem,
    ) -> Result<Option<Asked>, ReadError> {
        let wanted = external.clone();
        let question = views(hub, move |views| views.mapping_question(channel, &wanted)).await?;
        let found = self.with_candidates(hub, question.into_iter().collect()).await?;
        Ok(found.into_iter().next())
    }

    async fn with_candidates(&self, hub: &Hub, questions: Vec<MappingQuestion>) -> Result<Vec<Asked>, ReadError> {
        if questions.is_empty() {
            return Ok(Vec::new());
        }
        let index = self.index(hub).await?;
        let near = Arc::clone(&index);
        let (questions, near) = elsewhere(move || {
            let near: Vec<_> =
                questions.iter().map(|asked| near.nearest(&listing(asked), asked.sku.as_str(), queue::POOL)).collect();
            (questions, near)
        })
        .await?;
        let pools = hub.flow.read(move |state| {
            let both = questions.into_iter().zip(near);
            let pool = |(asked, near): (MappingQuestion, Vec<model::ItemId>)| {
                let pool = queue::pool(state, asked.channel, &asked.candidates, near);
                (asked, pool)
            };
            both.map(pool).collect::<Vec<_>>()
        });
        let pools = pools.await?;
        elsewhere(move || {
            let asked = |(question, pool): (MappingQuestion, Vec<_>)| {
                let named = question.candidates.len();
                let candidates = queue::best(&index, &listing(&question), question.sku.as_str(), named, pool);
                Asked { question, candidates }
            };
            pools.into_iter().map(asked).collect()
        })
        .await
    }

    async fn index(&self, hub: &Hub) -> Result<Arc<Index>, ReadError> {
        let mut last = self.0.lock().await;
        let now = hub.clock.now();
        let items = hub.flow.read(|state| state.catalogue().items().len()).await?;
        if let Some((built, index)) = last.as_ref()
            && index.len() == items
            && (0..FRESH_MS).contains(&now.since(*built))
        {
            return Ok(Arc::clone(index));
        }
        let mut known: Vec<Known> = Vec::with_capacity(items);
        while known.len() < items {
            let from = known.len();
            let part = hub.flow.read(move |state| {
                state.catalogue().items().iter().skip(from).take(LOOK).map(Known::from).collect::<Vec<_>>()
            });
            let part = part.await?;
            if part.is_empty() {
                break;
            }
            known.extend(part);
        }
        let index = elsewhere(move || Arc::new(Index::of(known))).await?;
        *last = Some((now, Arc::clone(&index)));
        Ok(index)
    }
}

/// What the channel lists; a question from before that was kept has only its SKU.
fn listing(question: &MappingQuestion) -> model::Listing {
    question.listing.as_deref().cloned().unwrap_or_default()
}

/// Work on a thread that serves no requests.
async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ReadError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ReadError::Thread)
}

/// How long a reader waits for the tables to hold what was durable when it asked.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);

/// A query of the tables, once they hold everything that is durable now.
pub(super) async fn views<T: Send + 'static>(
    hub: &Hub,
    query: impl FnOnce(&ViewsReader) -> Result<T, views::ViewsError> + Send + 'static,
) -> Result<T, ReadError> {
    let (head, mut shown) = (hub.flow.head(), hub.shown.clone());
    // When they are far behind, what they hold is better than no answer.
    let _ = tokio::time::timeout(PATIENCE, shown.wait_for(|seq| *seq >= head)).await;
    let reader = hub.views.clone();
    Ok(elsewhere(move || query(&reader)).await??)
}
