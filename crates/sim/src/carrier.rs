//! The way from the hub to an emulated platform: a drawn time there and back, and what goes wrong on it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connectors::{Reply, Request};
use emulators::shell::CallFault;
use flow::{Carrier, Clock, Lost};

use crate::{Mood, Platform, SimClock};

/// After this time without an answer a request is given up.
const GIVE_UP: Duration = Duration::from_secs(10);

/// Carries the requests of one channel.
#[derive(Clone, Debug)]
pub struct SimCarrier {
    /// Where to.
    pub platform: Arc<Platform>,
    /// The hub's clock.
    pub clock: SimClock,
}

impl Carrier for SimCarrier {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply, Lost>> + Send + '_>> {
        Box::pin(async move {
            let sent_at = self.clock.now();
            let request = request.http.map(Bytes::from);
            tokio::time::sleep(self.platform.way()).await;
            match self.platform.mood() {
                Mood::Answers => {}
                Mood::Silent => return lost().await,
                Mood::Hangs => std::future::pending().await,
            }
            let (fault, response) = self.platform.call(&request);
            if matches!(fault, CallFault::SilentBefore | CallFault::SilentAfter) {
                return lost().await;
            }
            tokio::time::sleep(self.platform.way()).await;
            let (parts, body) = response.into_parts();
            Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec(), sent_at })
        })
    }
}

async fn lost() -> Result<Reply, Lost> {
    tokio::time::sleep(GIVE_UP).await;
    Err(Lost::NoReply("the platform did not answer in time".into()))
}
