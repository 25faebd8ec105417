//! The replies of a run, played back in the order in which their requests were made.

use crate::clover::http_request;
use crate::clover::trouble::{self, Judged};
use crate::{Account, Reply, Request, Trouble, Unsendable};

/// Why a story stops before its end.
#[derive(Debug)]
pub(in crate::clover) enum Halt {
    /// This has to be sent next.
    Send(Box<Request>),
    /// Nothing goes on.
    Trouble(Trouble),
}

/// What a request came to.
#[derive(Clone, Copy, Debug)]
pub(in crate::clover) enum Got<'a> {
    /// An answer.
    Answer(&'a Reply),
    /// Refused, this one alone, for the reason in the reply.
    Refused(&'a Reply),
}

/// The replies that are left.
#[derive(Debug)]
pub(in crate::clover) struct Tape<'a> {
    account: &'a Account,
    replies: std::slice::Iter<'a, Reply>,
    first: Option<&'a Reply>,
    wrote: bool,
}

impl<'a> Tape<'a> {
    /// All replies of a run.
    pub(in crate::clover) fn new(account: &'a Account, replies: &'a [Reply]) -> Self {
        Self { account, replies: replies.iter(), first: replies.first(), wrote: false }
    }

    /// The first reply of the run, once there is one.
    pub(in crate::clover) fn first(&self) -> Option<&'a Reply> {
        self.first
    }

    /// Whether this run has changed something.
    pub(in crate::clover) fn wrote(&self) -> bool {
        self.wrote
    }

    /// Reads below the merchant.
    ///
    /// # Errors
    /// When it has still to be sent, or nothing goes on.
    pub(in crate::clover) fn get(&mut self, path: &str) -> Result<Got<'a>, Halt> {
        self.play(|account| http_request::get(account, path))
    }

    /// Changes below the merchant.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub(in crate::clover) fn post(&mut self, path: &str, body: &str) -> Result<Got<'a>, Halt> {
        let got = self.play(|account| http_request::change(account, path, body.as_bytes().to_vec()))?;
        self.wrote |= matches!(got, Got::Answer(_));
        Ok(got)
    }

    fn play(&mut self, make: impl FnOnce(&Account) -> Result<Request, Unsendable>) -> Result<Got<'a>, Halt> {
        let Some(reply) = self.replies.next() else {
            let request = make(self.account).map_err(|error| Halt::Trouble(error.into()))?;
            return Err(Halt::Send(Box::new(request)));
        };
        match trouble::judge(reply) {
            Judged::Answer => Ok(Got::Answer(reply)),
            Judged::Absent | Judged::Refused(_) => Ok(Got::Refused(reply)),
            Judged::Trouble(trouble) => Err(Halt::Trouble(trouble)),
        }
    }
}
