//! The hub's hook addresses: open while the hub runs. Deliveries knock here; they know nothing of crashes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use emulators::machine::{Attempt, Outgoing};
use flow::{Flow, HookError, HookRequest, Link};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Where deliveries arrive. Clones are the same door.
#[derive(Clone, Debug, Default)]
pub struct Door {
    inside: Arc<Mutex<Inside>>,
}

/// The hub behind the door, while it runs, with its links by number of the channel.
type Inside = Option<(Flow, Vec<Arc<Link>>)>;

impl Door {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        // Nothing is left half done under this lock, so a panic elsewhere does no harm.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on deliveries reach this hub.
    pub fn open(&self, flow: Flow, links: Vec<Arc<Link>>) {
        *self.inside() = Some((flow, links));
    }

    /// From now on connections are refused.
    pub fn close(&self) {
        *self.inside() = None;
    }

    /// Delivers to the channel with this number, and answers as the HTTP door would.
    pub async fn knock(&self, channel: usize, delivery: Outgoing) -> Attempt {
        let open = self.inside().as_ref().map(|(flow, links)| (flow.clone(), links.clone()));
        let Some((flow, links)) = open else { return Attempt::Failed };
        let Some(link) = links.get(channel) else { return Attempt::Failed };
        // What follows the hook's address is the topic, as at the HTTP door.
        let topic = delivery.url.strip_prefix(&link.settings.hook_url).unwrap_or_default().trim_start_matches('/');
        let request = HookRequest::new(headers(&delivery), topic, link.now(), delivery.body);
        match flow::admit(&flow, link, &links, request).await {
            Ok(_) => Attempt::Answered(200),
            Err(HookError::Forged(_)) => Attempt::Answered(401),
            Err(HookError::Flow(_)) => Attempt::Answered(503),
        }
    }
}

fn headers(delivery: &Outgoing) -> HeaderMap {
    let pairs = delivery.headers.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(value).ok()?))
    });
    pairs.collect()
}
