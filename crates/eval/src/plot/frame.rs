//! What all pictures share: page, title, axes with ticks at round numbers, legend, escaped text. Called by lines and bars.

use std::fmt::Write;

use super::{COLOURS, Titles};

/// Size of a picture, in pixels.
pub(super) const SIZE: (f64, f64) = (760.0, 440.0);
/// Left, top, right and bottom edge of the field that is drawn in.
pub(super) const FIELD: (f64, f64, f64, f64) = (88.0, 48.0, 560.0, 376.0);
/// Longest name that is shown, in characters.
const NAME_MAX: usize = 26;

/// A range of numbers and where it lies on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub low: f64,
    pub high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Of the finite numbers among `values`, widened to round ticks; 0 to 1 when there is none.
    pub fn of(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let finite = values.filter(|value| sound(*value));
        let (low, high) =
            finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low > high { (0.0, 1.0) } else { (low, high) };
        // One value alone has a neighbourhood too.
        let (low, high) = if high - low > 1e-9 * high.abs().max(low.abs()).max(1e-9) {
            (low, high)
        } else {
            (low - low.abs().max(1.0) / 2.0, high + high.abs().max(1.0) / 2.0)
        };
        let step = step(high - low);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, from, to }
    }

    /// Where a value lies.
    pub fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    fn ticks(&self) -> Vec<f64> {
        let step = step(self.high - self.low);
        let count = ((self.high - self.low) / step).round().clamp(1.0, 12.0) as u32;
        (0..=count)
            .map(|tick| self.low + f64::from(tick) * step)
            .filter(|tick| *tick <= self.high + step / 2.0)
            .collect()
    }
}

/// Whether a number can be drawn: finite, and small enough that sums of it are.
pub(super) fn sound(value: f64) -> bool {
    value.abs() < 1e15
}

/// 1, 2 or 5 times a power of ten: some five of them make the range.
fn step(range: f64) -> f64 {
    let rough = range / 5.0;
    let mut power = 1.0;
    while power > rough {
        power /= 10.0;
    }
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    let times = rough / power;
    power
        * if times < 1.5 {
            1.0
        } else if times < 3.5 {
            2.0
        } else if times < 7.5 {
            5.0
        } else {
            10.0
        }
}

/// A number for a person: as many decimals as it takes to tell ticks apart, thousands and millions in words.
fn shown(value: f64, range: f64) -> String {
    let units = [(1e9, " bn"), (1e6, " m"), (1e3, "k")];
    let (unit, word) = units.into_iter().find(|(unit, _)| step(range) >= *unit).unwrap_or((1.0, ""));
    let (value, mut power, mut decimals) = (value / unit, step(range) / unit, 0);
    while power < 0.999 && decimals < 9 {
        power *= 10.0;
        decimals += 1;
    }
    let text = format!("{value:.decimals$}");
    // A rounded zero has no sign.
    if text.trim_matches(['-', '0', '.']).is_empty() { text.trim_start_matches('-').to_owned() } else { text + word }
}

/// Text as XML has it; what XML has no form for is left out.
pub(super) fn escaped(text: &str) -> String {
    let short: String =
        text.chars().filter(|letter| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}')).collect();
    short.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A name as it fits beside or under a picture.
pub(super) fn named(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return escaped(name);
    }
    let first: String = name.chars().take(NAME_MAX - 1).collect();
    escaped(&first) + "…"
}

/// Colour of a series.
pub(super) fn colour(series: usize) -> &'static str {
    COLOURS[series % COLOURS.len()]
}

/// A page that is being drawn.
pub(super) struct Page(String);

impl Page {
    /// With its titles and the axis upwards.
    pub fn new(titles: Titles, y: &Scale) -> Self {
        let ((width, height), (left, top, right, bottom)) = (SIZE, FIELD);
        let mut page = Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"sans-serif\" font-size=\"12\" fill=\"#222222\">\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
        ));
        page.say(&format!(
            "<text x=\"{left}\" y=\"28\" font-size=\"15\" font-weight=\"bold\">{}</text>",
            escaped(titles.title)
        ));
        for tick in y.ticks() {
            let place = y.at(tick);
            page.say(&format!(
                "<line x1=\"{left}\" y1=\"{place:.2}\" x2=\"{right}\" y2=\"{place:.2}\" stroke=\"#dddddd\"/>"
            ));
            page.text(left - 8.0, place + 4.0, "end", &shown(tick, y.high - y.low));
        }
        page.say(&format!("<path d=\"M{left} {top}V{bottom}H{right}\" fill=\"none\" stroke=\"#222222\"/>"));
        page.text((left + right) / 2.0, bottom + 46.0, "middle", &escaped(titles.x));
        let middle = (top + bottom) / 2.0;
        page.say(&format!(
            "<text x=\"18\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 18 {middle})\">{}</text>",
            escaped(titles.y)
        ));
        page
    }

    /// Ticks of the axis to the right.
    pub fn ticks(&mut self, x: &Scale) {
        let bottom = FIELD.3;
        for tick in x.ticks() {
            let place = x.at(tick);
            self.say(&format!(
                "<line x1=\"{place:.2}\" y1=\"{bottom}\" x2=\"{place:.2}\" y2=\"{}\" stroke=\"#222222\"/>",
                bottom + 5.0
            ));
            self.text(place, bottom + 20.0, "middle", &shown(tick, x.high - x.low));
        }
    }

    /// Names of series in their colours, beside the field.
    pub fn legend<'a>(&mut self, names: impl Iterator<Item = &'a str>) {
        let (left, mut top) = (FIELD.2 + 16.0, FIELD.1 + 6.0);
        for (series, name) in names.enumerate() {
            self.say(&format!(
                "<rect x=\"{left}\" y=\"{}\" width=\"14\" height=\"4\" fill=\"{}\"/>",
                top - 2.0,
                colour(series)
            ));
            self.text(left + 20.0, top + 4.0, "start", &named(name));
            top += 18.0;
        }
    }

    /// Text that is escaped already.
    pub fn text(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        self.say(&format!("<text x=\"{x:.2}\" y=\"{y:.2}\" text-anchor=\"{anchor}\">{text}</text>"));
    }

    /// An element.
    pub fn say(&mut self, element: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{element}");
    }

    /// The finished picture.
    pub fn end(mut self) -> String {
        self.say("</svg>");
        self.0
    }
}
