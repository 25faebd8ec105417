//! Cholesky, solving and inverting against NumPy's.
//!
//! ```python
//! import numpy as np
//! show = lambda rows: print(*[", ".join(map(repr, map(float, row))) for row in rows], sep="\n")
//! n = 5
//! a = np.array([[1 / (1 + abs(i - j)) + (3 if i == j else 0) + (i * j % 4) / 8 for j in range(n)] for i in range(n)])
//! show(np.linalg.cholesky(a)); show(np.linalg.inv(a)); show([np.linalg.solve(a, np.arange(1, n + 1))])
//! n = 300
//! x = np.array([[((i * 31 + k * 17 + i * k) % 101) / 101 for i in range(n)] for k in range(40)])
//! b = np.linalg.inv(x.T @ x + 5 * np.eye(n))
//! show([(i, j, b[i, j]) for i, j in ((0, 0), (7, 3), (150, 20), (299, 128), (299, 299))])
//! ```

use super::assert_agree;
use stats::Matrix;

const FACTOR: [[f64; 5]; 5] = [
    [2.0, 0.0, 0.0, 0.0, 0.0],
    [0.25, 2.0155644370746373, 0.0, 0.0, 0.0],
    [0.16666666666666666, 0.35143174800275734, 1.9618149629151953, 0.0, 0.0],
    [0.125, 0.3359274061791062, 0.31150293104249716, 1.974713574605115, 0.0],
    [0.1, 0.11163126113028762, 0.14141797400894343, 0.2055730470558497, 1.9787064311033713],
];
const INVERSE: [[f64; 5]; 5] = [
    [0.25540963086348173, -0.02658883634529896, -0.014189417764023405, -0.0072402391185979005, -0.009021197901432878],
    [-0.026588836345298964, 0.25921151801655945, -0.03924172753812037, -0.03488715982929672, -0.0072402391185979],
    [-0.014189417764023401, -0.039241727538120365, 0.26708055078746573, -0.03924172753812037, -0.014189417764023403],
    [-0.007240239118597899, -0.03488715982929672, -0.039241727538120365, 0.2592115180165595, -0.026588836345298964],
    [-0.009021197901432878, -0.007240239118597898, -0.014189417764023403, -0.02658883634529896, 0.2554096308634817],
];
const SOLUTION: [[f64; 5]; 1] =
    [[0.08559675889925755, 0.19835918216328255, 0.4806547805495344, 0.7091621489481906, 1.1046228795055137]];
const LARGE_INVERSE: [[f64; 3]; 5] = [
    [0.0, 0.0, 0.17850932642356224],
    [7.0, 3.0, 0.002338991916869957],
    [150.0, 20.0, -0.004186437912406098],
    [299.0, 128.0, -0.0045484429912355535],
    [299.0, 299.0, 0.18009556944752866],
];

fn small() -> Matrix {
    let mut matrix = Matrix::zero(5, 5);
    for i in 0..5_usize {
        for j in 0..5 {
            let own = if i == j { 3.0 } else { 0.0 };
            *matrix.at_mut(i, j) = 1.0 / (1 + i.abs_diff(j)) as f64 + own + ((i * j) % 4) as f64 / 8.0;
        }
    }
    matrix
}

#[test]
fn a_factor_an_inverse_and_a_solution_are_as_published() {
    let factor = small().cholesky().expect("positive definite");
    let inverse = small().inverse().expect("positive definite");
    let mut solution = [1.0, 2.0, 3.0, 4.0, 5.0];
    factor.solve_factored(&mut solution);
    for i in 0..5 {
        for j in 0..5 {
            assert_agree(factor.at(i, j), FACTOR[i][j], 1e-13, &[i as f64, j as f64]);
            assert_agree(inverse.at(i, j), INVERSE[i][j], 1e-12, &[i as f64, j as f64]);
        }
        assert_agree(solution[i], SOLUTION[0][i], 1e-13, &[i as f64]);
    }
}

#[test]
fn the_inverse_of_a_gram_matrix_over_several_blocks_is_as_published() {
    let size = 300_usize;
    let vectors: Vec<Vec<f64>> =
        (0..40_usize).map(|k| (0..size).map(|i| ((i * 31 + k * 17 + i * k) % 101) as f64 / 101.0).collect()).collect();
    let mut gram = Matrix::zero(size, size);
    for i in 0..size {
        for j in 0..size {
            *gram.at_mut(i, j) = vectors.iter().map(|v| v[i] * v[j]).sum::<f64>() + if i == j { 5.0 } else { 0.0 };
        }
    }
    let inverse = gram.inverse().expect("positive definite");
    for row @ [i, j, value] in LARGE_INVERSE {
        assert_agree(inverse.at(i as usize, j as usize), value, 1e-10, &row);
    }
}
