//! Tests of reading and judging: garbage is refused by name, and figures are those of the definition.

use proptest::prelude::*;

use super::judge::{Forecasts, Judge, QUANTILES};
use super::period::Periods;
use super::read::{Bad, Sales, sale};
use agents::forecast::Step;

fn days() -> Periods {
    Periods::new(Step::Day, "2016-01-01")
}

fn bad(column: &'static str, reason: &str) -> Bad {
    Bad { column, reason: reason.to_owned() }
}

#[test]
fn a_row_that_cannot_be_read_is_refused_by_its_column() {
    assert_eq!(sale(&days(), "01/02/2016", "1", ""), Err(bad("date", "is no date such as 2026-11-23")));
    assert_eq!(sale(&days(), "2016-01-02", "one", ""), Err(bad("quantity", "is no number")));
    assert_eq!(sale(&days(), "2016-01-02", "NaN", ""), Err(bad("quantity", "is larger than 10^12 or no number")));
    assert_eq!(sale(&days(), "2016-01-02", "1", "2"), Err(bad("in_stock", "is no share from 0 to 1")));
    let read = sale(&days(), "2016-01-02", "-1.5", "0.25").expect("a row");
    assert_eq!((read.units, read.in_stock), (-1.5, 0.25));
}

#[test]
fn a_mistyped_year_does_not_make_a_thousand_years_of_zeros() {
    let mut sales = Sales::new(days());
    let row = |date| ["a", "i", "l", "c", "d", date, "1"];
    assert_eq!(sales.row(row("2016-01-02"), ""), Ok(()));
    assert_eq!(sales.row(row("9016-01-02"), "").map_err(|bad| bad.column), Err("date"));
    assert_eq!(sales.rows.len(), 1);
}

#[test]
fn figures_are_those_of_the_definition() {
    let mut sales = Sales::new(days());
    for (name, item, units) in [("a", "1", ["2", "4", "4"]), ("b", "2", ["0", "1", "3"])] {
        for (date, units) in ["2016-01-01", "2016-01-02", "2016-01-03"].iter().zip(units) {
            sales.row([name, item, "shop", "c", "d", date, units], "").expect("a row");
        }
    }
    sales.rows.sort_by_key(|row| (row.period, row.series));
    let mut judge = Judge::new(&sales);
    sales.rows.iter().for_each(|row| judge.take(row.series, row.period, row.units));
    let told = |mean: f64| Forecasts { means: vec![mean], quantiles: vec![[mean; QUANTILES.len()]], confidence: 0.9 };
    let origin = sales.span.expect("rows").1;
    let figures = judge.judge(origin, &[told(4.0), told(2.0)], &[vec![6.0], vec![2.0]], &[3.0, 1.0]);
    // a: errors 2^2 over scale (2^2 + 0) / 2; b: no error. Weights 3 and 1.
    let wanted = 0.75 * (4.0_f64 / 2.0).sqrt();
    assert!((figures["rmsse_weighted"].as_f64().expect("a number") - wanted).abs() < 1e-6, "{figures}");
    // Total: 2, 5, 7: scale (9 + 4) / 2, error 2^2.
    let total = (4.0_f64 / 6.5).sqrt();
    assert!((figures["levels"]["total"].as_f64().expect("a number") - total).abs() < 1e-6, "{figures}");
    // a: mean over the levels u of 2u, over the mean step of 1; the levels' mean is a half.
    assert!((figures["pinball_scaled"].as_f64().expect("a number") - 0.75).abs() < 1e-6, "{figures}");
    assert_eq!(figures["coverage95"], 0.5);
    assert_eq!(figures["bias"], -0.25);
    // All quantiles of a lie below what came, those of b are what came: the shares are 0 and a half, and the levels above a
    // half lie 0.25, 0.335, 0.475 and 0.495 beside them.
    assert!((figures["quantile_error"].as_f64().expect("a number") - 1.555 / 9.0).abs() < 1e-6, "{figures}");
    // Two off at a mean of four is more than a third; nothing off is not.
    assert_eq!((&figures["confidence"]["told"], &figures["confidence"]["came"]), (&0.9.into(), &0.5.into()));
}

proptest! {
    #[test]
    fn whatever_stands_in_a_row_it_is_read_or_refused(
        texts in prop::array::uniform7("\\PC{0,12}"),
        in_stock in "\\PC{0,6}",
        date in prop_oneof!["[0-9]{1,5}-[0-9]{1,2}-[0-9]{1,2}", "\\PC{0,20}", "[-0-9T: ]{0,20}"],
    ) {
        for step in [Step::Hour, Step::Day, Step::Week, Step::Month] {
            let mut sales = Sales::new(Periods::new(step, &date));
            let mut row = texts.each_ref().map(String::as_str);
            row[5] = &date;
            let read = sales.row(row, &in_stock);
            prop_assert_eq!(read.is_ok(), sales.span.is_some());
        }
    }
}
