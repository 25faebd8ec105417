//! Every module says on its first line what it is. Called by `tidy`; refuses to judge what it says.

use crate::{SourceFile, Tree, Violation};

/// Every Rust file under a `src` folder that does not open with `//!`.
pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let without = tree.files.iter().filter(|file| is_module(file) && !opens_with_doc(&file.text));
    without
        .map(|file| {
            Violation::new(
                &file.path,
                1,
                "a module opens with `//!`: what it is, who calls it, what it refuses to know",
            )
        })
        .collect()
}

fn is_module(file: &SourceFile) -> bool {
    let parts: Vec<_> = file.path.split('/').collect();
    file.is_rust() && matches!(parts[..], ["crates", _, "src", ..] | ["xtask", "src", ..])
}

/// An empty `//!` says nothing.
fn opens_with_doc(text: &str) -> bool {
    text.lines().next().and_then(|line| line.strip_prefix("//!")).is_some_and(|words| !words.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_its_heading_is_found() {
        let tree = Tree::of(&[
            ("crates/x/src/good.rs", "//! Good.\nfn a() {}\n"),
            ("crates/x/src/bad.rs", "use a;\n//! Late.\n"),
            ("crates/x/src/deep/empty.rs", "//!\n"),
            ("xtask/src/bad.rs", ""),
            ("crates/x/tests/free.rs", "fn a() {}\n"),
        ]);
        let files: Vec<_> = check(&tree).into_iter().map(|violation| violation.file).collect();
        assert_eq!(files, ["crates/x/src/bad.rs", "crates/x/src/deep/empty.rs", "xtask/src/bad.rs"]);
    }
}
