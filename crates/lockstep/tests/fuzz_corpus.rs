//! The parsers of the fuzz targets over the checked-in corpus: what once broke one of them does not break it again.

#[path = "../../../fuzz/src/parsers.rs"]
mod parsers;
#[path = "../../../fuzz/src/tables.rs"]
mod tables;

use std::path::{Path, PathBuf};

use parsers::Parser;

/// Bytes that are put into and cut out of every file of the corpus.
const ODD: [&[u8]; 5] = [b"", b"\0", b"\xff\xff\xff\xff", b"\"", b"9999999999999999999999"];

/// Every target: its name, the file its function stands in, the function.
fn targets() -> Vec<(&'static str, &'static str, Parser)> {
    let parsers = parsers::ALL.map(|(name, parser)| (name, "parsers", parser));
    let tables = tables::ALL.map(|(name, parser)| (name, "tables", parser));
    parsers.into_iter().chain(tables).collect()
}

fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read(file).expect("it can be read"))).collect()
}

/// The file cut off and disturbed at some of its places.
fn feed(parser: Parser, bytes: &[u8]) {
    let step = (bytes.len() / 40).max(1);
    for place in (0..bytes.len()).step_by(step) {
        parser(&bytes[..place]);
        for odd in ODD {
            parser(&[&bytes[..place], odd, &bytes[place + 1..]].concat());
        }
    }
}

#[test]
fn every_parser_answers_whatever_it_is_fed() {
    for (name, _, parser) in targets() {
        let files = corpus(name);
        let read = files.iter().filter(|(_, bytes)| parser(bytes)).count();
        assert!(
            read >= 3 || 2 * read >= files.len(),
            "{name} reads {read} of {} files: the corpus is stale",
            files.len()
        );
        files.iter().for_each(|(_, bytes)| feed(parser, bytes));
    }
}

#[test]
fn every_target_has_a_parser_a_corpus_and_a_line_in_the_manifest() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).expect("the manifest can be read");
    for (name, file, _) in targets() {
        let target =
            std::fs::read_to_string(fuzz.join(format!("fuzz_targets/{name}.rs"))).expect("the target is there");
        assert!(target.contains(&format!("{file}::{}(data)", name.trim_start_matches("eval_"))), "{name}: {target}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} is in the manifest");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), targets().len(), "no target is forgotten here");
}
