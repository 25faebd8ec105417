//! Rows as they come in lists and after writes: read, walked through, and what a new one is numbered.
//!
//! Used by every document. Knows no document.

use serde::Deserialize;
use serde_json::Value;

use super::Desk;
use crate::lightspeed_r::http_request::{DRIP, RELATION, get, post, put};
use crate::lightspeed_r::requests::IDS_MAX;
use crate::lightspeed_r::tape::Pause;
use crate::lightspeed_r::wire::{self, Several, Text, is_id, unreadable};
use crate::lightspeed_r::{paging, trouble};
use crate::{Reply, Trouble, Unreadable};

/// Most pages that are followed: an end to a list without one.
const PAGES_MAX: usize = 50;

/// What a list of a resource is called in paths and in its answers, and the scope it takes.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub path: &'static str,
    pub member: &'static str,
    pub scope: &'static str,
}

/// All rows that a query asks for, page by page.
///
/// # Errors
/// When there is a request to send, or a reply is no answer.
pub(super) fn all(list: List, query: &str, desk: &mut Desk<'_>) -> Result<Vec<Value>, Pause> {
    let cost = if query.contains("load_relations=") { DRIP + RELATION } else { DRIP };
    let mut path = paging::list(desk.account, list.path).map(|path| format!("{path}?{query}&limit={IDS_MAX}"));
    let mut rows = Vec::new();
    for _ in 0..PAGES_MAX {
        let account = desk.account;
        let reply = desk.tape.play(path.and_then(|path| get(account, &path, cost)))?;
        trouble::check(reply, list.scope)?;
        let page = wire::list(&reply.body, list.member).map_err(garbled)?;
        rows.extend(page.rows);
        match paging::next(account, list.path, &page.next).map_err(garbled)? {
            Some(next) => path = Ok(next),
            None => return Ok(rows),
        }
    }
    Err(Trouble::Garbled { reason: "@attributes.next: does not come to an end".to_owned() }.into())
}

/// Makes something, and answers the row that came of it.
///
/// # Errors
/// When it is still to be sent, or the reply is no answer.
pub(super) fn create(list: List, at: &str, body: &Value, cost: u32, desk: &mut Desk<'_>) -> Result<Value, Pause> {
    let account = desk.account;
    let request = paging::list(account, at).and_then(|path| post(account, &path, body.to_string().into_bytes(), cost));
    written(list, desk.tape.play(request)?)
}

/// Changes something, and answers the row as it is then.
///
/// # Errors
/// As for [`create`].
pub(super) fn change(list: List, id: &str, body: &Value, desk: &mut Desk<'_>) -> Result<Value, Pause> {
    let account = desk.account;
    let path = paging::one(account, list.path, id);
    written(list, desk.tape.play(path.and_then(|path| put(account, &path, body.to_string().into_bytes(), DRIP)))?)
}

fn written(list: List, reply: &Reply) -> Result<Value, Pause> {
    trouble::check(reply, list.scope)?;
    let rows = wire::list(&reply.body, list.member).map_err(garbled)?.rows;
    rows.into_iter().next().ok_or_else(|| garbled(unreadable(list.member, "is missing")))
}

/// A member of a row; empty when it is not there.
pub(super) fn text(row: &Value, member: &str) -> String {
    row.get(member).and_then(|value| Text::deserialize(value).ok()).unwrap_or_default().as_str().to_owned()
}

/// The id of a row, which must be there.
///
/// # Errors
/// When it is no number.
pub(super) fn id(row: &Value, member: &str) -> Result<String, Pause> {
    let id = text(row, member);
    if is_id(&id) { Ok(id) } else { Err(garbled(unreadable(member, "is not the number of anything"))) }
}

/// The rows of a relation: `holder.member`, of which there may be none.
pub(super) fn related(row: &Value, holder: &str, member: &str) -> Vec<Value> {
    let rows = row.get(holder).and_then(|holder| holder.get(member));
    rows.and_then(|rows| Several::<Value>::deserialize(rows).ok()).unwrap_or_default().0
}

/// Whether a flag of a row is set.
pub(super) fn flag(row: &Value, member: &str) -> bool {
    matches!(text(row, member).as_str(), "true" | "1")
}

/// An answer that breaks the contract.
pub(super) fn garbled(error: Unreadable) -> Pause {
    Trouble::Garbled { reason: error.to_string() }.into()
}
