//! Reads `session,item,time` into trails. Called by `lockstep eval offers` and by a fuzzer.

use std::collections::HashMap;
use std::path::Path;

use agents::offers::Trails;
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::Offset};
use model::ItemId;
use serde_json::{Value, json};

use crate::table::{Row, Table};

/// Columns that must be there.
pub const COLUMNS: [&str; 3] = ["session", "item", "time"];
/// Refused rows that are named; the rest is only counted.
const NAMED: usize = 20;

/// Rows that could not be used.
#[derive(Debug, Default)]
pub struct Refused {
    /// How many.
    pub rows: u64,
    first: Vec<Value>,
}

impl Refused {
    /// Notes one.
    pub fn add(&mut self, line: u64, column: &str, reason: &str) {
        self.rows += 1;
        if self.first.len() < NAMED {
            self.first.push(json!({ "line": line, "column": column, "reason": reason }));
        }
    }

    /// Adds `rows_refused` and `refused` of several files to a result; each refusal names its file.
    pub fn tell(files: &[(&str, &Self)], result: &mut Value) {
        let named = |(file, refused): &(&str, &Self)| {
            let with_file = |value: &Value| {
                let mut value = value.clone();
                value["file"] = json!(file);
                value
            };
            refused.first.iter().map(with_file).collect::<Vec<Value>>()
        };
        result["rows_refused"] = json!(files.iter().map(|(_, refused)| refused.rows).sum::<u64>());
        result["refused"] = json!(files.iter().flat_map(named).take(NAMED).collect::<Vec<Value>>());
    }
}

/// Items by the names of the file, in the order of meeting.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, ItemId>);

impl Names {
    fn id(&mut self, name: &str) -> ItemId {
        if let Some(known) = self.0.get(name) {
            return *known;
        }
        let id = ItemId(self.0.len() as u32);
        self.0.insert(name.to_owned(), id);
        id
    }
}

/// Sessions or baskets, by the time of their last row; within one, rows by time, then as in the file.
#[derive(Debug, Default)]
pub struct Sessions {
    /// Items in order.
    pub lists: Vec<Vec<ItemId>>,
    /// Rows that were read.
    pub rows: u64,
    /// Rows that could not be used.
    pub refused: Refused,
}

/// Reads a file.
///
/// # Errors
/// When it cannot be read or a column is missing.
pub fn sessions(path: &Path, names: &mut Names) -> anyhow::Result<Sessions> {
    Ok(read(Table::open(path, &COLUMNS)?, names))
}

/// Reads bytes as such a file, as a fuzzer does.
///
/// # Errors
/// When a column is missing.
pub fn sessions_of_bytes(bytes: &[u8]) -> anyhow::Result<Sessions> {
    Ok(read(Table::of_bytes(bytes, &COLUMNS)?, &mut Names::default()))
}

fn read(table: Table, names: &mut Names) -> Sessions {
    let mut sessions = Sessions::default();
    let mut events: Vec<(f64, u32, ItemId)> = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for row in table {
        sessions.rows += 1;
        match row.map_err(|bad| (bad.line, "", bad.reason)).and_then(|row| event(&row)) {
            Ok((session, item, time)) => {
                let next = numbers.len() as u32;
                let number = match numbers.get(&session) {
                    Some(known) => *known,
                    None => *numbers.entry(session).or_insert(next),
                };
                events.push((time, number, names.id(&item)));
            }
            Err((line, column, reason)) => sessions.refused.add(line, column, &reason),
        }
    }
    sessions.lists = in_time(events, numbers.len());
    sessions
}

type Reason = (u64, &'static str, String);

fn event(row: &Row) -> Result<(String, String, f64), Reason> {
    let text = |column: &'static str| match row.get(column) {
        "" => Err((row.line, column, "is empty".to_owned())),
        text => Ok(text.to_owned()),
    };
    let (session, item, time) = (text("session")?, text("item")?, text("time")?);
    match seconds(&time) {
        Some(seconds) => Ok((session, item, seconds)),
        None => Err((row.line, "time", format!("{} is neither a number nor a time", shortened(&time)))),
    }
}

/// Text as it may be shown: never longer than a line.
pub fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A time in seconds: a number (of seconds, or of whatever rises), a date, a date and time of day, or RFC 3339.
pub fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return number.is_finite().then_some(number);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_microsecond() as f64 / 1e6);
    }
    let plain = text.parse::<DateTime>().ok().or_else(|| text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0)))?;
    Offset::UTC.to_timestamp(plain).ok().map(|at| at.as_microsecond() as f64 / 1e6)
}

