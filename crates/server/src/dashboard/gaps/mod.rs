//! `/gaps`: where the channels are out of step, worst money first.

mod page;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use flow::GapKind;
use http::{HeaderValue, Uri, header};

pub(super) use page::GapsPage;
#[cfg(test)]
pub(super) use page::{ChannelLine, KindLine};

use super::access::Visitor;
use super::error::PageError;
use super::fields::Fields;
use super::html::Html;
use super::{Pages, first_zone, must};
use crate::Scope;
use crate::gaps::{self, GapOut};

/// Gaps on a page.
const PAGE: usize = 50;
/// The page shows a report that is not older than this, in milliseconds.
const FRESH_MS: i64 = 5_000;

/// What a visitor asked to see.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Only this kind.
    pub(super) kind: Option<GapKind>,
    /// Only this channel; empty = all.
    pub(super) channel: String,
    /// From this place in the list on.
    pub(super) from: usize,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        Self {
            kind: GapKind::parse(fields.get("kind")),
            channel: fields.get("channel").to_owned(),
            from: fields.number("from").unwrap_or(0),
        }
    }

    fn fits(&self, gap: &GapOut) -> bool {
        gap.is(self.kind, (!self.channel.is_empty()).then_some(self.channel.as_str()))
    }
}

/// `GET /gaps`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Html, PageError> {
    must(&visitor, Scope::StockRead)?;
    let asked = Asked::of(&Fields::of_query(&uri));
    let report = pages.reports.get(&pages.hub, FRESH_MS).await?;
    let (now, zone) = (pages.now(), pages.read(first_zone).await?);
    let of_channel: Vec<&GapOut> =
        report.gaps.iter().filter(|gap| Asked { kind: None, ..asked.clone() }.fits(gap)).collect();
    let of_kind = |gap: &&GapOut| gap.is(asked.kind, None);
    let on = |name: &str| report.gaps.iter().filter(of_kind).filter(|gap| gap.is(None, Some(name))).count();
    let channels =
        report.channels.iter().map(|fresh| page::ChannelLine { fresh: fresh.clone(), count: on(&fresh.channel) });
    let found: Vec<&GapOut> = of_channel.iter().copied().filter(|gap| of_kind(gap)).collect();
    let next = asked.from.saturating_add(PAGE);
    let page = GapsPage {
        now,
        zone,
        made_at: report.at,
        kinds: gaps::totals(of_channel.iter().copied()).into_iter().map(page::KindLine::from).collect(),
        all: (of_channel.len(), super::words::amounts(&gaps::money(of_channel.iter().copied()))),
        channels: channels.collect(),
        everywhere: report.gaps.iter().filter(of_kind).count(),
        next: (next < found.len()).then_some(next),
        found: found.len(),
        rows: found.into_iter().skip(asked.from).take(PAGE).cloned().collect(),
        asked,
    };
    Ok(page.render(&visitor))
}

/// `GET /gaps.csv`: the same gaps, all of them.
pub(super) async fn download(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, PageError> {
    must(&visitor, Scope::StockRead)?;
    let asked = Asked::of(&Fields::of_query(&uri));
    let report = pages.reports.get(&pages.hub, FRESH_MS).await?;
    let table = gaps::csv(report.gaps.iter().filter(|gap| asked.fits(gap)));
    Ok(as_file(table, "gaps.csv"))
}

/// A table as a file that the browser saves under this name.
pub(super) fn as_file(table: String, name: &'static str) -> Response {
    let mut response = table.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    if let Ok(disposition) = disposition {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    super::html::guard(headers);
    response
}
