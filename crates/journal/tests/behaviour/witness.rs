//! What the chain alone cannot show: a tail that was cut, and a chain that was computed anew.

use journal::simdisk::SimDisk;
use journal::{Chain, Checkpoint, Head, Journal, NoCheckpoint, Seq, SigningKey, Tampering, verify_disk, witness};

use crate::support::{append, body, facts, filled, open, records};

fn key() -> SigningKey {
    SigningKey::new(&[7; 32]).unwrap()
}

fn signed(head: Head) -> Checkpoint {
    key().sign(Seq(head.next.0 - 1), head.chain, [3; 32], 1_000)
}

/// A journal of 24 batches with checkpoints after batches 8, 16 and 24.
fn witnessed() -> (SimDisk, Vec<Checkpoint>) {
    let disk = SimDisk::new(5);
    let (mut journal, _) = open(&disk).unwrap();
    let mut checkpoints = Vec::new();
    for from in [0, 8, 16] {
        append(&mut journal, from, from + 8);
        checkpoints.push(signed(journal.head()));
    }
    (disk, checkpoints)
}

#[test]
fn a_journal_that_is_as_it_was_signed_is_vouched_for_up_to_the_last_checkpoint() {
    let (disk, checkpoints) = witnessed();
    let (verified, said) = witness(&disk, &checkpoints).unwrap();
    assert!(verified.valid && said.against.is_none());
    assert_eq!((said.fitting, said.vouched), (3, Some(checkpoints[2].seq)));
}

#[test]
fn a_tail_cut_at_a_record_leaves_a_chain_that_holds_and_is_found_by_the_checkpoint() {
    let (disk, checkpoints) = witnessed();
    // Everything behind batch 12 goes: the segments after it, and the rest of the one that it is in.
    let (cut, head) = filled(5, 12);
    assert!(verify_disk(&cut).unwrap().valid, "the chain alone shows nothing");
    let (_, said) = witness(&cut, &checkpoints).unwrap();
    let last = Seq(head.next.0 - 1);
    let against = said.against.unwrap();
    assert_eq!(against.reason, Tampering::Cut { signed: checkpoints[1].seq, last });
    assert_eq!((said.fitting, said.vouched), (1, Some(checkpoints[0].seq)));
    drop(disk);
}

#[test]
fn a_chain_computed_anew_over_a_changed_record_is_found_by_the_first_checkpoint_after_the_change() {
    let (_, checkpoints) = witnessed();
    let forged = SimDisk::new(5);
    let (mut journal, _) = open(&forged).unwrap();
    for number in 0..24 {
        let mut body = body(number);
        if number == 10 {
            body[0] ^= 1;
        }
        journal.append(&body, facts(number)).unwrap();
    }
    drop(journal);
    let (verified, said) = witness(&forged, &checkpoints).unwrap();
    assert!(verified.valid, "the chain alone shows nothing");
    assert_eq!(said.against.unwrap().reason, Tampering::Recomputed { signed: checkpoints[1].seq });
    assert_eq!(said.vouched, Some(checkpoints[0].seq));
}

#[test]
fn a_flipped_bit_is_told_where_it_is_and_not_as_a_cut() {
    let (disk, checkpoints) = witnessed();
    let first = "journal/000001.seg";
    let place = records(&disk.contents(first).unwrap())[1].0 as u64 + 70;
    disk.flip_bit(first, place * 8).unwrap();
    let (verified, said) = witness(&disk, &checkpoints).unwrap();
    assert!(!verified.valid && verified.first_bad.is_some());
    assert_eq!(said.against, None);
}

#[test]
fn every_changed_character_of_a_checkpoint_is_noticed() {
    let line = signed(Head { next: Seq(12), chain: Chain([9; 32]) }).to_string();
    assert_eq!(Checkpoint::parse(&line).unwrap().to_string(), line);
    for at in 0..line.len() {
        let mut changed = line.clone().into_bytes();
        changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(Checkpoint::parse(&changed).is_err(), "{changed}");
    }
    let other = SigningKey::new(&[8; 32]).unwrap().public().to_string();
    let swapped = line.replace(&key().public().to_string(), &other);
    assert_eq!(Checkpoint::parse(&swapped), Err(NoCheckpoint::Forged));
}

#[test]
fn a_checkpoint_is_a_line_that_other_tools_can_check() {
    // The public key of the seed of 32 times 7, by RFC 8032, was computed with another implementation.
    let line = signed(Head { next: Seq(12), chain: Chain([9; 32]) }).to_string();
    let words: Vec<&str> = line.split(' ').collect();
    assert_eq!(words[..3], ["lockstep-checkpoint", "1", "11"]);
    assert_eq!(words[3], "09".repeat(32));
    assert_eq!(words[6], "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c");
    assert_eq!(words[7].len(), 128);
}
