//! Is a delivery genuine? Called through the `Connector` before anything in the body is believed.
//!
//! <https://developer.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview>: the Standard Webhooks scheme,
//! with the app's client secret as it is for a key. Hooks of some stores come unsigned; these are believed when they
//! carry the secret header that we asked for when we subscribed.

use aws_lc_rs::{constant_time, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

use crate::{Delivery, Forged, Secret, Verified};

/// Names the delivery; the same on every repetition.
pub(super) const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
/// Ours: asked for in the subscription, sent back with every delivery.
pub(super) const SECRET: &str = "x-lockstep-secret";
/// Seconds a delivery may be older or younger than now.
const TOLERANCE_S: i64 = 300;

/// Judges the exact bytes. A delivery with any of the three signature headers has to have all of them and fit.
///
/// # Errors
/// When no secret fits, a header is missing, doubled or out of form, or the delivery is older than five minutes.
pub(super) fn verify<'a>(delivery: Delivery<'a>, secrets: &[Secret]) -> Result<Verified<'a>, Forged> {
    // An empty key would let everybody sign.
    let secrets: Vec<&Secret> = secrets.iter().filter(|secret| !secret.expose().is_empty()).collect();
    if secrets.is_empty() {
        return Err(Forged::NoSecret);
    }
    if delivery.body.is_empty() {
        return Err(Forged::Empty);
    }
    let signed = [ID, TIMESTAMP, SIGNATURE].iter().any(|name| delivery.headers.contains_key(*name));
    if signed {
        by_signature(&delivery, &secrets)?
    } else {
        by_header(&delivery, &secrets)?
    }
    // An id may end in something like a time, so that bytes could be moved between the signed parts; never so that the
    // body is still an object.
    let object = delivery.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if object { Ok(Verified::proven(delivery)) } else { Err(Forged::Mismatch) }
}

/// The one value of a header. Several leave open which of them was meant.
pub(super) fn only<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h [u8], Forged> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(Forged::Missing { header: name })?;
    if values.next().is_some() { Err(Forged::Malformed { header: name }) } else { Ok(value.as_bytes()) }
}

fn by_signature(delivery: &Delivery<'_>, secrets: &[&Secret]) -> Result<(), Forged> {
    let id = only(delivery.headers, ID)?;
    let timestamp = only(delivery.headers, TIMESTAMP)?;
    let signatures = only(delivery.headers, SIGNATURE)?;
    if id.is_empty() {
        return Err(Forged::Malformed { header: ID });
    }
    let at_s = seconds(timestamp).ok_or(Forged::Malformed { header: TIMESTAMP })?;
    let tags = tags(signatures).ok_or(Forged::Malformed { header: SIGNATURE })?;
    let message = [id, b".", timestamp, b".", delivery.body].concat();
    let fits = secrets.iter().any(|secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        tags.iter().any(|tag| hmac::verify(&key, &message, tag).is_ok())
    });
    if !fits {
        return Err(Forged::Mismatch);
    }
    let off_s = delivery.at.0.div_euclid(1_000).saturating_sub(at_s);
    if off_s.saturating_abs() > TOLERANCE_S {
        return Err(Forged::Stale { off_s, allowed_s: TOLERANCE_S });
    }
    Ok(())
}

fn by_header(delivery: &Delivery<'_>, secrets: &[&Secret]) -> Result<(), Forged> {
    let told = match only(delivery.headers, SECRET) {
        Ok(told) => told,
        // The usual way is a signature; that is what is missing.
        Err(Forged::Missing { .. }) => return Err(Forged::Missing { header: SIGNATURE }),
        Err(error) => return Err(error),
    };
    let same = |secret: &&Secret| constant_time::verify_slices_are_equal(secret.expose().as_bytes(), told).is_ok();
    if secrets.iter().any(same) { Ok(()) } else { Err(Forged::Mismatch) }
}

/// Digits only: a sign, a fraction or a space would be another text with the same meaning.
fn seconds(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The `v1` signatures among those of other schemes; `None` when there is none that can be read.
fn tags(text: &[u8]) -> Option<Vec<Vec<u8>>> {
    let text = std::str::from_utf8(text).ok()?;
    let entries = text.split(' ').filter_map(|entry| entry.strip_prefix("v1,"));
    let tags: Vec<Vec<u8>> = entries.filter_map(|entry| STANDARD.decode(entry).ok()).collect();
    (!tags.is_empty()).then_some(tags)
}
