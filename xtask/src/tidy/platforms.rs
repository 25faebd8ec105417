//! Where a platform's name may stand. Called by `tidy`.
//!
//! Adding a platform costs one folder: that holds as long as no other file knows one by name. Test code and
//! documents may name them; product code only in the places listed here.

use std::collections::BTreeSet;

use crate::{SourceFile, Tree, Violation};

/// Where each platform has its folder: the names are read off there.
const FOLDERS: &str = "crates/connectors/src/";

/// Where names may stand, by the start of the path, and why.
const HOMES: [(&str, &str); 13] = [
    ("crates/model/src/platform.rs", "the one list of platforms"),
    ("crates/connectors/src/lib.rs", "the one match from a platform to its dictionary"),
    ("crates/agents/src/identity/address.rs", "a street may be called like a platform"),
    ("crates/emulators/", "each imitates one platform"),
    ("crates/sim/", "tests: it drives emulators by name"),
    ("crates/lockstep/src/demo", "the demo's retailer has shops on named platforms"),
    ("crates/lockstep/src/emulate", "starts one emulator by name"),
    ("crates/lockstep/src/bench/ingest.rs", "measures one platform's real webhook"),
    ("crates/lockstep/src/hook.rs", "its help shows a call per platform"),
    ("crates/lockstep/src/connect/mod.rs", "its help shows calls"),
    ("crates/lockstep/src/channels/platforms.rs", "where each platform's accounts are found"),
    ("docs/", "documents"),
    ("xtask/", "the tests of this check"),
];

/// Every line of product code that names a platform where none may stand.
pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let names = names(tree);
    tree.files.iter().filter(|file| !is_home(file)).flat_map(|file| check_file(file, &names)).collect()
}

/// The names, lower case; of a platform with branches, as `lightspeed_x`, what they have in common.
fn names(tree: &Tree) -> BTreeSet<String> {
    let folders = tree.files.iter().filter_map(|file| folder(&file.path));
    folders.filter_map(|folder| folder.split(['_', '-']).next()).map(str::to_ascii_lowercase).collect()
}

/// `NAME` of `crates/connectors/src/NAME/…`.
fn folder(path: &str) -> Option<&str> {
    path.strip_prefix(FOLDERS)?.split_once('/').map(|(folder, _)| folder)
}

fn check_file(file: &SourceFile, names: &BTreeSet<String>) -> Vec<Violation> {
    let named = |(line, text, test): (usize, &str, bool)| {
        let name = (!test).then(|| name_in(text, names)).flatten()?;
        Some(Violation::new(&file.path, line, format!("the platform `{name}` is named outside its folder")))
    };
    file.lines().filter_map(named).collect()
}

fn is_home(file: &SourceFile) -> bool {
    let path = file.path.as_str();
    file.is_test()
        || path.ends_with(".md")
        || is_default_configuration(path)
        || folder(path).is_some()
        || HOMES.iter().any(|(start, _)| path.starts_with(start))
}

/// The roof's annotated configuration, wherever it keeps it.
fn is_default_configuration(path: &str) -> bool {
    path.starts_with("crates/lockstep/") && path.ends_with(".toml") && !path.ends_with("/Cargo.toml")
}

/// The first platform named in a text as a word, in any case; the humps of `SomeName` and the parts of `some_name`
/// are words.
fn name_in<'n>(text: &str, names: &'n BTreeSet<String>) -> Option<&'n str> {
    let lower = text.to_ascii_lowercase();
    let is_named = |name: &str| lower.match_indices(name).any(|(start, _)| is_word(text, start, start + name.len()));
    names.iter().map(String::as_str).find(|name| is_named(name))
}

/// Whether `text[start..end]` is a word of its own and not a piece of a longer one, as in `squared`.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).map(|index| bytes[index]);
    let after = bytes.get(end).copied();
    let shouted = bytes[end - 1].is_ascii_uppercase();
    let starts = match before {
        Some(byte) if byte.is_ascii_alphabetic() => bytes[start].is_ascii_uppercase() && byte.is_ascii_lowercase(),
        _ => true,
    };
    let ends = match after {
        Some(byte) if byte.is_ascii_alphabetic() => byte.is_ascii_uppercase() && !shouted,
        _ => true,
    };
    starts && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four() -> Tree {
        let text = "//! A platform.\n";
        Tree::of(&[
            ("crates/connectors/src/shopify/mod.rs", text),
            ("crates/connectors/src/square/mod.rs", text),
            ("crates/connectors/src/clover/write/mod.rs", text),
            ("crates/connectors/src/lightspeed_x/mod.rs", text),
            ("crates/connectors/src/question.rs", text),
        ])
    }

    #[test]
    fn names_are_read_off_the_folders_of_the_connectors() {
        let found: Vec<String> = names(&four()).into_iter().collect();
        assert_eq!(found, ["clover", "lightspeed", "shopify", "square"]);
    }

    #[test]
    fn names_are_found_as_words_in_any_case_and_in_identifiers() {
        let names = names(&four());
        for text in [
            "Shopify",
            "SHOPIFY_URL",
            "a.shopify-b",
            "Platform::Square",
            "is_square",
            "SquareClient",
            "readClover(",
            "square2",
        ] {
            assert!(name_in(text, &names).is_some(), "{text}");
        }
        for text in ["squared", "squares", "SQUARED", "unsquare", "clovers", "shop", "myshopifystore", "Rechtsquare"] {
            assert_eq!(name_in(text, &names), None, "{text}");
        }
    }

    #[test]
    fn a_name_outside_its_homes_is_found_at_its_line() {
        let line = "//! About.\nfn ask() { shopify() }\n";
        let tree = Tree::of(&[
            ("crates/flow/src/send.rs", line),
            ("crates/views/src/schema.sql", "-- by clover id\n"),
            ("crates/connectors/src/registry.rs", line),
            ("crates/connectors/src/shopify/mod.rs", line),
            ("crates/connectors/src/clover/mod.rs", "//! Clover.\n"),
            ("crates/connectors/src/lightspeed-x/mod.rs", "//! lightspeed\n"),
            ("crates/model/src/platform.rs", line),
            ("crates/lockstep/src/demo/shops.rs", line),
            ("crates/lockstep/src/config/default.toml", "# square\n"),
            ("crates/flow/tests/send.rs", line),
            ("crates/flow/src/keep.rs", "//! Keep.\n#[cfg(test)]\nmod tests {\n    // square\n}\n"),
            ("docs/a.md", line),
        ]);
        let found: Vec<_> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "crates/flow/src/send.rs:2: the platform `shopify` is named outside its folder",
                "crates/views/src/schema.sql:1: the platform `clover` is named outside its folder",
                "crates/connectors/src/registry.rs:2: the platform `shopify` is named outside its folder",
            ]
        );
    }
}
