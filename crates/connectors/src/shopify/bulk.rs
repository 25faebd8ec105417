//! Every level there is, by a bulk operation: run it, wait for it, fetch its file.
//!
//! Called by `requests` and `learn`. The stage travels in the cursor: none, `op:<gid>`, `url:<address>`.
//! <https://shopify.dev/docs/api/usage/bulk-operations/queries>

use http::Method;
use model::{ExternalItem, ExternalLocation};
use serde::Deserialize;

use super::graph::{BulkLine, BulkOperation, UserError};
use super::{reply, scalar, translate};
use crate::{Account, Effect, LevelHint, Page, Question, Reply, Request, Told, Trouble, Unsendable};

/// Between two looks at a running operation.
const WAIT_MS: i64 = 300;
/// Before trying again when another operation of ours still runs.
const BUSY_MS: i64 = 2_000;

/// How far the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage<'a> {
    /// To be started.
    Run,
    /// Started under this id.
    Poll(&'a str),
    /// Its file lies at this address.
    Fetch(&'a str),
}

impl<'a> Stage<'a> {
    /// `None` when the cursor is not one that was given.
    pub(super) fn parse(cursor: Option<&'a str>) -> Option<Self> {
        match cursor {
            None | Some("run") => Some(Self::Run),
            Some(cursor) => match cursor.split_once(':') {
                Some(("op", id)) => Some(Self::Poll(id)),
                Some(("url", url)) => Some(Self::Fetch(url)),
                Some(_) | None => None,
            },
        }
    }
}

/// The request for the file. Its address is signed and lies with another company: the token is not sent there. Only an
/// account that is itself reached without encryption may have such a file.
///
/// # Errors
/// When the address is not usable.
pub(super) fn fetch(url: &str, account: &Account) -> Result<Request, Unsendable> {
    let safe = url.starts_with("https://") || (url.starts_with("http://") && account.base_url.starts_with("http://"));
    if !safe {
        return Err(Unsendable::Account("bulk file address"));
    }
    let http = http::Request::builder()
        .method(Method::GET)
        .uri(url)
        .body(Vec::new())
        .map_err(|_| Unsendable::Account("bulk file address"))?;
    Ok(Request { http, cost: 0, effect: Effect::Read })
}

/// What the reply of a stage says.
///
/// # Errors
/// When the operation failed or its file cannot be read.
pub(super) fn learn(cursor: Option<&str>, reply: &Reply) -> Result<Page, Trouble> {
    match Stage::parse(cursor) {
        Some(Stage::Run) => started(reply),
        Some(Stage::Poll(_)) => polled(reply),
        Some(Stage::Fetch(_)) => fetched(reply),
        None => Err(Trouble::Garbled { reason: "the cursor is not one that was given".to_owned() }),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    bulk_operation_run_query: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    bulk_operation: Option<Started>,
    user_errors: Vec<UserError>,
}

#[derive(Deserialize)]
struct Started {
    id: scalar::Gid,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Poll {
    bulk_operation: Option<BulkOperation>,
}

fn started(reply: &Reply) -> Result<Page, Trouble> {
    let payload = reply::data::<Run>(reply)?.bulk_operation_run_query;
    // <https://shopify.dev/docs/api/admin-graphql/2026-10/enums/BulkOperationUserErrorCode>
    if let Some(error) = payload.user_errors.first() {
        return match error.code.as_deref() {
            Some("OPERATION_IN_PROGRESS" | "LIMIT_REACHED") => Ok(again(None, BUSY_MS)),
            Some(_) | None => Err(Trouble::Refused { reason: reply::words(&error.message) }),
        };
    }
    let operation = payload
        .bulk_operation
        .ok_or_else(|| Trouble::Garbled { reason: "no bulk operation and no error".to_owned() })?;
    Ok(again(Some(format!("op:{}", operation.id.whole())), WAIT_MS))
}

fn polled(reply: &Reply) -> Result<Page, Trouble> {
    let operation = reply::data::<Poll>(reply)?
        .bulk_operation
        .ok_or_else(|| Trouble::Failed { reason: "the bulk operation is gone".to_owned() })?;
    // <https://shopify.dev/docs/api/admin-graphql/2026-10/enums/BulkOperationStatus>
    match (operation.status.as_str(), operation.url) {
        ("CREATED" | "RUNNING" | "CANCELING", _) => Ok(again(Some(format!("op:{}", operation.id.whole())), WAIT_MS)),
        ("COMPLETED", Some(url)) => Ok(again(Some(format!("url:{url}")), 0)),
        // Nothing found leaves no file.
        ("COMPLETED", None) => Ok(Page::default()),
        (status, _) => {
            let code = operation.error_code.unwrap_or_default();
            Err(Trouble::Failed { reason: reply::words(&format!("bulk operation {status} {code}")) })
        }
    }
}

fn again(cursor: Option<String>, wait_ms: i64) -> Page {
    Page { next: Some(Question::Levels { cursor }), wait_ms, ..Page::default() }
}

fn fetched(reply: &Reply) -> Result<Page, Trouble> {
    if reply.status != 200 {
        // An address expires after a week, and a storage service fails in its own ways: reading again from the start
        // mends both.
        return Err(Trouble::Failed { reason: format!("the bulk file answered {}", reply.status) });
    }
    let mut told = Vec::new();
    let lines = reply.body.split(|byte| *byte == b'\n').enumerate();
    for (number, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
        let garbled = |problem: String| Trouble::Garbled { reason: format!("line {}: {problem}", number + 1) };
        let line: BulkLine = scalar::parse(line).map_err(|error| garbled(error.to_string()))?;
        // The items' own lines say nothing; a line with a parent is a level of that item.
        if let Some(item) = &line.parent {
            told.push(Told::Level(
                hint(item, &line).ok_or_else(|| garbled("a level without its place or quantity".to_owned()))?,
            ));
        }
    }
    Ok(Page { told, ..Page::default() })
}

/// `None` when the line does not say where or how much.
fn hint(item: &scalar::Gid, line: &BulkLine) -> Option<LevelHint> {
    let level = translate::available(line.quantities.as_deref()?)?;
    Some(LevelHint {
        external: ExternalItem::new(item.number()),
        location: ExternalLocation::new(line.location.as_ref()?.id.number()),
        level: Some(level),
    })
}
