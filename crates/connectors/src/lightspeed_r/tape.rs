//! The replies of a run, played from the start in every step, so that carrying out a plan reads as one straight story.

use crate::{Reply, Request, Trouble, Unsendable};

/// Why a run cannot go on in this step.
pub(in crate::lightspeed_r) enum Pause {
    /// This has to be answered first.
    Send(Box<Request>),
    /// The run ends here.
    Stop(Trouble),
}

impl From<Trouble> for Pause {
    fn from(trouble: Trouble) -> Self {
        Self::Stop(trouble)
    }
}

impl From<Unsendable> for Pause {
    fn from(error: Unsendable) -> Self {
        Self::Stop(error.into())
    }
}

/// The replies so far.
pub(in crate::lightspeed_r) struct Tape<'a> {
    all: &'a [Reply],
    left: std::slice::Iter<'a, Reply>,
}

impl<'a> Tape<'a> {
    /// From the first reply on.
    pub(in crate::lightspeed_r) fn new(replies: &'a [Reply]) -> Self {
        Self { all: replies, left: replies.iter() }
    }

    /// Whether the last reply says that the token is no longer valid.
    pub(in crate::lightspeed_r) fn token_ran_out(&self) -> bool {
        self.all.last().is_some_and(|reply| reply.status == 401)
    }

    /// The reply to this request.
    ///
    /// # Errors
    /// When it has not been sent yet, or cannot be.
    pub(in crate::lightspeed_r) fn play(&mut self, request: Result<Request, Unsendable>) -> Result<&'a Reply, Pause> {
        match self.left.next() {
            Some(reply) => Ok(reply),
            None => Err(Pause::Send(Box::new(request?))),
        }
    }
}
