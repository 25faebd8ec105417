//! Asks cargo what the house is built from on this machine. Called by `deps`; changes nothing, and the lock file is
//! taken as it is.
//!
//! `cargo tree` and not `cargo metadata`: the latter also names crates that only a feature nobody asked for would
//! bring, and a banned crate that is never compiled is no breach.

use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// A crate of the resolved set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// As its manifest says.
    pub(super) licence: Option<String>,
}

/// The crates that a build of the whole workspace, tests included, uses on this machine.
pub(super) fn packages(root: &Path) -> Result<BTreeSet<Package>> {
    let arguments = ["tree", "--locked", "--workspace", "--edges", "normal,build,dev", "--prefix", "none"];
    let mut cargo = Command::new(env!("CARGO"));
    let output =
        cargo.args(arguments).args(["--format", "{p}|{l}"]).current_dir(root).output().context("run cargo tree")?;
    if !output.status.success() {
        bail!("cargo tree ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8(output.stdout).context("read what cargo tree printed")?;
    text.lines().filter(|line| !line.is_empty()).map(package).collect()
}

/// One line, as `serde v1.0.228 (proc-macro)|MIT OR Apache-2.0 (*)`; the last mark means that it was listed before.
fn package(line: &str) -> Result<Package> {
    let (package, licence) = line.split_once('|').with_context(|| format!("no licence column in `{line}`"))?;
    let mut words = package.split(' ');
    let name = words.next().unwrap_or_default();
    let version = words.next().and_then(|word| word.strip_prefix('v'));
    let version = version.with_context(|| format!("no version in `{line}`"))?;
    let licence = licence.trim_end_matches("(*)").trim();
    let licence = (!licence.is_empty()).then(|| licence.to_owned());
    Ok(Package { name: name.to_owned(), version: version.to_owned(), licence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_cargo_tree_are_read_with_and_without_their_marks() {
        for (line, name, version, licence) in [
            ("adler2 v2.0.1|0BSD OR MIT", "adler2", "2.0.1", Some("0BSD OR MIT")),
            ("syn v2.0.1 (proc-macro)|(MIT) AND ISC (*)", "syn", "2.0.1", Some("(MIT) AND ISC")),
            ("quiet v0.1.0-rc.1 (/a/b)| (*)", "quiet", "0.1.0-rc.1", None),
        ] {
            let wanted = Package { name: name.into(), version: version.into(), licence: licence.map(Into::into) };
            assert_eq!(package(line).expect("a whole line"), wanted, "{line}");
        }
        for line in ["serde v1.0.0", "serde|MIT", "serde 1.0.0|MIT"] {
            package(line).expect_err(line);
        }
    }
}
