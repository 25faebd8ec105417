//! Everything against values that others computed: SciPy 1.17.1, NumPy 2.4.6, scikit-learn 1.9.1 and LightGBM 4.7.0, each with
//! the Python that printed them.

mod dist;
mod fits;
mod linear;
mod special;
mod trees;

/// Whether two numbers agree to a relative precision, or absolutely so near zero that nothing is left to compare.
fn agree(ours: f64, theirs: f64, precision: f64) -> bool {
    (ours - theirs).abs() <= precision * theirs.abs() + 1e-300
}

/// Fails with both numbers when they do not agree.
#[track_caller]
fn assert_agree(ours: f64, theirs: f64, precision: f64, of: &[f64]) {
    assert!(agree(ours, theirs, precision), "{of:?}: ours {ours:e}, theirs {theirs:e}");
}
