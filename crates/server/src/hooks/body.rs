//! A request's body, bounded in size and time, as the exact bytes that came.
//!
//! Hooks and API read bodies through it. It refuses to know what the bytes mean.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use tokio_stream::StreamExt;

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// Longer than allowed.
    TooLarge {
        /// Most bytes.
        max: usize,
    },
    /// It took longer than allowed.
    Slow {
        /// Most milliseconds.
        ms: u64,
    },
    /// The connection broke, or the chunks make no sense.
    Broken,
}

/// Reads a body to its end. A length that is announced as too large is refused before a byte is read.
pub(crate) async fn read(headers: &HeaderMap, body: Body, max: usize, ms: u64) -> Result<Bytes, BodyError> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > max)) {
        return Err(BodyError::TooLarge { max });
    }
    match tokio::time::timeout(Duration::from_millis(ms), gather(body, max)).await {
        Ok(read) => read,
        Err(_) => Err(BodyError::Slow { ms }),
    }
}

async fn gather(body: Body, max: usize) -> Result<Bytes, BodyError> {
    let mut chunks = body.into_data_stream();
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyError::Broken)?;
        if first.len() + rest.len() + chunk.len() > max {
            return Err(BodyError::TooLarge { max });
        }
        if first.is_empty() {
            // Most bodies are one chunk, which is taken as it is.
            first = chunk;
        } else {
            rest.extend_from_slice(&chunk);
        }
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}
