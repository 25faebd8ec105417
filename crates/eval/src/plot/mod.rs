//! Pictures of figures: lines and bars as plain SVG text. Called by the commands that have `--plot`; knows numbers and
//! names, nothing of what they mean.

mod bars;
mod frame;
mod lines;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use anyhow::Context;

pub use bars::bars;
pub use lines::{Line, lines};

/// Colours of series, told apart by most people (Okabe and Ito 2008).
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555"];

/// Writes a picture where one is wanted; without a file nothing is drawn.
///
/// # Errors
/// When the file cannot be written.
pub fn save(file: Option<&PathBuf>, draw: impl FnOnce() -> String) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    std::fs::write(file, draw()).with_context(|| format!("write {}", file.display()))
}

/// What a picture says of itself: title, name of the axis to the right, name of the axis upwards.
#[derive(Clone, Copy, Debug)]
pub struct Titles<'a> {
    /// Over it.
    pub title: &'a str,
    /// Under it.
    pub x: &'a str,
    /// Beside it.
    pub y: &'a str,
}
