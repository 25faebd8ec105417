//! Facts about what channels show.

use model::{Change, Held, LevelRead, Note, Outcome, WritesIntended, WritesSettled};

use super::stock::touch;
use crate::state::{State, Trust};

pub(super) fn level_read(state: &mut State, read: &LevelRead) {
    let Some(row) = state.positions.open(read.item, read.location) else { return };
    let home = state.catalogue.location(read.location).is_some_and(|l| l.home == Some(read.channel));
    let (seq, now) = (state.seq, state.now);
    let shown = state.shown.row_mut(read.channel, row);
    shown.drifted = !home && shown.trust != Trust::Unread && shown.level != read.level;
    shown.level = read.level;
    shown.trust = Trust::Known;
    shown.doubt = Change::ZERO;
    shown.moved = seq;
    shown.at = now;
    touch(state, row);
}

pub(super) fn held(state: &mut State, held: &Held) {
    if let Some(row) = state.positions.find(held.item, held.location) {
        let (shown, wanted) = (held.shown, held.wanted);
        let reason = match held.doubt {
            None => format!("shows {shown}, should show {wanted}: too large a difference to write unasked"),
            Some(doubt) => format!(
                "shows {shown}, was believed to show {wanted}: nobody knows whether our change of {doubt} was taken, and \
                 somebody changed it by hand meanwhile: count it, then release it"
            ),
        };
        state.shown.block(held.channel, row, Note::new(&reason), None);
    }
}

pub(super) fn intended(state: &mut State, intended: &WritesIntended) {
    state.write_last = state.write_last.max(intended.id.0);
    for write in &intended.writes {
        if let Some(row) = state.positions.find(write.item, write.location) {
            state.shown.row_mut(intended.channel, row).in_flight = Some(intended.id);
        }
    }
    super::listings::intended(state, intended);
    state.in_flight.insert(intended.id, intended.clone());
}

pub(super) fn settled(state: &mut State, settled: &WritesSettled) {
    let Some(batch) = state.in_flight.remove(&settled.id) else { return };
    super::listings::settled(state, &batch, &settled.outcomes);
    let (seq, now) = (state.seq, state.now);
    for (write, outcome) in batch.writes.iter().zip(&settled.outcomes) {
        let Some(row) = state.positions.find(write.item, write.location) else { continue };
        let shown = state.shown.row_mut(batch.channel, row);
        shown.in_flight = None;
        match outcome {
            Outcome::Done { .. } => {
                // Relative, even for an absolute write: what the channel sold meanwhile has moved the level already.
                shown.level = shown.level.after(write.change());
                shown.drifted = false;
                shown.moved = seq;
                shown.at = now;
            }
            // It stands under another id meanwhile: only a reading tells anything.
            Outcome::Stale | Outcome::Unknown if shown.trust == Trust::Unread => {}
            Outcome::Stale => shown.trust = Trust::Stale,
            Outcome::Unknown => {
                shown.trust = Trust::Doubtful;
                shown.doubt = write.change();
                // It may have been taken at any moment until now: a reading begun before may be of either side of it.
                shown.moved = seq;
                shown.at = now;
            }
            Outcome::Again => {}
            Outcome::Never { because } => state.shown.block(batch.channel, row, because.clone(), Some(write.to)),
        }
        touch(state, row);
    }
}
