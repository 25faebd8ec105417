//! Documents that Lightspeed is told to make: sales to be picked up, returns, customers, transfers, stock orders.
//!
//! <https://x-series-api.lightspeedhq.com/docs>, read 2026-11-24. Called through `Connector::documents`. A sale carries
//! an id of our making and a customer a code, both unique there; consignments and returns carry the reference and are
//! looked for by it before a later run makes one. Knows no levels and no listings.

mod consignment;
mod customer;
mod desk;
mod refund;
mod sale;
mod shop;

use model::stable_hash;

use crate::{Account, Document, Documents, Made, Making, Run, Trouble, Unsendable};
use desk::{Desk, Stop};

/// How Lightspeed is told to make documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Maker;

impl Documents for Maker {
    fn compose(&self, document: &Document, _account: &Account) -> Result<Vec<u8>, Unsendable> {
        let body = match &document.making {
            Making::Order { location, lines, customer } => sale::body(document, location, lines, customer.as_ref())?,
            Making::Refund { order, lines, restock_at, amount } => {
                refund::body(document, &refund::Asked { order, lines, amount: *amount }, restock_at.as_ref())?
            }
            Making::Customer { customer, person } => customer::body(&document.reference, customer.as_ref(), person)?,
            Making::Transfer { from, to, lines } => consignment::transfer(document, (from, to), lines)?,
            Making::Purchase { supplier, location, lines, expected } => {
                consignment::order(document, supplier, location, lines, *expected)?
            }
        };
        Ok(body.to_string().into_bytes())
    }

    fn step(&self, document: &Document, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble> {
        let mut desk = Desk::new(account, run.replies);
        let body = serde_json::from_slice(body);
        let body = body.map_err(|_| Trouble::Garbled { reason: "the body that was kept is not JSON".to_owned() })?;
        let reference = document.reference.as_str();
        let made = match &document.making {
            Making::Order { location, .. } => sale::make(&mut desk, location, body, run.first),
            Making::Refund { order, lines, restock_at, amount } => {
                let asked = refund::Asked { order, lines, amount: *amount };
                refund::make(&mut desk, reference, &asked, restock_at.as_ref(), body, run.first)
            }
            Making::Customer { customer, .. } => {
                customer::make(&mut desk, reference, customer.as_ref(), &body, run.first)
            }
            Making::Transfer { .. } => consignment::make(&mut desk, reference, None, body, run.first),
            Making::Purchase { supplier, .. } => {
                consignment::make(&mut desk, reference, Some(supplier), body, run.first)
            }
        };
        match made {
            Ok(id) => Ok(Made::Done(id)),
            Err(Stop::Wants(request)) => Ok(Made::Send(request)),
            Err(Stop::Ends(trouble)) => Err(trouble),
        }
    }
}

/// An id of our making: the same reference gives the same, in the form of a UUID of version 8 (RFC 9562).
fn uuid(reference: &str, what: &str) -> String {
    let half = |salt: &str| stable_hash(&[salt.as_bytes(), what.as_bytes(), reference.as_bytes()]);
    let (high, low) = (half("lockstep.1"), half("lockstep.2"));
    format!(
        "{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0x0FFF,
        0x8000 | ((low >> 48) & 0x3FFF),
        low & 0xFFFF_FFFF_FFFF
    )
}

/// What the platform has no call for, for people.
fn cannot<T>(what: &'static str) -> Result<T, Unsendable> {
    Err(Unsendable::Impossible(what))
}

/// An id of the platform, as it goes into a body.
///
/// # Errors
/// When it is none; `row` is the line's place.
fn named<'a>(row: usize, id: &'a str, what: &str) -> Result<&'a str, Unsendable> {
    const LONGEST: usize = 36;
    let fits =
        !id.is_empty() && id.len() <= LONGEST && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let problem = || format!("the {what} is not an id of this platform");
    if fits { Ok(id) } else { Err(Unsendable::Row { row, problem: problem() }) }
}
