//! The floors: which crate may use which. Called by `tidy`; reads manifests and nothing else.
//!
//! The law: a crate uses only what its row names, and only from below. Tests may also use the emulators and the
//! simulator, except where a row says otherwise, and the doors' tests put a whole hub together.

use crate::{SourceFile, Tree, Violation};
use toml::{Table, Value};

/// A crate's row in the floor plan.
struct Row {
    name: &'static str,
    uses: Uses,
}

enum Uses {
    These(&'static [&'static str]),
    All,
}
use Uses::{All, These};

/// The floor plan, lowest first. A crate without a row has no place in the house yet.
const PLAN: [Row; 20] = [
    Row { name: "model", uses: These(&[]) },
    Row { name: "stats", uses: These(&[]) },
    Row { name: "policy", uses: These(&["model"]) },
    Row { name: "connectors", uses: These(&["model"]) },
    Row { name: "agents", uses: These(&["model", "stats"]) },
    Row { name: "dispatch", uses: These(&["model"]) },
    Row { name: "engine", uses: These(&["model", "policy"]) },
    // Hands keep and carry what they do not read.
    Row { name: "journal", uses: These(&["model"]) },
    Row { name: "courier", uses: These(&["model"]) },
    Row { name: "views", uses: These(&["model"]) },
    Row { name: "access", uses: These(&[]) },
    Row { name: "journal-nats", uses: These(&["model", "journal"]) },
    Row { name: "views-postgres", uses: These(&["model", "views"]) },
    Row {
        name: "flow",
        uses: These(&["model", "policy", "engine", "connectors", "agents", "dispatch", "journal", "views", "courier"]),
    },
    Row { name: "server", uses: These(&["model", "views", "flow", "access"]) },
    Row { name: "eval", uses: These(&["model", "stats", "agents"]) },
    Row { name: "lockstep", uses: All },
    // Fake platforms must not share a dictionary with the hub: a mistake made once would pass twice.
    Row { name: "emulators", uses: These(&[]) },
    Row { name: "sim", uses: All },
    Row { name: "xtask", uses: These(&[]) },
];

/// What the tests of every crate may use besides its row.
const TEST_CRATES: [&str; 2] = ["emulators", "sim"];

/// Crates whose tests put a whole hub together, and so may use what the hub is made of.
const TESTS_WHOLE: [&str; 1] = ["server"];

/// Crates whose tests may use no more than the crate itself: nobody below them is there, or nobody may be.
const TESTS_ALONE: [&str; 3] = ["model", "stats", "emulators"];

/// Every dependency that the plan does not name, and every dependency whose version is not the workspace's.
pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let manifests = tree.files.iter().filter_map(|file| crate_of(&file.path).map(|name| (name, file)));
    manifests.flat_map(|(name, file)| check_manifest(name, file)).collect()
}

fn check_manifest(name: &str, file: &SourceFile) -> Vec<Violation> {
    let Some(row) = PLAN.iter().find(|row| row.name == name) else {
        return vec![Violation::new(
            &file.path,
            1,
            format!("`{name}` has no floor: give it a row in xtask/src/tidy/floors.rs"),
        )];
    };
    let manifest: Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => {
            return vec![Violation::new(&file.path, 1, format!("the manifest cannot be read: {}", error.message()))];
        }
    };
    let mut violations = Vec::new();
    for (kind, key, value) in dependencies(&manifest) {
        let line = line_of(&file.text, key);
        if let Some(used) = house_crate(key, value).filter(|used| !may_use(row, kind, used)) {
            violations.push(Violation::new(
                &file.path,
                line,
                format!("`{name}` may not use `{used}`: {}", allowed(row)),
            ));
        }
        if !from_workspace(value) {
            let text = format!("`{key}`: versions live in the workspace's manifest; write `{key}.workspace = true`");
            violations.push(Violation::new(&file.path, line, text));
        }
    }
    violations
}

fn may_use(row: &Row, kind: Kind, used: &str) -> bool {
    let named = match row.uses {
        All => used != "xtask",
        These(names) => names.contains(&used),
    };
    let by_tests = match kind {
        Kind::Product => false,
        Kind::Tests if TESTS_WHOLE.contains(&row.name) => used != "xtask",
        Kind::Tests => TEST_CRATES.contains(&used) && !TESTS_ALONE.contains(&row.name),
    };
    // The roof's tests run these checks.
    let tidy = row.name == "lockstep" && used == "xtask" && kind == Kind::Tests;
    named || by_tests || tidy
}

