//! The last report, kept for a moment: pages are looked at more often than a whole catalogue should be walked over.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{Report, report};
use crate::{Hub, ReadError};

/// The last report.
#[derive(Debug, Default)]
pub(crate) struct Reports(Mutex<Option<Arc<Report>>>);

impl Reports {
    /// The last report when it is not older than this, or a new one. Whoever asks meanwhile waits for the same one.
    ///
    /// # Errors
    /// When the hub has stopped or its tables cannot be read.
    pub(crate) async fn get(&self, hub: &Hub, fresh_ms: i64) -> Result<Arc<Report>, ReadError> {
        let mut last = self.0.lock().await;
        let now = hub.clock.now();
        if let Some(report) = last.as_ref().filter(|report| (0..fresh_ms).contains(&now.since(report.at))) {
            return Ok(Arc::clone(report));
        }
        let made = Arc::new(report(&hub.flow, &hub.read_links(), &hub.views, now).await?);
        *last = Some(Arc::clone(&made));
        Ok(made)
    }

    /// The next page has a new one: something was changed by hand. One that is being made is left alone.
    pub(crate) fn forget(&self) {
        if let Ok(mut last) = self.0.try_lock() {
            *last = None;
        }
    }
}
