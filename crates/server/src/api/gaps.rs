//! `GET /v1/gaps`: where channels differ from what they should be, worst money first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use flow::GapKind;
use http::{HeaderValue, header};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Door;
use super::input::{self, Asked};
use super::page::Page;
use super::problem::ApiError;
use crate::gaps::{self, GapOut, Report};

/// Which gaps.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GapsQuery {
    /// Only this kind: `stock`, `price`, `title`, `barcode`, `unmapped`, `duplicate`, `sold_but_unlisted`,
    /// `unsold_but_listed`.
    kind: Option<String>,
    /// Only this channel.
    channel: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Rows, 1 to 500; 100 when missing.
    limit: Option<String>,
}

async fn made(door: &Door, query: &GapsQuery) -> Result<Vec<GapOut>, ApiError> {
    let kind = query.kind.as_deref().map(|name| {
        GapKind::parse(name).ok_or_else(|| {
            let known: Vec<&str> = GapKind::ALL.iter().map(|kind| kind.name()).collect();
            ApiError::invalid("kind", format!("{name:?} is none of {}", known.join(", ")))
        })
    });
    let kind = kind.transpose()?;
    let hub = &door.hub;
    let Report { gaps, .. } = gaps::report(&hub.flow, &hub.read_links(), &hub.views, hub.clock.now()).await?;
    Ok(gaps.into_iter().filter(|gap| gap.is(kind, query.channel.as_deref())).collect())
}

/// Differences between the channels and the hub's books, worst money first.
#[utoipa::path(get, path = "/v1/gaps", tag = "stock", params(GapsQuery),
    responses((status = 200, description = "A page of gaps", body = Page<GapOut>)))]
pub(crate) async fn list(
    State(door): State<Arc<Door>>,
    Asked(query): Asked<GapsQuery>,
) -> Result<Json<Page<GapOut>>, ApiError> {
    let limit = input::limit(query.limit.as_deref())?;
    let from = input::counted("cursor", query.cursor.as_deref())?.unwrap_or(0);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let all = made(&door, &query).await?;
    let next = from.saturating_add(limit);
    let more = next < all.len();
    let items = all.into_iter().skip(from).take(limit).collect();
    Ok(Json(Page { items, next: more.then(|| next.to_string()) }))
}

/// The same, whole, as a table for spreadsheets.
#[utoipa::path(get, path = "/v1/gaps.csv", tag = "stock", params(GapsQuery),
    responses((status = 200, description = "One row per gap", body = String, content_type = "text/csv")))]
pub(crate) async fn table(State(door): State<Arc<Door>>, Asked(query): Asked<GapsQuery>) -> Result<Response, ApiError> {
    let table = gaps::csv(&made(&door, &query).await?);
    let mut response = table.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = HeaderValue::from_static("attachment; filename=\"gaps.csv\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
