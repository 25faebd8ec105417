//! What the house is built on: no second version of a crate, no licence that asks too much, nothing banned.
//!
//! Called by `cargo xtask deps`. Reads what cargo would build here and the list of exceptions in
//! `xtask/deps.toml`; it refuses to ask the network, and cannot know advisories.

mod allowed;
mod built;
mod licence;

use crate::Violation;
use allowed::Allowed;
use anyhow::Result;
use built::Package;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Where the exceptions are listed; violations point there, for that is where a decision is written down.
const LIST: &str = "xtask/deps.toml";

/// Everything to mend among the dependencies.
///
/// # Errors
/// When cargo cannot resolve the workspace under the committed lock file, or the list of exceptions cannot be read.
pub fn check(root: &Path) -> Result<Vec<Violation>> {
    let allowed = Allowed::read(&root.join(LIST))?;
    Ok(judge(&built::packages(root)?, &allowed))
}

fn judge(packages: &BTreeSet<Package>, allowed: &Allowed) -> Vec<Violation> {
    let mut violations = second_versions(packages, allowed);
    violations.extend(packages.iter().filter_map(|package| judge_licence(package, allowed)));
    violations.extend(banned(packages, allowed));
    violations.extend(idle_licence_exceptions(packages, allowed));
    violations.into_iter().map(|text| Violation::new(LIST, 0, text)).collect()
}

fn second_versions(packages: &BTreeSet<Package>, allowed: &Allowed) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let excused = |name: &str| allowed.second_version.iter().any(|exception| exception.name == name);
    let mut texts: Vec<String> = versions
        .iter()
        .filter(|(name, _)| !excused(name))
        .map(|(name, versions)| {
            let versions: Vec<_> = versions.iter().copied().collect();
            format!("`{name}` is here in versions {}: use one, or list it with its reason", versions.join(" and "))
        })
        .collect();
    let idle = allowed.second_version.iter().filter(|exception| !versions.contains_key(exception.name.as_str()));
    texts.extend(idle.map(|exception| format!("`{}` has one version now: take it off the list", exception.name)));
    texts
}

fn judge_licence(package: &Package, allowed: &Allowed) -> Option<String> {
    let clarified = allowed.licence_of.iter().find(|exception| exception.name == package.name);
    let expression = clarified.map(|exception| exception.licence.as_str()).or(package.licence.as_deref());
    let name = &package.name;
    let Some(expression) = expression else {
        return Some(format!("`{name}` names no licence: read its licence file and list what it is"));
    };
    match licence::is_met(expression, &allowed.licences) {
        Some(true) => None,
        Some(false) => Some(format!("`{name}` is under `{expression}`, which is not on the list")),
        None => Some(format!("`{name}`: the licence `{expression}` cannot be read")),
    }
}

fn banned(packages: &BTreeSet<Package>, allowed: &Allowed) -> Vec<String> {
    let present = |name: &str| packages.iter().any(|package| package.name == name);
    let banned = allowed.banned.iter().filter(|ban| present(&ban.name));
    banned.map(|ban| format!("`{}` is banned: {}", ban.name, ban.reason)).collect()
}

fn idle_licence_exceptions(packages: &BTreeSet<Package>, allowed: &Allowed) -> Vec<String> {
    let needed = |name: &str| packages.iter().any(|package| package.name == name && package.licence.is_none());
    let idle = allowed.licence_of.iter().filter(|exception| !needed(&exception.name));
    idle.map(|exception| format!("`{}` needs no word on its licence: take it off the list", exception.name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"
        licences = ["MIT", "Apache-2.0"]
        [[second_version]]
        name = "syn"
        reason = "two generations of macros"
        [[licence_of]]
        name = "quiet"
        licence = "MIT"
        reason = "its LICENSE file is the MIT text"
        [[banned]]
        name = "ring"
        reason = "one provider"
    "#;

    fn found(packages: &[(&str, &str, Option<&str>)]) -> Vec<String> {
        let allowed: Allowed = LIST.parse().expect("the test's list is sound");
        // Both exceptions of the list are in use, so that only the case itself speaks.
        let used = [("syn", "1.0.0", Some("MIT")), ("syn", "2.0.0", Some("MIT")), ("quiet", "0.1.0", None)];
        let package = |(name, version, licence): &(&str, &str, Option<&str>)| Package {
            name: (*name).into(),
            version: (*version).into(),
            licence: licence.map(Into::into),
        };
        let packages = used.iter().chain(packages).map(package).collect();
        judge(&packages, &allowed).into_iter().map(|violation| violation.text).collect()
    }

    #[test]
    fn a_sound_set_gives_nothing_to_mend() {
        assert_eq!(found(&[("serde", "1.0.0", Some("MIT OR Apache-2.0"))]), [""; 0]);
    }

    #[test]
    fn a_second_version_is_found_unless_it_is_listed() {
        assert_eq!(
            found(&[("serde", "1.0.0", Some("MIT")), ("serde", "2.0.0", Some("MIT"))]),
            ["`serde` is here in versions 1.0.0 and 2.0.0: use one, or list it with its reason"]
        );
    }

    #[test]
    fn licences_off_the_list_missing_or_unreadable_are_found() {
        assert_eq!(
            found(&[("a", "1.0.0", Some("MIT AND GPL-3.0")), ("b", "1.0.0", None), ("c", "1.0.0", Some("MIT OR"))]),
            [
                "`a` is under `MIT AND GPL-3.0`, which is not on the list",
                "`b` names no licence: read its licence file and list what it is",
                "`c`: the licence `MIT OR` cannot be read",
            ]
        );
    }

    #[test]
    fn a_banned_crate_is_found_with_the_reason() {
        assert_eq!(found(&[("ring", "0.17.0", Some("MIT"))]), ["`ring` is banned: one provider"]);
    }

    #[test]
    fn an_exception_that_no_longer_applies_is_found() {
        let allowed: Allowed = LIST.parse().expect("the test's list is sound");
        let texts: Vec<_> = judge(&BTreeSet::new(), &allowed).into_iter().map(|violation| violation.text).collect();
        assert_eq!(
            texts,
            [
                "`syn` has one version now: take it off the list",
                "`quiet` needs no word on its licence: take it off the list"
            ]
        );
    }
}
