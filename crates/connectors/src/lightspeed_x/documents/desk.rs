//! A run of requests, made anew from its replies: every step asks for the answer to its request, and the first one that
//! has none yet is what is sent next. Used by the makers beside it.

use serde_json::Value;

use crate::lightspeed_x::http_request;
use crate::lightspeed_x::trouble::{self, garbled};
use crate::lightspeed_x::wire::{self, Listed, Single};
use crate::{Account, Reply, Request, Trouble, Unsendable};

/// Why a run does not go on at once.
pub(super) enum Stop {
    /// This has to be asked first.
    Wants(Box<Request>),
    /// It ended.
    Ends(Trouble),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Ends(trouble)
    }
}

impl From<Unsendable> for Stop {
    fn from(unsendable: Unsendable) -> Self {
        Self::Ends(unsendable.into())
    }
}

/// The platform, or we for it, will not.
pub(super) fn refused(reason: &str) -> Stop {
    Stop::Ends(Trouble::Refused { reason: reason.to_owned() })
}

/// The replies of a run, in order.
pub(super) struct Desk<'a> {
    pub(super) account: &'a Account,
    replies: std::slice::Iter<'a, Reply>,
}

/// Elements of a page.
const PAGE: usize = 200;

impl<'a> Desk<'a> {
    pub(super) fn new(account: &'a Account, replies: &'a [Reply]) -> Self {
        Self { account, replies: replies.iter() }
    }

    fn reply(&mut self, request: impl FnOnce(&Account) -> Result<Request, Unsendable>) -> Result<&'a Reply, Stop> {
        let account = self.account;
        self.replies.next().ok_or(()).or_else(|()| Err(Stop::Wants(Box::new(request(account)?))))
    }

    fn data(reply: &Reply) -> Result<Value, Stop> {
        trouble::check(reply)?;
        let single: Single = wire::object(&reply.body).map_err(garbled)?;
        Ok(single.data)
    }

    /// One record, which may not be there.
    pub(super) fn find(&mut self, path: &str) -> Result<Option<Value>, Stop> {
        match self.reply(|account| http_request::get(account, path))? {
            reply if reply.status == 404 => Ok(None),
            reply => Self::data(reply).map(Some),
        }
    }

    /// Something made, or an action done.
    pub(super) fn post(&mut self, path: &str, body: &Value) -> Result<Value, Stop> {
        Self::data(self.reply(|account| http_request::post(account, path, body.to_string().into_bytes()))?)
    }

    /// An action, which takes no body.
    pub(super) fn act(&mut self, path: &str) -> Result<Value, Stop> {
        Self::data(self.reply(|account| http_request::post(account, path, Vec::new()))?)
    }

    /// Something changed.
    pub(super) fn put(&mut self, path: &str, body: &Value) -> Result<Value, Stop> {
        Self::data(self.reply(|account| http_request::put(account, path, body))?)
    }

    /// The first element of a collection that is wanted; `path` may have a query, and pages are asked for until then.
    pub(super) fn first(&mut self, path: &str, wanted: impl Fn(&Value) -> bool) -> Result<Option<Value>, Stop> {
        let mut after = 0;
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let page = format!("{path}{mark}after={after}&page_size={PAGE}");
            let reply = self.reply(|account| http_request::get(account, &page))?;
            trouble::check(reply)?;
            let listed: Listed = wire::object(&reply.body).map_err(garbled)?;
            let Some(max) = listed.max().map_err(garbled)? else { return Ok(None) };
            if let Some(found) = listed.data.into_iter().find(&wanted) {
                return Ok(Some(found));
            }
            if max <= after {
                return Ok(None);
            }
            after = max;
        }
    }
}

impl Desk<'_> {
    /// The wanted one of the customers with a code. A filter switches the cursor off, so there is one page.
    pub(super) fn coded(&mut self, code: &str, wanted: impl Fn(&Value) -> bool) -> Result<Option<Value>, Stop> {
        let reply = self.reply(|account| http_request::get(account, &format!("/customers?code={code}")))?;
        trouble::check(reply)?;
        let listed: Listed = wire::object(&reply.body).map_err(garbled)?;
        Ok(listed.data.into_iter().find(wanted))
    }
}

/// The field of a record as text; empty when it is missing or something else.
pub(super) fn text<'v>(record: &'v Value, field: &str) -> &'v str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a record was deleted.
pub(super) fn is_gone(record: &Value) -> bool {
    !text(record, "deleted_at").is_empty()
}

/// The record's own id.
pub(super) fn id(record: &Value) -> Result<String, Stop> {
    match text(record, "id") {
        "" => Err(Stop::Ends(garbled(wire::unreadable("data.id", "is missing")))),
        id => Ok(id.to_owned()),
    }
}
