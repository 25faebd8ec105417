//! The table of requirements: one row each, a known status, and a proof for every claim. Called by `tidy`.
//!
//! Refuses to judge a proof: that it stands there and can be followed is what is asked.

use crate::{Tree, Violation};

/// The table's file.
const FILE: &str = "docs/requirements.md";
/// Requirements are numbered from 1 to this.
const LAST: usize = 202;

/// Every missing, doubled or unreadable row, and every claim without its proof.
pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    match tree.files.iter().find(|file| file.path == FILE) {
        Some(file) => check_text(&file.text),
        None => vec![Violation::new(FILE, 0, "the table of requirements is missing")],
    }
}

fn check_text(text: &str) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut seen = [false; LAST + 1];
    for (index, row) in text.lines().enumerate().filter(|(_, line)| line.starts_with("| R")) {
        match check_row(row, &mut seen) {
            Ok(()) => {}
            Err(wrong) => violations.push(Violation::new(FILE, index + 1, wrong)),
        }
    }
    let missing = (1..=LAST).filter(|number| !seen[*number]);
    violations.extend(missing.map(|number| Violation::new(FILE, 0, format!("R{number} has no row"))));
    violations
}

fn check_row(row: &str, seen: &mut [bool; LAST + 1]) -> Result<(), String> {
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    let ["", number, wording, status, proof, ""] = cells[..] else {
        return Err("a row is `| R1 | wording | status | proof |`".to_owned());
    };
    let parsed = number.strip_prefix('R').and_then(|digits| digits.parse().ok()).filter(|n| (1..=LAST).contains(n));
    let place = parsed.ok_or_else(|| format!("`{number}` is no requirement"))?;
    if std::mem::replace(&mut seen[place], true) {
        return Err(format!("{number} has a second row"));
    }
    if wording.is_empty() {
        return Err(format!("{number} has no wording"));
    }
    match status {
        "not yet" => Ok(()),
        "works" | "partly" if !proof.is_empty() => Ok(()),
        "works" | "partly" => Err(format!("{number} is said to be `{status}` without a proof")),
        _ => Err(format!("{number}: `{status}` is not one of works, partly, not yet")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    fn table(change: impl Fn(usize) -> Option<String>) -> Vec<String> {
        let mut text = String::from("| no. | what | status | proof |\n| --- | --- | --- | --- |\n");
        for number in 1..=LAST {
            let row = change(number).unwrap_or_else(|| format!("| R{number} | something | not yet | |"));
            writeln!(text, "{row}").expect("writing to a string cannot fail");
        }
        check_text(&text).into_iter().map(|violation| format!("{}: {}", violation.line, violation.text)).collect()
    }

    #[test]
    fn a_whole_table_is_accepted() {
        assert_eq!(table(|_| None), [""; 0]);
        assert_eq!(table(|n| (n == 9).then(|| "| R9 | a thing | partly | crates/flow/tests/gap.rs |".into())), [""; 0]);
    }

    #[test]
    fn every_kind_of_wrong_row_is_found() {
        for (row, wrong) in [
            ("", "0: R9 has no row"),
            ("| R8 | again | not yet | |", "11: R8 has a second row"),
            ("| R9 | a thing | works | |", "11: R9 is said to be `works` without a proof"),
            ("| R9 | a thing | done | a proof |", "11: R9: `done` is not one of works, partly, not yet"),
            ("| R9 | | not yet | |", "11: R9 has no wording"),
            ("| R203 | a thing | not yet | |", "11: `R203` is no requirement"),
            ("| R9 | a thing | not yet |", "11: a row is `| R1 | wording | status | proof |`"),
        ] {
            let found = table(|number| (number == 9).then(|| row.to_owned()));
            assert!(found.iter().any(|text| text == wrong), "{row}: {found:?}");
        }
    }
}
