//! `[access]`: own rules, limits, proxies in front of the hub.

use std::path::PathBuf;

use serde::Deserialize;
use server::{DoorSettings, Doorkeeper, Forwarding, Proxies};

/// `[access]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Access {
    rules_file: PathBuf,
    key_per_minute: u32,
    address_per_minute: u32,
    trusted_proxies: Vec<String>,
    forwarded_by: String,
    pub head_s: u64,
}

impl Access {
    /// How the doors are kept, for a hub that people reach at `public_url`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(crate) fn settings(&self, public_url: &str) -> Result<DoorSettings, String> {
        let forwarding = Forwarding::parse(&self.forwarded_by).ok_or_else(|| {
            format!("access.forwarded_by: {:?} is neither x-forwarded nor forwarded", self.forwarded_by)
        })?;
        let proxies = Proxies::parse(&self.trusted_proxies, forwarding)
            .map_err(|wrong| format!("access.trusted_proxies: {wrong:?} is no address and no network"))?;
        let rules = match self.rules_file.as_os_str().is_empty() {
            true => String::new(),
            false => std::fs::read_to_string(&self.rules_file)
                .map_err(|error| format!("access.rules_file: cannot read {}: {error}", self.rules_file.display()))?,
        };
        Ok(DoorSettings {
            rules,
            key_per_minute: self.key_per_minute,
            address_per_minute: self.address_per_minute,
            proxies,
            https: public_url.starts_with("https://"),
        })
    }

    /// Everything that is wrong with it.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        match self.settings("") {
            Err(fault) => wrong.push(fault),
            // An empty door with these rules: what is wrong with them is found before the hub starts.
            Ok(settings) if !settings.rules.is_empty() => {
                if let Err(error) = Doorkeeper::in_memory(settings) {
                    wrong.push(format!("access.rules_file: {error}"));
                }
            }
            Ok(_) => {}
        }
        if self.key_per_minute == 0 || self.address_per_minute == 0 || self.head_s == 0 {
            wrong.push("access: key_per_minute, address_per_minute and head_s must be above zero".to_owned());
        }
        wrong
    }
}
