//! What is stored comes back; what is not a forest is refused, whatever the bytes.

use super::{WIDTH, drawn, grown, small};
use proptest::prelude::*;
use stats::trees::{Forest, Loss, Settings};

fn bytes(loss: Loss) -> Vec<u8> {
    let mut drawn = drawn(1, 300);
    drawn.labels.iter_mut().for_each(|label| *label = label.clamp(0.0, 1.0));
    minicbor::to_vec(grown(&drawn, Settings { loss, ..small(5, 6) })).expect("bytes")
}

#[test]
fn a_forest_comes_back_as_it_was() {
    for loss in [Loss::Logistic, Loss::Tweedie { power: 1.3 }, Loss::Quantile { level: 0.2 }] {
        let bytes = bytes(loss);
        let forest: Forest = minicbor::decode(&bytes).expect("a forest");
        assert_eq!((forest.loss(), forest.trees(), forest.width()), (loss, 5, WIDTH));
        assert_eq!(minicbor::to_vec(&forest).expect("bytes"), bytes);
    }
}

/// Asks everything of whatever was decoded: it must end and not panic.
fn ask(bytes: &[u8]) -> bool {
    let Ok(forest) = minicbor::decode::<Forest>(bytes) else { return false };
    for row in [vec![f32::NAN; WIDTH], vec![0.5; WIDTH], vec![], vec![f32::INFINITY; 9]] {
        let raw = forest.raw(&row);
        assert_eq!(forest.path_terms(&row).terms.len(), forest.width());
        assert_eq!(forest.shapley(&row).terms.len(), forest.width());
        assert!(raw.is_finite() && forest.predict(&row).is_finite());
    }
    true
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused_or_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        ask(&bytes);
    }

    #[test]
    fn a_spoiled_forest_is_refused_or_answers(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = bytes(Loss::Squared);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        ask(&bytes);
    }

    #[test]
    fn a_forest_cut_short_is_refused(cut in any::<prop::sample::Index>()) {
        let bytes = bytes(Loss::Squared);
        prop_assert!(!ask(&bytes[..cut.index(bytes.len())]));
    }
}
