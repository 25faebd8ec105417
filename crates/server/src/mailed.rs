//! How the daily mail goes: the roof sends it and tells here, pages and figures read it. Knows no mail.

use std::sync::Mutex;

/// What became of the daily mail.
#[derive(Debug, Default)]
pub struct Mailed(Mutex<State>);

#[derive(Clone, Debug, Default)]
struct State {
    on: bool,
    sent: u64,
    failed: u64,
    trouble: Option<String>,
}

impl Mailed {
    /// A daily mail is configured.
    pub fn is_on(&self) {
        self.change(|state| state.on = true);
    }

    /// It was sent; whatever was wrong before is over.
    pub fn was_sent(&self) {
        self.change(|state| {
            state.sent += 1;
            state.trouble = None;
        });
    }

    /// It could not be sent; `why` is a whole sentence for people.
    pub fn has_failed(&self, why: &str) {
        self.change(|state| {
            state.failed += 1;
            state.trouble = Some(why.to_owned());
        });
    }

    /// What is wrong with it, as a sentence; `None` when nothing is.
    pub fn trouble(&self) -> Option<String> {
        self.0.lock().ok()?.trouble.clone()
    }

    /// Mails sent, and mails given up, since the start; `None` when none is configured.
    pub(crate) fn figures(&self) -> Option<(u64, u64)> {
        self.0.lock().ok().filter(|state| state.on).map(|state| (state.sent, state.failed))
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        if let Ok(mut state) = self.0.lock() {
            change(&mut state);
        }
    }
}
