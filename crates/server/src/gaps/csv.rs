//! The report as a table for spreadsheets.

use super::GapOut;

/// One row per gap, with a header. A cell that a spreadsheet would take for a formula is written so that it is text.
pub fn csv<'a>(gaps: impl IntoIterator<Item = &'a GapOut>) -> String {
    let mut text = String::from("kind,channel,sku,title,location,shown,wanted,money,currency\r\n");
    for gap in gaps {
        let money = gap.money.map(|money| model::Money { minor: money.minor, currency: money.currency });
        let cells = [
            gap.kind,
            gap.channel.as_deref().unwrap_or_default(),
            &gap.sku,
            gap.title.as_deref().unwrap_or_default(),
            gap.location.as_deref().unwrap_or_default(),
            &gap.shown,
            &gap.wanted,
            &money.map(model::Money::to_decimal).unwrap_or_default(),
            money.as_ref().map_or("", |money| money.currency.code()),
        ];
        let cells: Vec<String> = cells.into_iter().map(cell).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell that a spreadsheet takes as text, quoted where it must be.
pub(crate) fn cell(text: &str) -> String {
    let number = text.parse::<f64>().is_ok();
    let formula = !number && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gaps::MoneyOut;

    #[test]
    fn a_row_survives_commas_quotes_and_what_looks_like_a_formula() {
        let gap = GapOut {
            kind: "stock",
            channel: Some("web".into()),
            sku: "=SUM(A1)".into(),
            title: Some("Mug, \"blue\"".into()),
            location: Some("DC".into()),
            shown: "-2".into(),
            wanted: "3".into(),
            money: Some(MoneyOut { minor: 4_975, currency: model::Currency::parse("EUR").expect("a code") }),
        };
        let rows = csv([&gap]);
        let row = rows.lines().nth(1).expect("a row after the header");
        assert_eq!(row, "stock,web,'=SUM(A1),\"Mug, \"\"blue\"\"\",DC,-2,3,49.75,EUR");
    }
}
