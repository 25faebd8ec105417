//! Damaged bytes are an error, and never more.

use model::Entry;
use proptest::prelude::*;

use super::examples::entries;

fn whole() -> Vec<u8> {
    let mut bytes = Vec::new();
    entries().iter().for_each(|entry| entry.encode_to(&mut bytes));
    bytes
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        // Most are damaged; what is not must come back the same when it is stored again and read.
        if let Ok(read) = Entry::decode_all(&bytes) {
            let mut again = Vec::new();
            read.iter().for_each(|entry| entry.encode_to(&mut again));
            prop_assert_eq!(Entry::decode_all(&again).expect("what was just stored"), read);
        }
    }

    #[test]
    fn a_changed_byte_never_panics(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = whole();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(read) = Entry::decode_all(&bytes) {
            prop_assert!(!read.is_empty());
        }
    }

    #[test]
    fn a_cut_entry_is_an_error(which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let all = entries();
        let mut bytes = Vec::new();
        all[which.index(all.len())].encode_to(&mut bytes);
        let kept = 1 + cut.index(bytes.len() - 1);
        prop_assert!(Entry::decode_all(&bytes[..kept]).is_err());
    }
}
