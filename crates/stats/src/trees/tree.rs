//! One tree: splits from the root on, leaves, and the rows that reached each leaf while it grew.

use minicbor::{Decode, Encode};

use super::settings::{DEPTH_MAX, LEAVES_MAX};

/// A question to one feature. Children are numbers of later splits, or leaves: `-1 - leaf`.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub(super) struct Split {
    #[n(0)]
    pub(super) feature: u16,
    /// Whether what is missing goes below.
    #[n(1)]
    pub(super) missing_below: bool,
    /// Values up to this go below; never not a number.
    #[n(2)]
    pub(super) threshold: f32,
    #[n(3)]
    pub(super) below: i32,
    #[n(4)]
    pub(super) above: i32,
}

/// Where a row ends.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub(super) struct Leaf {
    /// What it adds to the raw score.
    #[n(0)]
    pub(super) value: f64,
    /// Rows that ended here while the tree grew, at least one.
    #[n(1)]
    pub(super) rows: u32,
}

/// The part of a tree that is stored.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(super) struct Shape {
    #[n(0)]
    pub(super) splits: Vec<Split>,
    #[n(1)]
    pub(super) leaves: Vec<Leaf>,
}

/// A tree whose shape was checked, with what explanations need of every split.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tree {
    shape: Shape,
    /// Per split: rows below it, and the mean of its leaves weighted by rows.
    covers: Vec<(f64, f64)>,
}

/// A split or a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Split(usize),
    Leaf(usize),
}

impl Node {
    pub(super) fn of(code: i32) -> Self {
        if code < 0 { Self::Leaf(!code as usize) } else { Self::Split(code as usize) }
    }

    /// Numbers stay below [`LEAVES_MAX`].
    pub(super) fn code(self) -> i32 {
        match self {
            Self::Split(place) => place as i32,
            Self::Leaf(place) => !(place as i32),
        }
    }
}

impl Split {
    /// Where a row goes on. A row that is too short lacks the feature.
    fn next(&self, row: &[f32]) -> i32 {
        let value = row.get(usize::from(self.feature)).copied().unwrap_or(f32::NAN);
        if value <= self.threshold || (self.missing_below && value.is_nan()) { self.below } else { self.above }
    }
}

impl Tree {
    /// `None` when it is no tree: wrong counts, a child that is missing, doubled or not later than its parent, a feature
    /// beyond the width, a number that is none, too many leaves or too deep.
    pub(super) fn new(shape: Shape, width: usize) -> Option<Self> {
        let counts = !shape.splits.is_empty()
            && shape.leaves.len() == shape.splits.len() + 1
            && shape.leaves.len() <= LEAVES_MAX;
        let split = |split: &Split| usize::from(split.feature) < width && !split.threshold.is_nan();
        let leaf = |leaf: &Leaf| leaf.value.is_finite() && leaf.rows > 0;
        if !counts || !shape.splits.iter().all(split) || !shape.leaves.iter().all(leaf) || !is_tree(&shape) {
            return None;
        }
        let mut tree = Self { covers: vec![(0.0, 0.0); shape.splits.len()], shape };
        // Children stand behind their parents, so backwards they come first.
        for place in (0..tree.shape.splits.len()).rev() {
            let split = tree.shape.splits[place];
            let (below, above) = (tree.cover(Node::of(split.below)), tree.cover(Node::of(split.above)));
            let rows = below.0 + above.0;
            tree.covers[place] = (rows, below.1 * (below.0 / rows) + above.1 * (above.0 / rows));
        }
        Some(tree)
    }

    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Rows and mean value of a node.
    pub(super) fn cover(&self, node: Node) -> (f64, f64) {
        match node {
            Node::Split(place) => self.covers[place],
            Node::Leaf(place) => (f64::from(self.shape.leaves[place].rows), self.shape.leaves[place].value),
        }
    }

