//! Charts as SVG: bars and steps. Each has a title, and the same figures as a table for who cannot see it.

use maud::{Markup, html};

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    /// Under it.
    pub(super) label: String,
    /// Its height.
    pub(super) value: u64,
}

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 120.0;
const FLOOR: f64 = 96.0;

/// Bars beside each other, with their values on top.
pub(super) fn bars(id: &str, title: &str, unit: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let step = WIDTH / bars.len().max(1) as f64;
    html! {
        figure class="chart" {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby=(id) {
                title id=(id) { (title) }
                line x1="0" y1=(FLOOR) x2=(WIDTH) y2=(FLOOR) class="axis" {}
                @for (place, bar) in bars.iter().enumerate() {
                    @let height = (FLOOR - 18.0) * bar.value as f64 / most as f64;
                    @let middle = round(place as f64 * step + step / 2.0);
                    @if bar.value > 0 {
                        rect class="bar" x=(round(place as f64 * step + step * 0.14)) y=(round(FLOOR - height.max(2.0)))
                            width=(round(step * 0.72)) height=(round(height.max(2.0))) rx="2" {}
                        text class="value" x=(middle) y=(round(FLOOR - height.max(2.0) - 4.0)) text-anchor="middle" { (short(bar.value)) }
                    }
                    text class="tick" x=(middle) y=(FLOOR + 15.0) text-anchor="middle" { (bar.label) }
                }
            }
            (table(title, &["", unit], bars.iter().map(|bar| [bar.label.clone(), super::words::grouped(&bar.value.to_string())])))
        }
    }
}

/// A level that stays until the next movement; at most as many steps as are given, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// When, in words.
    pub(super) label: String,
    /// Level from then on.
    pub(super) value: f64,
    /// The level in words.
    pub(super) words: String,
}

/// A line of steps with zero marked when it lies inside.
pub(super) fn steps(id: &str, title: &str, unit: &str, steps: &[Step]) -> Markup {
    let low = steps.iter().map(|step| step.value).fold(0.0, f64::min);
    let high = steps.iter().map(|step| step.value).fold(low + 1.0, f64::max);
    let y = |value: f64| round(8.0 + (FLOOR - 8.0) * (high - value) / (high - low));
    let width = WIDTH / steps.len().max(1) as f64;
    let mut path = String::new();
    for (place, step) in steps.iter().enumerate() {
        let lead = if place == 0 { "M0 " } else { "V" };
        path.push_str(&format!("{lead}{}H{}", y(step.value), round((place + 1) as f64 * width)));
    }
    html! {
        figure class="chart" {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby=(id) {
                title id=(id) { (title) }
                line x1="0" y1=(y(0.0)) x2=(WIDTH) y2=(y(0.0)) class="axis" {}
                @if !path.is_empty() { path class="steps" d=(path) {} }
                @for place in ends(steps) {
                    // Under a line at the top, above one at the bottom, so that it stays inside the picture.
                    @let top = y(steps[place].value) < FLOOR / 2.0;
                    text class="value" x=(round((place as f64 + 0.5) * width)) y=(y(steps[place].value) + if top { 12.0 } else { -5.0 })
                        text-anchor="middle" { (steps[place].words) }
                }
                @if let (Some(first), Some(last)) = (steps.first(), steps.last()) {
                    text class="tick" x="0" y=(HEIGHT - 4.0) { (first.label) }
                    text class="tick" x=(WIDTH) y=(HEIGHT - 4.0) text-anchor="end" { (last.label) ": " (last.words) }
                }
            }
            (table(title, &["When", unit], steps.iter().map(|step| [step.label.clone(), step.words.clone()])))
        }
    }
}

/// Where the highest and the lowest step are; one place when they are the same.
fn ends(steps: &[Step]) -> Vec<usize> {
    let by = |a: &usize, b: &usize| steps[*a].value.total_cmp(&steps[*b].value);
    let mut ends: Vec<usize> = (0..steps.len()).max_by(by).into_iter().chain((0..steps.len()).min_by(by)).collect();
    ends.dedup();
    ends
}

fn table(title: &str, heads: &[&str; 2], rows: impl Iterator<Item = [String; 2]>) -> Markup {
    html! {
        details {
            summary { "As a table" }
            table class="plain-table" {
                caption class="hidden" { (title) }
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for [label, value] in rows { tr { th scope="row" { (label) } td class="number" { (value) } } } }
            }
        }
    }
}

/// A share of something as a bar; `of` zero is shown as empty.
pub(super) fn meter(label: &str, left: u32, of: u32) -> Markup {
    let width = if of == 0 { 0.0 } else { round(100.0 * f64::from(left.min(of)) / f64::from(of)) };
    html! {
        svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label=(label) {
            title { (label) }
            rect class="track" width="100" height="6" rx="3" {}
            rect class={ "fill" @if width < 20.0 { " low" } } width=(width) height="6" rx="3" {}
        }
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn short(value: u64) -> String {
    match value {
        0..=9_999 => value.to_string(),
        10_000..=999_999 => format!("{}k", value / 1_000),
        _ => format!("{}M", value / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_without_figures_is_still_a_chart_with_an_empty_table() {
        let drawn = bars("b", "Nothing", "changes", &[]).into_string();
        assert!(drawn.contains("<tbody></tbody>") && !drawn.contains("NaN"), "{drawn}");
        let drawn = steps("s", "Nothing", "on hand", &[]).into_string();
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
    }

    #[test]
    fn steps_below_zero_stay_inside_the_picture() {
        let step = |value: f64| Step { label: "t".into(), value, words: value.to_string() };
        let drawn = steps("s", "t", "u", &[step(2.0), step(-2.0)]).into_string();
        assert!(drawn.contains("d=\"M0 8H160V96H320\""), "{drawn}");
    }
}
