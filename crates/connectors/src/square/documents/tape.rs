//! The replies of a run, read from the beginning each time: what is not answered yet is what is to be sent.
//!
//! Used by everything that makes a document. Knows neither paths nor bodies.

use model::Instant;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::square::trouble::{self, Refusal};
use crate::square::wire::parse;
use crate::{Reply, Request, Trouble, Unsendable};

/// Why a run does not go on.
#[derive(Debug)]
pub(super) enum Stop {
    /// This is to be sent first.
    Send(Box<Request>),
    /// Something is wrong.
    Trouble(Trouble),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<Unsendable> for Stop {
    fn from(error: Unsendable) -> Self {
        Self::Trouble(error.into())
    }
}

/// Refused, in our words: nothing was made.
pub(super) fn refused(reason: impl Into<String>) -> Stop {
    Stop::Trouble(Trouble::Refused { reason: reason.into() })
}

/// The replies of one run.
pub(super) struct Tape<'a> {
    replies: std::slice::Iter<'a, Reply>,
    last: Option<&'a Reply>,
}

/// What a reply says.
pub(super) enum Said<'a> {
    /// It is an answer.
    Answer(&'a Reply),
    /// It is none.
    Refusal(Refusal),
}

impl<'a> Tape<'a> {
    /// From the first reply on.
    pub(super) fn new(replies: &'a [Reply]) -> Self {
        Self { replies: replies.iter(), last: None }
    }

    /// When the newest request that was read here was sent, on our clock.
    pub(super) fn sent_at(&self) -> Option<Instant> {
        self.last.map(|reply| reply.sent_at)
    }

    /// The reply to a request.
    ///
    /// # Errors
    /// The request itself, when it was not sent yet; or that the reply cannot be read.
    pub(super) fn said(&mut self, request: impl FnOnce() -> Result<Request, Unsendable>) -> Result<Said<'a>, Stop> {
        let Some(reply) = self.replies.next() else { return Err(Stop::Send(Box::new(request()?))) };
        self.last = Some(reply);
        Ok(match trouble::of(reply)? {
            Some(refusal) => Said::Refusal(refusal),
            None => Said::Answer(reply),
        })
    }

    /// The answer to a request.
    ///
    /// # Errors
    /// As for [`said`](Self::said), and when the reply is a refusal.
    pub(super) fn answer<T: DeserializeOwned>(
        &mut self,
        request: impl FnOnce() -> Result<Request, Unsendable>,
    ) -> Result<T, Stop> {
        match self.said(request)? {
            Said::Answer(reply) => read(reply),
            Said::Refusal(refusal) => Err(refusal.reading().into()),
        }
    }

    /// The id of what a request made, which the answer holds under this name.
    ///
    /// A reused key is a refusal here: the body is journaled and never another, so it was somebody else's key, and
    /// nothing was made under it for us.
    ///
    /// # Errors
    /// As for [`answer`](Self::answer), and when the answer names no id.
    pub(super) fn made(
        &mut self,
        name: &str,
        request: impl FnOnce() -> Result<Request, Unsendable>,
    ) -> Result<String, Stop> {
        let answer: Value = self.answer(request)?;
        let id = answer[name]["id"].as_str().filter(|id| !id.is_empty());
        id.map(str::to_owned).ok_or_else(|| Trouble::Garbled { reason: format!("{name}.id: is missing") }.into())
    }
}

/// The body of an answer.
///
/// # Errors
/// When it is not of the shape.
pub(super) fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, Stop> {
    parse(&reply.body).map_err(|error| Trouble::Garbled { reason: error.to_string() }.into())
}
