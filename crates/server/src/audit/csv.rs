//! Rows of an export as a table (RFC 4180), and back.

use std::io::Read;

use serde_json::{Map, Value};

/// The columns: plain text, or JSON where a value is more than that.
const COLUMNS: [(&str, Kind); 9] = [
    ("row", Kind::Text),
    ("seq", Kind::Json),
    ("at", Kind::Json),
    ("by", Kind::Json),
    ("words", Kind::Text),
    ("fact", Kind::Json),
    ("stored", Kind::Text),
    ("chain", Kind::Text),
    ("checkpoint", Kind::Text),
];

/// The first line.
pub(super) const HEAD: &str = "row,seq,at,by,words,fact,stored,chain,checkpoint\r\n";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Json,
}

/// One row.
pub(super) fn line(row: &Value) -> String {
    let cell = |(name, kind): (&str, Kind)| match (&row[name], kind) {
        (Value::Null, _) => String::new(),
        (Value::String(text), Kind::Text) => escaped(&unlike_a_formula(text)),
        (value, _) => escaped(&value.to_string()),
    };
    let cells: Vec<String> = COLUMNS.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// A spreadsheet takes what begins so for a formula; only sentences can, and they are not part of the proof.
fn unlike_a_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn escaped(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// The rows of a table that [`line`] wrote, each with the number of the line it begins in.
///
/// # Errors
/// Which line is none of such a table.
pub fn from_csv(mut reader: impl Read) -> Result<Vec<(usize, Value)>, String> {
    let mut text = String::new();
    reader.read_to_string(&mut text).map_err(|error| format!("the export cannot be read: {error}"))?;
    // A program that took the file over may have changed the ends of lines: they are not part of the proof.
    let body = text.strip_prefix(HEAD.trim_end()).map(|rest| rest.strip_prefix('\r').unwrap_or(rest));
    let body = body.and_then(|rest| rest.strip_prefix('\n')).ok_or("its first line is not that of an export")?;
    let mut rows = Vec::new();
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let (mut number, mut began) = (2, 2);
    let mut letters = body.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\n' {
            number += 1;
        }
        match (letter, quoted) {
            ('"', true) if letters.peek() == Some(&'"') => cell.extend(letters.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => cells.push(std::mem::take(&mut cell)),
            ('\r', false) => {}
            ('\n', false) => {
                cells.push(std::mem::take(&mut cell));
                let row = row(&std::mem::take(&mut cells)).ok_or(format!("line {began} is no row of an export"))?;
                rows.push((began, row));
                began = number;
            }
            (other, _) => cell.push(other),
        }
    }
    if cells.is_empty() && cell.is_empty() { Ok(rows) } else { Err(format!("line {began} breaks off")) }
}

fn row(cells: &[String]) -> Option<Value> {
    if cells.len() != COLUMNS.len() {
        return None;
    }
    let mut row = Map::new();
    for ((name, kind), cell) in COLUMNS.into_iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        let value = match kind {
            Kind::Text => Value::String(cell.clone()),
            Kind::Json => serde_json::from_str(cell).ok()?,
        };
        row.insert(name.to_owned(), value);
    }
    Some(Value::Object(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_comes_back_as_it_was_written_whatever_stands_in_it() {
        let odd = json!({ "row": "fact", "seq": 7, "at": 1, "by": "system", "words": "a \"b\",\r\nc",
            "fact": { "kind": "x", "note": "=1+1,\"\n" }, "stored": "00ff" });
        let text = format!("{HEAD}{}{}", line(&odd), line(&json!({ "row": "record", "seq": 7, "chain": "aa" })));
        let rows = from_csv(text.as_bytes()).expect("it is such a table");
        assert_eq!(rows[0], (2, odd));
        assert_eq!(rows[1].1["chain"], json!("aa"));
        assert!(from_csv(format!("{HEAD}fact,1").as_bytes()).is_err());
    }

    #[test]
    fn no_sentence_becomes_a_formula() {
        assert!(line(&json!({ "row": "fact", "words": "=cmd()" })).contains(",'=cmd(),"));
    }
}
