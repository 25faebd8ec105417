//! Journeys as an absorbing Markov chain: what a channel's absence would cost (Anderl et al. 2016).
//!
//! States are the last channel touched (order 1) or the last two (order 2), a start, and two ends: bought, or gone.
//! Taking a channel away sends everybody who would have touched it to the second end.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

/// Sweeps after which an exact elimination is used instead: the chain hardly ever ends.
const SWEEPS_MAX: u32 = 2_000;
/// A sweep that changes nothing by more than this part of the largest probability is the last.
const DONE: f64 = 1e-14;
/// No channel: the start, or nothing before the first touch.
const NOBODY: u32 = u32::MAX;

/// One step and how often it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
struct Edge {
    #[n(0)]
    channel: u32,
    #[n(1)]
    state: u32,
    #[n(2)]
    weight: f64,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct State {
    /// The channel touched last.
    #[n(0)]
    channel: u32,
    /// Steps to other states, by channel.
    #[n(1)]
    to: Vec<Edge>,
    #[n(2)]
    bought: f64,
    #[n(3)]
    gone: f64,
}

impl State {
    fn touched(channel: u32) -> Self {
        Self { channel, to: Vec::new(), bought: 0.0, gone: 0.0 }
    }
}

/// Counted steps between channels. One more touch costs O(log channels).
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Chain {
    /// 1 or 2.
    #[n(0)]
    order: u8,
    /// The start is the first.
    #[n(1)]
    states: Vec<State>,
    /// The state of (channel before, channel).
    #[n(2)]
    by_touch: BTreeMap<(u32, u32), u32>,
}

/// Probabilities of buying.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// From the start, with every channel there.
    pub whole: f64,
    /// From the start, with one channel taken away; by channel.
    pub without: Vec<f64>,
    /// Sweeps of all solutions together.
    pub sweeps: u64,
}

impl Solved {
    /// What a channel's absence costs, as a part of all sales: $1-P_{-c}/P$. Zero when nobody buys.
    pub fn removal_effects(&self) -> Vec<f64> {
        let effect = |without: &f64| if self.whole > 0.0 { (1.0 - without / self.whole).max(0.0) } else { 0.0 };
        self.without.iter().map(effect).collect()
    }
}

impl Chain {
    /// Nothing counted yet. Every order but 2 is taken for 1.
    pub fn new(order: u8) -> Self {
        Self { order: if order == 2 { 2 } else { 1 }, states: vec![State::touched(NOBODY)], by_touch: BTreeMap::new() }
    }

    /// Counts a journey, in order of touch, that ended in a purchase `bought` times and without one `gone` times; both
    /// finite and not below zero.
    pub fn add(&mut self, channels: &[u32], bought: f64, gone: f64) {
        let (mut state, mut before) = (0, NOBODY);
        for channel in channels {
            state = self.step(state, before, *channel, bought + gone);
            before = *channel;
        }
        let last = &mut self.states[state];
        last.bought += bought;
        last.gone += gone;
    }

    fn step(&mut self, from: usize, before: u32, channel: u32, weight: f64) -> usize {
        match self.states[from].to.binary_search_by_key(&channel, |edge| edge.channel) {
            Ok(place) => {
                let edge = &mut self.states[from].to[place];
                edge.weight += weight;
                edge.state as usize
            }
            Err(place) => {
                let key = (if self.order == 2 { before } else { NOBODY }, channel);
                let next = self.states.len() as u32;
                let state = *self.by_touch.entry(key).or_insert(next);
                if state == next {
                    self.states.push(State::touched(channel));
                }
                self.states[from].to.insert(place, Edge { channel, state, weight });
                state as usize
            }
        }
    }

    /// Kinds of steps counted.
    pub fn steps(&self) -> usize {
        self.states.iter().map(|state| state.to.len()).sum()
    }

    /// States besides start and ends.
    pub fn states(&self) -> usize {
        self.states.len() - 1
    }

    /// Probabilities of buying for the channels `0..channels`, by Gauss–Seidel sweeps.
    pub fn solve(&self, channels: u32) -> Solved {
        self.solved(channels, |x, removed| self.sweep(x, removed))
    }

