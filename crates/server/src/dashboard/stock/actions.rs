//! Forms that change stock: count, adjust, safety stock. Each becomes one command; what would take promised units away
//! is asked once more first.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use flow::Position;
use http::Request;
use model::{
    Action, Adjustment, Change, Command, Count, Fact, IdempotencyKey, ItemId, Level, LocationId, Note, Quantity, Sku,
    StockRule,
};

use super::item::ConfirmPage;
use crate::Scope;
use crate::dashboard::access::{Visitor, fresh_id, genuine};
use crate::dashboard::error::PageError;
use crate::dashboard::fields::{Fields, encoded};
use crate::dashboard::layout::{Notice, Undo};
use crate::dashboard::words::{Tone, change, grouped};
use crate::dashboard::{Pages, must};
use crate::doorkeeper::Bounds;

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Count,
    Adjust,
    Safety,
}

impl Form {
    fn verb(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Adjust => "adjust",
            Self::Safety => "safety",
        }
    }
}

/// `POST /stock/{sku}/count`.
pub(in super::super) async fn count(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(sku): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    change_stock(&pages, &visitor, sku, Form::Count, request).await
}

/// `POST /stock/{sku}/adjust`.
pub(in super::super) async fn adjust(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(sku): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    change_stock(&pages, &visitor, sku, Form::Adjust, request).await
}

/// `POST /stock/{sku}/safety`.
pub(in super::super) async fn safety(
    State(pages): State<Arc<Pages>>,
    Extension(visitor): Extension<Visitor>,
    Path(sku): Path<String>,
    request: Request<Body>,
) -> Result<Response, PageError> {
    change_stock(&pages, &visitor, sku, Form::Safety, request).await
}

/// What a form asks for, read.
struct Asked {
    action: Action,
    /// On hand, or safety stock, afterwards.
    after: Level,
    /// The signed change of an adjustment.
    change: Option<Change>,
}

async fn change_stock(
    pages: &Pages,
    visitor: &Visitor,
    sku: String,
    form: Form,
    request: Request<Body>,
) -> Result<Response, PageError> {
    must(visitor, Scope::StockWrite)?;
    let fields = genuine(visitor, request).await?;
    let location = fields.number("location").map(LocationId);
    let wanted = Sku::new(&sku);
    let found = pages
        .read(move |state| {
            let item = state.catalogue().sku(&wanted)?;
            let at = state.catalogue().location(location?)?;
            Some((state.positions().get(item.item, at.location), super::title(item), at.name.to_string()))
        })
        .await?;
    let (position, title, place) =
        found.ok_or_else(|| PageError::Missing(format!("item with the SKU “{sku}” at this location")))?;
    let back = format!("/stock/{}", encoded(&sku));
    let asked = match read(pages, form, &fields, &position) {
        Ok(asked) => asked,
        Err(problem) => return tell(pages, &back, Tone::Bad, problem, None),
    };
    if fields.get("confirm") != "yes"
        && let Some(sentence) = warning(form, &position, asked.after, &place)
    {
        let fields = sent(&fields);
        return Ok(ConfirmPage { title, sku, verb: form.verb(), sentence, fields }.render(visitor).into_response());
    }
    let command = Command { at: pages.now(), by: visitor.by.clone(), action: asked.action };
    let bounds = Bounds::here().ok_or(PageError::Inside)?;
    let held = command.action.clone();
    pages.read(move |state| bounds.hold(state, &held)).await??;
    let answer = pages.hub.flow.decide(move |_| Ok(vec![command])).await?;
    let seq = answer.seq;
    match answer.only() {
        Ok(facts) if facts.is_empty() => tell(pages, &back, Tone::Calm, "This was done already.".to_owned(), None),
        Ok(facts) => {
            pages.follow(seq).await;
            let undo = undo(&fields, &sku, position.location, asked.change)?;
            tell(pages, &back, Tone::Good, done(form, &facts, asked.after, asked.change, &place), undo)
        }
        Err(refusal) => tell(pages, &back, Tone::Bad, format!("Nothing was changed: {refusal}."), None),
    }
}

