//! What every journal backend must do, as a list of checks that panic on the first broken promise.
//!
//! Each backend's tests call [`run`]; so a replicated backend passes the same list as the segment files. It uses
//! nothing but the [`Journal`] trait.

use crate::buffer::BatchBuffer;
use crate::error::JournalError;
use crate::journal::{Journal, Reader};
use crate::words::{Appended, Chain, Head, Seq};

/// Opens one and the same journal, again and again; the one opened before has been dropped.
pub type Reopen = Box<dyn Fn() -> Box<dyn Journal>>;

/// Runs every check, each on a journal of its own that `fresh` makes and that must be empty.
///
/// # Panics
/// When the backend breaks a promise.
pub fn run(fresh: impl Fn() -> Reopen) {
    an_empty_journal_has_the_start_as_its_head(&fresh());
    numbers_count_facts_without_gaps(&fresh());
    an_acknowledged_batch_survives_reopening(&fresh());
    a_buffer_and_a_slice_give_the_same_chain(&fresh(), &fresh());
    the_chain_depends_on_every_part_of_the_past(&fresh);
    a_cursor_starts_at_the_batch_that_holds_the_fact(&fresh());
    a_cursor_follows_the_writer(&fresh());
    readers_on_other_threads_see_every_batch_once(&fresh());
    a_batch_without_facts_is_refused_and_changes_nothing(&fresh());
    a_stopped_journal_refuses_until_it_is_opened_again(&fresh());
    large_and_empty_bodies_are_kept(&fresh());
}

fn appended(journal: &mut dyn Journal, body: &[u8], facts: u32) -> Appended {
    journal.append(body, facts).expect("an append to a healthy journal succeeds")
}

/// Every batch from `from` on: first number, count, body, chain.
fn read_all(reader: &dyn Reader, from: Seq) -> Vec<(Seq, u32, Vec<u8>, Chain)> {
    let mut cursor = reader.read(from).expect("a present fact can be read");
    let mut batches = Vec::new();
    while let Some(batch) = cursor.next().expect("a healthy journal can be read") {
        batches.push((batch.first, batch.facts, batch.body.to_vec(), batch.chain));
    }
    batches
}

fn an_empty_journal_has_the_start_as_its_head(open: &Reopen) {
    let journal = open();
    assert_eq!(journal.head(), Head::START);
    assert!(read_all(journal.reader().as_ref(), Seq(1)).is_empty());
    assert!(matches!(journal.reader().read(Seq(2)), Err(JournalError::Behind { .. })), "nothing is beyond the head");
}

fn numbers_count_facts_without_gaps(open: &Reopen) {
    let mut journal = open();
    let one = appended(journal.as_mut(), b"three facts", 3);
    let two = appended(journal.as_mut(), b"one fact", 1);
    assert_eq!((one.first, one.last), (Seq(1), Seq(3)));
    assert_eq!((two.first, two.last), (Seq(4), Seq(4)));
    assert_eq!(journal.head(), Head { next: Seq(5), chain: two.chain });
    assert_ne!(one.chain, two.chain);
}

fn an_acknowledged_batch_survives_reopening(open: &Reopen) {
    let mut journal = open();
    let mut expected = Vec::new();
    for round in 0..40_u32 {
        let body = vec![round as u8; 100 * round as usize];
        let done = appended(journal.as_mut(), &body, round + 1);
        expected.push((done.first, round + 1, body, done.chain));
    }
    let head = journal.head();
    drop(journal);
    let journal = open();
    assert_eq!(journal.head(), head);
    assert_eq!(read_all(journal.reader().as_ref(), Seq(1)), expected);
}

fn a_buffer_and_a_slice_give_the_same_chain(left: &Reopen, right: &Reopen) {
    let (mut left, mut right) = (left(), right());
    let mut buffer = BatchBuffer::new();
    for body in [&b"first"[..], b"", b"a third, longer one"] {
        buffer.clear();
        buffer.put(body);
        let by_buffer = right.append_buffer(&mut buffer, 2).expect("an append to a healthy journal succeeds");
        assert_eq!(appended(left.as_mut(), body, 2), by_buffer);
        assert_eq!(buffer.body(), body, "the buffer keeps its body");
    }
    assert_eq!(read_all(left.reader().as_ref(), Seq(1)), read_all(right.reader().as_ref(), Seq(1)));
}