fn in_time(mut events: Vec<(f64, u32, ItemId)>, sessions: usize) -> Vec<Vec<ItemId>> {
    // Stable: what happened at once stays as in the file.
    events.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lists = vec![Vec::new(); sessions];
    let mut last: Vec<usize> = vec![0; sessions];
    for (place, (_, session, item)) in events.iter().enumerate() {
        lists[*session as usize].push(*item);
        last[*session as usize] = place;
    }
    let mut order: Vec<usize> = (0..sessions).collect();
    order.sort_by_key(|session| last[*session]);
    order.into_iter().map(|session| std::mem::take(&mut lists[session])).collect()
}

/// A memory of these.
pub fn remember(sessions: &Sessions) -> Trails {
    let mut trails = Trails::default();
    for list in &sessions.lists {
        trails.push(list);
    }
    trails
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_read_in_every_usual_form() {
        let day = seconds("2011-10-12").expect("a date");
        for text in
            ["2011-10-12 00:00:00", "2011-10-12T00:00:00Z", "2011-10-12T02:00:00+02:00", "1318377600", "1318377600.0"]
        {
            assert_eq!(seconds(text), Some(day), "{text}");
        }
        assert_eq!(seconds("2011-10-12 08:26"), Some(day + 8.0 * 3600.0 + 26.0 * 60.0));
        for text in ["", "NaN", "inf", "yesterday", "2011-13-01"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn sessions_stand_by_their_end_and_rows_of_one_time_as_in_the_file() {
        let item = ItemId;
        let events =
            vec![(5.0, 0, item(1)), (1.0, 1, item(2)), (1.0, 1, item(3)), (0.0, 0, item(4)), (1.0, 1, item(2))];
        assert_eq!(in_time(events, 2), [vec![item(2), item(3), item(2)], vec![item(4), item(1)]]);
    }

    #[test]
    fn a_bad_row_is_named_and_the_rest_goes_on() {
        let read =
            sessions_of_bytes(b"time,session,item\n1,a,x\nlate,a,y\n3,,z\n2,a\n4,a,w\n").expect("columns are there");
        assert_eq!((read.rows, read.refused.rows, read.lists.len(), read.lists[0].len()), (5, 3, 1, 2));
        let mut result = json!({});
        Refused::tell(&[("train", &read.refused)], &mut result);
        assert_eq!(result["rows_refused"], 3);
        assert_eq!(
            result["refused"][0],
            json!({ "file": "train", "line": 3, "column": "time", "reason": "late is neither a number nor a time" })
        );
        assert_eq!(result["refused"][1]["column"], "session");
        assert!(sessions_of_bytes(b"session,time\n").expect_err("no items").to_string().contains("column item"));
    }

    proptest! {
        // Each case learns twice.
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn a_mind_answers_whatever_was_read(rows in prop::collection::vec((0..4_u32, 0..5_u32, any::<f32>()), 0..40)) {
            let mut text = "session,item,time\n".to_owned();
            rows.iter().for_each(|(session, item, time)| text += &format!("{session},{item},{time}\n"));
            let read = sessions_of_bytes(text.as_bytes()).expect("columns are there");
            let past = remember(&read);
            for kind in [agents::offers::Kind::Browsing, agents::offers::Kind::Cart] {
                let learnt = agents::offers::study(&past, kind, &mut |_| {});
                let mut asking = agents::offers::Asking::default();
                let answer = learnt.rank(&past, &[0, 1], 20, &mut asking);
                prop_assert!(answer.iter().all(|one| one.score.is_finite()));
            }
        }
    }

    proptest! {
        #[test]
        fn garbage_is_refused_or_read_and_every_row_is_one_of_both(rows in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..20)) {
            let mut bytes = b"session,item,time\n".to_vec();
            for row in rows {
                bytes.extend(row);
                bytes.push(b'\n');
            }
            let read = sessions_of_bytes(&bytes).expect("columns are there");
            let items: usize = read.lists.iter().map(Vec::len).sum();
            prop_assert_eq!(read.rows, read.refused.rows + items as u64);
        }

        #[test]
        fn no_text_is_a_trouble(text in ".{0,40}") {
            prop_assert!(seconds(&text).is_none_or(f64::is_finite));
        }
    }
}
