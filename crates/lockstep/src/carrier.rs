//! Requests of the connectors, carried by the courier.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use connectors::{Effect, Reply, Request};
use courier::{Courier, CourierError};
use flow::{Carrier, Clock, Lost};

/// The real way out.
pub(crate) struct CourierCarrier {
    pub courier: Courier,
    pub clock: Arc<dyn Clock>,
}

impl Carrier for CourierCarrier {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Reply, Lost>> + Send + '_>> {
        Box::pin(async move {
            let effect = match request.effect {
                Effect::Read => courier::Effect::Read,
                Effect::Write => courier::Effect::Write,
            };
            let sent_at = self.clock.now();
            let reply = self.courier.send(request.http.map(Bytes::from), effect).await.map_err(lost)?;
            Ok(Reply { status: reply.status.as_u16(), headers: reply.headers, body: reply.body.to_vec(), sent_at })
        })
    }
}

fn lost(error: CourierError) -> Lost {
    let cause = std::error::Error::source(&error).map_or_else(String::new, |source| format!(": {source}"));
    let words = format!("{error}{cause}");
    if error.may_have_arrived() { Lost::NoReply(words) } else { Lost::NotSent(words) }
}
