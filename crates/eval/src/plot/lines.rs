//! Lines over two axes of numbers.

use super::Titles;
use super::frame::{FIELD, Page, Scale, colour, sound};

/// More points of a line than pixels show nothing more.
const POINTS_MAX: usize = 600;

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
    let drawn: Vec<Vec<(f64, f64)>> = lines.iter().map(|line| thinned(&line.points)).collect();
    let all = || drawn.iter().flatten();
    let x = Scale::of(all().map(|point| point.0), left, right);
    let y = Scale::of(all().map(|point| point.1), bottom, top);
    let mut page = Page::new(titles, &y);
    page.ticks(&x);
    for (series, (line, points)) in lines.iter().zip(&drawn).enumerate() {
        let places: Vec<String> = points.iter().map(|(a, b)| format!("{:.2},{:.2}", x.at(*a), y.at(*b))).collect();
        let (dash, wide) = if line.dashed { (" stroke-dasharray=\"6 4\"", 1) } else { ("", 2) };
        if let [only] = &points[..] {
            page.say(&format!(
                "<circle cx=\"{:.2}\" cy=\"{:.2}\" r=\"4\" fill=\"{}\"/>",
                x.at(only.0),
                y.at(only.1),
                colour(series)
            ));
        } else if !places.is_empty() {
            page.say(&format!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{wide}\"{dash}/>",
                places.join(" "),
                colour(series)
            ));
        }
    }
    page.legend(lines.iter().map(|line| line.name.as_str()));
    page.end()
}

/// The points that can be drawn, evenly fewer where there are very many; the last one stays.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let sound: Vec<(f64, f64)> = points.iter().copied().filter(|(x, y)| sound(*x) && sound(*y)).collect();
    let step = sound.len().div_ceil(POINTS_MAX).max(1);
    let mut kept: Vec<(f64, f64)> = sound.iter().copied().step_by(step).collect();
    if sound.len() > 1 && !(sound.len() - 1).is_multiple_of(step) {
        kept.extend(sound.last());
    }
    kept
}
