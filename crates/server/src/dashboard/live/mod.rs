//! `/`: what is happening now.

mod card;
mod overview;
mod page;
mod propagation;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use jiff::tz::TimeZone;
use model::{Instant, OversoldBy};
use views::{MovedRow, OversellWeek};

pub(super) use card::ChannelCard;
pub(super) use overview::{Overview, Overviews};
pub(super) use page::LivePage;
#[cfg(test)]
pub(super) use page::{MovedLine as Moved, StuckLine as Stuck, WritingLine as Writing};

use super::access::Visitor;
use super::error::PageError;
use super::html::Html;
use super::{Pages, must, words};
use crate::{Hub, Scope, gaps};

/// Movements listed.
const MOVED: usize = 12;
/// Gaps are counted anew when the count is older than this, in milliseconds: it is a walk over the whole catalogue.
const GAPS_FRESH_MS: i64 = 60_000;

/// `GET /`.
pub(super) async fn show(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Html, PageError> {
    let page = load(&pages, &visitor).await?;
    Ok(page.render(&visitor, LivePage::frame(&visitor)))
}

/// Reads the page's figures.
pub(super) async fn load(pages: &Pages, visitor: &Visitor) -> Result<LivePage, PageError> {
    must(visitor, Scope::StockRead)?;
    let now = pages.now();
    let seen = pages.overviews.get(&pages.hub).await?;
    let today = start_of_day(now, &seen.zone);
    let (totals, weeks, moved) = pages
        .views(move |views| Ok((views.totals(today)?, views.oversell_weeks(500)?, views.moved_recently(MOVED)?)))
        .await?;
    let gaps = pages.reports.get(&pages.hub, GAPS_FRESH_MS).await?;
    let histogram = pages.hub.meter.histogram("lockstep_converge_seconds", "");
    Ok(LivePage {
        now,
        zone: seen.zone.clone(),
        channels: cards(&pages.hub, &seen, now),
        items: seen.items,
        on_hand: seen.on_hand,
        orders_today: totals.orders_today,
        promised: seen.promised,
        oversells: this_week(&weeks, now, &seen.zone),
        questions: seen.questions,
        gaps: Some((gaps.gaps.len() as u64, words::amounts(&gaps::money(&gaps.gaps)))),
        mail_trouble: pages.hub.options.mailed.trouble(),
        moved: moved_lines(pages, moved).await?,
        writing: seen.writing.clone(),
        stuck: seen.stuck.clone(),
        stuck_more: seen.stuck_more,
        propagation: propagation::bars(&histogram),
        propagation_ms: histogram.quantile_ms(0.5).zip(histogram.quantile_ms(0.95)),
    })
}

/// The tables name items by SKU; people know them by title.
async fn moved_lines(pages: &Pages, rows: Vec<MovedRow>) -> Result<Vec<page::MovedLine>, PageError> {
    pages
        .read(move |state| {
            let title =
                |row: &MovedRow| state.catalogue().item(row.item).map_or_else(|| row.sku.clone(), super::stock::title);
            rows.into_iter()
                .map(|row| page::MovedLine { at: row.at, title: title(&row), words: row.words, sku: row.sku })
                .collect()
        })
        .await
}

/// One card for each link.
pub(super) fn cards(hub: &Hub, seen: &Overview, now: Instant) -> Vec<ChannelCard> {
    hub.links()
        .into_iter()
        .map(|link| {
            let (health, place) = (link.health(), link.channel.0 as usize);
            let writes = seen.writes.get(place).copied().unwrap_or(true);
            let way = seen.on_the_way.get(place).copied().unwrap_or_default();
            ChannelCard {
                name: link.settings.name.to_string(),
                platform: link.settings.platform.title().to_owned(),
                health: match hub.links.reads(link.channel) {
                    true => words::health(&health, writes, &way, now),
                    false => words::not_started(),
                },
                heard_at: health.heard_at.max(health.answered_at),
                read_at: health.read_at,
                budget: link.budget(),
                waiting: if writes { way.changes } else { 0 },
            }
        })
        .collect()
}

fn start_of_day(now: Instant, zone: &TimeZone) -> Instant {
    let local = jiff::Timestamp::from_millisecond(now.0).map(|at| at.to_zoned_datetime(zone.clone()));
    let start = local.and_then(|local| local.start_of_day());
    start.map_or(now, |start| Instant(start.timestamp().as_millisecond()))
}

/// Oversells of the week that now is, by cause.
fn this_week(weeks: &[OversellWeek], now: Instant, zone: &TimeZone) -> Vec<(&'static str, u64)> {
    let Ok(at) = jiff::Timestamp::from_millisecond(now.0) else { return Vec::new() };
    let week = at.to_zoned_datetime(zone.clone()).date().iso_week_date();
    let mut sums = std::collections::BTreeMap::new();
    for row in weeks.iter().filter(|row| row.week.year == week.year() && row.week.week == week.week()) {
        *sums.entry(row.by).or_insert(0) += row.incidents;
    }
    sums.into_iter().map(|(by, count)| (cause(by), count)).collect()
}

fn cause(by: OversoldBy) -> &'static str {
    match by {
        OversoldBy::Till => "sold at a till",
        OversoldBy::Race => "sold twice at once",
        OversoldBy::Late => "heard of late",
        OversoldBy::ShopSetting => "shop sells at zero",
        OversoldBy::Hub => "by the hub",
    }
}
