//! `GET /v1/audit/head`: where the journal stands, to be compared with a copy or an earlier answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::Door;
use super::problem::ApiError;

/// Where the journal stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeadOut {
    /// Number of the last durable fact; 0 before the first.
    seq: u64,
    /// Hash over everything up to it, in hexadecimal.
    chain: String,
    /// BLAKE3 of the state after fact `state_seq`, in hexadecimal.
    state_hash: String,
    /// The fact after which the state was hashed.
    state_seq: u64,
}

/// Head of the journal: number, chain and hash of the state.
#[utoipa::path(get, path = "/v1/audit/head", tag = "audit",
    responses((status = 200, description = "The head", body = HeadOut)))]
pub(crate) async fn head(State(door): State<Arc<Door>>) -> Result<Json<HeadOut>, ApiError> {
    // In a batch the state runs ahead of the journal, so both numbers are told. The state is written out on the
    // keeper's thread and hashed here.
    let (head, seq, bytes) =
        door.hub.flow.look(|desk| (desk.head(), desk.state().seq(), desk.state().snapshot())).await?;
    Ok(Json(HeadOut {
        seq: head.next.0.saturating_sub(1),
        chain: head.chain.to_string(),
        state_hash: blake3::hash(&bytes).to_hex().to_string(),
        state_seq: seq.0,
    }))
}
