//! What channels list of an item: who leads, who follows, what is written and what becomes of it.

use engine::State;
use model::{
    Action, Currency, Fact, Fields, IdempotencyKey, Instant, ItemSeen, Listing, ListingWrite, Money, Note, Outcome,
    Refusal, WriteId, WriteMode,
};

use crate::support::{CAP, Hub, TILLS, WEB, channel, external, read_only};
use model::{ChannelId, Quantity};

const PRICE: Fields = Fields { price: true, ..Fields::NONE };

fn eur(minor: i64) -> Option<Money> {
    Some(Money { minor, currency: Currency::parse("EUR").expect("a code") })
}

fn listing(title: &str, price: Option<Money>) -> Listing {
    Listing { title: title.into(), price, tax_inclusive: true, barcodes: Vec::new() }
}

fn seen(on: ChannelId, title: &str, price: Option<Money>) -> Action {
    Action::ItemSeen(ItemSeen {
        channel: on,
        external: external(on, CAP),
        aliases: Vec::new(),
        sku: "cap".into(),
        title: title.into(),
        barcodes: Vec::new(),
        price,
        tax_inclusive: true,
        tracked: true,
        deleted: false,
    })
}

fn role(on: ChannelId, leading: Fields, following: Fields) -> Action {
    let mut put = channel(on, &[], Quantity::ZERO, false);
    let Action::PutChannel { leads, follows, .. } = &mut put else { panic!("it configures a channel") };
    (*leads, *follows) = (leading, following);
    put
}

/// The web leads in prices, the tills follow; both list the cap for ten euros.
fn hub() -> Hub {
    let mut hub = Hub::new();
    hub.must(role(WEB, PRICE, Fields::NONE));
    hub.must(role(TILLS, Fields::NONE, PRICE));
    hub.must(seen(WEB, "cap", eur(1_000)));
    hub.must(seen(TILLS, "cap", eur(1_000)));
    hub
}

fn due(state: &State, on: ChannelId) -> Vec<model::ItemId> {
    state.listings().due(on).collect()
}

fn write(from: i64, to: i64) -> Action {
    Action::IntendWrites {
        channel: TILLS,
        mode: WriteMode::List,
        dated: Instant(1),
        writes: Vec::new(),
        listings: vec![ListingWrite { item: CAP, from: listing("cap", eur(from)), to: listing("cap", eur(to)) }],
        key: IdempotencyKey::new("w"),
        body: Vec::new(),
    }
}

fn settle(outcome: Outcome) -> Action {
    Action::SettleWrites { id: WriteId(1), outcomes: vec![outcome] }
}

#[test]
fn a_price_changed_on_the_leading_channel_is_ours_and_is_due_on_those_that_follow() {
    let mut hub = hub();
    assert_eq!(due(&hub.state, TILLS), []);
    hub.must(seen(WEB, "cap", eur(1_250)));
    assert_eq!(hub.state.catalogue().item(CAP).expect("known").price, eur(1_250));
    assert_eq!(due(&hub.state, TILLS), [CAP]);
    assert_eq!(due(&hub.state, WEB), [], "who leads is not written to");
    hub.must(write(1_000, 1_250));
    assert_eq!(due(&hub.state, TILLS), [], "it is under way");
    hub.must(settle(Outcome::Done { after: None }));
    assert_eq!(hub.state.listing(TILLS, CAP), Some(listing("cap", eur(1_250))));
    assert_eq!(hub.must(seen(TILLS, "cap", eur(1_250))), [], "the echo of our own write says nothing new");
    assert_eq!(hub.state.listings().iter().count(), 0, "what is as we have it takes no room");
}

