//! Documents that channels were told to make, as they stand.

use model::{ChannelId, IdempotencyKey, InstructionEnd, InstructionId};
use views::{InstructionRow, InstructionState};

use super::look_behind;
use crate::Hub;
use crate::api::instructions::{InstructionOut, kind};
use crate::api::page::Page;
use crate::api::problem::ApiError;
use crate::api::{ask, names};

/// Which one.
pub(in crate::api) enum TellOf {
    /// By id.
    Id(InstructionId),
    /// The last under a caller's key.
    Key(IdempotencyKey),
}

/// The word of a state.
pub(crate) fn state_word(state: InstructionState) -> &'static str {
    match state {
        InstructionState::Waiting => "waiting",
        InstructionState::Sent => "sent",
        InstructionState::Made => "made",
        InstructionState::Refused => "refused",
        InstructionState::Withdrawn => "withdrawn",
    }
}

/// The state of a word.
pub(in crate::api) fn instruction_state(word: &str) -> Result<InstructionState, ApiError> {
    let known = InstructionState::ALL.into_iter().find(|state| state_word(*state) == word);
    known.ok_or_else(|| ApiError::invalid("state", "state is waiting, sent, made, refused or withdrawn"))
}

/// One instruction.
pub(in crate::api) async fn instruction(hub: &Hub, which: TellOf) -> Result<Option<InstructionOut>, ApiError> {
    let found = look_behind(hub, move |views| match &which {
        TellOf::Id(id) => views.instruction(*id),
        TellOf::Key(key) => views.instruction_of_key(key),
    });
    let Some(row) = found.await? else { return Ok(None) };
    ask::read(hub, move |mind| Ok(Some(out(mind, &row)))).await
}

/// Instructions, newest first.
pub(in crate::api) async fn instructions(
    hub: &Hub,
    channel: Option<ChannelId>,
    state: Option<InstructionState>,
    before: Option<InstructionId>,
    limit: usize,
) -> Result<Page<InstructionOut>, ApiError> {
    let rows = look_behind(hub, move |views| views.instructions(channel, state, before, limit)).await?;
    let items = ask::read(hub, move |mind| Ok(rows.iter().map(|row| out(mind, row)).collect())).await?;
    Ok(Page::of(items, limit, |last: &InstructionOut| last.id.clone()))
}

fn out(mind: &flow::State, row: &InstructionRow) -> InstructionOut {
    let (document, because) = match &row.end {
        Some(InstructionEnd::Made { document }) => (Some(document.to_string()), None),
        Some(InstructionEnd::Refused { because } | InstructionEnd::Withdrawn { because }) => {
            (None, Some(because.to_string()))
        }
        None => (None, None),
    };
    InstructionOut {
        id: row.instructed.id.to_string(),
        channel: names::channel_of(mind, row.instructed.channel),
        make: kind(&row.instructed.deed).to_owned(),
        state: state_word(row.state).to_owned(),
        document,
        because,
        words: row.words.clone(),
        asked_by: row.asked_by_words.clone(),
        asked_at: row.asked_at.to_string(),
        sent_at: row.sent_at.map(|at| at.to_string()),
        ended_at: row.ended_at.map(|at| at.to_string()),
    }
}
