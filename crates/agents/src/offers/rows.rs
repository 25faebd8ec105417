//! Sparse rows: for each item the items that go with it, and how strongly. Called by the ridge and by the ranking.

use minicbor::{CborLen, Decode, Encode};

/// Rows one after the other, columns rising within a row.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode, CborLen)]
pub(super) struct Rows {
    #[n(0)]
    starts: Vec<u32>,
    #[n(1)]
    cells: Vec<(u32, f32)>,
}

impl Rows {
    /// Adds up what `emit` is given as (row, column, weight), in that order; it is run twice, to count and to fill.
    pub(super) fn gather(rows: usize, each: impl Fn(&mut dyn FnMut(u32, u32, f32))) -> Self {
        let mut starts = vec![0_u32; rows + 1];
        each(&mut |row, _, _| starts[row as usize + 1] += 1);
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut cells = vec![(0_u32, 0.0_f32); starts[rows] as usize];
        let mut next = starts.clone();
        each(&mut |row, column, weight| {
            cells[next[row as usize] as usize] = (column, weight);
            next[row as usize] += 1;
        });
        Self::merged(&starts, &mut cells)
    }

    /// Cells of one column become one; the sort is stable, so they are added in the order they came.
    fn merged(starts: &[u32], cells: &mut [(u32, f32)]) -> Self {
        let mut merged = Self { starts: vec![0], cells: Vec::with_capacity(cells.len() / 2) };
        for ends in starts.windows(2) {
            let row = &mut cells[ends[0] as usize..ends[1] as usize];
            row.sort_by_key(|cell| cell.0);
            let from = merged.cells.len();
            for cell in row.iter() {
                match merged.cells[from..].last_mut() {
                    Some(last) if last.0 == cell.0 => last.1 += cell.1,
                    _ => merged.cells.push(*cell),
                }
            }
            merged.starts.push(merged.cells.len() as u32);
        }
        merged.cells.shrink_to_fit();
        merged
    }

    /// One row; empty when there is none.
    pub(super) fn row(&self, row: u32) -> &[(u32, f32)] {
        let row = row as usize;
        match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(from), Some(to)) => self.cells.get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Rows become columns.
    pub(super) fn turned(&self) -> Self {
        let rows = self.starts.len().saturating_sub(1);
        Self::gather(rows, |emit| {
            for row in 0..rows as u32 {
                self.row(row).iter().for_each(|(column, weight)| emit(*column, row, *weight));
            }
        })
    }

    /// Only the cells of largest size in each row; of equal ones the smaller column.
    pub(super) fn largest(&self, most: usize) -> Self {
        let mut kept = Self { starts: vec![0], cells: Vec::new() };
        for row in 0..self.starts.len().saturating_sub(1) as u32 {
            let mut cells = self.row(row).to_vec();
            if cells.len() > most {
                cells.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
                cells.truncate(most);
                cells.sort_by_key(|cell| cell.0);
            }
            kept.cells.append(&mut cells);
            kept.starts.push(kept.cells.len() as u32);
        }
        kept
    }

    /// Whether every column is below the number of rows, as in what [`gather`](Self::gather) made of items.
    pub(super) fn is_whole(&self, items: usize) -> bool {
        self.cells.iter().all(|(column, weight)| (*column as usize) < items && weight.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_one_place_are_added_and_the_largest_kept() {
        let rows = Rows::gather(3, |emit| {
            for (row, column, weight) in [(2, 1, 1.0), (0, 2, 1.0), (0, 0, -3.0), (0, 2, 1.5), (0, 1, 2.5)] {
                emit(row, column, weight);
            }
        });
        assert_eq!(rows.row(0), [(0, -3.0), (1, 2.5), (2, 2.5)]);
        assert_eq!(rows.row(1), []);
        assert_eq!(rows.row(9), []);
        assert_eq!(rows.turned().row(1), [(0, 2.5), (2, 1.0)]);
        assert_eq!(rows.largest(2).row(0), [(0, -3.0), (1, 2.5)]);
        assert!(rows.is_whole(3) && !rows.is_whole(2));
    }
}
