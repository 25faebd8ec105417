//! Listings for the tests of writes: what is listed, and batches that change it.

use connectors::{Batch, ListingRow, Reply, Request, Run, Step, Trouble};
use model::{Barcode, Currency, Instant, Listing, Money, Title, WriteMode};

use super::play::{account, fixture, reply, shopify};

pub fn gbp() -> Currency {
    Currency::parse("GBP").expect("code")
}

pub fn listing(title: &str, pence: i64, barcode: &str) -> Listing {
    Listing {
        title: Title::new(title),
        price: Some(Money { minor: pence, currency: gbp() }),
        tax_inclusive: true,
        barcodes: [barcode].iter().filter(|code| !code.is_empty()).map(|code| Barcode::new(code)).collect(),
    }
}

/// What `listings.json` lists.
fn shown() -> [Listing; 4] {
    [
        listing("Teapot", 1250, "5012345678900"),
        listing("Cup - Blue", 425, ""),
        listing("Cup - Red", 425, ""),
        listing("Wrapping - Gold", 200, ""),
    ]
}

/// The batch that makes `change` of what is listed.
pub fn batch(change: impl Fn(&mut [Listing; 4])) -> Batch {
    let mut wanted = shown();
    change(&mut wanted);
    let row = |(index, (from, to)): (usize, (Listing, Listing))| ListingRow {
        external: format!("4519000{}", index + 1).as_str().into(),
        aliases: vec![format!("variant:4309000{}", index + 1).as_str().into()],
        from,
        to,
    };
    let listings = shown().into_iter().zip(wanted).enumerate().map(row).collect();
    Batch { mode: WriteMode::List, key: "w:18".to_owned(), dated: Instant(0), rows: Vec::new(), listings }
}

pub fn step(batch: &Batch, first: bool, replies: &[Reply]) -> Result<Step, Trouble> {
    let body = shopify().compose(batch).expect("it can be said");
    shopify().step(batch, &body, &account(), &Run { first, replies })
}

pub fn sent(batch: &Batch, replies: &[Reply]) -> Request {
    match step(batch, true, replies).expect("no trouble") {
        Step::Send(request) => *request,
        Step::Settled(outcomes) => panic!("settled: {outcomes:?}"),
    }
}

pub fn looked() -> Reply {
    reply(200, &fixture("listings.json"))
}
