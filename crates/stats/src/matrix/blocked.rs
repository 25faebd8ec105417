//! Factoring and inverting large symmetric matrices, block by block so that what is multiplied stays near.
//!
//! One kernel does the work: from the lower half it takes the product of two tall panels. It adds in one fixed order
//! and fuses nothing, so the bits are the same on every machine; a library that picks instructions by machine is up to
//! three times faster and cannot promise that.

use super::{Matrix, NotPositive};

/// Rows of a panel, and of the kernel's tile.
const ROWS: usize = 4;
/// Columns that are dealt with at once.
const DEPTH: usize = 128;
/// Panels on the right that stay in the second cache while all on the left pass by.
const NEAR: usize = 32;

/// Some rows of up to [`DEPTH`] columns, four rows side by side.
struct Panels {
    depth: usize,
    values: Vec<[f64; ROWS]>,
}

impl Panels {
    fn new(rows: usize, depth: usize) -> Self {
        Self { depth, values: vec![[0.0; ROWS]; rows.div_ceil(ROWS) * depth] }
    }

    fn put(&mut self, row: usize, values: &[f64]) {
        let place = (row / ROWS) * self.depth;
        let panel = &mut self.values[place..place + self.depth];
        panel.iter_mut().zip(values).for_each(|(four, value)| four[row % ROWS] = *value);
    }

    fn panel(&self, number: usize) -> &[[f64; ROWS]] {
        &self.values[number * self.depth..(number + 1) * self.depth]
    }

    fn count(&self) -> usize {
        self.values.len() / self.depth
    }
}

/// The lower factor, for [`Matrix::cholesky`].
pub(super) fn cholesky(matrix: &mut Matrix) -> Result<(), NotPositive> {
    let size = matrix.rows();
    for from in (0..size).step_by(DEPTH) {
        let to = (from + DEPTH).min(size);
        let corner = factored_corner(matrix, from, to)?;
        (from..to).for_each(|row| matrix.row_mut(row)[from..to].copy_from_slice(corner.row(row - from)));
        let mut panels = Panels::new(size - to, to - from);
        for row in to..size {
            let values = &mut matrix.row_mut(row)[from..to];
            corner.forwards(values);
            panels.put(row - to, values);
        }
        subtract(matrix, to, &panels, &panels);
    }
    (0..size).for_each(|row| matrix.row_mut(row)[row + 1..].fill(0.0));
    Ok(())
}

/// The inverse, for [`Matrix::inverse`]: every block of columns is swept in turn. Sweeping block $K$ takes
/// $A_{iK}A_{KK}^{-1}A_{Kj}$ off every other $A_{ij}$, turns $A_{iK}$ into $A_{iK}A_{KK}^{-1}$ and $A_{KK}$ into
/// $-A_{KK}^{-1}$; when all are swept the matrix holds $-A^{-1}$.
pub(super) fn invert(matrix: &mut Matrix) -> Result<(), NotPositive> {
    let size = matrix.rows();
    for from in (0..size).step_by(DEPTH) {
        let to = (from + DEPTH).min(size);
        let corner = factored_corner(matrix, from, to)?;
        let (mut plain, mut solved) = (Panels::new(size, to - from), Panels::new(size, to - from));
        let mut values = vec![0.0; to - from];
        // Rows of the block itself stay zero in both panels, so that the kernel leaves them alone.
        for row in (0..from).chain(to..size) {
            values.iter_mut().enumerate().for_each(|(k, value)| *value = lower(matrix, row, from + k));
            plain.put(row, &values);
            corner.solve_factored(&mut values);
            solved.put(row, &values);
            values.iter().enumerate().for_each(|(k, value)| *lower_mut(matrix, row, from + k) = *value);
        }
        subtract(matrix, 0, &solved, &plain);
        for column in from..to {
            values.fill(0.0);
            values[column - from] = -1.0;
            corner.solve_factored(&mut values);
            (column..to).for_each(|row| *matrix.at_mut(row, column) = values[row - from]);
        }
    }
    for row in 0..size {
        for column in 0..=row {
            let value = -matrix.at(row, column);
            *matrix.at_mut(row, column) = value;
            *matrix.at_mut(column, row) = value;
        }
    }
    Ok(())
}

/// The factor of a block on the diagonal.
fn factored_corner(matrix: &Matrix, from: usize, to: usize) -> Result<Matrix, NotPositive> {
    let mut corner = Matrix::zero(to - from, to - from);
    (from..to).for_each(|row| corner.row_mut(row - from).copy_from_slice(&matrix.row(row)[from..to]));
    corner.cholesky_small().map_err(|not| NotPositive { row: from + not.row })?;
    Ok(corner)
}

fn lower(matrix: &Matrix, row: usize, column: usize) -> f64 {
    matrix.at(row.max(column), row.min(column))
}

fn lower_mut(matrix: &mut Matrix, row: usize, column: usize) -> &mut f64 {
    matrix.at_mut(row.max(column), row.min(column))
}

/// Takes `left` times `right` transposed off the lower half, from a row and column on.
fn subtract(matrix: &mut Matrix, from: usize, left: &Panels, right: &Panels) {
    for near in (0..right.count()).step_by(NEAR) {
        for upper in near..left.count() {
            for lower in near..(near + NEAR).min(upper + 1) {
                let tile = product(left.panel(upper), right.panel(lower));
                let (row, column) = (from + upper * ROWS, from + lower * ROWS);
                take_off(matrix, row, column, &tile);
            }
        }
    }
}

fn take_off(matrix: &mut Matrix, from: usize, column: usize, tile: &[[f64; ROWS]; ROWS]) {
    for (row, values) in (from..matrix.rows()).zip(tile) {
        let end = (column + ROWS).min(row + 1);
        let places = &mut matrix.row_mut(row)[column..end];
        places.iter_mut().zip(values).for_each(|(place, value)| *place -= value);
    }
}

fn product(left: &[[f64; ROWS]], right: &[[f64; ROWS]]) -> [[f64; ROWS]; ROWS] {
    let mut tile = [[0.0; ROWS]; ROWS];
    for (a, b) in left.iter().zip(right) {
        for (line, a) in tile.iter_mut().zip(a) {
            line.iter_mut().zip(b).for_each(|(sum, b)| *sum += a * b);
        }
    }
    tile
}
