//! Bars in groups, from zero.

use super::Titles;
use super::frame::{FIELD, Page, Scale, colour, named, sound};

/// Names of groups stand aslant when there are more.
const LEVEL_MAX: usize = 5;

/// Draws, for each of `groups`, one bar of each series: its name and its values in the order of the groups. A value that
/// is no number, or is missing, has no bar.
pub fn bars(titles: Titles, groups: &[String], series: &[(String, Vec<f64>)]) -> String {
    let (left, top, right, bottom) = FIELD;
    let values = || series.iter().flat_map(|(_, values)| values.iter().take(groups.len()).copied());
    let y = Scale::of(values().chain([0.0]), bottom, top);
    // Names that stand aslant need the room in which the axis' name would be.
    let aslant = groups.len() > LEVEL_MAX;
    let mut page = Page::new(Titles { x: if aslant { "" } else { titles.x }, ..titles }, &y);
    let room = (right - left) / groups.len().max(1) as f64;
    let wide = 0.8 * room / series.len().max(1) as f64;
    for (group, name) in groups.iter().enumerate() {
        let from = left + group as f64 * room;
        for (number, (_, values)) in series.iter().enumerate() {
            let Some(value) = values.get(group).copied().filter(|value| sound(*value)) else { continue };
            let (zero, end) = (y.at(0.0), y.at(value));
            page.say(&format!(
                "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" fill=\"{}\"/>",
                from + 0.1 * room + number as f64 * wide,
                end.min(zero),
                wide.max(0.5),
                (zero - end).abs(),
                colour(number)
            ));
        }
        let middle = from + room / 2.0;
        if aslant {
            page.say(&format!(
                "<text x=\"{middle:.2}\" y=\"{0:.2}\" text-anchor=\"end\" font-size=\"10\" transform=\"rotate(-30 {middle:.2} {0:.2})\">{1}</text>",
                bottom + 16.0,
                named(name)
            ));
        } else {
            page.text(middle, bottom + 20.0, "middle", &named(name));
        }
    }
    // One series needs no name beside the axis'.
    if series.len() > 1 {
        page.legend(series.iter().map(|(name, _)| name.as_str()));
    }
    page.end()
}
