//! A caller of the hub's API who asks again, with the same key, until he is answered.

use std::collections::BTreeMap;

use flow::{Clock, FlowError};
use model::{
    Action, Adjustment, Change, Demand, IdempotencyKey, ItemId, LocationId, LocationName, Note, Quantity, Refusal,
    ReservationId, Reserve, Sku,
};

use super::Run;
use crate::SimError;
use crate::traffic::Ask;

/// How long a lasting promise holds, and one that is left to lapse, in milliseconds.
const LASTING_MS: i64 = 48 * 3_600_000;
const LAPSING_MS: i64 = 20_000;

/// What the caller knows of his promises, and what he was not answered.
#[derive(Debug, Default)]
pub(super) struct Promises {
    /// By key: what and where.
    made: BTreeMap<String, (String, String, u32)>,
    unanswered: Vec<Ask>,
}

impl Run {
    pub(super) async fn ask(&mut self, ask: Ask) -> Result<(), SimError> {
        let Some(action) = self.action(&ask).await? else { return Ok(()) };
        self.try_once(ask, action, Times::First).await
    }

    /// Asks everything again that was not answered.
    pub(super) async fn answer_all(&mut self) -> Result<(), SimError> {
        for ask in std::mem::take(&mut self.promises.unanswered) {
            // A promise that is no longer there was committed or given back by the first request.
            match self.action(&ask).await? {
                Some(action) => self.try_once(ask, action, Times::Again).await?,
                None => self.done(&ask),
            }
        }
        Ok(())
    }

    async fn try_once(&mut self, ask: Ask, action: Action, times: Times) -> Result<(), SimError> {
        let available = self.available(&ask).await?;
        match self.world.hub()?.ask(&self.world.clock, action).await {
            Ok(Ok(())) => {
                self.must_have_been_there(&ask, available, times);
                self.done(&ask);
            }
            Ok(Err(Refusal::NotAvailable { asked, available, .. })) if asked <= available => {
                self.findings.push(format!("{ask:?} was refused although {available} are available"));
            }
            Ok(Err(_)) => {
                if times == Times::Again && matches!(ask, Ask::Commit { .. } | Ask::Release { .. }) {
                    self.done(&ask);
                }
            }
            Err(FlowError::Refused(_)) => {}
            // Not acknowledged: it may or may not have been done.
            Err(FlowError::Stopped | FlowError::Busy | FlowError::Store(_)) => self.promises.unanswered.push(ask),
        }
        Ok(())
    }

    /// A promise is made only of what can be promised.
    fn must_have_been_there(&mut self, ask: &Ask, available: Option<Quantity>, times: Times) {
        if let (Ask::Reserve { units, .. }, Some(available), Times::First) = (ask, available, times)
            && Quantity::units(*units) > available
        {
            self.findings.push(format!("{ask:?} was promised although only {available} were available"));
        }
    }

    fn done(&mut self, ask: &Ask) {
        self.accepted += 1;
        match ask {
            Ask::Reserve { key, sku, location, units, lasting } => {
                self.promises.made.insert(key.clone(), (sku.clone(), location.clone(), *units));
                if *lasting {
                    self.traffic.promised(key);
                }
            }
            Ask::Commit { key } => {
                if let Some((sku, location, units)) = self.promises.made.remove(key) {
                    self.toy.moved(&sku, &location, -Quantity::units(units).parts());
                }
            }
            Ask::Release { key } => drop(self.promises.made.remove(key)),
            Ask::Adjust { sku, location, units, .. } => self.toy.moved(sku, location, Change::units(*units).parts()),
        }
    }

    async fn available(&self, ask: &Ask) -> Result<Option<Quantity>, SimError> {
        let Ask::Reserve { sku, location, .. } = ask else { return Ok(None) };
        let Some((item, place)) = self.place(sku, location).await? else { return Ok(None) };
        self.world.hub()?.read(move |state| Some(state.available_at(item, place))).await
    }

    async fn place(&self, sku: &str, location: &str) -> Result<Option<(ItemId, LocationId)>, SimError> {
        let (sku, location) = (Sku::new(sku), LocationName::new(location));
        let find = move |state: &flow::State| {
            let item = state.catalogue().sku(&sku).map(|item| item.item);
            item.zip(state.catalogue().location_named(&location).map(|location| location.location))
        };
        self.world.hub()?.read(find).await
    }

    async fn reservation(&self, key: &str) -> Result<Option<ReservationId>, SimError> {
        let key = IdempotencyKey::new(key);
        let live = move |state: &flow::State| {
            let id = state.reservations().by_key(&key)?;
            state.reservations().get(id).map(|_| id)
        };
        self.world.hub()?.read(live).await
    }

    /// The command; `None` when there is nothing it could be about.
    async fn action(&self, ask: &Ask) -> Result<Option<Action>, SimError> {
        Ok(match ask {
            Ask::Reserve { key, sku, location, units, lasting } => {
                let ms = if *lasting { LASTING_MS } else { LAPSING_MS };
                self.place(sku, location).await?.map(|(item, location)| {
                    Action::Reserve(Reserve {
                        key: Some(IdempotencyKey::new(key)),
                        lines: vec![Demand { item, location, quantity: Quantity::units(*units) }],
                        expires_at: self.world.clock.now().plus_ms(ms),
                        note: Note::new("sim"),
                    })
                })
            }
            Ask::Commit { key } => self.reservation(key).await?.map(|reservation| Action::Commit { reservation }),
            Ask::Release { key } => {
                let reason = Note::new("sim");
                self.reservation(key).await?.map(|reservation| Action::Release { reservation, reason })
            }
            Ask::Adjust { key, sku, location, units } => self.place(sku, location).await?.map(|(item, location)| {
                let (change, reason) = (Change::units(*units), Note::new("sim"));
                let adjustment = Adjustment { item, location, change, unsellable: false, reason };
                Action::Adjust { key: Some(IdempotencyKey::new(key)), adjustment }
            }),
        })
    }
}

/// Whether a request was made before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    First,
    Again,
}
