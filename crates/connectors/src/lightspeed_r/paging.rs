//! Where a list goes on. The platform gives the full address of the next page and forbids to build it; our cursor is its
//! path and query. Made by `learn` and `writes`, sent by `requests` and `writes`.
//!
//! The host in it is never used: the next page is asked of the account's own address, so a reply cannot send our token
//! elsewhere.

use super::wire::{self, unreadable};
use crate::{Account, Unreadable, Unsendable};

/// The path of a resource's list, as `Sale` gives `/API/V3/Account/1234/Sale.json`.
///
/// # Errors
/// When the account's id is not a number.
pub(super) fn list(account: &Account, resource: &str) -> Result<String, Unsendable> {
    Ok(format!("{}/{resource}.json", root(account)?))
}

/// The path of one element of a resource.
///
/// # Errors
/// When the account's id is not a number.
pub(super) fn one(account: &Account, resource: &str, id: &str) -> Result<String, Unsendable> {
    Ok(format!("{}/{resource}/{id}.json", root(account)?))
}

fn root(account: &Account) -> Result<String, Unsendable> {
    if !wire::is_id(&account.account) {
        return Err(Unsendable::Account("id"));
    }
    Ok(format!("/API/V3/Account/{}", account.account))
}

/// A cursor that was given to us, if it belongs to this list.
///
/// # Errors
/// When it is of another list or no address.
pub(super) fn followed(account: &Account, resource: &str, cursor: &str) -> Result<String, Unsendable> {
    let foreign = Unsendable::Impossible("go on in another list than the one that was begun");
    if belongs(cursor, &list(account, resource)?) { Ok(cursor.to_owned()) } else { Err(foreign) }
}

/// The cursor in `@attributes.next`; `None` at the end of the list.
///
/// # Errors
/// When it is no address of this list.
pub(super) fn next(account: &Account, resource: &str, next: &str) -> Result<Option<String>, Unreadable> {
    if next.trim().is_empty() {
        return Ok(None);
    }
    let fault = || unreadable("@attributes.next", "is not an address of the list that was asked");
    let uri: http::Uri = next.trim().parse().map_err(|_| fault())?;
    let cursor = uri.path_and_query().map(|rest| rest.as_str().to_owned()).ok_or_else(fault)?;
    let path = list(account, resource).map_err(|_| fault())?;
    if belongs(&cursor, &path) { Ok(Some(cursor)) } else { Err(fault()) }
}

fn belongs(cursor: &str, path: &str) -> bool {
    cursor.strip_prefix(path).is_some_and(|rest| rest.starts_with('?'))
}
