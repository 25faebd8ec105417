//! What the last form did, kept until the page that follows it is shown once. So a page that is loaded again says
//! nothing twice, and no address can make a page say what did not happen.

use std::collections::VecDeque;
use std::sync::Mutex;

use axum::response::{IntoResponse, Redirect, Response};

use super::fields::Fields;
use super::layout::Notice;

/// Outcomes kept; the oldest goes first.
const KEPT: usize = 200;

/// Outcomes that wait to be shown.
#[derive(Debug, Default)]
pub(super) struct Outcomes(Mutex<VecDeque<(String, Notice)>>);

impl Outcomes {
    /// Goes to a page, which will tell this. `id` is random.
    pub(super) fn tell(&self, address: &str, id: String, notice: Notice) -> Response {
        let join = if address.contains('?') { '&' } else { '?' };
        let to = format!("{address}{join}done={id}");
        if let Ok(mut kept) = self.0.lock() {
            if kept.len() >= KEPT {
                kept.pop_front();
            }
            kept.push_back((id, notice));
        }
        Redirect::to(&to).into_response()
    }

    /// What a page has to tell, once.
    pub(super) fn take(&self, query: &Fields) -> Option<Notice> {
        let id = query.get("done");
        let mut kept = self.0.lock().ok()?;
        let place = kept.iter().position(|(known, _)| known == id)?;
        kept.remove(place).map(|(_, notice)| notice)
    }
}
