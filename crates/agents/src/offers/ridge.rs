//! Linear item-to-item weights: which items foretell which, with what they all share explained away.
//!
//! EASE (Steck 2019) and its session form SLIST (Choi et al. 2021) solve one ridge regression per item over all other
//! items, which costs the cube of the catalogue. Here each item's regression runs over the items that were met with it
//! (the support, as in fsSLIM, Ning and Karypis 2011): the same answer where the support is everything, and linear in
//! the catalogue. Called when the mind studies; knows numbers of items only.

use stats::Matrix;
use stats::num::{exp, exp2};

use super::rows::Rows;

/// Whether the order within a trail matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// What came before foretells what comes after.
    Onward,
    /// Whatever is in a trail foretells the rest of it.
    Together,
}

/// How a table of weights is learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ridge {
    /// Order.
    pub order: Order,
    /// Steps after which an item of the trail weighs $1/e$.
    pub reach: f64,
    /// What each further step ahead counts of the one before; 0 = only the very next.
    pub ahead: f64,
    /// Steps beyond which two items of a trail are no pair.
    pub span: usize,
    /// Share of all trails in which a trail's weight halves.
    pub half_life: f64,
    /// The ridge's penalty $\lambda$.
    pub penalty: f64,
    /// Most items over which one item is regressed.
    pub support: usize,
    /// Weights kept for each item.
    pub keep: usize,
}

/// The sums that the regressions are solved from.
struct Sums {
    /// $X^\top Y$: row foretells column.
    forth: Rows,
    /// $X^\top X$ beside its diagonal.
    gram: Rows,
    diagonal: Vec<f64>,
}

impl Ridge {
    /// The weight $B_{ij}$ of having item $i$ for wanting item $j$, by rows $i$.
    pub(super) fn weights(&self, trails: &[Vec<u32>], items: usize) -> Rows {
        let sums = self.sums(trails, items);
        let back = sums.forth.turned();
        let mut solved: Vec<(u32, u32, f32)> = Vec::new();
        let mut place = vec![u32::MAX; items];
        for target in 0..items as u32 {
            let support = self.support(&sums, target, back.row(target));
            let answer = self.solve(&sums, &support, &mut place);
            for ((item, _), weight) in support.iter().zip(answer) {
                if weight.abs() > 1e-6 && weight.is_finite() {
                    solved.push((*item, target, weight as f32));
                }
            }
        }
        let all =
            Rows::gather(items, |emit| solved.iter().for_each(|(row, column, weight)| emit(*row, *column, *weight)));
        all.largest(self.keep)
    }

    /// The items that alone would explain most of the target.
    fn support(&self, sums: &Sums, target: u32, met: &[(u32, f32)]) -> Vec<(u32, f32)> {
        let alone = |cell: &(u32, f32)| {
            let weight = f64::from(cell.1);
            weight * weight / (sums.diagonal[cell.0 as usize] + self.penalty)
        };
        let itself = |cell: &&(u32, f32)| self.order == Order::Onward || cell.0 != target;
        let mut support: Vec<(u32, f32)> = met.iter().filter(itself).copied().collect();
        if support.len() > self.support {
            support.sort_by(|a, b| alone(b).total_cmp(&alone(a)).then(a.0.cmp(&b.0)));
            support.truncate(self.support);
        }
        support
    }

    /// $(X_S^\top X_S+\lambda I)\,b=X_S^\top y$ over a support; `place` is all `u32::MAX` before and after.
    fn solve(&self, sums: &Sums, support: &[(u32, f32)], place: &mut [u32]) -> Vec<f64> {
        let width = support.len();
        for (at, (item, _)) in support.iter().enumerate() {
            place[*item as usize] = at as u32;
        }
        let mut matrix = Matrix::zero(width, width);
        for (at, (item, _)) in support.iter().enumerate() {
            let row = matrix.row_mut(at);
            for (other, weight) in sums.gram.row(*item) {
                if let Some(cell) = row.get_mut(place[*other as usize] as usize) {
                    *cell = f64::from(*weight);
                }
            }
            row[at] = sums.diagonal[*item as usize] + self.penalty;
        }
        for (item, _) in support {
            place[*item as usize] = u32::MAX;
        }
        let mut answer: Vec<f64> = support.iter().map(|(_, weight)| f64::from(*weight)).collect();
        match matrix.cholesky() {
            Ok(factor) => factor.solve_factored(&mut answer),
            // Pairs beyond the span are left out, so the matrix is not quite a Gram matrix: each item alone, then.
            Err(_) => answer.iter_mut().zip(support).for_each(|(weight, (item, _))| {
                *weight /= sums.diagonal[*item as usize] + self.penalty;
            }),
        }
        answer
    }

    fn sums(&self, trails: &[Vec<u32>], items: usize) -> Sums {
        let forth = Rows::gather(items, |emit| {
            self.pairs(trails, |from, to, apart, _, weight| {
                let both = weight * self.between(apart);
                emit(from, to, both as f32);
                if self.order == Order::Together {
                    emit(to, from, both as f32);
                }
            });
        });
        let gram = match self.order {
            Order::Together => forth.clone(),
            Order::Onward => Rows::gather(items, |emit| {
                self.pairs(trails, |one, other, apart, after, weight| {
                    let both = (weight * self.worn(apart) * self.splits(after)) as f32;
                    if one != other && both > 0.0 {
                        emit(one, other, both);
                        emit(other, one, both);
                    }
                });
            }),
        };
        Sums { forth, gram, diagonal: self.diagonal(trails, items) }
    }

