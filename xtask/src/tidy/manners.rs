//! What no test and no product code may hold: skipped tests, placeholders, and waiting by the clock.
//!
//! Called by `tidy`. What clippy finds is left to clippy; these it does not find, or only where it is asked to.

use crate::{SourceFile, Tree, Violation};

/// What is looked for, written in two pieces so that this file does not find itself.
const SKIPPED: &str = concat!("#[", "ignore");
const PLACEHOLDERS: [&str; 2] = [concat!("todo", "!("), concat!("unimplemented", "!(")];
const WAITING: &str = concat!("thread::", "sleep");

/// Every breach in a Rust file, with its line.
pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    tree.files.iter().filter(|file| file.is_rust()).flat_map(check_file).collect()
}

fn check_file(file: &SourceFile) -> Vec<Violation> {
    let breach = |(line, text, test): (usize, &str, bool)| {
        breach_in(code_of(text), test).map(|breach| Violation::new(&file.path, line, breach))
    };
    file.lines().filter_map(breach).collect()
}

fn breach_in(code: &str, test: bool) -> Option<&'static str> {
    if code.contains(SKIPPED) {
        Some("no test is skipped: assert today's answer, and say that it is wrong")
    } else if PLACEHOLDERS.iter().any(|placeholder| code.contains(placeholder)) {
        Some("no placeholders: leave it out, or refuse with a reason")
    } else if test && code.contains(WAITING) {
        Some("no sleeping in tests: wait for the condition, with a limit")
    } else {
        None
    }
}

/// The line without a comment at its start; a comment may speak of what code may not do.
fn code_of(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipped_tests_placeholders_and_sleeps_are_found_at_their_lines() {
        let text = format!(
            "// {SKIPPED}]\n{SKIPPED} = \"slow\"]\nfn a() {{\n    {})\n    std::{WAITING}(second);\n}}\n",
            PLACEHOLDERS[0]
        );
        let tree = Tree::of(&[("crates/x/tests/a.rs", &text), ("crates/x/src/a.rs", &text)]);
        let found: Vec<_> = check(&tree).into_iter().map(|breach| (breach.file, breach.line)).collect();
        let at = |file: &str, line| (file.to_owned(), line);
        assert_eq!(
            found,
            [
                at("crates/x/tests/a.rs", 2),
                at("crates/x/tests/a.rs", 4),
                at("crates/x/tests/a.rs", 5),
                at("crates/x/src/a.rs", 2),
                at("crates/x/src/a.rs", 4),
            ]
        );
    }
}
