//! A mirrored location whose every level is wrong is put right within the vendor's rate budget.

use sim::reconcile;

#[test]
fn every_level_of_a_mirrored_location_is_put_right_in_as_few_calls_as_its_rows_fit_into() {
    let reconciled = reconcile(600).expect("the simulation runs");
    assert_eq!(reconciled.wrong, 0, "{reconciled:?}");
    assert_eq!(reconciled.rows, 600, "no level is written that was right: {reconciled:?}");
    // 600 rows in calls of 250; the reading may arrive in pieces, which costs a call more at most.
    assert!((3..=4).contains(&reconciled.write_calls), "{reconciled:?}");
    assert_eq!(reconciled.throttled, 0, "{reconciled:?}");
    assert!(reconciled.seconds < 30.0, "{reconciled:?}");
}
