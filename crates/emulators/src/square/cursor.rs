//! Opaque cursors, bound to the body of the call that began the listing.
//!
//! Used by every paged endpoint. A cursor holds a place (two integers and a length of keys the listing knows how to
//! read) and a fingerprint, so that a cursor sent with another body is refused, as the vendor demands.

use super::idempotency::fingerprint;
use super::wire::Refused;
use crate::machine::Millis;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// A place in a listing: the next element is the first one after it.
pub type Place = (i64, u64);

/// Makes the cursor that goes on after `place`.
pub fn write(body: &Value, place: Place) -> String {
    let mut bytes = Vec::with_capacity(24);
    bytes.extend_from_slice(&bound(body).to_be_bytes());
    bytes.extend_from_slice(&place.0.to_be_bytes());
    bytes.extend_from_slice(&place.1.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Where to go on; `None` at the beginning.
///
/// # Errors
/// `INVALID_CURSOR` when it was not made here or the rest of the body is not the one it was made for.
pub fn read(body: &Value) -> Result<Option<Place>, Refused> {
    let Some(cursor) = body.get("cursor").and_then(Value::as_str).filter(|cursor| !cursor.is_empty()) else {
        return Ok(None);
    };
    let bytes: [u8; 24] =
        URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad)?;
    let word = |at: usize| u64::from_be_bytes(std::array::from_fn(|index| bytes[at + index]));
    if word(0) != bound(body) {
        return Err(bad());
    }
    Ok(Some((word(8).cast_signed(), word(16))))
}

/// Where to go on in an index that is walked between two times: a place outside of them was not made here.
///
/// # Errors
/// As [`read`].
pub fn read_between(body: &Value, from: Millis, until: Millis) -> Result<Option<(Millis, usize)>, Refused> {
    match read(body)? {
        Some((at, _)) if !(from..=until).contains(&at) => Err(bad()),
        place => Ok(place.map(|(at, index)| (at, usize::try_from(index).unwrap_or(usize::MAX)))),
    }
}

fn bad() -> Refused {
    Refused::field("INVALID_CURSOR", "cursor", "The cursor is not valid for this request.")
}

/// The fingerprint of the body without its cursor.
fn bound(body: &Value) -> u64 {
    let mut rest = body.clone();
    if let Some(fields) = rest.as_object_mut() {
        fields.remove("cursor");
    }
    fingerprint(&rest)
}
