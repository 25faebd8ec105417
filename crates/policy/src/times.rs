//! Hours of the day, in minutes. Called by the sum and by the gate.

/// Whether a minute of the day lies in a stretch; from may lie after to (over midnight), and equal ends hold nothing.
/// A minute that is not known lies in none.
pub fn within((from, to): (u16, u16), minute: Option<u16>) -> bool {
    let Some(minute) = minute else { return false };
    match from.cmp(&to) {
        std::cmp::Ordering::Less => (from..to).contains(&minute),
        std::cmp::Ordering::Equal => false,
        std::cmp::Ordering::Greater => minute >= from || minute < to,
    }
}

/// Minutes in both. Where they have two stretches in common, the first alone is taken: strict, and simple to say.
pub(crate) fn common(one: (u16, u16), two: (u16, u16)) -> (u16, u16) {
    let both = |minute: &u16| within(one, Some(*minute)) && within(two, Some(*minute));
    let Some(from) = (0..1_440).find(both) else { return (0, 0) };
    // A stretch over midnight begins before the first minute of the day.
    let from = if from == 0 { (0..1_440).rev().take_while(both).last().unwrap_or(0) } else { from };
    let length = (0..1_440).take_while(|step| both(&((from + step) % 1_440))).count() as u16;
    (from, (from + length) % 1_440)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_common_lies_in_both(
            one in (0..1_440_u16, 0..1_440_u16), two in (0..1_440_u16, 0..1_440_u16), minute in 0..1_440_u16,
        ) {
            let in_common = within(common(one, two), Some(minute));
            prop_assert!(!in_common || within(one, Some(minute)) && within(two, Some(minute)));
        }

        #[test]
        fn a_stretch_has_itself_in_common(one in (0..1_440_u16, 0..1_440_u16), minute in 0..1_440_u16) {
            prop_assert_eq!(within(common(one, one), Some(minute)), within(one, Some(minute)));
        }
    }
}
