//! Past trails that resemble the present one, newest first: VMIS-kNN (Kersbergen et al. 2022) and a form that knows
//! distances (STAN, Garg et al. 2019). Reads the memory as it is, so that a trail counts the moment it ends.

use stats::num::{exp, ln};

use super::powers::Powers;
use super::trails::Trails;

/// Steps beyond which nothing speaks for anything.
const STEPS_MOST: usize = 1_000;

/// How resemblance is counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Likeness {
    /// As VMIS-kNN does: shared items by their place in the present trail; what a past trail holds counts by how late
    /// the last shared item stands and how rare it is.
    Vmis,
    /// By steps: shared items fade with the steps since, past trails with their age and length, and what they hold with
    /// the steps from the last shared item.
    Steps {
        /// Steps after which a shared item weighs $1/e$.
        reach: f64,
        /// Share of all trails after which a past trail weighs $1/e$.
        age: f64,
        /// Steps from the shared item after which another weighs $1/e$.
        around: f64,
        /// What an item before the shared one counts of one after it.
        before: f64,
    },
}

/// Which past trails are looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// How.
    pub likeness: Likeness,
    /// Newest trails looked at per item ($m$).
    pub newest: usize,
    /// Most similar trails kept ($k$).
    pub most: usize,
    /// Latest different items of the present trail.
    pub last: usize,
}

/// Space for looking, kept between questions.
#[derive(Clone, Debug, Default)]
pub(super) struct Looking {
    /// Per past trail: likeness so far, and the place in the present trail of the last shared item.
    like: Vec<(f32, u32)>,
    met: Vec<u32>,
    best: Vec<(f32, u32)>,
    /// Per item: the turn at which it was last told of; a turn is one past trail of one question.
    told: Vec<u64>,
    turn: u64,
    age: Powers,
    around: Powers,
}

impl Near {
    /// Tells `each` of the items of similar trails, and how much each one speaks for it.
    pub(super) fn each(&self, past: &Trails, trail: &[u32], looking: &mut Looking, mut each: impl FnMut(u32, f32)) {
        self.look(past, trail, looking);
        looking.told.resize(past.items(), 0);
        if let Likeness::Steps { around, .. } = self.likeness {
            looking.around.set(1.0 / around, STEPS_MOST);
        }
        for (like, other) in &looking.best {
            looking.turn += 1;
            let shared = looking.like[*other as usize].1 as usize;
            let items = &past.all()[*other as usize];
            match self.likeness {
                Likeness::Vmis => {
                    let late = (1.0 - 0.1 * (trail.len() - 1 - shared) as f64).max(0.1);
                    for item in items {
                        // Once for each trail.
                        if std::mem::replace(&mut looking.told[*item as usize], looking.turn) != looking.turn {
                            let rare = ln(past.len() as f64 / past.holders(*item).len().max(1) as f64);
                            each(*item, (f64::from(*like) * late * rare) as f32);
                        }
                    }
                }
                Likeness::Steps { before, .. } => {
                    let here = items.iter().rposition(|item| *item == trail[shared]).unwrap_or(0);
                    for (at, item) in items.iter().enumerate().filter(|(at, _)| *at != here) {
                        let side = if at < here { before } else { 1.0 };
                        let fade = looking.around.at(at.abs_diff(here) - 1);
                        each(*item, (f64::from(*like) * side * fade) as f32);
                    }
                }
            }
        }
        for other in looking.met.drain(..) {
            looking.like[other as usize].0 = 0.0;
        }
    }

