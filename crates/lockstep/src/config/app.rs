//! The app under which the hub is known to a platform: what every channel of the platform shares unless its own section
//! says otherwise. From the file, or from the environment: `LOCKSTEP_<PLATFORM>_CLIENT_ID`,
//! `LOCKSTEP_<PLATFORM>_CLIENT_SECRET`.

use std::path::PathBuf;

use connectors::Secret;
use model::Platform;
use serde::Deserialize;

use super::{secret, text_or_file};

/// `[[app]]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct App {
    pub platform: String,
    /// Where the platform's API is, when it is not where it is for most: a sandbox, another region.
    #[serde(default)]
    pub base_url: String,
    #[serde(default)]
    pub auth_url: String,
    #[serde(default)]
    pub client_id: String,
    #[serde(default)]
    client_secret: String,
    #[serde(default)]
    client_secret_file: PathBuf,
    #[serde(default)]
    application_token: String,
    #[serde(default)]
    application_token_file: PathBuf,
    #[serde(default)]
    webhook_secret: String,
    #[serde(default)]
    webhook_secret_file: PathBuf,
}

impl App {
    pub(crate) fn secret_of_client(&self) -> Result<Option<Secret>, String> {
        secret("client_secret", &self.client_secret, &self.client_secret_file)
    }

    pub(crate) fn secret_application_token(&self) -> Result<Option<Secret>, String> {
        secret("application_token", &self.application_token, &self.application_token_file)
    }

    pub(crate) fn webhook_secrets(&self) -> Result<Vec<Secret>, String> {
        let text = text_or_file("webhook_secret", &self.webhook_secret, &self.webhook_secret_file)?;
        Ok(if text.is_empty() { Vec::new() } else { vec![Secret::new(&text)] })
    }

    pub(crate) fn faults(&self) -> Vec<String> {
        let mut wrong: Vec<String> = Vec::new();
        if Platform::parse(&self.platform).is_none() {
            wrong.push(format!("app: platform {:?} is none that is known", self.platform));
        }
        let secrets =
            [self.secret_of_client().err(), self.secret_application_token().err(), self.webhook_secrets().err()];
        wrong.extend(secrets.into_iter().flatten().map(|fault| format!("app {}: {fault}", self.platform)));
        wrong
    }
}

/// The variable of the environment that replaces a key of a platform's app.
pub(crate) fn variable(platform: Platform, key: &str) -> String {
    format!("LOCKSTEP_{}_{}", platform.name().replace('-', "_").to_uppercase(), key.to_uppercase())
}

/// Puts in what the environment says; `read` looks a variable up.
pub(super) fn with_environment(apps: &mut Vec<App>, read: impl Fn(&str) -> Option<String>) {
    for platform in Platform::ALL {
        let found = |key: &str| read(&variable(platform, key)).filter(|text| !text.is_empty());
        let (id, secret) = (found("client_id"), found("client_secret"));
        if id.is_none() && secret.is_none() {
            continue;
        }
        if !apps.iter().any(|app| app.platform == platform.name()) {
            apps.push(App { platform: platform.name().to_owned(), ..App::default() });
        }
        for app in apps.iter_mut().filter(|app| app.platform == platform.name()) {
            id.iter().for_each(|id| app.client_id.clone_from(id));
            if let Some(secret) = &secret {
                (app.client_secret, app.client_secret_file) = (secret.clone(), PathBuf::new());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_replaces_what_the_file_says_of_an_app_and_adds_one_that_it_does_not_name() {
        let [first, second, ..] = Platform::ALL;
        let mut apps =
            vec![App { platform: first.name().into(), client_secret_file: "/nowhere".into(), ..App::default() }];
        let variables = [
            (variable(first, "client_secret"), "s1"),
            (variable(second, "client_id"), "i2"),
            (variable(second, "client_secret"), ""),
        ];
        let read = |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, text)| (*text).to_owned());
        with_environment(&mut apps, read);
        assert_eq!(apps.len(), 2);
        assert_eq!(apps[0].secret_of_client(), Ok(Some(Secret::new("s1"))));
        assert_eq!(apps[1].client_id, "i2");
        assert_eq!(apps[1].secret_of_client(), Ok(None));
        assert_eq!(variable(second, "client_id").matches('-').count(), 0);
    }
}
