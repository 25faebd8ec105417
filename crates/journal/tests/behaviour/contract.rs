//! The embedded journal passes the contract on either disk.

use std::rc::Rc;
use std::sync::Arc;

use journal::contract::{self, Reopen};
use journal::simdisk::SimDisk;
use journal::{Options, Prepare, SegmentJournal};

use crate::support::{TempFolder, sim, small};

#[test]
fn the_segment_files_keep_the_contract_on_the_real_disk() {
    for prepare in [Prepare::Ahead, Prepare::WhenNeeded] {
        contract::run(|| -> Reopen {
            let folder = Rc::new(TempFolder::new());
            let options = Options { segment_bytes: 16 * 1024, prepare };
            Box::new(move || Box::new(SegmentJournal::open(folder.disk(), options).unwrap().0))
        });
    }
}

#[test]
fn the_segment_files_keep_the_contract_on_the_simulated_disk() {
    let seeds = std::cell::Cell::new(0);
    contract::run(|| -> Reopen {
        seeds.set(seeds.get() + 1);
        let disk = SimDisk::new(seeds.get());
        disk.set_short_writes(300_000);
        Box::new(move || Box::new(SegmentJournal::open(sim(&disk), small()).unwrap().0))
    });
}

#[test]
fn a_second_process_is_told_who_holds_the_folder() {
    let folder = TempFolder::new();
    let held = SegmentJournal::open(folder.disk(), small()).unwrap();
    let refused = SegmentJournal::open(folder.disk(), small()).unwrap_err();
    assert!(refused.is_transient());
    let expected = format!("held by process {}", std::process::id());
    assert!(refused.to_string().ends_with(&expected), "{refused}");
    drop(held);
    SegmentJournal::open(folder.disk(), small()).unwrap();
}

#[test]
fn an_append_from_another_thread_is_as_good_as_any() {
    let folder = TempFolder::new();
    let mut journal = SegmentJournal::open(folder.disk(), Options::default()).unwrap().0;
    let reader = Arc::new(journal.segment_reader());
    let head = std::thread::spawn(move || {
        crate::support::append(&mut journal, 0, 20);
        journal::Journal::head(&journal)
    });
    let head = head.join().unwrap();
    assert_eq!(journal::Reader::head(reader.as_ref()), head);
    assert_eq!(crate::support::bodies(reader.as_ref(), journal::Seq(1)).unwrap().len(), 20);
}
