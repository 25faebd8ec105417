//! What the courier tells of each request it was given, for logs, metrics and recordings.
//!
//! Called by the roof, which passes in what is to hear it. Holds nothing secret: no header, no body, no query value.

use http::{Method, StatusCode};
use std::sync::Arc;
use std::time::Duration;

/// One request, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The request's method.
    pub method: Method,
    /// The address without user, password and query values.
    pub url: String,
    /// How it ended.
    pub outcome: Outcome,
    /// From handing over to the end; zero when it never left.
    pub latency: Duration,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A whole reply came, of any status.
    Replied(StatusCode),
    /// It never reached the platform.
    Refused,
    /// It may have reached the platform.
    Unknown,
}

/// Hears every record, on the task that sent the request: it must be quick and must not block.
pub type Recorder = Arc<dyn Fn(&Record) + Send + Sync>;