    /// What the tree adds to the raw score of a row.
    pub(super) fn value(&self, row: &[f32]) -> f64 {
        let mut at = 0;
        // Every child is a later split or a leaf, so this ends.
        loop {
            match Node::of(self.shape.splits[at].next(row)) {
                Node::Split(place) => at = place,
                Node::Leaf(place) => return self.shape.leaves[place].value,
            }
        }
    }

    /// The way of a row: split by split, with the child it took and the one it left.
    pub(super) fn taken(&self, split: usize, row: &[f32]) -> (Node, Node) {
        let split = &self.shape.splits[split];
        let (below, above) = (Node::of(split.below), Node::of(split.above));
        if split.next(row) == split.below { (below, above) } else { (above, below) }
    }

    /// Which feature a split asks.
    pub(super) fn feature(&self, split: usize) -> usize {
        usize::from(self.shape.splits[split].feature)
    }
}

/// Whether every split but the root and every leaf is the child of exactly one earlier split, none too deep.
fn is_tree(shape: &Shape) -> bool {
    let mut depths = vec![None; shape.splits.len()];
    let mut reached = vec![false; shape.leaves.len()];
    depths[0] = Some(1);
    for (place, split) in shape.splits.iter().enumerate() {
        // A parent stands before its child: when it has no depth by now it has no parent.
        let Some(depth) = depths[place].filter(|depth| *depth <= DEPTH_MAX) else { return false };
        for child in [split.below, split.above] {
            let free = match Node::of(child) {
                Node::Split(child) => {
                    child > place && depths.get_mut(child).is_some_and(|d| d.replace(depth + 1).is_none())
                }
                Node::Leaf(child) => reached.get_mut(child).is_some_and(|reached| !std::mem::replace(reached, true)),
            };
            if !free {
                return false;
            }
        }
    }
    reached.iter().all(|reached| *reached)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(below: i32, above: i32) -> Split {
        Split { feature: 0, missing_below: false, threshold: 1.0, below, above }
    }

    fn grown(splits: Vec<Split>) -> Option<Tree> {
        let leaves = vec![Leaf { value: 1.0, rows: 1 }; splits.len() + 1];
        Tree::new(Shape { splits, leaves }, 1)
    }

    #[test]
    fn only_a_tree_is_taken_for_one() {
        assert!(grown(vec![split(-1, -2)]).is_some());
        assert!(grown(vec![split(1, -3), split(-1, -2)]).is_some());
        let broken = [
            vec![],
            vec![split(0, -1)],
            vec![split(-1, -1)],
            vec![split(-1, -9)],
            vec![split(5, -1)],
            vec![split(1, 1), split(-1, -2)],
            vec![split(-1, -2), split(-3, -3)],
            vec![split(1, -3), split(0, -2)],
            vec![split(i32::MAX, i32::MIN), split(-1, -2)],
        ];
        for splits in broken {
            assert_eq!(grown(splits.clone()), None, "{splits:?}");
        }
    }

    #[test]
    fn a_tree_too_deep_is_refused() {
        let chain =
            |length: i32| (0..length).map(|n| split(if n + 1 < length { n + 1 } else { !length }, !n)).collect();
        assert!(grown(chain(DEPTH_MAX as i32)).is_some());
        assert!(grown(chain(DEPTH_MAX as i32 + 1)).is_none());
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        let with = |value, threshold, rows, feature| {
            let splits = vec![Split { threshold, feature, ..split(-1, -2) }];
            Tree::new(Shape { splits, leaves: vec![Leaf { value, rows }; 2] }, 1)
        };
        assert!(with(1.0, f32::INFINITY, 1, 0).is_some());
        assert!(with(f64::NAN, 1.0, 1, 0).is_none() && with(f64::INFINITY, 1.0, 1, 0).is_none());
        assert!(
            with(1.0, f32::NAN, 1, 0).is_none() && with(1.0, 1.0, 0, 0).is_none() && with(1.0, 1.0, 1, 1).is_none()
        );
    }
}
