//! How the format may grow: a field added as an `Option` at the end is missing to new readers of old facts and skipped
//! by old readers of new ones. Everything else is an error, never a guess.

use minicbor::{Decode, Encode, Encoder};
use model::{Actor, Entry, Fact, Instant, ReservationId, StoredError};

#[derive(Debug, PartialEq, Encode, Decode)]
struct Old {
    #[n(0)]
    name: String,
    #[n(1)]
    units: i64,
}

#[derive(Debug, PartialEq, Encode, Decode)]
struct New {
    #[n(0)]
    name: String,
    #[n(1)]
    units: i64,
    #[n(2)]
    why: Option<String>,
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum OldKind {
    #[n(0)]
    Put(#[n(0)] Old),
    #[n(1)]
    Gone {
        #[n(0)]
        id: u64,
    },
}

#[derive(Debug, PartialEq, Encode, Decode)]
enum NewKind {
    #[n(0)]
    Put(#[n(0)] New),
    #[n(1)]
    Gone {
        #[n(0)]
        id: u64,
        #[n(1)]
        reason: Option<String>,
    },
}

fn carry<T: Encode<()>, U: for<'b> Decode<'b, ()>>(value: T) -> U {
    let bytes = minicbor::to_vec(value).expect("a vector takes everything");
    minicbor::decode(&bytes).expect("the other version reads it")
}

#[test]
fn a_new_reader_finds_the_added_field_missing_in_old_facts() {
    let old = OldKind::Put(Old { name: "cap".into(), units: -2 });
    assert_eq!(carry::<_, NewKind>(old), NewKind::Put(New { name: "cap".into(), units: -2, why: None }));
    assert_eq!(carry::<_, NewKind>(OldKind::Gone { id: 7 }), NewKind::Gone { id: 7, reason: None });
}

#[test]
fn an_old_reader_skips_the_added_field_of_new_facts() {
    let new = NewKind::Put(New { name: "cap".into(), units: -2, why: Some("counted".into()) });
    assert_eq!(carry::<_, OldKind>(new), OldKind::Put(Old { name: "cap".into(), units: -2 }));
    let new = NewKind::Gone { id: 7, reason: Some("sold".into()) };
    assert_eq!(carry::<_, OldKind>(new), OldKind::Gone { id: 7 });
}

/// An entry as a later program may write it: today's envelope around the given fact.
fn entry(version: u8, fact: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes);
    let head =
        encoder.array(4).and_then(|e| e.u8(version)).and_then(|e| e.i64(5)).and_then(|e| e.encode(Actor::System));
    head.expect("a vector takes everything");
    fact(&mut encoder);
    bytes
}

fn lapsed_with_more(encoder: &mut Encoder<&mut Vec<u8>>) {
    // Kind 21 with the field it has and two that it may get.
    let fact = encoder.array(2).and_then(|e| e.u32(21)).and_then(|e| e.array(3)).and_then(|e| e.u64(8));
    fact.and_then(|e| e.str("later")).and_then(|e| e.null()).expect("a vector takes everything");
}

#[test]
fn todays_reader_skips_fields_that_a_later_program_added_to_a_fact() {
    let read = Entry::decode_all(&entry(1, lapsed_with_more)).expect("a later fact of a known kind");
    let fact = Fact::Expired { reservation: ReservationId(8) };
    assert_eq!(read, [Entry { at: Instant(5), by: Actor::System, fact }]);
}

#[test]
fn an_unknown_envelope_version_is_named() {
    let read = Entry::decode_all(&entry(2, lapsed_with_more));
    assert!(matches!(read, Err(StoredError::Newer { version: 2 })), "{read:?}");
}

#[test]
fn an_unknown_kind_is_an_error() {
    let read = Entry::decode_all(&entry(1, |encoder| {
        let fact = encoder.array(2).and_then(|e| e.u32(9_999)).and_then(|e| e.array(0));
        fact.expect("a vector takes everything");
    }));
    assert!(matches!(read, Err(StoredError::Damaged(_))), "{read:?}");
}
