//! Dense matrices, as far as regressions need them: Cholesky, solving, inverting. For regressions and for neighbours
//! among items; knows nothing of either.

mod blocked;

/// A matrix is not positive definite: the problem has no single answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the matrix is not positive definite at row {row}")]
pub struct NotPositive {
    /// Zero-based.
    pub row: usize,
}

/// Rows one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// All zero.
    pub fn zero(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// One row, to be changed.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// One value.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.columns + column]
    }

    /// One value, to be changed.
    pub fn at_mut(&mut self, row: usize, column: usize) -> &mut f64 {
        &mut self.values[row * self.columns + column]
    }

    /// The lower factor $L$ of a symmetric positive definite matrix, $LL^\top$; only the lower half is read.
    ///
    /// # Errors
    /// When it is not positive definite.
    ///
    /// # Panics
    /// Only when it has not as many rows as columns.
    pub fn cholesky(mut self) -> Result<Self, NotPositive> {
        assert_eq!(self.rows, self.columns, "as many rows as columns");
        blocked::cholesky(&mut self)?;
        Ok(self)
    }

    /// The inverse of a symmetric positive definite matrix, in its own place; only the lower half is read.
    ///
    /// # Errors
    /// When it is not positive definite.
    ///
    /// # Panics
    /// Only when it has not as many rows as columns.
    pub fn inverse(mut self) -> Result<Self, NotPositive> {
        assert_eq!(self.rows, self.columns, "as many rows as columns");
        blocked::invert(&mut self)?;
        Ok(self)
    }

    /// Factors row by row: for what is small enough to stay near.
    fn cholesky_small(&mut self) -> Result<(), NotPositive> {
        for row in 0..self.rows {
            let (above, rest) = self.values.split_at_mut(row * self.columns);
            let this = &mut rest[..self.columns];
            for column in 0..row {
                let other = &above[column * self.columns..column * self.columns + column + 1];
                let sum = dot(&this[..column], &other[..column]);
                this[column] = (this[column] - sum) / other[column];
            }
            let left = this[row] - dot(&this[..row], &this[..row]);
            // Written so that what is not a number fails as well.
            if !(left > 0.0 && left.is_finite()) {
                return Err(NotPositive { row });
            }
            this[row] = left.sqrt();
            this[row + 1..].fill(0.0);
        }
        Ok(())
    }

    /// Solves $Lx=b$ in place, when this is $L$.
    fn forwards(&self, b: &mut [f64]) {
        for row in 0..self.rows {
            let sum = dot(&self.row(row)[..row], &b[..row]);
            b[row] = (b[row] - sum) / self.at(row, row);
        }
    }

    /// Solves $LL^\top x=b$ in place, when this is $L$.
    pub fn solve_factored(&self, b: &mut [f64]) {
        self.forwards(b);
        for row in (0..self.rows).rev() {
            b[row] /= self.at(row, row);
            let value = b[row];
            for (column, factor) in self.row(row)[..row].iter().enumerate() {
                b[column] -= factor * value;
            }
        }
    }
}

/// The inner product, in four strands that are added in a fixed order.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut strands = [0.0; 4];
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a4.remainder().iter().zip(b4.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a4.zip(b4) {
        for (strand, (x, y)) in strands.iter_mut().zip(x.iter().zip(y)) {
            *strand += x * y;
        }
    }
    (strands[0] + strands[1]) + (strands[2] + strands[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_positive_definite_is_refused_and_named() {
        let mut matrix = Matrix::zero(2, 2);
        matrix.row_mut(0).copy_from_slice(&[1.0, 2.0]);
        matrix.row_mut(1).copy_from_slice(&[2.0, 1.0]);
        assert_eq!(matrix.clone().cholesky(), Err(NotPositive { row: 1 }));
        *matrix.at_mut(0, 0) = f64::NAN;
        assert_eq!(matrix.cholesky(), Err(NotPositive { row: 0 }));
    }

    /// A Gram matrix of as many random vectors, made safely positive.
    fn gram(size: usize) -> Matrix {
        let mut dice = crate::dice::Dice::seeded(size as u64);
        let vectors: Vec<Vec<f64>> = (0..size).map(|_| (0..size).map(|_| dice.unit() - 0.5).collect()).collect();
        let mut gram = Matrix::zero(size, size);
        for row in 0..size {
            for column in 0..=row {
                let value = dot(&vectors[row], &vectors[column]) + if row == column { 0.5 } else { 0.0 };
                (*gram.at_mut(row, column), *gram.at_mut(column, row)) = (value, value);
            }
        }
        gram
    }

    #[test]
    fn a_factor_times_itself_and_an_inverse_times_its_matrix_are_as_they_should_be_over_many_blocks() {
        for size in [1, 3, 128, 130, 261] {
            let gram = gram(size);
            let (factor, inverse) =
                (gram.clone().cholesky().expect("positive"), gram.clone().inverse().expect("positive"));
            for row in 0..size {
                for column in 0..size {
                    let product = dot(factor.row(row), factor.row(column));
                    assert!((product - gram.at(row, column)).abs() < 1e-10, "{size}: {row} {column}");
                    let one = if row == column { 1.0 } else { 0.0 };
                    assert!((dot(gram.row(row), inverse.row(column)) - one).abs() < 1e-9, "{size}: {row} {column}");
                }
            }
        }
    }

    #[test]
    fn a_row_that_spoils_a_later_block_is_named() {
        let mut spoiled = gram(200);
        *spoiled.at_mut(150, 150) = -1.0;
        assert_eq!(spoiled.clone().cholesky(), Err(NotPositive { row: 150 }));
        assert_eq!(spoiled.inverse(), Err(NotPositive { row: 150 }));
    }

    proptest! {
        #[test]
        fn a_solution_solves(values in prop::collection::vec(-3.0..3.0_f64, 30), b in prop::collection::vec(-5.0..5.0_f64, 5)) {
            // A Gram matrix of six vectors, made safely positive.
            let mut gram = Matrix::zero(5, 5);
            for i in 0..5 {
                for j in 0..5 {
                    let sum: f64 = (0..6).map(|k| values[k * 5 + i] * values[k * 5 + j]).sum();
                    *gram.at_mut(i, j) = sum + if i == j { 1.0 } else { 0.0 };
                }
            }
            let mut x = b.clone();
            gram.clone().cholesky().expect("positive definite").solve_factored(&mut x);
            for (row, wanted) in b.iter().enumerate() {
                prop_assert!((dot(gram.row(row), &x) - wanted).abs() < 1e-9);
            }
        }
    }
}
