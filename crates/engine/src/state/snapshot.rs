//! The state as bytes, in one canonical order: for snapshots, and for the hash by which two states are compared.

use std::collections::{BTreeMap, VecDeque};

use minicbor::Decoder;
use model::{DeliveryKey, IdempotencyKey, Instant, MappingQuestion, TransferPut};

use super::{Catalogue, Links, Listings, Map, Orders, Positions, Reservations, Shown, State};

/// Format of a snapshot; another one is not read but rebuilt from the journal.
const FORMAT: u32 = 5;

/// Why a snapshot could not be used. The journal can rebuild it.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Written by another version of the program.
    #[error("snapshot format {found} is not {FORMAT}")]
    Format {
        /// Format found.
        found: u32,
    },
    /// Not a snapshot.
    #[error("not a snapshot of the state")]
    Damaged(#[from] minicbor::decode::Error),
}

impl State {
    /// The whole state as bytes. Equal states give equal bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 << 20);
        let delivered: Vec<&(Instant, DeliveryKey)> = self.delivered.iter().collect();
        let keyed: Vec<(&Instant, &IdempotencyKey, u64)> =
            self.keyed.iter().map(|(at, key)| (at, key, self.keys.get(key).copied().unwrap_or_default())).collect();
        let mut decisions: Vec<_> = self.decisions.iter().map(|(k, (h, a, n))| (k, *h, *a, n)).collect();
        decisions.sort_unstable_by(|a, b| a.0.cmp(b.0));
        let recent: Vec<_> = self.recent.iter().collect();
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(FORMAT, &mut out);
        let _ =
            minicbor::encode((self.now, self.seq, self.quarantine_last, self.write_last, self.transfer_last), &mut out);
        self.catalogue.encode(&mut out);
        self.positions.encode(&mut out);
        self.shown.encode(&mut out);
        self.listings.encode(&mut out);
        self.orders.encode(&mut out);
        self.reservations.encode(&mut out);
        let _ = minicbor::encode(&delivered, &mut out);
        let _ = minicbor::encode(&keyed, &mut out);
        let _ = minicbor::encode(&decisions, &mut out);
        let _ = minicbor::encode(&self.notices, &mut out);
        let _ = minicbor::encode(&self.cursors, &mut out);
        let _ = minicbor::encode(&self.quarantine, &mut out);
        let _ = minicbor::encode(&self.in_flight, &mut out);
        let _ = minicbor::encode(&self.transfers, &mut out);
        let _ = minicbor::encode(&recent, &mut out);
        let _ = minicbor::encode(&self.customers, &mut out);
        let _ = minicbor::encode((&self.instructions, self.instruction_last), &mut out);
        self.links.encode(&mut out);
        let _ = minicbor::encode(self.dismissed.iter().collect::<Vec<_>>(), &mut out);
        out
    }

    /// BLAKE3 of [`snapshot`](Self::snapshot).
    pub fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.snapshot()).as_bytes()
    }

    /// The state a snapshot was taken of.
    ///
    /// # Errors
    /// When the bytes are no snapshot of this format.
    pub fn restore(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let d = &mut Decoder::new(bytes);
        let format: u32 = d.decode()?;
        if format != FORMAT {
            return Err(SnapshotError::Format { found: format });
        }
        let mut state = Self::default();
        (state.now, state.seq, state.quarantine_last, state.write_last, state.transfer_last) = d.decode()?;
        state.catalogue = Catalogue::decode(d)?;
        state.positions = Positions::decode(d)?;
        state.shown = Shown::decode(d)?;
        state.listings = Listings::decode(d)?;
        state.orders = Orders::decode(d)?;
        state.reservations = Reservations::decode(d)?;
        state.delivered = VecDeque::from(d.decode::<Vec<(Instant, DeliveryKey)>>()?);
        state.deliveries = state.delivered.iter().map(|(_, key)| (*key, ())).collect();
        for (at, key, asked) in d.decode::<Vec<(Instant, IdempotencyKey, u64)>>()? {
            state.keys.insert(key.clone(), asked);
            state.keyed.push_back((at, key));
        }
        state.decisions = decisions(d)?;
        state.notices = d.decode()?;
        state.cursors = d.decode()?;
        state.quarantine = d.decode()?;
        state.in_flight = d.decode()?;
        state.transfers = d.decode::<BTreeMap<model::TransferId, TransferPut>>()?;
        state.recent = VecDeque::from(d.decode::<Vec<super::Recent>>()?);
        state.customers = d.decode()?;
        (state.instructions, state.instruction_last) = d.decode()?;
        state.links = Links::decode(d)?;
        state.dismissed = d.decode::<Vec<MappingQuestion>>()?.into_iter().collect();
        for (channel, item) in state.listings.keys() {
            let due = state.listing_due(channel, item);
            state.listings.set_due(channel, item, due);
        }
        state.touched.all = true;
        Ok(state)
    }
}

type Decisions = Map<IdempotencyKey, (u64, model::DecisionAction, model::Note)>;

fn decisions(d: &mut Decoder<'_>) -> Result<Decisions, minicbor::decode::Error> {
    let rows: Vec<(IdempotencyKey, u64, model::DecisionAction, model::Note)> = d.decode()?;
    Ok(rows.into_iter().map(|(key, asked, action, answer)| (key, (asked, action, answer))).collect())
}