    fn diagonal(&self, trails: &[Vec<u32>], items: usize) -> Vec<f64> {
        let mut diagonal = vec![0.0; items];
        for (trail, weight) in self.weighed(trails) {
            for (at, item) in trail.iter().enumerate() {
                diagonal[*item as usize] += weight * self.splits(trail.len() - 1 - at);
            }
        }
        self.pairs(trails, |one, other, apart, after, weight| {
            if one == other {
                diagonal[one as usize] += match self.order {
                    Order::Onward => 2.0 * weight * self.worn(apart) * self.splits(after),
                    Order::Together => 0.0,
                };
            }
        });
        diagonal
    }

    /// Every pair within the span: (earlier, later, steps apart, steps after the later one, weight of the trail).
    fn pairs(&self, trails: &[Vec<u32>], mut each: impl FnMut(u32, u32, usize, usize, f64)) {
        for (trail, weight) in self.weighed(trails) {
            for later in 1..trail.len() {
                for earlier in later.saturating_sub(self.span)..later {
                    each(trail[earlier], trail[later], later - earlier, trail.len() - 1 - later, weight);
                }
            }
        }
    }

    fn weighed<'a>(&self, trails: &'a [Vec<u32>]) -> impl Iterator<Item = (&'a Vec<u32>, f64)> + use<'a> {
        let (all, half_life) = (trails.len() as f64, self.half_life);
        trails.iter().enumerate().map(move |(at, trail)| (trail, exp2(-(all - at as f64) / all / half_life)))
    }

    /// What is left of an item after so many steps.
    fn worn(&self, steps: usize) -> f64 {
        exp(-(steps as f64) / self.reach)
    }

    /// What an item and one so many steps later have to do with each other, over all places between where the trail
    /// could be cut into past and future.
    fn between(&self, apart: usize) -> f64 {
        match self.order {
            Order::Together => self.worn(apart - 1),
            Order::Onward => {
                let mut counts = 1.0;
                let mut sum = 0.0;
                for back in (0..apart).rev() {
                    sum += self.worn(back) * counts;
                    counts *= self.ahead;
                }
                sum
            }
        }
    }

    /// The squared weights of an item over the cuts after it: a geometric series.
    fn splits(&self, after: usize) -> f64 {
        match self.order {
            Order::Together => 1.0,
            Order::Onward => {
                let ratio = exp(-2.0 / self.reach);
                (1.0 - exp(-2.0 * after as f64 / self.reach)) / (1.0 - ratio)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stats::dice::Dice;

    /// EASE as in the paper: $B_{ij}=-P_{ij}/P_{jj}$ with $P=(X^\top X+\lambda I)^{-1}$.
    fn ease(baskets: &[Vec<u32>], items: usize, penalty: f64) -> Matrix {
        let mut gram = Matrix::zero(items, items);
        for basket in baskets {
            for one in basket {
                basket.iter().for_each(|other| *gram.at_mut(*one as usize, *other as usize) += 1.0);
            }
        }
        (0..items).for_each(|item| *gram.at_mut(item, item) += penalty);
        let factor = gram.cholesky().expect("positive definite");
        let mut inverse = Matrix::zero(items, items);
        for item in 0..items {
            inverse.row_mut(item)[item] = 1.0;
            factor.solve_factored(inverse.row_mut(item));
        }
        let mut weights = Matrix::zero(items, items);
        for i in 0..items {
            for j in (0..items).filter(|j| *j != i) {
                *weights.at_mut(i, j) = -inverse.at(i, j) / inverse.at(j, j);
            }
        }
        weights
    }

    #[test]
    fn over_every_item_the_weights_are_those_of_ease() {
        let mut dice = Dice::seeded(4);
        let baskets: Vec<Vec<u32>> = (0..60)
            .map(|_| {
                let mut basket: Vec<u32> = (0..8).filter(|_| dice.happens(0.4)).collect();
                dice.shuffle(&mut basket);
                basket
            })
            .collect();
        // Nothing wears and nothing is forgotten.
        let ridge = Ridge {
            order: Order::Together,
            reach: 1e12,
            ahead: 1.0,
            span: 100,
            half_life: 1e12,
            penalty: 5.0,
            support: 100,
            keep: 100,
        };
        let (found, wanted) = (ridge.weights(&baskets, 8), ease(&baskets, 8, 5.0));
        for i in 0..8 {
            for (j, weight) in found.row(i) {
                let exact = wanted.at(i as usize, *j as usize);
                assert!((f64::from(*weight) - exact).abs() < 1e-5, "{i} {j} {weight} {exact}");
            }
            assert_eq!(found.row(i).len(), 7);
        }
    }

    #[test]
    fn onward_weights_point_from_the_earlier_to_the_later() {
        let trails = vec![vec![0, 1, 2]; 10];
        let ridge = Ridge {
            order: Order::Onward,
            reach: 1.0,
            ahead: 0.0,
            span: 5,
            half_life: 1e12,
            penalty: 1.0,
            support: 5,
            keep: 5,
        };
        let weights = ridge.weights(&trails, 3);
        let of = |i: u32, j: u32| weights.row(i).iter().find(|cell| cell.0 == j).map_or(0.0, |cell| cell.1);
        assert!(of(0, 1) > 0.5 && of(1, 2) > 0.5);
        assert_eq!((of(1, 0), of(2, 1), of(2, 0)), (0.0, 0.0, 0.0));
        // The exact answer of the two-row regression of item 1 on item 0: ten rows of weight one, penalty one.
        assert!((of(0, 1) - 10.0 / (10.0 * (1.0 + stats::num::exp(-2.0) as f32) + 1.0)).abs() < 1e-5, "{}", of(0, 1));
    }
}
