//! Listings: one change of an item for each, with only the fields that differ. Doing one twice changes nothing, so a run
//! that is begun anew simply begins anew.

use model::{Note, Outcome};

use super::plan::{Plan, PlanListing};
use crate::lightspeed_r::http_request::{DRIP, NESTED, put};
use crate::lightspeed_r::tape::{Pause, Tape};
use crate::lightspeed_r::{paging, trouble};
use crate::{Account, Reply, Request, Trouble, Unsendable};

/// What became of each listing.
///
/// # Errors
/// When there is a request to send, or the last reply puts off, denies or fails the run.
pub(super) fn carry(plan: &Plan, account: &Account, mut tape: Tape<'_>) -> Result<Vec<Outcome>, Pause> {
    plan.listings.iter().map(|listing| one(listing, account, &mut tape)).collect()
}

fn one(listing: &PlanListing, account: &Account, tape: &mut Tape<'_>) -> Result<Outcome, Pause> {
    if listing.fields.is_empty() {
        return Ok(Outcome::Done { after: None });
    }
    if !listing.currency.is_empty() && listing.currency != account.currency.code() {
        let because = format!("it is priced in {}, this account in {}", listing.currency, account.currency.code());
        return Ok(Outcome::Never { because: Note::new(&because) });
    }
    let reply = tape.play(request(listing, account))?;
    judge(reply).map_err(Pause::Stop)
}

fn request(listing: &PlanListing, account: &Account) -> Result<Request, Unsendable> {
    let body = serde_json::to_vec(&listing.fields).map_err(|_| Unsendable::Impossible("be sent this as JSON"))?;
    let nested = if listing.fields.contains_key("Prices") { NESTED } else { 0 };
    put(account, &paging::one(account, "Item", &listing.item)?, body, DRIP + nested)
}

fn judge(reply: &Reply) -> Result<Outcome, Trouble> {
    match trouble::check(reply, "employee:inventory") {
        Ok(()) => Ok(Outcome::Done { after: None }),
        // Somebody else is changing the item at this moment.
        Err(Trouble::Refused { .. }) if reply.status == 409 => Ok(Outcome::Again),
        Err(Trouble::Refused { reason }) => Ok(Outcome::Never { because: Note::new(&reason) }),
        Err(Trouble::Garbled { .. }) => Ok(Outcome::Unknown),
        Err(trouble @ (Trouble::Throttled { .. } | Trouble::Denied { .. } | Trouble::Failed { .. })) => Err(trouble),
    }
}
