//! One till sale through every step, on a real keeper and both dictionaries, with everything that each step made of
//! it. `docs/path-of-a-sale.md` is the page of this run, so it cannot tell of a hub that is no more.
//!
//! Clock, dice, ids and keys are given, so two runs give the same bytes.

#[path = "path/account.rs"]
mod account;
#[path = "support/blessed.rs"]
mod blessed;
#[path = "support/folder.rs"]
mod folder;
#[path = "path/hub.rs"]
mod hub;
#[path = "path/page.rs"]
mod page;
#[path = "path/walk.rs"]
mod walk;

use std::path::PathBuf;

use folder::Folder;

#[test]
fn the_page_tells_what_happens_to_a_sale() {
    let (first, second) = (Folder::of("path-first"), Folder::of("path-second"));
    let page = walk::walk(first.path());
    assert_eq!(page, walk::walk(second.path()), "the same sale twice gives the same page");
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/path-of-a-sale.md");
    blessed::compare(&file, &page);
}