fn read(pages: &Pages, form: Form, fields: &Fields, position: &Position) -> Result<Asked, String> {
    let (item, location): (ItemId, LocationId) = (position.item, position.location);
    let key = Some(fields.get("key")).filter(|key| !key.is_empty()).map(IdempotencyKey::new);
    let reason = Note::new(fields.get("reason"));
    match form {
        Form::Count => {
            let counted = quantity(fields.get("counted"))?;
            let count = Count { item, location, counted, counted_at: pages.now(), reason };
            Ok(Asked { action: Action::Count { key, count }, after: counted.level(), change: None })
        }
        Form::Adjust => {
            let change = signed(fields.get("change"))?;
            let adjustment =
                Adjustment { item, location, change, unsellable: fields.get("unsellable") == "yes", reason };
            let after = position.on_hand().after(change);
            Ok(Asked { action: Action::Adjust { key, adjustment }, after, change: Some(change) })
        }
        Form::Safety => {
            let quantity = quantity(fields.get("quantity"))?;
            let action = Action::PutRule(StockRule::Safety { item, location, quantity });
            Ok(Asked { action, after: quantity.level(), change: None })
        }
    }
}

fn quantity(text: &str) -> Result<Quantity, String> {
    Quantity::parse(text).map_err(|problem| format!("“{text}” cannot be used: {problem}."))
}

/// A change as people type it: with the real minus sign, or a plus.
fn signed(text: &str) -> Result<Change, String> {
    let plain = text.replace('−', "-");
    let plain = plain.strip_prefix('+').unwrap_or(&plain);
    Change::parse(plain).map_err(|problem| format!("“{text}” cannot be used: {problem}."))
}

/// What has to be asked once more, when promised units would be gone afterwards.
fn warning(form: Form, position: &Position, after: Level, place: &str) -> Option<String> {
    let promised = position.reserved();
    let figure = |level: Level| grouped(&level.to_string());
    match form {
        Form::Safety => {
            let free = position.free();
            let worse = after > position.safety() && after > free;
            worse.then(|| {
                format!(
                    "Only {} are free at {place}. With a safety stock of {}, nothing of it is for sale there.",
                    figure(free),
                    figure(after)
                )
            })
        }
        Form::Count | Form::Adjust => {
            let worse = after < position.on_hand() && after < promised;
            worse.then(|| {
                let broken = Level::from_parts(promised.parts().saturating_sub(after.parts().max(0)));
                format!(
                    "{} are promised to customers at {place}, and only {} would be left. {} of the promised units could not be handed over.",
                    figure(promised), figure(after), figure(broken)
                )
            })
        }
    }
}

/// The fields that are sent again with the confirmation.
fn sent(fields: &Fields) -> Vec<(&'static str, String)> {
    let names = ["location", "key", "reason", "counted", "change", "unsellable", "quantity"];
    let sent = names.into_iter().map(|name| (name, fields.get(name).to_owned()));
    sent.filter(|(_, value)| !value.is_empty()).collect()
}

fn done(form: Form, facts: &[Fact], after: Level, changed: Option<Change>, place: &str) -> String {
    let broken = facts.iter().filter(|fact| matches!(fact, Fact::Shorted(_))).count();
    let figure = grouped(&after.to_string());
    let text = match form {
        Form::Count => format!("Counted {figure} at {place}."),
        Form::Adjust => format!("Changed by {} at {place}.", change(changed.unwrap_or_default())),
        Form::Safety => format!("Safety stock at {place} is now {figure}."),
    };
    match broken {
        0 => text,
        1 => format!("{text} One promise cannot be kept in full."),
        more => format!("{text} {more} promises cannot be kept in full."),
    }
}

/// The way back from an adjustment.
fn undo(fields: &Fields, sku: &str, location: LocationId, changed: Option<Change>) -> Result<Option<Undo>, PageError> {
    let Some(changed) = changed else { return Ok(None) };
    Ok(Some(Undo {
        sku: sku.to_owned(),
        location: location.0,
        change: changed.undo().to_string(),
        unsellable: fields.get("unsellable") == "yes",
        key: fresh_id()?,
    }))
}

fn tell(pages: &Pages, back: &str, tone: Tone, text: String, undo: Option<Undo>) -> Result<Response, PageError> {
    Ok(pages.outcomes.tell(back, fresh_id()?, Notice { tone, text, undo }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read_as_people_type_them() {
        assert_eq!(signed("−2"), Ok(Change::units(-2)));
        assert_eq!(signed("+3"), Ok(Change::units(3)));
        assert!(signed("two").is_err_and(|problem| problem.contains("“two”")));
        assert!(signed("").is_err());
        assert!(quantity("-1").is_err());
    }
}
