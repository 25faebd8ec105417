//! The checks on the house run with every `cargo test`, so that nobody has to remember them.

#[test]
fn the_house_is_tidy() {
    let tree = xtask::Tree::read(&xtask::workspace_root()).expect("the source tree can be read");
    let violations: Vec<String> = xtask::tidy::check(&tree).iter().map(ToString::to_string).collect();
    assert!(violations.is_empty(), "{} to mend:\n{}", violations.len(), violations.join("\n"));
}