    fn look(&self, past: &Trails, trail: &[u32], looking: &mut Looking) {
        looking.like.resize(past.len(), (0.0, 0));
        for (at, item) in latest(trail, self.last) {
            let weight = match self.likeness {
                Likeness::Vmis => (at + 1) as f64 / trail.len() as f64,
                Likeness::Steps { reach, .. } => exp(-((trail.len() - 1 - at) as f64) / reach),
            };
            // Never nothing, which means not met.
            let weight = (weight as f32).max(f32::MIN_POSITIVE);
            for other in past.holders(item).iter().rev().take(self.newest) {
                let (like, shared) = &mut looking.like[*other as usize];
                if *like == 0.0 {
                    looking.met.push(*other);
                    *shared = at as u32;
                }
                *like += weight;
            }
        }
        if let Likeness::Steps { age, .. } = self.likeness {
            looking.age.set(1.0 / (past.len() as f64 * age), past.len());
        }
        looking.best.clear();
        looking.best.extend(looking.met.iter().map(|other| {
            let like = f64::from(looking.like[*other as usize].0);
            let like = match self.likeness {
                Likeness::Vmis => like,
                Likeness::Steps { .. } => {
                    let length = past.all()[*other as usize].len() as f64;
                    like / length.sqrt() * looking.age.at(past.len() - *other as usize)
                }
            };
            (like as f32, *other)
        }));
        // The most similar, of equals the newer.
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1));
        if looking.best.len() > self.most {
            looking.best.select_nth_unstable_by(self.most, order);
            looking.best.truncate(self.most);
        }
        looking.best.sort_unstable_by(order);
    }
}

/// The latest different items, each at its last place.
fn latest(trail: &[u32], most: usize) -> Vec<(usize, u32)> {
    let mut latest: Vec<(usize, u32)> = Vec::with_capacity(most);
    for (at, item) in trail.iter().enumerate().rev() {
        if latest.len() == most {
            break;
        }
        if !latest.iter().any(|known| known.1 == *item) {
            latest.push((at, *item));
        }
    }
    latest
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ItemId;

    fn memory(lists: &[&[u32]]) -> Trails {
        let mut trails = Trails::default();
        for list in lists {
            trails.push(&list.iter().copied().map(ItemId).collect::<Vec<_>>());
        }
        trails
    }

    fn spoken(near: &Near, past: &Trails, trail: &[u32]) -> Vec<f32> {
        let mut sums = vec![0.0; past.items()];
        near.each(past, trail, &mut Looking::default(), |item, weight| sums[item as usize] += weight);
        sums
    }

    #[test]
    fn vmis_weighs_as_its_paper_says() {
        // Numbers are the items themselves: they are met in this order.
        let past = memory(&[&[0, 1, 2], &[1, 3], &[4]]);
        let near = Near { likeness: Likeness::Vmis, newest: 10, most: 10, last: 10 };
        let sums = spoken(&near, &past, &[0, 1]);
        let ln = |x: f64| stats::num::ln(x) as f32;
        // The first shares both (1/2 + 1), the second the last one (1); rarity is ln(3 / trails with it).
        for (item, wanted) in [(0, 1.5 * ln(3.0)), (1, 2.5 * ln(1.5)), (2, 1.5 * ln(3.0)), (3, ln(3.0)), (4, 0.0)] {
            assert!((sums[item] - wanted).abs() < 1e-6, "{item}: {} {wanted}", sums[item]);
        }
    }

    #[test]
    fn by_steps_the_next_item_counts_more_than_a_later_or_an_earlier_one() {
        let past = memory(&[&[0, 1, 2, 3]]);
        let likeness = Likeness::Steps { reach: 1.5, age: 0.3, around: 2.0, before: 0.7 };
        let sums = spoken(&Near { likeness, newest: 10, most: 10, last: 10 }, &past, &[1]);
        assert!(sums[2] > sums[0] && sums[0] > sums[3] && sums[3] > 0.0 && sums[1] == 0.0, "{sums:?}");
    }

    #[test]
    fn only_the_newest_and_the_most_similar_are_looked_at() {
        let past = memory(&[&[0, 1], &[0, 2], &[0, 3]]);
        let near = |newest, most| Near { likeness: Likeness::Vmis, newest, most, last: 10 };
        assert_eq!(spoken(&near(2, 10), &past, &[0])[1], 0.0);
        let one = spoken(&near(10, 1), &past, &[0]);
        assert!(one[3] > 0.0 && one[1] == 0.0 && one[2] == 0.0, "{one:?}");
    }
}
