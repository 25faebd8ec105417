//! `[mail]`: where the daily gap report goes. Off while no server is named.

use std::path::PathBuf;

use connectors::Secret;
use serde::Deserialize;

/// `[mail]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    pub smtp: String,
    pub user: String,
    pub password_file: PathBuf,
    pub from: String,
    pub to: Vec<String>,
    pub hour: i8,
}

impl Mail {
    /// Whether there is a server to give mails to.
    pub(crate) fn is_on(&self) -> bool {
        !self.smtp.is_empty()
    }

    /// The password, where one is needed.
    pub(crate) fn password(&self) -> Result<Option<Secret>, String> {
        super::secret("password", "", &self.password_file)
    }

    /// Everything that is wrong with it; nothing while it is off.
    pub(super) fn faults(&self) -> Vec<String> {
        if !self.is_on() {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        if self.smtp.contains('@') {
            wrong.push("mail.smtp: user and password have keys of their own: user, password_file".into());
        } else if let Err(error) = crate::mail::Post::of(self) {
            wrong.push(format!("mail: {error:#}"));
        }
        if !(0..=23).contains(&self.hour) {
            wrong.push(format!("mail.hour: {} is no hour from 0 to 23", self.hour));
        }
        if self.user.is_empty() != self.password_file.as_os_str().is_empty() {
            wrong.push("mail: user and password_file belong together".into());
        }
        if !self.user.is_empty() && self.is_in_the_clear() {
            wrong.push("mail.smtp: the password would be sent in the clear; use smtps:// or add ?tls=required".into());
        }
        wrong
    }

    /// Whether a password would leave this machine unencrypted.
    fn is_in_the_clear(&self) -> bool {
        let Some(rest) = self.smtp.strip_prefix("smtp://") else { return false };
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        !rest.contains("tls=required") && !["localhost", "127.0.0.1", "[::1]"].contains(&host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(smtp: &str) -> Mail {
        Mail {
            smtp: smtp.into(),
            user: String::new(),
            password_file: PathBuf::new(),
            from: "Lockstep <hub@shop.example>".into(),
            to: vec!["owner@shop.example".into()],
            hour: 7,
        }
    }

    #[test]
    fn a_mail_that_is_off_has_no_faults_and_one_that_is_on_lists_all_of_them() {
        assert_eq!(Mail { from: String::new(), hour: 99, ..mail("") }.faults(), Vec::<String>::new());
        for right in ["smtp://localhost:25", "smtps://mail.example", "smtp://mail.example:587?tls=required"] {
            assert_eq!(mail(right).faults(), Vec::<String>::new(), "{right}");
        }
        let wrong = Mail { hour: 24, user: "u".into(), to: vec!["nobody".into()], ..mail("smtp://mail.example") };
        let faults = wrong.faults();
        for words in ["nobody", "no hour", "belong together", "in the clear"] {
            assert!(faults.iter().any(|fault| fault.contains(words)), "{words} is missing in {faults:?}");
        }
        assert!(mail("http://mail.example").faults()[0].starts_with("mail: "));
        assert!(mail("smtps://u:p@mail.example").faults()[0].contains("keys of their own"));
        assert!(Mail { to: Vec::new(), ..mail("smtps://mail.example") }.faults()[0].contains("nobody"));
    }
}
