//! Tables of another version are dropped and folded again.

use model::Seq;
use views::Views;

use crate::play::{dump, play, story};

fn tamper(file: &std::path::Path, sql: &str) {
    rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn another_schema_version_is_rebuilt_from_the_first_fact() {
    let story = story();
    let played = play(&story);
    let (file, expected) = (played.folder.file(), dump(&played.folder.file()));
    drop((played.views, played.reader));
    tamper(&file, "PRAGMA user_version = 999; CREATE TABLE \"left over\" (x); DELETE FROM facts");
    let mut views = Views::open(&file).unwrap();
    assert_eq!(views.checkpoint(), Seq(0));
    views.apply(Seq(1), &story).unwrap();
    assert_eq!(dump(&file), expected);
}

#[test]
fn the_same_version_keeps_its_tables() {
    let played = play(&story());
    let (file, expected) = (played.folder.file(), dump(&played.folder.file()));
    drop((played.views, played.reader));
    Views::open(&file).unwrap();
    assert_eq!(dump(&file), expected);
}

#[test]
fn a_file_that_is_no_database_is_an_error_and_stays_as_it_is() {
    let folder = crate::play::Folder::new();
    std::fs::write(folder.file(), "not a database, but somebody's only copy of something long enough").unwrap();
    assert!(Views::open(&folder.file()).is_err());
    assert!(std::fs::read_to_string(folder.file()).unwrap().starts_with("not a database"));
}
