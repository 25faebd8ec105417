//! Input files: CSV or TSV with a header, UTF-8, plain, `.gz` or `.zst`. Unknown columns are ignored, missing ones are
//! named. Called by everything that reads a table.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

/// A table being read.
pub struct Table {
    reader: csv::Reader<Box<dyn Read>>,
    columns: Arc<HashMap<String, usize>>,
    /// Fields in the header.
    width: usize,
    /// Nothing more can be read.
    ended: bool,
}

/// One row.
pub struct Row {
    /// Line of the file, counted from 1 (the header is line 1).
    pub line: u64,
    fields: csv::StringRecord,
    columns: Arc<HashMap<String, usize>>,
}

impl Row {
    /// A field by column name; empty when the column is not there or the row is short.
    pub fn get(&self, column: &str) -> &str {
        self.columns.get(column).map_or("", |place| self.at(*place))
    }

    /// Every field, in the order of the header.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.fields.iter()
    }

    /// A field by its place in the header ([`Table::place`]), which is quicker over many rows.
    pub fn at(&self, place: usize) -> &str {
        self.fields.get(place).map_or("", str::trim)
    }
}

/// A line that could not be read as a row.
#[derive(Debug)]
pub struct BadLine {
    /// Line of the file, counted from 1.
    pub line: u64,
    /// In a person's words.
    pub reason: String,
}

impl Table {
    /// Opens a file that must have these columns.
    ///
    /// # Errors
    /// When it cannot be read, or a column is missing.
    pub fn open(path: &Path, needed: &[&str]) -> anyhow::Result<Self> {
        let file = std::fs::File::open(path).with_context(|| format!("open {}", path.display()))?;
        let name = path.to_string_lossy().to_ascii_lowercase();
        let plain: Box<dyn Read> = if name.ends_with(".gz") {
            Box::new(flate2::read::MultiGzDecoder::new(file))
        } else if name.ends_with(".zst") {
            let decoder = ruzstd::decoding::StreamingDecoder::new(BufReader::new(file));
            Box::new(decoder.map_err(|error| anyhow::anyhow!("{} is no zstd file: {error}", path.display()))?)
        } else {
            Box::new(file)
        };
        Self::read(plain, needed).with_context(|| format!("read {}", path.display()))
    }

    /// Reads bytes as a file that must have these columns, as a fuzzer does.
    ///
    /// # Errors
    /// When a column is missing.
    pub fn of_bytes(bytes: &[u8], needed: &[&str]) -> anyhow::Result<Self> {
        Self::read(Box::new(std::io::Cursor::new(bytes.to_vec())), needed)
    }

    /// Where a column stands, if it is there.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.get(column).copied()
    }

    /// Column names in lower case, in the order of the header.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<(usize, String)> = self.columns.iter().map(|(name, place)| (*place, name.clone())).collect();
        names.sort_unstable();
        names.into_iter().map(|(_, name)| name).collect()
    }

    pub(crate) fn read(plain: Box<dyn Read>, needed: &[&str]) -> anyhow::Result<Self> {
        let mut buffered = BufReader::with_capacity(1 << 16, plain);
        let first = String::from_utf8_lossy(buffered.fill_buf()?).into_owned();
        let header = first.lines().next().unwrap_or_default();
        let delimiter = if header.contains('\t') { b'\t' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(Box::new(buffered) as Box<dyn Read>);
        let names = reader.headers().context("line 1: the header is not UTF-8 text")?.clone();
        let clean = |name: &str| name.trim_start_matches('\u{feff}').trim().to_ascii_lowercase();
        let columns: HashMap<String, usize> =
            names.iter().enumerate().map(|(place, name)| (clean(name), place)).collect();
        let missing: Vec<&str> = needed.iter().copied().filter(|name| !columns.contains_key(*name)).collect();
        anyhow::ensure!(
            missing.is_empty(),
            "line 1: {} missing; the header has {}",
            if let [only] = &missing[..] {
                format!("column {only} is")
            } else {
                format!("columns {} are", missing.join(", "))
            },
            names.iter().collect::<Vec<_>>().join(", ")
        );
        let columns = Arc::new(columns);
        Ok(Self { reader, columns, width: names.len(), ended: false })
    }
}

impl Iterator for Table {
    type Item = Result<Row, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = csv::StringRecord::new();
        if self.ended {
            return None;
        }
        let before = self.reader.position().line();
        match self.reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) if record.iter().any(|field| field.contains('\n')) => {
                let line = record.position().map_or(before, csv::Position::line);
                Some(Err(BadLine { line, reason: "a field goes over several lines: is a quote left open?".into() }))
            }
            Ok(true) if record.len() < self.width => {
                let line = record.position().map_or(before, csv::Position::line);
                let reason = format!("has {} fields, the header has {}", record.len(), self.width);
                Some(Err(BadLine { line, reason }))
            }
            Ok(true) => Some(Ok(Row {
                line: record.position().map_or(0, csv::Position::line),
                fields: record,
                columns: Arc::clone(&self.columns),
            })),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                match error.kind() {
                    csv::ErrorKind::Io(cause) => {
                        self.ended = true;
                        let reason = format!("the file cannot be read any further; it is damaged or cut: {cause}");
                        Some(Err(BadLine { line: before, reason }))
                    }
                    _ => Some(Err(BadLine { line, reason: "is not UTF-8 text".into() })),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &'static [u8], needed: &[&str]) -> anyhow::Result<Table> {
        Table::read(Box::new(text), needed)
    }

    #[test]
    fn columns_may_be_in_any_order_and_more_than_needed() {
        let rows: Vec<Row> = table(b"\xef\xbb\xbfb,extra,A\n1,x,2\n\"q\"\"3\",,4\n", &["a", "b"])
            .expect("columns are there")
            .map(|row| row.expect("row"))
            .collect();
        assert_eq!(rows[0].get("a"), "2");
        assert_eq!(rows[1].get("b"), "q\"3");
        assert_eq!(rows[1].line, 3);
    }

    #[test]
    fn an_open_quote_a_short_row_and_a_cut_file_are_named() {
        let reasons = |text: &'static [u8]| -> Vec<String> {
            table(text, &["a"]).expect("header").filter_map(|row| row.err().map(|bad| bad.reason)).collect()
        };
        assert!(reasons(b"a,b\n1,\"open\n2,x\n3,y\n")[0].contains("quote left open"));
        assert_eq!(reasons(b"a,b\n1\n2,x\n"), ["has 1 fields, the header has 2"]);
        let whole = gz(&b"a\n".iter().chain(&b"12345\n".repeat(20_000)).copied().collect::<Vec<u8>>());
        let cut: Vec<u8> = whole[..whole.len() / 2].to_vec();
        let cut = flate2::read::MultiGzDecoder::new(std::io::Cursor::new(cut));
        let bad = Table::read(Box::new(cut), &["a"]).expect("header").filter_map(Result::err).count();
        assert_eq!(bad, 1);
    }

    fn gz(plain: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        encoder.write_all(plain).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn a_missing_column_is_named_and_a_bad_line_does_not_stop_the_rest() {
        assert!(table(b"a\n1\n", &["a", "b"]).err().expect("refused").to_string().contains("column b"));
        let rows: Vec<bool> = table(b"a\n1\n\xff\n3\n", &["a"]).expect("header").map(|row| row.is_ok()).collect();
        assert_eq!(rows, [true, false, true]);
    }
}
