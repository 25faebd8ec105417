//! Sums of derivatives by column and code.
//!
//! Derivatives are whole numbers of a step, a power of two chosen per tree so that the largest stays below $2^{30}$.
//! Whole numbers add up to the same in any order, and a parent less one child is the other child exactly.

use super::bins::{Codes, GROUP};

/// Codes of a column.
pub(super) const CODES: usize = 256;

/// First and second derivative of one row, in steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slopes {
    pub(super) g: i32,
    pub(super) h: u32,
}

/// Sums of them over some rows, and how many rows. Below $2^{62}$, as there are fewer than $2^{32}$ rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) g: i64,
    pub(super) h: i64,
    pub(super) n: i64,
}

impl Sums {
    pub(super) fn add(&mut self, other: &Self) {
        self.g += other.g;
        self.h += other.h;
        self.n += other.n;
    }

    pub(super) fn less(&self, other: &Self) -> Self {
        Self { g: self.g - other.g, h: self.h - other.h, n: self.n - other.n }
    }
}

/// Every row's derivatives for one tree, and what a step of each is worth.
pub(super) struct Gradients {
    pub(super) rows: Vec<Slopes>,
    pub(super) g_step: f64,
    pub(super) h_step: f64,
    /// Second derivative of every row, when they are all equal.
    level: Option<u32>,
}

impl Gradients {
    /// From finite numbers, and whether all second ones are equal.
    pub(super) fn of(exact: &[(f64, f64)], is_level: bool) -> Self {
        let most = |value: fn(&(f64, f64)) -> f64| exact.iter().map(value).fold(0.0, f64::max);
        let (g_steps, h_steps) = (steps(most(|(g, _)| g.abs())), steps(most(|(_, h)| *h)));
        let rounded = |(g, h): &(f64, f64)| Slopes {
            g: (g * g_steps + 0.5_f64.copysign(*g)) as i32,
            h: (h * h_steps + 0.5) as u32,
        };
        let rows: Vec<Slopes> = exact.iter().map(rounded).collect();
        let level = rows.first().filter(|_| is_level).map(|first| first.h);
        Self { rows, g_step: 1.0 / g_steps, h_step: 1.0 / h_steps, level }
    }

    pub(super) fn sum(&self, rows: &[u32]) -> Sums {
        let mut sums = Sums { n: rows.len() as i64, ..Sums::default() };
        for row in rows {
            let slopes = self.rows[*row as usize];
            sums.g += i64::from(slopes.g);
            sums.h += i64::from(slopes.h);
        }
        sums
    }
}

/// How many steps make 1: a power of two, so that turning back is exact.
fn steps(most: f64) -> f64 {
    let exponent = ((most.to_bits() >> 52) & 0x7FF) as i64 - 1023;
    f64::from_bits(((1023 + 29 - exponent.clamp(-900, 900)) as u64) << 52)
}

/// Sums by column and code, of one leaf's rows.
pub(super) struct Histogram(pub(super) Vec<[Sums; CODES]>);

/// What building needs again and again, and which columns the tree may use.
pub(super) struct Builder<'a> {
    pub(super) codes: &'a Codes,
    /// Columns this tree sees, rising.
    pub(super) columns: Vec<usize>,
    /// Groups with such a column, rising.
    groups: Vec<usize>,
    gathered: Vec<Slopes>,
    spare: Vec<Histogram>,
}

impl<'a> Builder<'a> {
    /// For one tree; `spare` is what an earlier one's [`done`](Self::done) gave back.
    pub(super) fn new(codes: &'a Codes, columns: Vec<usize>, spare: Vec<Histogram>) -> Self {
        let mut groups: Vec<usize> = columns.iter().map(|column| column / GROUP).collect();
        groups.dedup();
        Self { codes, columns, groups, gathered: Vec::new(), spare }
    }

    /// Gives back what can be used again.
    pub(super) fn done(self) -> Vec<Histogram> {
        self.spare
    }

    /// Counts the rows.
    pub(super) fn build(&mut self, rows: &[u32], gradients: &Gradients) -> Histogram {
        let empty = || Histogram(vec![[Sums::default(); CODES]; self.codes.groups.len() * GROUP]);
        let mut histogram = self.spare.pop().unwrap_or_else(empty);
        self.gathered.clear();
        self.gathered.extend(rows.iter().map(|row| gradients.rows[*row as usize]));
        for group in &self.groups {
            let place = &mut histogram.0.as_chunks_mut::<GROUP>().0[*group];
            place.iter_mut().for_each(|column| column.fill(Sums::default()));
            match gradients.level {
                None => count::<false>(place, &self.codes.groups[*group], rows, &self.gathered),
                Some(h) => {
                    count::<true>(place, &self.codes.groups[*group], rows, &self.gathered);
                    place.as_flattened_mut().iter_mut().for_each(|sums| sums.h = sums.n * i64::from(h));
                }
            }
        }
        histogram
    }

    /// Leaves of the whole what the part does not hold.
    pub(super) fn take(&self, whole: &mut Histogram, part: &Histogram) {
        for column in &self.columns {
            let codes = self.codes.cuts[*column].codes();
            let pairs = whole.0[*column].iter_mut().zip(&part.0[*column]).take(codes);
            pairs.for_each(|(whole, part)| *whole = whole.less(part));
        }
    }

    /// Gives a histogram back.
    pub(super) fn recycle(&mut self, histogram: Histogram) {
        self.spare.push(histogram);
    }
}

fn count<const LEVEL: bool>(
    place: &mut [[Sums; CODES]; GROUP],
    codes: &[[u8; GROUP]],
    rows: &[u32],
    gathered: &[Slopes],
) {
    for (row, slopes) in rows.iter().zip(gathered) {
        let (g, h) = (i64::from(slopes.g), i64::from(slopes.h));
        for (column, code) in place.iter_mut().zip(codes[*row as usize]) {
            let sums = &mut column[usize::from(code)];
            sums.g += g;
            if !LEVEL {
                sums.h += h;
            }
            sums.n += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_fine_and_turn_back_exactly() {
        let gradients = Gradients::of(&[(0.75, 0.25), (-1e-3, 1e-4), (0.0, 0.0)], false);
        let back: Vec<(f64, f64)> = gradients
            .rows
            .iter()
            .map(|slopes| (f64::from(slopes.g) * gradients.g_step, f64::from(slopes.h) * gradients.h_step))
            .collect();
        assert_eq!((back[0], back[2]), ((0.75, 0.25), (0.0, 0.0)));
        assert!((back[1].0 + 1e-3).abs() < 1e-9 && (back[1].1 - 1e-4).abs() < 1e-9, "{back:?}");
    }

    #[test]
    fn numbers_of_any_size_have_their_steps() {
        for most in [0.0, 1e-310, 1e-20, 1.0, 1e20, 1e300] {
            let scaled = most * steps(most);
            assert!(scaled < f64::from(1_u32 << 30), "{most}");
        }
    }
}
