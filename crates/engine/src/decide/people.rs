//! Customer records that a person says are one, and questions that nobody wants to be asked again. Records are known by
//! their platform's id alone: what stands in them is sealed and never looked at here.

use model::{CustomerAt, Erased, Fact, MappingQuestion, Refusal};

use super::mapping::must_know_channel;
use crate::state::State;

pub(super) fn link(state: &State, one: &CustomerAt, other: &CustomerAt) -> Result<Vec<Fact>, Refusal> {
    let (one, other) = CustomerAt::pair(one.clone(), other.clone());
    if one == other {
        return Err(Refusal::Invalid { field: "other", problem: "is the same record; name two".into() });
    }
    must_know_customer(state, &one)?;
    must_know_customer(state, &other)?;
    let linked = state.links().holds(&one, &other);
    Ok(if linked { Vec::new() } else { vec![Fact::CustomersLinked { one, other }] })
}

pub(super) fn unlink(state: &State, one: &CustomerAt, other: &CustomerAt) -> Vec<Fact> {
    let (one, other) = CustomerAt::pair(one.clone(), other.clone());
    let linked = state.links().holds(&one, &other);
    if linked { vec![Fact::CustomersUnlinked { one, other }] } else { Vec::new() }
}

pub(super) fn erase(state: &State, erased: &Erased) -> Result<Vec<Fact>, Refusal> {
    must_know_channel(state, erased.channel)?;
    Ok(vec![Fact::Erased(Box::new(erased.clone()))])
}

fn must_know_customer(state: &State, at: &CustomerAt) -> Result<(), Refusal> {
    must_know_channel(state, at.channel)?;
    let known = state.customers.contains_key(&(at.channel, at.customer.clone()));
    let name = || state.catalogue.channel(at.channel).map_or_else(String::new, |channel| channel.name.to_string());
    if known { Ok(()) } else { Err(Refusal::Unknown { what: format!("customer {} of {}", at.customer, name()) }) }
}

pub(super) fn dismiss(state: &State, question: &MappingQuestion) -> Result<Vec<Fact>, Refusal> {
    let question = ordered(question);
    must_know_channel(state, question.channel())?;
    if state.is_dismissed(&question) {
        return Ok(Vec::new());
    }
    let answered = match &question {
        MappingQuestion::Item { channel, external } => state.catalogue.mapped_item(*channel, external).is_some(),
        MappingQuestion::Location { channel, external } => {
            state.catalogue.mapped_location(*channel, external).is_some()
        }
        MappingQuestion::SameCustomer { one, other } => {
            must_know_customer(state, one)?;
            must_know_customer(state, other)?;
            state.links().are_one(one, other)
        }
    };
    if answered {
        return Err(Refusal::NotNow { what: "this question was answered; take the answer away first".into() });
    }
    Ok(vec![Fact::QuestionDismissed { question }])
}

pub(super) fn reopen(state: &State, question: &MappingQuestion) -> Vec<Fact> {
    let question = ordered(question);
    if !state.is_dismissed(&question) {
        return Vec::new();
    }
    let (channel, about) = match &question {
        MappingQuestion::Item { channel, .. } => (*channel, Some(model::NoticeAbout::Catalogue)),
        MappingQuestion::Location { channel, .. } => (*channel, Some(model::NoticeAbout::Locations)),
        MappingQuestion::SameCustomer { one, .. } => (one.channel, None),
    };
    // It may have changed over there while nobody asked.
    let notice = about.map(|about| super::inputs::notice(state, channel, &about)).unwrap_or_default();
    std::iter::once(Fact::QuestionReopened { question }).chain(notice).collect()
}

/// With the lesser of two customers first, whichever way round it was asked.
fn ordered(question: &MappingQuestion) -> MappingQuestion {
    match question {
        MappingQuestion::SameCustomer { one, other } => MappingQuestion::same_customer(one.clone(), other.clone()),
        MappingQuestion::Item { .. } | MappingQuestion::Location { .. } => question.clone(),
    }
}
