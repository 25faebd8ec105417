//! The feed: which facts a filter lets through, in which order, page by page.

use model::*;
use views::{Direction, FactFilter, FactKind, ViewsReader};

use crate::play::*;

fn seqs(reader: &ViewsReader, filter: &FactFilter) -> Vec<u64> {
    reader.facts(filter, 500).unwrap().iter().map(|row| row.seq.0).collect()
}

/// What the story's entries say about a filter, newest first.
fn expected(wanted: impl Fn(&Entry) -> bool) -> Vec<u64> {
    let mut seqs: Vec<u64> = (1..).zip(story()).filter(|(_, entry)| wanted(entry)).map(|(seq, _)| seq).collect();
    seqs.reverse();
    seqs
}

#[test]
fn kinds_are_merged_in_the_journals_order() {
    let played = play(&story());
    let reader = &played.reader;
    let kinds = vec![FactKind::Moved, FactKind::OrderPut, FactKind::Moved];
    let both = expected(|entry| matches!(entry.fact, Fact::Moved(_) | Fact::OrderPut(_)));
    assert_eq!(seqs(reader, &FactFilter { kinds: kinds.clone(), ..FactFilter::default() }), both);
    let mut oldest = both;
    oldest.reverse();
    let filter = FactFilter { kinds, direction: Direction::OldestFirst, ..FactFilter::default() };
    assert_eq!(seqs(reader, &filter), oldest);
}

#[test]
fn an_items_facts_include_promises_and_their_ends() {
    let played = play(&story());
    let reader = &played.reader;
    let about = seqs(reader, &FactFilter { item: Some(SOCKS), ..FactFilter::default() });
    let wanted = expected(|entry| match &entry.fact {
        Fact::ItemPut(put) => put.item == SOCKS,
        Fact::ItemMapped { item, .. } => *item == Some(SOCKS),
        Fact::Reserved(_) | Fact::Released { .. } | Fact::Expired { .. } => true,
        Fact::Committed { reservation } => *reservation == ReservationId(1),
        _ => false,
    });
    assert_eq!(about, wanted);
    let at_store = FactFilter { item: Some(SOCKS), location: Some(STORE), ..FactFilter::default() };
    assert_eq!(seqs(reader, &at_store), Vec::<u64>::new());
    let kinds = vec![FactKind::Committed];
    let left = FactFilter { item: Some(SOCKS), location: Some(DEPOT), kinds, ..FactFilter::default() };
    assert_eq!(seqs(reader, &left).len(), 1);
}

#[test]
fn an_order_a_channel_and_a_location_have_their_facts() {
    let played = play(&story());
    let reader = &played.reader;
    let order = FactFilter { order: Some(OrderId(2)), ..FactFilter::default() };
    let kinds: Vec<_> = reader.facts(&order, 500).unwrap().iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [FactKind::Shorted, FactKind::Moved, FactKind::Moved, FactKind::OrderPut]);
    let shirts = FactFilter { item: Some(SHIRT), location: Some(STORE), ..order };
    assert_eq!(seqs(reader, &shirts).len(), 3);
    let till = FactFilter { channel: Some(TILL), kinds: vec![FactKind::Moved], ..FactFilter::default() };
    assert_eq!(seqs(reader, &till).len(), 1);
    let depot = FactFilter { location: Some(DEPOT), ..FactFilter::default() };
    let moved = expected(|entry| match &entry.fact {
        Fact::LocationPut(put) => put.location == DEPOT,
        Fact::Moved(moved) => moved.location == DEPOT,
        _ => false,
    });
    assert_eq!(seqs(reader, &depot), moved);
}

#[test]
fn a_fact_belongs_to_the_channel_that_told_it() {
    let mut told = entry(MORNING, Fact::Moved(moved(SHIRT, STORE, Cause::Platform, 1)));
    told.by = Actor::Channel(SHOP);
    let mut all = entries(shop());
    all.push(told);
    let played = play(&all);
    let reader = &played.reader;
    let filter = FactFilter { channel: Some(SHOP), kinds: vec![FactKind::Moved], ..FactFilter::default() };
    let rows = reader.facts(&filter, 5).unwrap();
    assert_eq!(rows.iter().map(|row| row.by.as_str()).collect::<Vec<_>>(), ["Web shop"]);
}

#[test]
fn pages_in_both_directions_tell_every_fact_once() {
    let played = play(&story());
    let reader = &played.reader;
    let all = expected(|_| true);
    let (mut newest, mut oldest): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
    while newest.len() < all.len() {
        let before_seq = newest.last().map(|seq| Seq(*seq));
        let page = reader.facts(&FactFilter { before_seq, ..FactFilter::default() }, 7).unwrap();
        assert!(!page.is_empty() && page.len() <= 7);
        newest.extend(page.iter().map(|row| row.seq.0));
    }
    while oldest.len() < all.len() {
        let after_seq = oldest.last().map(|seq| Seq(*seq));
        let filter = FactFilter { after_seq, direction: Direction::OldestFirst, ..FactFilter::default() };
        let page = reader.facts(&filter, 7).unwrap();
        assert!(!page.is_empty());
        oldest.extend(page.iter().map(|row| row.seq.0));
    }
    assert_eq!(newest, all);
    oldest.reverse();
    assert_eq!(oldest, all);
}

#[test]
fn a_page_has_at_least_one_row_and_at_most_five_hundred() {
    let facts = (0..600).map(|_| Fact::Moved(moved(SHIRT, STORE, Cause::Sale, -1))).collect();
    let played = play(&entries(facts));
    let reader = &played.reader;
    assert_eq!(reader.facts(&FactFilter::default(), usize::MAX).unwrap().len(), 500);
    assert_eq!(reader.facts(&FactFilter::default(), 0).unwrap().len(), 1);
    assert_eq!(reader.explain(SHIRT, STORE, 10_000, None).unwrap().rows.len(), 500);
}
