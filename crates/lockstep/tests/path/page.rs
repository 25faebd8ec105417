//! The page: headings, words, and what was on the wire, shortened where it is long.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

/// Longest line of a block.
const WIDTH: usize = 116;

/// A Markdown page being written.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    /// The page, with one empty line between its parts.
    pub fn text(self) -> String {
        let mut text = self.0;
        while text.contains("\n\n\n") {
            text = text.replace("\n\n\n", "\n\n");
        }
        text.trim_end().to_owned() + "\n"
    }

    pub fn heading(&mut self, text: &str) {
        self.line(&format!("\n## {text}\n"));
    }

    pub fn line(&mut self, text: &str) {
        writeln!(self.0, "{text}").expect("a string takes all");
    }

    /// Lines as they are, folded where they are too long.
    pub fn block(&mut self, language: &str, text: &str) {
        self.line(&format!("\n```{language}"));
        for line in text.lines() {
            let letters: Vec<char> = line.chars().collect();
            let folded: Vec<String> = letters.chunks(WIDTH).map(|part| part.iter().collect()).collect();
            self.line(&folded.join("\n"));
        }
        self.line("```\n");
    }

    /// Two columns.
    pub fn table(&mut self, head: [&str; 2], rows: &[(String, String)]) {
        self.line(&format!("\n| {} | {} |\n| --- | --- |", head[0], head[1]));
        for (left, right) in rows {
            self.line(&format!("| {left} | {right} |"));
        }
        self.line("");
    }
}

/// The beginning of a body, and how long it is in all.
pub fn shortened(body: &[u8], most: usize) -> String {
    let text = String::from_utf8_lossy(body);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{} …\n({} bytes in all)", &text[..end], body.len()),
        None => text.into_owned(),
    }
}

/// A body as JSON over several lines, or as it is.
pub fn pretty(body: &[u8]) -> String {
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => format!("{value:#}"),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    }
}

/// Something as one line of JSON.
pub fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it can be said in JSON")
}
