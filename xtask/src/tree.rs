//! The source tree as text. Called by every check, so that checks are pure functions of what is here.
//!
//! Refuses to know git and cargo: it reads the folders of the house and nothing that was built.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The kinds of file the checks read.
const EXTENSIONS: [&str; 8] = ["rs", "toml", "sql", "css", "js", "html", "md", "json"];

/// A text file of the house.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// From the workspace's root, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// The text files under `crates/`, `xtask/` and `docs/`, by path.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// In order of their paths.
    pub files: Vec<SourceFile>,
}

impl Tree {
    /// Reads the tree under the workspace's root.
    ///
    /// # Errors
    /// When a folder or file cannot be read or a file is not UTF-8.
    pub fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        for folder in ["crates", "docs", "xtask"] {
            let path = root.join(folder);
            if path.is_dir() {
                tree.read_folder(root, &path)?;
            }
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// A tree made of these files: path and text.
    #[must_use]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| SourceFile { path: (*path).into(), text: (*text).into() };
        Self { files: files.iter().map(file).collect() }
    }

    fn read_folder(&mut self, root: &Path, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let name = entry.file_name();
            if kind.is_dir() && !matches!(name.to_str(), Some("target" | "lockstep-data")) {
                self.read_folder(root, &path)?;
            } else if kind.is_file() && is_text(&path) {
                self.read_file(root, &path)?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, root: &Path, path: &Path) -> Result<()> {
        let inside = path.strip_prefix(root).context("a file of the walk lies under its root")?;
        let name = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        // Test data may be broken on purpose; only what the house itself writes must be text.
        if in_test_data(&name) {
            return Ok(());
        }
        let text = fs::read_to_string(path).with_context(|| format!("read {name}"))?;
        self.files.push(SourceFile { path: name, text });
        Ok(())
    }
}

impl SourceFile {
    /// Whether it is Rust.
    #[must_use]
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the whole file is there for tests only.
    #[must_use]
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.split('/').any(|part| matches!(part, "tests" | "benches" | "fuzz"))
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
    }

    /// Every line with its number from 1 and whether it is test code: of a test file, or inside a `#[cfg(test)]` item.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str, bool)> {
        let whole = self.is_test();
        let mut inner = Inner::Product;
        self.text.lines().enumerate().map(move |(index, line)| {
            let test = inner.step(line);
            (index + 1, line, whole || test)
        })
    }
}

/// Where a walk down a file stands. rustfmt puts an item's closing brace under its first column, so counting braces,
/// and with them strings and comments, is not needed.
enum Inner {
    Product,
    Attribute { indent: usize },
    Test { indent: usize },
}

impl Inner {
    /// Takes one line; says whether it is test code.
    fn step(&mut self, line: &str) -> bool {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        match *self {
            Self::Product => {
                if text == "#[cfg(test)]" {
                    *self = Self::Attribute { indent };
                    return true;
                }
                false
            }
            Self::Attribute { indent: start } => {
                if text.ends_with(';') || (text.ends_with('}') && indent == start) {
                    *self = Self::Product;
                } else if !text.starts_with("#[") && text.ends_with('{') {
                    *self = Self::Test { indent: start };
                }
                true
            }
            Self::Test { indent: start } => {
                if indent == start && text.starts_with('}') {
                    *self = Self::Product;
                }
                true
            }
        }
    }
}

/// The workspace's root, from where this crate was built.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or_else(|| own.to_owned(), Path::to_owned)
}

fn is_text(path: &Path) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| EXTENSIONS.contains(&extension))
}

/// Rust is never test data: a `snapshots` folder may as well be a module that takes snapshots.
fn in_test_data(path: &str) -> bool {
    let folder = |part| matches!(part, "fixtures" | "golden" | "corpus" | "snapshots");
    !path.ends_with(".rs") && path.split('/').any(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_code_inside_a_product_file_is_told_apart() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n#[cfg(test)]\nmod d;\nfn e() {}\n";
        let file = SourceFile { path: "crates/x/src/a.rs".into(), text: text.into() };
        let tests: Vec<usize> = file.lines().filter(|(_, _, test)| *test).map(|(line, _, _)| line).collect();
        assert_eq!(tests, [2, 3, 4, 5, 6, 8, 9]);
    }

    #[test]
    fn test_data_may_be_broken_but_rust_is_always_read() {
        assert!(in_test_data("crates/x/tests/fixtures/bad.json"));
        assert!(!in_test_data("crates/x/src/snapshots/mod.rs"));
        assert!(!in_test_data("docs/snapshots.md"));
    }

    #[test]
    fn the_tree_of_this_house_is_read_without_what_was_built() {
        let tree = Tree::read(&workspace_root()).expect("the source tree can be read");
        let has = |path: &str| tree.files.iter().any(|file| file.path == path);
        assert!(has("xtask/src/tree.rs") && has("crates/model/Cargo.toml") && has("docs/requirements.md"));
        assert!(!tree.files.iter().any(|file| file.path.contains("/target/")));
    }

    #[test]
    fn test_files_are_known_by_folder_or_name() {
        let of = |path: &str| SourceFile { path: path.into(), text: String::new() }.is_test();
        assert!(of("crates/x/tests/a.rs") && of("crates/x/src/a/tests.rs") && of("crates/x/src/a_tests.rs"));
        assert!(!of("crates/x/src/contests.rs") && !of("crates/x/src/tested/a.rs"));
    }
}
