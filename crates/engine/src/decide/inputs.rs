//! Deliveries, notices, what was set aside, customers, and the record of the decision endpoint.

use model::{
    ChannelId, Cursor, CustomerPut, CustomerSeen, Decided, DecisionAsk, DeliveryKey, Fact, Note, NoticeAbout, Personal,
    QuarantineId, Quarantined, RawName, Refusal,
};

use crate::state::State;

pub(super) fn delivered(
    state: &State,
    channel: ChannelId,
    delivery: DeliveryKey,
    raw: Option<RawName>,
    notices: &[NoticeAbout],
) -> Result<Vec<Fact>, Refusal> {
    if state.was_delivered(delivery) {
        return Ok(Vec::new());
    }
    let mut facts = vec![Fact::Delivered { channel, delivery, raw }];
    for about in notices {
        facts.extend(notice(state, channel, about));
    }
    Ok(facts)
}

pub(super) fn notice(state: &State, channel: ChannelId, about: &NoticeAbout) -> Vec<Fact> {
    if state.notices.contains_key(&(channel, about.clone())) {
        return Vec::new();
    }
    vec![Fact::Noticed { channel, about: about.clone() }]
}

pub(super) fn notice_done(state: &State, channel: ChannelId, about: &NoticeAbout) -> Vec<Fact> {
    if !state.notices.contains_key(&(channel, about.clone())) {
        return Vec::new();
    }
    vec![Fact::NoticeDone { channel, about: about.clone() }]
}

pub(super) fn move_cursor(state: &State, channel: ChannelId, cursor: &Cursor) -> Vec<Fact> {
    if state.cursor(channel).as_ref() == Some(cursor) {
        Vec::new()
    } else {
        vec![Fact::CursorMoved { channel, cursor: cursor.clone() }]
    }
}

pub(super) fn quarantine(
    state: &State,
    channel: ChannelId,
    delivery: Option<DeliveryKey>,
    raw: Option<RawName>,
    kind: &Note,
    reason: &Note,
) -> Vec<Fact> {
    if delivery.is_some_and(|delivery| state.was_delivered(delivery)) {
        return Vec::new();
    }
    let put = Quarantined {
        id: QuarantineId(state.quarantine_last + 1),
        channel,
        document: None,
        raw,
        kind: kind.clone(),
        reason: reason.clone(),
        waits_for: None,
        waits_at: None,
    };
    let mut facts: Vec<Fact> =
        delivery.map(|delivery| Fact::Delivered { channel, delivery, raw }).into_iter().collect();
    facts.push(Fact::Quarantined(put));
    facts
}

pub(super) fn close_quarantine(state: &State, id: QuarantineId, reason: &Note) -> Result<Vec<Fact>, Refusal> {
    if state.quarantined(id).is_none() {
        return Err(Refusal::Unknown { what: id.to_string() });
    }
    Ok(vec![Fact::QuarantineClosed { id, reason: reason.clone() }])
}

pub(super) fn customer_seen(state: &State, seen: &CustomerSeen) -> Result<Vec<Fact>, Refusal> {
    let key = (seen.channel, seen.customer.clone());
    let mut facts = notice_done(state, seen.channel, &NoticeAbout::Customer(seen.customer.clone()));
    if state.customers.get(&key).is_none_or(|known| seen.version > *known) {
        let person = match &seen.person {
            None => None,
            Some(Personal::Sealed(sealed)) => Some(sealed.clone()),
            Some(Personal::Plain(_)) => return Err(not_sealed()),
        };
        facts.push(Fact::CustomerPut(CustomerPut {
            channel: seen.channel,
            customer: seen.customer.clone(),
            version: seen.version,
            person,
        }));
    }
    Ok(facts)
}

/// Personal fields reach the engine sealed or not at all.
pub(super) fn not_sealed() -> Refusal {
    Refusal::Invalid { field: "person", problem: "personal fields must be sealed before anything is decided".into() }
}

pub(super) fn decision(state: &State, ask: &DecisionAsk) -> Result<Vec<Fact>, Refusal> {
    super::catalogue::must_know(state, ask.item, Some(ask.location))?;
    let decided = Decided {
        item: ask.item,
        channel: ask.channel,
        location: ask.location,
        change: ask.change,
        action: ask.action,
        source: ask.source,
        reasons: ask.reasons.clone(),
        happened_at: ask.happened_at,
        key: ask.key.clone(),
        answer: ask.answer.clone(),
    };
    // The answer was worked out from a state that moves on, so the question alone makes two asks the same.
    let Some(key) = &ask.key else { return Ok(vec![Fact::Decided(Box::new(decided))]) };
    let question = format!("{:?}", (ask.item, ask.change, ask.channel, ask.location, ask.happened_at));
    let asked = model::stable_hash(&[b"decide", question.as_bytes()]);
    match state.keys.get(key) {
        Some(known) if *known == asked => Ok(Vec::new()),
        Some(_) => Err(Refusal::KeyReused),
        None => Ok(vec![Fact::KeyUsed { key: key.clone(), asked }, Fact::Decided(Box::new(decided))]),
    }
}
