//! How large the files are, without their tests. Called by `cargo xtask sizes`; a report, not a check: a second idea
//! splits a file, not a line count.

use crate::tree::Tree;
use std::fmt::Write;

/// Files longer than this are named in the report.
const LONG: usize = 300;

/// The report: number of files, the half and the nine-in-ten size, and every long file, longest first.
#[must_use]
pub fn report(tree: &Tree) -> String {
    let mut sizes: Vec<(usize, &str)> = tree
        .files
        .iter()
        .filter(|file| file.is_rust() && !file.is_test())
        .map(|file| (file.lines().filter(|(_, _, test)| !test).count(), file.path.as_str()))
        .collect();
    sizes.sort_by(|a, b| b.cmp(a));
    let total: usize = sizes.iter().map(|(lines, _)| lines).sum();
    let mut report = format!(
        "{} files, {total} lines without tests; half are up to {}, nine in ten up to {}\n",
        sizes.len(),
        at_share(&sizes, 50),
        at_share(&sizes, 90),
    );
    for (lines, path) in sizes.iter().take_while(|(lines, _)| *lines > LONG) {
        writeln!(report, "{lines:>6}  {path}").expect("writing to a string cannot fail");
    }
    report
}

/// The size that `percent` of the files do not exceed; `sizes` is longest first.
fn at_share(sizes: &[(usize, &str)], percent: usize) -> usize {
    let from_end = (sizes.len() * percent).div_ceil(100);
    sizes.len().checked_sub(from_end).and_then(|index| sizes.get(index)).map_or(0, |(lines, _)| *lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_counts_product_lines_and_names_long_files() {
        let long = "fn a() {}\n".repeat(301);
        let half_tests = format!("fn a() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n", "    // a test\n".repeat(400));
        let tree = Tree::of(&[
            ("crates/x/src/long.rs", &long),
            ("crates/x/src/short.rs", &half_tests),
            ("crates/x/tests/all.rs", &long),
            ("crates/x/Cargo.toml", "[package]\n"),
        ]);
        assert_eq!(
            report(&tree),
            "2 files, 302 lines without tests; half are up to 1, nine in ten up to 301\n   301  crates/x/src/long.rs\n"
        );
        assert!(report(&Tree::default()).starts_with("0 files, 0 lines"));
    }
}