    /// The same by elimination over all states: cubic in their number, to check the sweeps by.
    pub fn solve_dense(&self, channels: u32) -> Solved {
        self.solved(channels, |x, removed| {
            x.clone_from(&self.eliminated(removed));
            0
        })
    }

    fn solved(&self, channels: u32, solve: impl Fn(&mut Vec<f64>, u32) -> u32) -> Solved {
        let mut whole = vec![0.0; self.states.len()];
        let mut sweeps = u64::from(solve(&mut whole, NOBODY));
        let mut touched = vec![false; channels as usize];
        for state in &self.states[1..] {
            if let Some(touched) = touched.get_mut(state.channel as usize) {
                *touched = true;
            }
        }
        let mut without = vec![whole[0]; channels as usize];
        for channel in (0..channels).filter(|channel| touched[*channel as usize]) {
            // The whole chain's probabilities are where to start from: most of them hardly move.
            let mut x = whole.clone();
            sweeps += u64::from(solve(&mut x, channel));
            without[channel as usize] = x[0];
        }
        Solved { whole: whole[0], without, sweeps }
    }

    /// Sweeps over $x=Qx+r$ until nothing moves; how many.
    fn sweep(&self, x: &mut Vec<f64>, removed: u32) -> u32 {
        for sweep in 1..=SWEEPS_MAX {
            let (mut moved, mut largest) = (0.0_f64, 0.0_f64);
            // Later states lie nearer to the ends as often as not; the start, which all wait for, comes last.
            for place in (0..self.states.len()).rev() {
                let value = self.relaxed(place, x, removed);
                moved = moved.max((value - x[place]).abs());
                largest = largest.max(value);
                x[place] = value;
            }
            if moved <= DONE * largest {
                return sweep;
            }
        }
        x.clone_from(&self.eliminated(removed));
        SWEEPS_MAX
    }

    fn relaxed(&self, place: usize, x: &[f64], removed: u32) -> f64 {
        let state = &self.states[place];
        if state.channel == removed && place != 0 {
            return 0.0;
        }
        let (mut toward, mut all) = (state.bought, state.bought + state.gone);
        for edge in &state.to {
            if edge.state as usize == place {
                continue;
            }
            all += edge.weight;
            if edge.channel != removed {
                toward += edge.weight * x[edge.state as usize];
            }
        }
        if all > 0.0 { toward / all } else { 0.0 }
    }

