//! What the one who is being answered may change, for the place where commands are decided.
//!
//! The gate says who it is; handlers make commands without thinking of it; [`Bounds::hold`] looks at every one of them
//! before it is decided. So no handler can forget that somebody is for one store only.

use std::future::Future;
use std::sync::Arc;

use access::{Place, Principal, Scope};
use flow::State;
use model::{Act, Action, Answer, LocationId, LocationName, Note, StockRule, TransferId, TransferPut, TransferStep};

use super::Doorkeeper;

tokio::task_local! {
    static BOUNDS: Bounds;
}

/// Who is being answered.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    doorkeeper: Arc<Doorkeeper>,
    principal: Arc<Principal>,
}

/// Something is done where the caller is not for: the store's name, or that it is about all stores.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("you are for other stores, and this is about {0}")]
pub(crate) struct Elsewhere(pub String);

impl Bounds {
    /// Of somebody.
    pub(crate) fn new(doorkeeper: &Arc<Doorkeeper>, principal: &Arc<Principal>) -> Self {
        Self { doorkeeper: Arc::clone(doorkeeper), principal: Arc::clone(principal) }
    }

    /// Answers within these bounds.
    pub(crate) async fn around<T>(self, answer: impl Future<Output = T>) -> T {
        BOUNDS.scope(self, answer).await
    }

    /// Of whoever is being answered now; `None` outside the gates, where nobody is.
    pub(crate) fn here() -> Option<Self> {
        BOUNDS.try_with(Self::clone).ok()
    }

    /// Refuses what is about a store that is not theirs.
    pub(crate) fn hold(&self, state: &State, action: &Action) -> Result<(), Elsewhere> {
        if !self.principal.of_stores() {
            return Ok(());
        }
        let everywhere = || Elsewhere("all of them".to_owned());
        let places = places(state, action).ok_or_else(everywhere)?;
        if places.is_empty() {
            return Err(everywhere());
        }
        for place in places {
            let name = state.catalogue().location(place).map(|location| location.name.to_string());
            let name = name.ok_or_else(everywhere)?;
            let at = Place { store: Some(&name), channel: None };
            let may = |scope| self.doorkeeper.rules.may(&self.principal, scope, at);
            if ![Scope::StockWrite, Scope::ReservationsWrite, Scope::ApprovalsWrite].into_iter().any(may) {
                return Err(Elsewhere(name));
            }
        }
        Ok(())
    }
}

/// Where an action takes place; `None` when it is about more than stores. Whatever is not named here is about all of
/// them: an action that is new is closed to those who are for one store, until somebody says where it takes place.
fn places(state: &State, action: &Action) -> Option<Vec<LocationId>> {
    let places = match action {
        Action::Adjust { adjustment, .. } => vec![adjustment.location],
        Action::Count { count, .. } => vec![count.location],
        Action::Receive { receipt, .. } => vec![receipt.location],
        Action::PutRule(StockRule::Safety { location, .. }) => vec![*location],
        Action::Reserve(reserve) => reserve.lines.iter().map(|line| line.location).collect(),
        Action::Extend { reservation, .. } | Action::Commit { reservation } | Action::Release { reservation, .. } => {
            // What does not exist is the engine's to refuse, at any place of theirs or none.
            state.reservations().get(*reservation)?.lines.iter().map(|line| line.location).collect()
        }
        Action::Transfer { step, .. } => match step {
            // Whoever drafts or ships sends away what is theirs.
            TransferStep::Draft { from, .. } => vec![*from],
            TransferStep::Ship { transfer } => vec![drafted(state, *transfer)?.from],
            TransferStep::Receive { transfer, .. } | TransferStep::Close { transfer } => {
                vec![drafted(state, *transfer)?.to]
            }
        },
        Action::Answer { id, answer } => {
            let acts = &state.governance().waiting(*id)?.proposed.proposal.acts;
            let instead = match answer {
                Answer::Approved(approval) => approval.instead.as_deref().unwrap_or_default(),
                _ => &[],
            };
            all_places(acts.iter().chain(instead))?
        }
        Action::Snooze { id, .. } => all_places(&state.governance().waiting(*id)?.proposed.proposal.acts)?,
        Action::Undo { id, .. } => all_places(state.governance().done(*id)?.acts.iter().map(|done| &done.act))?,
        Action::PutBrake { scope, .. } => {
            let named = |name: &Note| state.catalogue().location_named(&LocationName::new(name.as_str()));
            scope.stores.iter().map(|name| named(name).map(|put| put.location)).collect::<Option<_>>()?
        }
        _ => return None,
    };
    Some(places)
}

/// Where acts take place; `None` when one of them is about more than stores.
fn all_places<'a>(acts: impl IntoIterator<Item = &'a Act>) -> Option<Vec<LocationId>> {
    let places = acts.into_iter().map(|act| match act {
        Act::SetSafety { location, .. } | Act::OverrideCount { location, .. } | Act::WriteHeld { location, .. } => {
            Some(vec![*location])
        }
        Act::Purchase { purchase, .. } => Some(vec![purchase.location]),
        Act::Transfer { from, to, .. } => Some(vec![*from, *to]),
        Act::SetBuffer { .. } | Act::LinkCustomers { .. } | Act::MapItem { .. } | Act::SetPrice { .. } => None,
    });
    places.collect::<Option<Vec<_>>>().map(|places| places.concat())
}

fn drafted(state: &State, transfer: TransferId) -> Option<&TransferPut> {
    state.transfers().find(|put| put.transfer == transfer)
}
