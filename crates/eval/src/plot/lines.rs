//! Lines over two axes of numbers.

use super::Titles;
use super::frame::{FIELD, Page, Scale, colour, sound};

/// Points nearer to the one before are not drawn, in pixels.
const PIXELS_LEAST: f64 = 0.75;
/// Most places of a line.
const PLACES_MAX: usize = 4_000;

/// A series of points, joined in their order.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// In a person's words.
    pub name: String,
    /// Places to the right and upwards; what is no number is left out.
    pub points: Vec<(f64, f64)>,
    /// Drawn as what would be ideal, not as what was found.
    pub dashed: bool,
}

impl Line {
    /// What was found.
    pub fn new(name: &str, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.to_owned(), points, dashed: false }
    }

    /// What would be ideal.
    pub fn ideal(name: &str, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.to_owned(), points, dashed: true }
    }
}

/// Draws them.
pub fn lines(titles: Titles, lines: &[Line]) -> String {
    let (left, top, right, bottom) = FIELD;
    let drawn = |line: &Line| line.points.iter().copied().filter(|(x, y)| sound(*x) && sound(*y)).collect();
    let drawn: Vec<Vec<(f64, f64)>> = lines.iter().map(drawn).collect();
    let all = || drawn.iter().flatten();
    let x = Scale::of(all().map(|point| point.0), left, right);
    let y = Scale::of(all().map(|point| point.1), bottom, top);
    let mut page = Page::new(titles, &y);
    page.ticks(&x);
    for (series, (line, points)) in lines.iter().zip(&drawn).enumerate() {
        let places: Vec<(f64, f64)> = points.iter().map(|(a, b)| (x.at(*a), y.at(*b))).collect();
        let (dash, wide) = if line.dashed { (" stroke-dasharray=\"6 4\"", 1) } else { ("", 2) };
        if let [(a, b)] = &places[..] {
            page.say(&format!("<circle cx=\"{a:.2}\" cy=\"{b:.2}\" r=\"4\" fill=\"{}\"/>", colour(series)));
        } else if !places.is_empty() {
            page.say(&format!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{wide}\"{dash}/>",
                joined(&places),
                colour(series)
            ));
        }
    }
    page.legend(lines.iter().map(|line| line.name.as_str()));
    page.end()
}

/// Places as SVG has them, without those that nobody could tell from the one before; the last one stays.
fn joined(places: &[(f64, f64)]) -> String {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (number, place) in places.iter().enumerate() {
        let near =
            kept.last().is_some_and(|last| (place.0 - last.0).abs().max((place.1 - last.1).abs()) < PIXELS_LEAST);
        if !near || number + 1 == places.len() {
            kept.push(*place);
        }
    }
    // A line that runs to and fro fills the field whether all of it is drawn or a part.
    let step = kept.len().div_ceil(PLACES_MAX).max(1);
    let last = kept.last().copied().filter(|_| !(kept.len() - 1).is_multiple_of(step));
    let text = |(x, y): (f64, f64)| format!("{x:.2},{y:.2}");
    kept.iter().copied().step_by(step).chain(last).map(text).collect::<Vec<String>>().join(" ")
}
