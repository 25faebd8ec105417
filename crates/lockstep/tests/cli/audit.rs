//! The audit names the first byte that is not as it was written.

use std::path::Path;

use super::transcript::{compare, one, play};
use crate::folder::Folder;

fn filled(name: &str) -> Folder {
    let folder = Folder::of(name);
    let config = "[hub]\ndata = \"data\"\n[[location]]\nname = \"Store\"\n";
    std::fs::write(folder.path().join("lockstep.toml"), config).expect("write");
    std::fs::write(folder.path().join("items.csv"), "sku,title\nMUG,Mug\nBOX,Box\n").expect("write");
    assert_eq!(one(&folder, "import items items.csv -c lockstep.toml --apply").code, Some(0));
    folder
}

/// Flips the lowest bit of the byte at which `needle` begins.
fn flip(segment: &Path, needle: &[u8]) {
    let mut bytes = std::fs::read(segment).expect("read");
    let place = bytes.windows(needle.len()).position(|window| window == needle).expect("it is in the segment");
    bytes[place] ^= 1;
    std::fs::write(segment, bytes).expect("write");
}

#[test]
fn a_whole_journal_is_valid_and_a_flipped_bit_is_named_with_its_place() {
    let folder = filled("flip");
    let whole = one(&folder, "audit verify -c lockstep.toml");
    assert_eq!(whole.code, Some(0), "{whole:?}");
    assert!(whole.json()["facts"].as_u64() > Some(0));
    flip(&folder.path().join("data/journal/000001.seg"), b"Mug");
    compare("audit_flipped", &play(&folder, "audit verify -c lockstep.toml"));
    let check = one(&folder, "check -c lockstep.toml");
    assert_eq!(check.code, Some(1), "{check:?}");
    assert!(check.err.contains("segment 1 at byte"), "{check:?}");
}

#[test]
fn a_flipped_bit_in_the_first_record_leaves_no_good_fact() {
    let folder = filled("first");
    flip(&folder.path().join("data/journal/000001.seg"), b"Store");
    let audit = one(&folder, "audit verify -c lockstep.toml");
    let json = audit.json();
    assert_eq!(audit.code, Some(1));
    assert_eq!((json["valid"].as_bool(), json["facts"].as_u64()), (Some(false), Some(0)), "{json}");
    assert_eq!((json["first_bad"]["seq"].as_u64(), json["first_bad"]["segment"].as_u64()), (Some(1), Some(1)));
    assert!(json["first_bad"]["offset"].is_u64() && json["first_bad"]["reason"].is_string(), "{json}");
    assert!(json["state_hash"].is_null());
}

#[test]
fn a_folder_that_is_not_there_is_not_called_valid() {
    let folder = Folder::of("nowhere");
    let ran = one(&folder, "audit verify --data nowhere");
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("nowhere"), "{ran:?}");
}
