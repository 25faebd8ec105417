//! A forest: what was fitted, how it answers, and how it is stored.

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::Loss;
use super::fit::WIDTH_MAX;
use super::settings::TREES_MAX;
use super::tree::{Shape, Tree};

/// Rows that walk through a tree together while its splits are near.
const ROWS_TOGETHER: usize = 256;

/// Boosted trees. Answers are a function of the row alone; the stored form is checked when it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    width: usize,
    loss: Loss,
    start: f64,
    pub(super) trees: Vec<Tree>,
}

/// The stored form.
#[derive(Decode)]
struct Stored {
    #[n(0)]
    width: u32,
    #[n(1)]
    loss: Loss,
    #[n(2)]
    start: f64,
    #[n(3)]
    trees: Vec<Shape>,
}

impl Forest {
    pub(super) fn new(width: usize, loss: Loss, start: f64, trees: Vec<Tree>) -> Self {
        Self { width, loss, start, trees }
    }

    /// Features per row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What it was fitted to make small.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// How many trees it has.
    pub fn trees(&self) -> usize {
        self.trees.len()
    }

    /// Raw score before any tree spoke.
    pub fn start(&self) -> f64 {
        self.start
    }

    /// Raw score of a row, without its offset. Features that a short row lacks are missing, those too many not read.
    pub fn raw(&self, row: &[f32]) -> f64 {
        self.trees.iter().fold(self.start, |raw, tree| raw + tree.value(row))
    }

    /// Answer for a row: mean, probability or quantile, as the loss has it.
    pub fn predict(&self, row: &[f32]) -> f64 {
        self.loss.answer(self.raw(row))
    }

    /// Answer for a row whose raw score starts from an offset.
    pub fn predict_from(&self, offset: f64, row: &[f32]) -> f64 {
        self.loss.answer(offset + self.raw(row))
    }

    /// Raw scores of rows one after the other, each [`width`](Self::width) long; the same as one by one, only sooner.
    /// What is left of an incomplete last row is not read.
    pub fn raw_all(&self, rows: &[f32]) -> Vec<f64> {
        let mut raw = vec![self.start; rows.len() / self.width];
        let blocks = rows.chunks(self.width * ROWS_TOGETHER).zip(raw.chunks_mut(ROWS_TOGETHER));
        for (rows, raw) in blocks {
            for tree in &self.trees {
                let pairs = raw.iter_mut().zip(rows.chunks_exact(self.width));
                pairs.for_each(|(raw, row)| *raw += tree.value(row));
            }
        }
        raw
    }

    /// Answers for rows one after the other.
    pub fn predict_all(&self, rows: &[f32]) -> Vec<f64> {
        self.raw_all(rows).into_iter().map(|raw| self.loss.answer(raw)).collect()
    }
}

impl<C> Encode<C> for Forest {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(4)?.u32(self.width as u32)?;
        self.loss.encode(e, context)?;
        e.f64(self.start)?.array(self.trees.len() as u64)?;
        self.trees.iter().try_for_each(|tree| tree.shape().encode(e, context))
    }
}

impl<'b, C> Decode<'b, C> for Forest {
    /// Whatever the bytes are, what comes out is a forest that answers every row, or an error.
    fn decode(d: &mut Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
        let stored = Stored::decode(d, context)?;
        let width = stored.width as usize;
        let sound = (1..=WIDTH_MAX).contains(&width)
            && stored.loss.is_sound()
            && stored.start.is_finite()
            && stored.trees.len() <= TREES_MAX;
        let trees: Option<Vec<Tree>> = stored.trees.into_iter().map(|shape| Tree::new(shape, width)).collect();
        match trees.filter(|_| sound) {
            Some(trees) => Ok(Self { width, loss: stored.loss, start: stored.start, trees }),
            None => Err(minicbor::decode::Error::message("this is no forest")),
        }
    }
}
