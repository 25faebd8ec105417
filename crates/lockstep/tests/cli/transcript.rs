//! A script is one command a line; its transcript is what was typed, what came out, and the exit code.

use std::path::PathBuf;

use serde_json::Value;

use crate::folder::Folder;
use crate::run::{Ran, run};

/// Fields that differ from run to run, by what is put in their place.
const MASKED: [(&str, &str); 7] = [
    ("seconds", "<seconds>"),
    ("cpu_seconds", "<seconds>"),
    ("peak_rss_mb", "<size>"),
    ("mb_per_s", "<rate>"),
    ("state_hash", "<hash>"),
    ("chain", "<hash>"),
    ("version", "<version>"),
];

/// Splits a line into words; quotes hold words together.
pub fn words(line: &str) -> Vec<String> {
    let pieces = line.split('\'').enumerate();
    pieces
        .flat_map(|(number, piece)| match number % 2 {
            0 => piece.split_whitespace().map(str::to_owned).collect(),
            _ => vec![piece.to_owned()],
        })
        .collect()
}

/// Runs one line.
pub fn one(folder: &Folder, line: &str) -> Ran {
    let words = words(line);
    run(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Runs every line of a script.
pub fn play(folder: &Folder, script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| said(folder, line, &one(folder, line))).collect()
}

fn said(folder: &Folder, line: &str, ran: &Ran) -> String {
    let out = match serde_json::from_str::<Value>(&ran.out) {
        Ok(mut object) => {
            mask(&mut object);
            format!("{:#}\n", sorted(object))
        }
        Err(_) => ran.out.clone(),
    };
    let err: String = ran.err.lines().map(|line| format!("! {line}\n")).collect();
    let code = ran.code.map_or("killed".to_owned(), |code| code.to_string());
    let text = format!("$ lockstep {line}\n{out}{err}= {code}\n\n");
    text.replace(&folder.path().display().to_string(), "<folder>")
}

/// Fields by name: their order is no promise, and differs with what else is built.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: std::collections::BTreeMap<String, Value> = fields.into_iter().collect();
            Value::Object(fields.into_iter().map(|(name, field)| (name, sorted(field))).collect())
        }
        Value::Array(elements) => Value::Array(elements.into_iter().map(sorted).collect()),
        other => other,
    }
}

fn mask(object: &mut Value) {
    for (field, shown) in MASKED {
        if let Some(value) = object.get_mut(field).filter(|value| !value.is_null()) {
            *value = shown.into();
        }
    }
}

/// Compares a transcript with the checked-in one.
pub fn compare(name: &str, transcript: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/cli_{name}.txt"));
    crate::blessed::compare(&file, transcript);
}