    /// State by state taken out, its steps given to those that led there (Grassmann, Taksar, Heyman 1985): nothing is
    /// subtracted, so nothing cancels.
    fn eliminated(&self, removed: u32) -> Vec<f64> {
        let n = self.states.len();
        let mut q = vec![0.0; n * n];
        let mut r = vec![0.0; n];
        let mut out = vec![0.0; n];
        for (place, state) in self.states.iter().enumerate() {
            let all: f64 = state.bought + state.gone + state.to.iter().map(|edge| edge.weight).sum::<f64>();
            if all <= 0.0 || (state.channel == removed && place != 0) {
                out[place] = 1.0;
                continue;
            }
            r[place] = state.bought / all;
            out[place] = state.gone / all;
            for edge in &state.to {
                let part = edge.weight / all;
                if edge.channel == removed { out[place] += part } else { q[place * n + edge.state as usize] += part }
            }
        }
        for taken in (1..n).rev() {
            let leaves: f64 = r[taken] + out[taken] + q[taken * n..taken * n + taken].iter().sum::<f64>();
            if leaves <= 0.0 {
                continue;
            }
            for from in 0..taken {
                let part = q[from * n + taken] / leaves;
                if part > 0.0 {
                    (0..taken).for_each(|to| q[from * n + to] += part * q[taken * n + to]);
                    r[from] += part * r[taken];
                    out[from] += part * out[taken];
                }
            }
        }
        let mut x = vec![0.0; n];
        for place in 0..n {
            let leaves: f64 = r[place] + out[place] + q[place * n..place * n + place].iter().sum::<f64>();
            let toward: f64 = r[place] + (0..place).map(|to| q[place * n + to] * x[to]).sum::<f64>();
            x[place] = if leaves > 0.0 { toward / leaves } else { 0.0 };
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gaussian elimination with pivots on $(I-Q)x=r$, from the journeys themselves: shares nothing with the chain.
    fn plain(journeys: &[(Vec<u32>, u32, u32)], channels: usize, removed: Option<u32>) -> f64 {
        let n = channels + 1;
        let mut counts = vec![vec![0.0; n + 2]; n];
        for (path, bought, gone) in journeys {
            let mut at = 0;
            for channel in path {
                counts[at][*channel as usize + 1] += f64::from(bought + gone);
                at = *channel as usize + 1;
            }
            counts[at][n] += f64::from(*bought);
            counts[at][n + 1] += f64::from(*gone);
        }
        let mut system = vec![vec![0.0; n + 1]; n];
        for place in 0..n {
            let all: f64 = counts[place].iter().sum();
            system[place][place] = 1.0;
            if all == 0.0 || removed.is_some_and(|channel| channel as usize + 1 == place) {
                continue;
            }
            for to in 0..n {
                system[place][to] -= counts[place][to] / all;
            }
            system[place][n] = counts[place][n] / all;
        }
        for column in 0..n {
            let pivot = (column..n).max_by(|a, b| system[*a][column].abs().total_cmp(&system[*b][column].abs()));
            system.swap(column, pivot.expect("a row"));
            for row in 0..n {
                if row != column {
                    let factor = system[row][column] / system[column][column];
                    let above = system[column].clone();
                    system[row].iter_mut().zip(above).for_each(|(value, above)| *value -= factor * above);
                }
            }
        }
        system[0][n] / system[0][0]
    }

    fn journeys() -> impl Strategy<Value = Vec<(Vec<u32>, u32, u32)>> {
        prop::collection::vec((prop::collection::vec(0..6_u32, 1..8), 0..4_u32, 0..9_u32), 1..40)
    }

    proptest! {
        #[test]
        fn sweeps_elimination_and_a_plain_solution_agree(journeys in journeys()) {
            let mut chain = Chain::new(1);
            for (path, bought, gone) in &journeys {
                chain.add(path, f64::from(*bought), f64::from(*gone));
            }
            let (swept, dense) = (chain.solve(6), chain.solve_dense(6));
            prop_assert!((swept.whole - plain(&journeys, 6, None)).abs() < 1e-9);
            for channel in 0..6_u32 {
                let wanted = plain(&journeys, 6, Some(channel));
                let place = channel as usize;
                prop_assert!((swept.without[place] - wanted).abs() < 1e-9, "{} {wanted}", swept.without[place]);
                prop_assert!((dense.without[place] - wanted).abs() < 1e-9);
                prop_assert!(swept.without[place] <= swept.whole + 1e-12);
            }
        }
    }

    #[test]
    fn a_channel_that_every_buyer_touched_costs_every_sale() {
        let mut chain = Chain::new(1);
        chain.add(&[0, 1], 1.0, 0.0);
        chain.add(&[1], 1.0, 1.0);
        chain.add(&[0], 0.0, 2.0);
        let effects = chain.solve(3).removal_effects();
        assert_eq!((effects[1], effects[2]), (1.0, 0.0));
    }

    #[test]
    fn a_chain_that_hardly_ever_ends_is_still_solved() {
        let mut chain = Chain::new(1);
        let path: Vec<u32> = (0..20_000).map(|touch| touch % 2).collect();
        chain.add(&path, 1.0, 2.0);
        let solved = chain.solve(2);
        assert!((solved.whole - 1.0 / 3.0).abs() < 1e-9, "{}", solved.whole);
    }

    #[test]
    fn the_second_order_tells_paths_apart_that_the_first_mixes() {
        // After 0 → 1 everybody buys, after 2 → 1 nobody: only the pair knows.
        let mut chain = Chain::new(2);
        chain.add(&[0, 1], 5.0, 0.0);
        chain.add(&[2, 1], 0.0, 5.0);
        let effects = chain.solve(3).removal_effects();
        assert_eq!(effects, [1.0, 1.0, 0.0]);
        assert_eq!(chain.states(), 4);
    }
}