fn the_chain_depends_on_every_part_of_the_past(fresh: &impl Fn() -> Reopen) {
    let chain = |batches: &[(&[u8], u32)]| {
        let mut journal = fresh()();
        for (body, facts) in batches {
            appended(journal.as_mut(), body, *facts);
        }
        journal.head().chain
    };
    let base = chain(&[(b"a", 1), (b"b", 1)]);
    assert_eq!(base, chain(&[(b"a", 1), (b"b", 1)]), "the same past has the same chain");
    for other in
        [&[(&b"a"[..], 1), (&b"c"[..], 1)][..], &[(b"b", 1), (b"a", 1)], &[(b"a", 2), (b"b", 1)], &[(b"ab", 2)]]
    {
        assert_ne!(base, chain(other), "another past has another chain");
    }
}

fn a_cursor_starts_at_the_batch_that_holds_the_fact(open: &Reopen) {
    let mut journal = open();
    for body in [&b"1 to 3"[..], b"4 to 6", b"7 to 9"] {
        appended(journal.as_mut(), body, 3);
    }
    let reader = journal.reader();
    for (from, first) in
        [(0, Some(1)), (1, Some(1)), (3, Some(1)), (4, Some(4)), (6, Some(4)), (9, Some(7)), (10, None)]
    {
        let batches = read_all(reader.as_ref(), Seq(from));
        assert_eq!(batches.first().map(|batch| batch.0), first.map(Seq), "reading from fact {from}");
    }
}

fn a_cursor_follows_the_writer(open: &Reopen) {
    let mut journal = open();
    let mut cursor = journal.reader().read(Seq(1)).expect("an empty journal can be followed");
    for round in 1..=50_u64 {
        assert_eq!(cursor.next().expect("a healthy journal can be read"), None, "nothing is new");
        let done = appended(journal.as_mut(), &round.to_le_bytes(), 1);
        let batch = cursor.next().expect("a healthy journal can be read").expect("what is acknowledged can be read");
        assert_eq!(
            (batch.first, batch.body, batch.head()),
            (Seq(round), &round.to_le_bytes()[..], Head { next: Seq(round + 1), chain: done.chain })
        );
    }
}

fn readers_on_other_threads_see_every_batch_once(open: &Reopen) {
    const BATCHES: u64 = 200;
    let mut journal = open();
    let readers = [journal.reader(), journal.reader().again()];
    std::thread::scope(|scope| {
        let follow = |reader: Box<dyn Reader>| {
            let mut cursor = reader.read(Seq(1)).expect("an empty journal can be followed");
            let mut next = 1;
            while next <= BATCHES {
                match cursor.next().expect("a journal can be read while it is written") {
                    Some(batch) => {
                        assert_eq!((batch.first, batch.body), (Seq(next), &next.to_le_bytes()[..]));
                        next += 1;
                    }
                    None => std::thread::yield_now(),
                }
            }
        };
        let threads = readers.map(|reader| scope.spawn(move || follow(reader)));
        for round in 1..=BATCHES {
            appended(journal.as_mut(), &round.to_le_bytes(), 1);
        }
        for thread in threads {
            thread.join().expect("a reader sees every batch once");
        }
    });
}

fn a_batch_without_facts_is_refused_and_changes_nothing(open: &Reopen) {
    let mut journal = open();
    assert!(matches!(journal.append(b"nothing", 0), Err(JournalError::EmptyBatch)));
    assert!(!journal.is_stopped(), "a refusal is no failure");
    assert_eq!(journal.head(), Head::START);
    assert_eq!(appended(journal.as_mut(), b"something", 1).first, Seq(1));
}

fn a_stopped_journal_refuses_until_it_is_opened_again(open: &Reopen) {
    let mut journal = open();
    let one = appended(journal.as_mut(), b"before", 1);
    journal.stop();
    assert!(journal.is_stopped());
    assert!(matches!(journal.append(b"after", 1), Err(JournalError::Stopped)));
    assert_eq!(read_all(journal.reader().as_ref(), Seq(1)).len(), 1, "a stopped journal can still be read");
    drop(journal);
    let mut journal = open();
    assert_eq!(journal.head().chain, one.chain);
    assert_eq!(appended(journal.as_mut(), b"after", 1).first, Seq(2));
}

fn large_and_empty_bodies_are_kept(open: &Reopen) {
    let mut journal = open();
    let large: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    appended(journal.as_mut(), b"", 1);
    appended(journal.as_mut(), &large, 10_000);
    appended(journal.as_mut(), b"small again", 1);
    drop(journal);
    let bodies: Vec<Vec<u8>> = read_all(open().reader().as_ref(), Seq(1)).into_iter().map(|batch| batch.2).collect();
    assert!(bodies == [Vec::new(), large, b"small again".to_vec()], "bodies of any length come back as they were");
}
