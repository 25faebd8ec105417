//! Listings for the tests of writes: what is listed, and batches that change it.

use connectors::{Batch, ListingRow, Reply, Request, Run, Step, Trouble};
use model::{Barcode, Listing, Money, Title, WriteMode};

use crate::desk::{account, batch as levels, fixture, item, reply, square};

pub fn eur(minor: i64) -> Option<Money> {
    Some(Money { minor, currency: account().currency })
}

pub fn listing(title: &str, price: Option<Money>, barcode: &str) -> Listing {
    let barcodes = [barcode].iter().filter(|code| !code.is_empty()).map(|code| Barcode::new(code)).collect();
    Listing { title: Title::new(title), price, tax_inclusive: false, barcodes }
}

/// What `catalog_batch.json` lists.
fn shown() -> [(&'static str, Listing); 3] {
    [
        ("VARCUPBLUE", listing("Cup (Blue)", eur(500), "560000000011")),
        ("VARTEA", listing("Tea", None, "")),
        ("VARBAG", listing("Bag (Green)", eur(900), "")),
    ]
}

/// The batch that makes `change` of what is listed.
pub fn batch(change: impl Fn(&mut [Listing; 3])) -> Batch {
    let mut wanted = shown().map(|(_, listing)| listing);
    change(&mut wanted);
    let row = |((id, from), to)| ListingRow { external: item(id), aliases: Vec::new(), from, to };
    let listings = shown().into_iter().zip(wanted).map(row).collect();
    Batch { listings, ..levels(WriteMode::List, &[]) }
}

pub fn step(batch: &Batch, first: bool, replies: &[Reply]) -> Result<Step, Trouble> {
    let body = square().compose(batch).expect("it can be said");
    square().step(batch, &body, &account(), &Run { first, replies })
}

pub fn sent(batch: &Batch, replies: &[Reply]) -> Request {
    match step(batch, true, replies).expect("no trouble") {
        Step::Send(request) => *request,
        Step::Settled(outcomes) => panic!("settled: {outcomes:?}"),
    }
}

pub fn read() -> Reply {
    reply(200, &fixture("catalog_batch"))
}
