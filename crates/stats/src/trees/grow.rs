//! One tree grows: the leaf whose best split gains most is split next.

use super::Settings;
use super::histogram::{Builder, Gradients, Histogram, Sums};
use super::split::{Bounds, Choice, Scale};
use super::tree::{Node, Split};

/// A leaf while the tree grows.
struct Bud {
    /// Its rows, as a range of [`Grown::rows`].
    from: usize,
    to: usize,
    sums: Sums,
    depth: usize,
    bounds: Bounds,
    /// The split above it, and whether it is the side below.
    parent: Option<(usize, bool)>,
    histogram: Option<Histogram>,
    best: Option<Choice>,
}

/// A finished leaf.
pub(super) struct Ripe {
    pub(super) value: f64,
    pub(super) bounds: Bounds,
    /// Its rows, as a range of [`Grown::rows`].
    pub(super) from: usize,
    pub(super) to: usize,
}

/// A grown tree, with its rows sorted by leaf.
pub(super) struct Grown {
    pub(super) splits: Vec<Split>,
    pub(super) leaves: Vec<Ripe>,
    pub(super) rows: Vec<u32>,
}

/// Grows a tree from rows in rising order. Without a split that gains, one leaf is all.
pub(super) fn grow(builder: &mut Builder<'_>, settings: &Settings, gradients: &Gradients, rows: Vec<u32>) -> Grown {
    let scale = Scale { settings, g_step: gradients.g_step, h_step: gradients.h_step };
    let aside = vec![0; rows.len()];
    let mut grower = Grower { builder, scale, gradients, rows, aside, buds: Vec::new(), splits: Vec::new() };
    grower.root();
    while grower.buds.len() < settings.max_leaves {
        let Some(place) = grower.next() else { break };
        grower.split(place);
    }
    grower.done()
}

struct Grower<'a, 'b> {
    builder: &'a mut Builder<'b>,
    scale: Scale<'a>,
    gradients: &'a Gradients,
    rows: Vec<u32>,
    /// Room for the rows that go above.
    aside: Vec<u32>,
    buds: Vec<Bud>,
    splits: Vec<Split>,
}

impl Grower<'_, '_> {
    fn root(&mut self) {
        let step = self.scale.settings.loss.step_max();
        let mut root = Bud {
            from: 0,
            to: self.rows.len(),
            sums: self.gradients.sum(&self.rows),
            depth: 0,
            bounds: Bounds { low: -step, high: step },
            parent: None,
            histogram: Some(self.builder.build(&self.rows, self.gradients)),
            best: None,
        };
        self.look(&mut root);
        self.buds.push(root);
    }

    /// Finds a bud's best split, if it may have one. Without one its histogram is of no more use.
    fn look(&mut self, bud: &mut Bud) {
        if let Some(histogram) = &bud.histogram {
            bud.best = self.scale.best(histogram, self.builder, &bud.sums, bud.bounds);
        }
        if bud.best.is_none()
            && let Some(histogram) = bud.histogram.take()
        {
            self.builder.recycle(histogram);
        }
    }

    /// The bud with the largest gain; of equals the oldest.
    fn next(&self) -> Option<usize> {
        let gains = self.buds.iter().enumerate().filter_map(|(place, bud)| bud.best.map(|best| (place, best.gain)));
        gains
            .fold(None, |most: Option<(usize, f64)>, this| most.filter(|most| most.1 >= this.1).or(Some(this)))
            .map(|(place, _)| place)
    }

    fn split(&mut self, place: usize) {
        let bud = &mut self.buds[place];
        let (Some(choice), Some(histogram)) = (bud.best.take(), bud.histogram.take()) else { return };
        let (from, to, sums, bounds, depth, parent) =
            (bud.from, bud.to, bud.sums, bud.bounds, bud.depth + 1, bud.parent);
        let middle = self.part(from, to, &choice);
        let (low, high) = self.scale.handed_down(&sums, &choice, bounds);
        let number = self.splits.len();
        let child = |from, to, sums, bounds, below| {
            let parent = Some((number, below));
            Bud { from, to, sums, depth, bounds, parent, histogram: None, best: None }
        };
        let mut below = child(from, middle, choice.below, low, true);
        let mut above = child(middle, to, sums.less(&choice.below), high, false);
        self.record(parent, &choice, place);
        self.prepare(histogram, &mut below, &mut above);
        self.look(&mut below);
        self.look(&mut above);
        self.buds[place] = below;
        self.buds.push(above);
    }

    /// Writes the split down and hangs it below its parent. Its first leaf keeps the place of the bud, its second is new.
    fn record(&mut self, parent: Option<(usize, bool)>, choice: &Choice, place: usize) {
        let number = Node::Split(self.splits.len()).code();
        match parent {
            Some((parent, true)) => self.splits[parent].below = number,
            Some((parent, false)) => self.splits[parent].above = number,
            None => {}
        }
        self.splits.push(Split {
            // The fit's width was checked to fit.
            feature: choice.column as u16,
            missing_below: choice.missing_below,
            threshold: self.builder.codes.cuts[choice.column].upper(choice.code),
            below: Node::Leaf(place).code(),
            above: Node::Leaf(self.buds.len()).code(),
        });
    }

    /// Counts the smaller child; the larger is what is left of the parent. Nothing is counted that will not be split.
    fn prepare(&mut self, mut whole: Histogram, below: &mut Bud, above: &mut Bud) {
        let least = 2 * self.scale.settings.min_rows.max(1) as i64;
        let may = |bud: &Bud| bud.depth < self.scale.settings.depth_max() && bud.sums.n >= least;
        let is_last = self.buds.len() + 1 >= self.scale.settings.max_leaves;
        let (small, large) = if below.sums.n <= above.sums.n { (below, above) } else { (above, below) };
        if is_last || !may(large) {
            self.builder.recycle(whole);
            return;
        }
        let part = self.builder.build(&self.rows[small.from..small.to], self.gradients);
        self.builder.take(&mut whole, &part);
        large.histogram = Some(whole);
        if may(small) {
            small.histogram = Some(part);
        } else {
            self.builder.recycle(part);
        }
    }

    /// Sorts a bud's rows by side, each side in rising order. Gives where the side above begins.
    fn part(&mut self, from: usize, to: usize, choice: &Choice) -> usize {
        let (mut below, mut above) = (from, 0);
        for place in from..to {
            let row = self.rows[place];
            let code = self.builder.codes.at(row, choice.column);
            let is_below = if code == 0 { choice.missing_below } else { code <= choice.code };
            // Both are written and one is kept: cheaper than a guess that fails half the time.
            self.rows[below] = row;
            self.aside[above] = row;
            below += usize::from(is_below);
            above += usize::from(!is_below);
        }
        self.rows[below..to].copy_from_slice(&self.aside[..above]);
        below
    }

    fn done(mut self) -> Grown {
        for bud in &mut self.buds {
            if let Some(histogram) = bud.histogram.take() {
                self.builder.recycle(histogram);
            }
        }
        let ripe = |bud: &Bud| Ripe {
            value: self.scale.value(&bud.sums, bud.bounds),
            bounds: bud.bounds,
            from: bud.from,
            to: bud.to,
        };
        Grown { leaves: self.buds.iter().map(ripe).collect(), splits: self.splits, rows: self.rows }
    }
}
