//! Where a platform's name may stand. Called by `tidy`.
//!
//! Adding a platform costs one folder: that holds as long as no other file knows one by name. Test code and
//! documents may name them; product code only in the places listed here.

use crate::{SourceFile, Tree, Violation};

/// The names, lower case.
const NAMES: [&str; 5] = ["shopify", "square", "clover", "bigcommerce", "lightspeed"];

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
    ("xtask/", "this list"),
];

/// Every line of product code that names a platform where none may stand.
pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    tree.files.iter().filter(|file| !is_home(file)).flat_map(check_file).collect()
}

fn check_file(file: &SourceFile) -> Vec<Violation> {
    let named = |(line, text, test): (usize, &str, bool)| {
        let name = (!test).then(|| name_in(text)).flatten()?;
        Some(Violation::new(&file.path, line, format!("the platform `{name}` is named outside its folder")))
    };
    file.lines().filter_map(named).collect()
}

fn is_home(file: &SourceFile) -> bool {
    let path = file.path.as_str();
    file.is_test()
        || path.ends_with(".md")
        || is_default_configuration(path)
        || in_own_folder(path)
        || HOMES.iter().any(|(start, _)| path.starts_with(start))
}

/// The roof's annotated configuration, wherever it keeps it.
fn is_default_configuration(path: &str) -> bool {
    path.starts_with("crates/lockstep/") && path.ends_with(".toml") && !path.ends_with("/Cargo.toml")
}

/// `crates/connectors/src/NAME/…`, where NAME is a platform or a branch of one, as `lightspeed-x`.
fn in_own_folder(path: &str) -> bool {
    let folder =
        path.strip_prefix("crates/connectors/src/").and_then(|rest| rest.split_once('/')).map(|(folder, _)| folder);
    folder.is_some_and(|folder| name_in(folder).is_some())
}

/// The first platform named in a text as a word, in any case; the humps of `SomeName` and the parts of `some_name`
/// are words.
fn name_in(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    NAMES.into_iter().find(|name| lower.match_indices(name).any(|(start, _)| is_word(text, start, start + name.len())))
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

    #[test]
    fn names_are_found_as_words_in_any_case_and_in_identifiers() {
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
            assert!(name_in(text).is_some(), "{text}");
        }
        for text in ["squared", "squares", "SQUARED", "unsquare", "clovers", "shop", "myshopifystore", "Rechtsquare"] {
            assert_eq!(name_in(text), None, "{text}");
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