fn allowed(row: &Row) -> String {
    match row.uses {
        All => "it may use all, but not the automation".to_owned(),
        These([]) => "it may use no crate of the house".to_owned(),
        These(names) => format!("it may use {}", names.join(", ")),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Product,
    Tests,
}

/// All dependency tables of a manifest, those per target too.
fn dependencies(manifest: &Table) -> Vec<(Kind, &str, &Value)> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(|targets| targets.values());
    let holders = std::iter::once(manifest).chain(targets.filter_map(Value::as_table));
    let kinds =
        [("dependencies", Kind::Product), ("build-dependencies", Kind::Product), ("dev-dependencies", Kind::Tests)];
    let mut all = Vec::new();
    for holder in holders {
        for (table, kind) in kinds {
            let listed = holder.get(table).and_then(Value::as_table).into_iter().flatten();
            all.extend(listed.map(|(key, value)| (kind, key.as_str(), value)));
        }
    }
    all
}

/// The house's crate that a dependency means, under its own or another name.
fn house_crate<'a>(key: &'a str, value: &'a Value) -> Option<&'a str> {
    let renamed = value.get("package").and_then(Value::as_str);
    let path = value.get("path").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let name = path.or(renamed).unwrap_or(key);
    let name = name.strip_prefix("lockstep-").unwrap_or(name);
    PLAN.iter().any(|row| row.name == name).then_some(name)
}

fn from_workspace(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// `crates/NAME/Cargo.toml` or `xtask/Cargo.toml`.
fn crate_of(path: &str) -> Option<&str> {
    match path.split('/').collect::<Vec<_>>()[..] {
        ["crates", name, "Cargo.toml"] | [name, "Cargo.toml"] => Some(name),
        _ => None,
    }
}

fn line_of(text: &str, key: &str) -> usize {
    let names = |line: &str| {
        let rest = line.trim_start().trim_start_matches('"').strip_prefix(key);
        rest.is_some_and(|rest| rest.starts_with(['.', ' ', '=', '"']))
    };
    text.lines().position(names).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_crate_may_use_what_its_row_names() {
        let manifest = "[dependencies]\nmodel.workspace = true\nserde.workspace = true\n\n[dev-dependencies]\nsim.workspace = true\n";
        assert_eq!(found("crates/engine/Cargo.toml", manifest), [""; 0]);
    }

    #[test]
    fn a_use_the_plan_does_not_name_is_found_at_its_line() {
        assert_eq!(
            found("crates/connectors/Cargo.toml", "[dependencies]\nmodel.workspace = true\nengine.workspace = true\n"),
            ["crates/connectors/Cargo.toml:3: `connectors` may not use `engine`: it may use model"]
        );
    }

    #[test]
    fn another_name_a_target_or_a_build_script_does_not_hide_a_use() {
        for manifest in [
            "[dependencies]\nm = { workspace = true, package = \"lockstep-flow\" }\n",
            "[dependencies]\nlockstep-flow.workspace = true\n",
            "[target.'cfg(unix)'.dependencies]\nflow.workspace = true\n",
            "[build-dependencies]\nflow.workspace = true\n",
            "[dependencies.flow]\nworkspace = true\n",
        ] {
            let found = found("crates/journal/Cargo.toml", manifest);
            assert_eq!(found.len(), 1, "{manifest}: {found:?}");
            assert!(found[0].contains("`journal` may not use `flow`"), "{found:?}");
        }
    }

    #[test]
    fn emulators_share_nothing_with_the_hub_not_even_in_tests() {
        let found = found(
            "crates/emulators/Cargo.toml",
            "[dev-dependencies]\nconnectors.workspace = true\nsim.workspace = true\n",
        );
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn only_the_tests_of_the_roof_use_the_automation() {
        assert_eq!(found("crates/lockstep/Cargo.toml", "[dev-dependencies]\nxtask.workspace = true\n"), [""; 0]);
        assert_eq!(found("crates/lockstep/Cargo.toml", "[dependencies]\nxtask.workspace = true\n").len(), 1);
        assert_eq!(found("crates/sim/Cargo.toml", "[dev-dependencies]\nxtask.workspace = true\n").len(), 1);
    }

    #[test]
    fn a_version_of_its_own_and_a_crate_without_a_floor_are_found() {
        let own = found("crates/model/Cargo.toml", "[dependencies]\nserde = \"1\"\n");
        assert!(own.len() == 1 && own[0].contains(":2: `serde`: versions live"), "{own:?}");
        let new = found("crates/attic/Cargo.toml", "");
        assert!(new.len() == 1 && new[0].contains("`attic` has no floor"), "{new:?}");
    }

    #[test]
    fn the_plan_only_looks_down() {
        for (index, row) in PLAN.iter().enumerate() {
            let These(names) = row.uses else { continue };
            for name in names {
                let place = PLAN.iter().position(|other| other.name == *name).expect("a used crate has a row");
                assert!(place < index, "{} uses {name}, which is not below it", row.name);
            }
        }
    }
}
