//! The list of exceptions, each with its reason. Called by `deps`; refuses a list with a word it does not know.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// What is let through, as `xtask/deps.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowed {
    /// SPDX names; one with an exception is a name of its own.
    pub(super) licences: Vec<String>,
    /// Crates that may be here in more than one version.
    #[serde(default)]
    pub(super) second_version: Vec<Reasoned>,
    /// Licences of crates whose manifest names none.
    #[serde(default)]
    pub(super) licence_of: Vec<LicenceOf>,
    /// Crates that may not be here.
    #[serde(default)]
    pub(super) banned: Vec<Reasoned>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reasoned {
    pub(super) name: String,
    pub(super) reason: Reason,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LicenceOf {
    pub(super) name: String,
    pub(super) licence: String,
    #[expect(dead_code, reason = "asked for so that the list can be judged by its reader")]
    reason: Reason,
}

/// Why; never empty.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Reason(String);

impl TryFrom<String> for Reason {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() { Err("an exception needs a reason") } else { Ok(Self(text)) }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Allowed {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
        text.parse().with_context(|| format!("understand {}", path.display()))
    }
}

impl FromStr for Allowed {
    type Err = toml::de::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_without_a_reason_is_refused() {
        for reason in ["", "reason = \"\"", "reason = \" \""] {
            let text = format!("licences = []\n[[banned]]\nname = \"ring\"\n{reason}\n");
            text.parse::<Allowed>().expect_err("no reason was given");
        }
        "licences = []\n[[banned]]\nname = \"ring\"\nreason = \"one provider\"\n"
            .parse::<Allowed>()
            .expect("a reason was given");
    }
}
