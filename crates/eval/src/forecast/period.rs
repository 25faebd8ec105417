//! Dates of the tables as periods of the mind, and back. Called by the readers and the writer.

use agents::forecast::Step;
use jiff::civil::{Date, DateTime};

/// Dates of a table and the periods they are. Weeks begin on the weekday of the first date that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Periods {
    step: Step,
    /// Days by which a week's begin lies after that of week 0.
    anchor: i32,
}

impl Periods {
    /// Of a step; `first` is the first date of the table.
    pub fn new(step: Step, first: &str) -> Self {
        let anchor = moment(first).map_or(0, |(day, _)| day.rem_euclid(7));
        Self { step, anchor: if step == Step::Week { anchor } else { 0 } }
    }

    /// How long they are.
    pub fn step(&self) -> Step {
        self.step
    }

    /// The period of `2026-11-23`, `2026-11-23 14:05`, `2026-11-23T14:05:00` or, by months, `2026-11`; `None` when it is
    /// no such date.
    pub fn read(&self, text: &str) -> Option<i32> {
        let (day, hour) = moment(text)?;
        Some(match self.step {
            Step::Hour => day * 24 + hour,
            Step::Day => day,
            Step::Week => (day - self.anchor).div_euclid(7),
            Step::Month => {
                let date = date(day)?;
                (i32::from(date.year()) - 1970) * 12 + i32::from(date.month()) - 1
            }
        })
    }

    /// The first date of a period, as tables have it.
    pub fn print(&self, period: i32) -> String {
        let day = |day: i32| date(day).map_or_else(|| format!("day {day}"), |date| date.to_string());
        match self.step {
            Step::Hour => format!("{}T{:02}:00", day(period.div_euclid(24)), period.rem_euclid(24)),
            Step::Day => day(period),
            Step::Week => day(period.saturating_mul(7).saturating_add(self.anchor)),
            Step::Month => format!("{:04}-{:02}-01", 1970 + period.div_euclid(12), period.rem_euclid(12) + 1),
        }
    }
}

/// Days since 1970-01-01, and the hour.
fn moment(text: &str) -> Option<(i32, i32)> {
    if let Some(day) = plain(text.as_bytes()) {
        return Some((day, 0));
    }
    if let Ok(at) = text.parse::<DateTime>() {
        return Some((days(at.date()), i32::from(at.hour())));
    }
    let month = text.strip_suffix('-').unwrap_or(text);
    if month.len() == 7 { plain(format!("{month}-01").as_bytes()).map(|day| (day, 0)) } else { None }
}

/// `2026-11-23`, quickly: tables have millions of these.
fn plain(text: &[u8]) -> Option<i32> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text else { return None };
    let digits = [a, b, c, d, e, f, g, h];
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let [a, b, c, d, e, f, g, h] = digits.map(|digit| i16::from(digit - b'0'));
    let (year, month, day) = (a * 1000 + b * 100 + c * 10 + d, e * 10 + f, g * 10 + h);
    Date::new(year, month as i8, day as i8).ok().map(days)
}

fn days(date: Date) -> i32 {
    date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

fn date(day: i32) -> Option<Date> {
    jiff::Span::new().try_days(day).ok().and_then(|span| Date::constant(1970, 1, 1).checked_add(span).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_and_printed_alike() {
        for (step, text) in [
            (Step::Hour, "2016-05-22T13:00"),
            (Step::Day, "2016-05-22"),
            (Step::Week, "2016-05-22"),
            (Step::Month, "2016-05-01"),
        ] {
            let periods = Periods::new(step, text);
            let period = periods.read(text).expect("a date");
            assert_eq!(periods.print(period), text);
            assert_eq!(periods.read(&periods.print(period + 1)), Some(period + 1));
        }
        assert_eq!(Periods::new(Step::Month, "2016-05").read("2016-05"), Some(46 * 12 + 4));
        assert_eq!(Periods::new(Step::Day, "").read("2016-05-22 13:07:00"), Some(16_943));
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        let periods = Periods::new(Step::Day, "");
        assert_eq!(
            ["", "2016-13-01", "2016-02-30", "22/05/2016", "２０１６-05-22"].map(|text| periods.read(text)),
            [None; 5]
        );
    }
}
