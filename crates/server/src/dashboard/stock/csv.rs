//! The stock table as a file for spreadsheets.

use super::table::StockRow;

/// Head of the file; the channels' own columns follow.
pub(super) fn head(channels: &[String]) -> String {
    let mut cells = ["sku", "title", "on_hand", "promised", "available"].map(str::to_owned).to_vec();
    for channel in channels {
        cells.push(format!("{channel} shows"));
        cells.push(format!("{channel} should show"));
    }
    line(&cells)
}

/// One item.
pub(super) fn row(row: &StockRow) -> String {
    let mut cells = vec![
        row.sku.clone(),
        row.title.clone(),
        row.on_hand.to_string(),
        row.promised.to_string(),
        row.available.to_string(),
    ];
    for cell in &row.cells {
        cells.push(cell.and_then(|cell| cell.shown).map_or_else(String::new, |level| level.to_string()));
        cells.push(cell.map_or_else(String::new, |cell| cell.wanted.to_string()));
    }
    line(&cells)
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that a spreadsheet takes as text: what would begin a formula gets an apostrophe in front, unless it is a
/// plain number.
fn escaped(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_becomes_a_formula_and_numbers_stay_numbers() {
        assert_eq!(escaped("=1+1"), "'=1+1");
        assert_eq!(escaped("@sum"), "'@sum");
        assert_eq!(escaped("+49"), "'+49");
        assert_eq!(escaped("-2.5"), "-2.5");
        assert_eq!(escaped("-2+3"), "'-2+3");
        assert_eq!(escaped("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
