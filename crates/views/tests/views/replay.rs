//! Replaying gives the same tables, however the journal is cut.

use model::Seq;
use views::{Views, ViewsError};

use crate::play::{MORNING, Played, dump, play, play_in_portions, story};

#[test]
fn any_chunking_of_a_journal_gives_the_same_tables() {
    let story = story();
    let whole = play(&story);
    let expected = dump(&whole.folder.file());
    assert!(expected.contains("days [") && expected.contains("write_totals ["));
    for portion in [1, 2, 3, 7, 40] {
        let parts = play_in_portions(&story, portion);
        assert_eq!(dump(&parts.folder.file()), expected, "in portions of {portion}");
        assert_eq!(parts.views.checkpoint(), whole.views.checkpoint());
    }
}

#[test]
fn folding_twice_is_folding_once() {
    let story = story();
    let mut played = play(&story);
    let before = dump(&played.folder.file());
    played.views.apply(Seq(1), &story).unwrap();
    played.views.apply(Seq(5), &story[4..20]).unwrap();
    assert_eq!(dump(&played.folder.file()), before);
}

#[test]
fn a_portion_that_overlaps_the_checkpoint_is_folded_from_there() {
    let story = story();
    let expected = dump(&play(&story).folder.file());
    let mut played = play(&story[..10]);
    played.views.apply(Seq(4), &story[3..]).unwrap();
    assert_eq!(dump(&played.folder.file()), expected);
}

#[test]
fn a_gap_in_the_journal_is_refused_and_nothing_is_folded() {
    let story = story();
    let mut played = play(&story[..3]);
    let before = dump(&played.folder.file());
    let gap = played.views.apply(Seq(5), &story[4..]);
    assert!(matches!(gap, Err(ViewsError::Gap { expected: Seq(4), first: Seq(5) })));
    assert_eq!(dump(&played.folder.file()), before);
    played.views.apply(Seq(9), &[]).unwrap();
    assert_eq!(played.views.checkpoint(), Seq(3));
}

#[test]
fn the_checkpoint_and_the_zones_survive_a_restart() {
    let story = story();
    let expected = dump(&play(&story).folder.file());
    let played = play(&story[..12]);
    drop((played.views, played.reader));
    let mut reopened = Views::open(&played.folder.file()).unwrap();
    assert_eq!(reopened.checkpoint(), Seq(12));
    reopened.apply(Seq(13), &story[12..]).unwrap();
    assert_eq!(dump(&played.folder.file()), expected);
}

#[test]
fn a_reader_sees_whole_batches_and_what_is_folded_later() {
    let story = story();
    let mut played = play(&story[..1]);
    let other = played.reader.clone();
    let seen = std::thread::spawn(move || other.fact(Seq(2)).unwrap()).join().unwrap();
    assert_eq!(seen, None);
    played.views.apply(Seq(2), &story[1..]).unwrap();
    assert_eq!(played.reader.fact(Seq(2)).unwrap().map(|row| row.seq), Some(Seq(2)));
}

#[test]
fn many_readers_at_once_see_one_consistent_state_each_while_facts_are_folded() {
    let story = story();
    let Played { mut views, reader, folder: _folder } = play(&story[..1]);
    std::thread::scope(|threads| {
        let looking: Vec<_> = (0..8)
            .map(|_| {
                threads.spawn(|| {
                    let mut seen = 0;
                    while seen < story.len() as u64 {
                        let totals = reader.totals(MORNING).unwrap();
                        assert!(totals.checkpoint.0 >= seen, "a reader never goes back");
                        seen = totals.checkpoint.0;
                        assert!(reader.fact(Seq(seen)).unwrap().is_some());
                    }
                })
            })
            .collect();
        for (seq, entry) in (1..).zip(&story) {
            views.apply(Seq(seq), std::slice::from_ref(entry)).unwrap();
        }
        looking.into_iter().for_each(|thread| thread.join().unwrap());
    });
}
