//! Writes forecasts as a table: one row for each series and period ahead. Called by the command.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;

use super::judge::{Forecasts, QUANTILES};
use super::read::Sales;

/// Writes them to a file, plain or, where its name ends in `.gz`, packed. Series that never sold have no rows.
///
/// # Errors
/// When the file cannot be written.
pub fn forecasts(path: &Path, sales: &Sales, origin: i32, forecasts: &[Forecasts]) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        let file = BufWriter::with_capacity(1 << 16, std::fs::File::create(path)?);
        if path.extension().is_some_and(|extension| extension == "gz") {
            let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
            rows(&mut packed, sales, origin, forecasts)?;
            packed.finish()?.flush()
        } else {
            let mut file = file;
            rows(&mut file, sales, origin, forecasts)?;
            file.flush()
        }
    };
    write().with_context(|| format!("write {}", path.display()))
}

fn rows(out: &mut impl Write, sales: &Sales, origin: i32, forecasts: &[Forecasts]) -> std::io::Result<()> {
    write!(out, "series,date,mean")?;
    QUANTILES.iter().try_for_each(|level| write!(out, ",q{level}"))?;
    writeln!(out)?;
    let horizon = forecasts.iter().map(|told| told.means.len()).max().unwrap_or(0);
    let dates: Vec<String> = (0..horizon).map(|at| sales.periods.print(origin + 1 + at as i32)).collect();
    for (name, told) in sales.names.list.iter().zip(forecasts) {
        let name = quoted(name);
        for ((mean, quantiles), date) in told.means.iter().zip(&told.quantiles).zip(&dates) {
            write!(out, "{name},{date},{mean:.4}")?;
            quantiles.iter().try_for_each(|quantile| write!(out, ",{quantile:.0}"))?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// A field of CSV, in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r', '\t']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_commas_and_quotes_stay_one_field() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