#[test]
fn a_price_changed_on_a_channel_that_follows_is_written_back_and_a_title_is_only_noted() {
    let mut hub = hub();
    hub.must(seen(TILLS, "cap (old)", eur(900)));
    assert_eq!(hub.state.catalogue().item(CAP).expect("known").price, eur(1_000));
    let wanted = hub.state.wanted_listing(TILLS, CAP).expect("mapped");
    assert_eq!(wanted, listing("cap (old)", eur(1_000)), "it follows in prices alone");
    assert_eq!(due(&hub.state, TILLS), [CAP]);
}

#[test]
fn a_refused_listing_is_not_tried_again_until_another_is_wanted_or_a_person_says_so() {
    let mut hub = hub();
    hub.must(seen(WEB, "cap", eur(1_250)));
    hub.must(write(1_000, 1_250));
    hub.must(settle(Outcome::Never { because: Note::new("price below the minimum") }));
    assert_eq!(due(&hub.state, TILLS), []);
    assert_eq!(hub.must(Action::UnblockListing { channel: TILLS, item: CAP }).len(), 1);
    assert_eq!(due(&hub.state, TILLS), [CAP]);
    assert_eq!(hub.must(Action::UnblockListing { channel: TILLS, item: CAP }), []);
}

#[test]
fn after_another_price_is_wanted_a_refusal_no_longer_counts() {
    let mut hub = hub();
    hub.must(seen(WEB, "cap", eur(1_250)));
    hub.must(write(1_000, 1_250));
    hub.must(settle(Outcome::Never { because: Note::new("price below the minimum") }));
    hub.must(seen(WEB, "cap", eur(1_300)));
    assert_eq!(due(&hub.state, TILLS), [CAP]);
}

#[test]
fn an_unknown_outcome_is_written_again_because_a_listing_is_not_a_difference() {
    let mut hub = hub();
    hub.must(seen(WEB, "cap", eur(1_250)));
    hub.must(write(1_000, 1_250));
    hub.must(settle(Outcome::Unknown));
    assert_eq!(due(&hub.state, TILLS), [CAP]);
}

#[test]
fn a_price_in_another_currency_or_without_tax_is_never_overwritten() {
    let mut hub = hub();
    let pounds = Some(Money { minor: 900, currency: Currency::parse("GBP").expect("a code") });
    hub.must(seen(TILLS, "cap", pounds));
    assert_eq!(due(&hub.state, TILLS), []);
    assert_eq!(hub.state.wanted_listing(TILLS, CAP), Some(listing("cap", pounds)));
}

#[test]
fn a_batch_that_no_longer_says_what_is_missing_is_refused() {
    let mut hub = hub();
    hub.must(seen(WEB, "cap", eur(1_250)));
    let refused = |result: Result<Vec<Fact>, Refusal>| assert!(result.is_err(), "{result:?}");
    refused(hub.run(write(999, 1_250)));
    refused(hub.run(write(1_000, 1_251)));
    hub.must(write(1_000, 1_250));
    refused(hub.run(write(1_000, 1_250)));
}

#[test]
fn a_channel_that_is_read_only_is_written_no_listing() {
    let mut hub = hub();
    hub.must(read_only(role(TILLS, Fields::NONE, PRICE)));
    hub.must(seen(WEB, "cap", eur(1_250)));
    assert_eq!(due(&hub.state, TILLS), []);
}

#[test]
fn a_mapping_made_by_hand_leaves_the_listing_unknown_until_the_catalogue_is_read() {
    let mut hub = hub();
    hub.must(Action::MapItem { channel: TILLS, external: "other".into(), item: Some(CAP) });
    assert_eq!(hub.state.listing(TILLS, CAP), None);
    assert_eq!(due(&hub.state, TILLS), []);
}

#[test]
fn the_state_with_listings_comes_back_from_its_snapshot_with_what_is_due() {
    let mut hub = hub();
    hub.must(seen(WEB, "cap", eur(1_250)));
    let again = State::restore(&hub.state.snapshot()).expect("its own snapshot");
    assert_eq!(again.hash(), hub.state.hash());
    assert_eq!(due(&again, TILLS), [CAP]);
}
