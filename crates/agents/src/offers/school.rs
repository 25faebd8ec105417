//! Vectors being learnt: one batch after the other, by AdaGrad row by row. Called by the vectors, and only by them.

use stats::dice::Dice;
use stats::num::{exp, ln, pow};

use super::vectors::{LAST, Lesson, Vectors, add, dot, row};

/// A logit so far below the largest has no weight left.
const FAR: f32 = 16.0;

/// Vectors being learnt, with the squares of past gradients per row and the space that a batch needs.
pub(super) struct School {
    pub(super) vectors: Vectors,
    pub(super) dice: Dice,
    pub(super) step: f32,
    /// Cumulated chances of being drawn.
    chances: Vec<f64>,
    /// $\ln$ of how often an item is among the negatives, to be taken off its logit.
    often: Vec<f32>,
    squares_seen: Vec<f32>,
    squares_wanted: Vec<f32>,
    squares_bias: Vec<f32>,
    negatives: Vec<u32>,
    /// The negatives' vectors side by side, their gradients, and the sum of their chances.
    copies: Vec<f32>,
    gradients: Vec<f32>,
    pressed: Vec<f32>,
    logits: Vec<f32>,
}

impl School {
    pub(super) fn new(trails: &[Vec<u32>], items: usize, lesson: &Lesson) -> Self {
        let mut counts = vec![0.0_f64; items];
        trails.iter().flatten().for_each(|item| counts[*item as usize] += 1.0);
        let mut sum = 0.0;
        let chances: Vec<f64> = counts
            .iter()
            .map(|count| {
                sum += pow(*count, lesson.power);
                sum
            })
            .collect();
        let often = |count: &f64| ln((pow(*count, lesson.power) / sum * lesson.negatives as f64).max(1e-9)) as f32;
        let width = lesson.width.next_multiple_of(8);
        let mut dice = Dice::seeded(1);
        let mut small = || (0..items * width).map(|_| (dice.unit() as f32 - 0.5) * 0.2).collect::<Vec<f32>>();
        let (seen, wanted) = (small(), small());
        Self {
            vectors: Vectors {
                width: width as u32,
                reach: lesson.reach,
                seen,
                wanted,
                bias: vec![0.0; items],
                lengths: Vec::new(),
            },
            dice,
            step: 0.0,
            chances,
            often: counts.iter().map(often).collect(),
            squares_seen: vec![1e-8; items],
            squares_wanted: vec![1e-8; items],
            squares_bias: vec![1e-8; items],
            negatives: vec![0; lesson.negatives],
            copies: vec![0.0; lesson.negatives * width],
            gradients: vec![0.0; lesson.negatives * width],
            pressed: vec![0.0; lesson.negatives],
            logits: vec![0.0; lesson.negatives],
        }
    }

    /// Learns from one batch of (trail, place of what was wanted).
    pub(super) fn learn(&mut self, trails: &[Vec<u32>], batch: &[(u32, u32)]) {
        self.draw();
        let mut stand = Vec::new();
        let mut moves: Vec<Vec<f32>> = Vec::with_capacity(batch.len());
        for (trail, cut) in batch {
            let trail = &trails[*trail as usize];
            self.vectors.stand(&trail[..*cut as usize], &mut stand);
            moves.push(self.place(&stand, trail[*cut as usize]));
        }
        self.move_negatives();
        for ((trail, cut), gradient) in batch.iter().zip(&moves) {
            self.move_seen(&trails[*trail as usize][..*cut as usize], gradient);
        }
    }

    fn draw(&mut self) {
        let width = self.vectors.width as usize;
        let all = self.chances.last().copied().unwrap_or(0.0);
        for (place, negative) in self.negatives.iter_mut().enumerate() {
            let drawn = self.dice.unit() * all;
            *negative = self.chances.partition_point(|sum| *sum <= drawn).min(self.chances.len() - 1) as u32;
            let vector = row(&self.vectors.wanted, width, *negative).unwrap_or_default();
            self.copies[place * width..(place + 1) * width].copy_from_slice(vector);
        }
        self.gradients.fill(0.0);
        self.pressed.fill(0.0);
    }

    /// One position: its target is moved at once, the negatives are remembered; gives the gradient of the stand.
    fn place(&mut self, stand: &[f32], target: u32) -> Vec<f32> {
        let width = self.vectors.width as usize;
        let mine = self.vectors.pull(stand, target) - self.often[target as usize];
        let mut largest = mine;
        for (place, negative) in self.negatives.iter().enumerate() {
            let other = *negative as usize;
            let logit = if *negative == target {
                f32::NEG_INFINITY
            } else {
                dot(stand, &self.copies[place * width..(place + 1) * width]) + self.vectors.bias[other]
                    - self.often[other]
            };
            self.logits[place] = logit;
            largest = largest.max(logit);
        }
        let weight = |logit: f32| if logit < largest - FAR { 0.0 } else { exp(f64::from(logit - largest)) as f32 };
        let mine = weight(mine);
        let mut all = mine;
        for logit in &mut self.logits {
            *logit = weight(*logit);
            all += *logit;
        }
        let mut gradient = vec![0.0; width];
        for place in 0..self.negatives.len() {
            let share = self.logits[place] / all;
            if share >= 1e-5 {
                self.pressed[place] += share;
                let cells = place * width..(place + 1) * width;
                add(&mut gradient, share, &self.copies[cells.clone()]);
                add(&mut self.gradients[cells], share, stand);
            }
        }
        let off = mine / all - 1.0;
        add(&mut gradient, off, row(&self.vectors.wanted, width, target).unwrap_or_default());
        self.move_wanted(target, off, stand);
        self.move_bias(target as usize, off);
        gradient
    }

    /// Moves an item as one that is wanted against `factor * gradient`.
    fn move_wanted(&mut self, item: u32, factor: f32, gradient: &[f32]) {
        let (width, at) = (self.vectors.width as usize, item as usize);
        let size = factor * factor * dot(gradient, gradient) / width as f32;
        self.squares_wanted[at] += size;
        let step = self.step / self.squares_wanted[at].sqrt();
        add(&mut self.vectors.wanted[at * width..(at + 1) * width], -step * factor, gradient);
    }

    fn move_bias(&mut self, at: usize, by: f32) {
        self.squares_bias[at] += by * by;
        self.vectors.bias[at] -= 0.3 * self.step / self.squares_bias[at].sqrt() * by;
    }

    fn move_negatives(&mut self) {
        let width = self.vectors.width as usize;
        let gradients = std::mem::take(&mut self.gradients);
        for place in 0..self.negatives.len() {
            let (item, pressed) = (self.negatives[place], self.pressed[place]);
            if pressed > 0.0 {
                self.move_wanted(item, 1.0, &gradients[place * width..(place + 1) * width]);
                self.move_bias(item as usize, pressed);
            }
        }
        self.gradients = gradients;
    }

    fn move_seen(&mut self, trail: &[u32], gradient: &[f32]) {
        let width = self.vectors.width as usize;
        let size = dot(gradient, gradient) / width as f32;
        let weights: Vec<f32> =
            (0..trail.len().min(LAST)).map(|back| exp(-(back as f64) / self.vectors.reach) as f32).collect();
        let all: f32 = weights.iter().sum();
        for (item, weight) in trail.iter().rev().zip(weights) {
            let (at, weight) = (*item as usize, weight / all);
            self.squares_seen[at] += size * weight * weight;
            let step = self.step * weight / self.squares_seen[at].sqrt();
            add(&mut self.vectors.seen[at * width..(at + 1) * width], -step, gradient);
        }
    }
}
