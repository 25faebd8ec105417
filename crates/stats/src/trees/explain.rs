//! What each feature gave to a raw score: along the row's path (Saabas), or as Shapley values (Lundberg, Erion and Lee
//! 2018, algorithm 2), where what is not known of a row goes both ways, weighted by the rows that grew the tree.

use super::Forest;
use super::tree::{Node, Tree};

/// A raw score taken apart: `start` and all terms add up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// What is expected when nothing is known of the row.
    pub start: f64,
    /// Per feature: what knowing it added.
    pub terms: Vec<f64>,
}

impl Forest {
    fn explained(&self, mut term: impl FnMut(&Tree, &mut [f64])) -> Explained {
        let mut terms = vec![0.0; self.width()];
        let mut start = self.start();
        for tree in &self.trees {
            start += tree.cover(Node::Split(0)).1;
            term(tree, &mut terms);
        }
        Explained { start, terms }
    }

    /// Terms along the row's path: each split gives its feature the change in what is expected. Cheap: as long as the
    /// answer itself takes.
    pub fn path_terms(&self, row: &[f32]) -> Explained {
        self.explained(|tree, terms| {
            let mut at = 0;
            loop {
                let child = tree.taken(at, row).0;
                terms[tree.feature(at)] += tree.cover(child).1 - tree.cover(Node::Split(at)).1;
                match child {
                    Node::Split(place) => at = place,
                    Node::Leaf(_) => break,
                }
            }
        })
    }

    /// Shapley values: the only terms that treat features alike whatever the order in which trees ask them. Costs the
    /// square of a tree's depth for each of its leaves.
    pub fn shapley(&self, row: &[f32]) -> Explained {
        self.explained(|tree, terms| {
            Walk { tree, row, terms }.visit(
                Node::Split(0),
                &Path::default(),
                Step { feature: None, zero: 1.0, one: 1.0 },
            );
        })
    }
}

/// One feature on the way: the share of rows that pass when it is not known, and whether the row passes when it is.
#[derive(Clone, Copy)]
struct Step {
    feature: Option<usize>,
    zero: f64,
    one: f64,
}

/// Features on the way from the root, each once, with weights by how many of them are known.
#[derive(Clone, Default)]
struct Path(Vec<(Step, f64)>);

impl Path {
    fn extend(&mut self, step: Step) {
        let length = self.0.len();
        self.0.push((step, if length == 0 { 1.0 } else { 0.0 }));
        let all = (length + 1) as f64;
        for place in (0..length).rev() {
            let weight = self.0[place].1;
            self.0[place + 1].1 += step.one * weight * (place + 1) as f64 / all;
            self.0[place].1 = step.zero * weight * (length - place) as f64 / all;
        }
    }

    /// Weights without the feature at a place, last first, handed to `each` with their place.
    fn without(&self, place: usize, mut each: impl FnMut(usize, f64)) {
        let last = self.0.len() - 1;
        let all = self.0.len() as f64;
        let Step { zero, one, .. } = self.0[place].0;
        let mut next = self.0[last].1;
        for place in (0..last).rev() {
            let weight = self.0[place].1;
            let (up, down) = ((place + 1) as f64, (last - place) as f64);
            if one == 0.0 {
                each(place, weight * all / (zero * down));
            } else {
                let this = next * all / (up * one);
                next = weight - this * zero * down / all;
                each(place, this);
            }
        }
    }

    fn unwind(&mut self, place: usize) {
        let mut weights = vec![0.0; self.0.len() - 1];
        self.without(place, |place, weight| weights[place] = weight);
        self.0.remove(place);
        self.0.iter_mut().zip(weights).for_each(|(step, weight)| step.1 = weight);
    }

    fn sum_without(&self, place: usize) -> f64 {
        let mut sum = 0.0;
        self.without(place, |_, weight| sum += weight);
        sum
    }
}

struct Walk<'a> {
    tree: &'a Tree,
    row: &'a [f32],
    terms: &'a mut [f64],
}

impl Walk<'_> {
    /// As deep as the tree, which is bounded.
    fn visit(&mut self, node: Node, above: &Path, step: Step) {
        let mut path = above.clone();
        path.extend(step);
        match node {
            Node::Leaf(_) => self.give(&path, self.tree.cover(node).1),
            Node::Split(place) => self.pass(place, path),
        }
    }

    fn pass(&mut self, split: usize, mut path: Path) {
        let feature = self.tree.feature(split);
        let known = path.0.iter().position(|(step, _)| step.feature == Some(feature));
        // A feature asked again has one place on the path: both questions are answered when it is known.
        let (mut zero, mut one) = (1.0, 1.0);
        if let Some(place) = known {
            Step { zero, one, .. } = path.0[place].0;
            path.unwind(place);
        }
        let rows = self.tree.cover(Node::Split(split)).0;
        let (taken, left) = self.tree.taken(split, self.row);
        let share = |node| zero * self.tree.cover(node).0 / rows;
        let (to_taken, to_left) = (share(taken), share(left));
        self.visit(taken, &path, Step { feature: Some(feature), zero: to_taken, one });
        self.visit(left, &path, Step { feature: Some(feature), zero: to_left, one: 0.0 });
    }

    fn give(&mut self, path: &Path, value: f64) {
        for (place, (step, _)) in path.0.iter().enumerate() {
            if let Some(feature) = step.feature {
                self.terms[feature] += path.sum_without(place) * (step.one - step.zero) * value;
            }
        }
    }
}
