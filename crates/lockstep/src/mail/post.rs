//! The way to the mail server.

use std::time::Duration;

use anyhow::Context;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::Letter;
use crate::config::Mail;

/// How long the server may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a letter is not known to be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsent {
    /// The server did not get it: it may be sent again.
    #[error("the mail server cannot be reached: {0}")]
    NotReached(String),
    /// The server did not take it, and may take it later.
    #[error("the mail server does not take it now: {0}")]
    NotNow(String),
    /// The server will not take it.
    #[error("the mail server does not take it: {0}")]
    Refused(String),
    /// The connection ended before the server said whether it took it.
    #[error("the connection ended before the mail server said whether it took the mail, so it may have arrived: {0}")]
    Unknown(String),
}

impl Unsent {
    /// Whether it is certain that nobody got it and that another try makes sense.
    pub(super) fn may_be_repeated(&self) -> bool {
        match self {
            Self::NotReached(_) | Self::NotNow(_) => true,
            Self::Refused(_) | Self::Unknown(_) => false,
        }
    }
}

/// A mail server, and from whom to whom.
#[derive(Clone, Debug)]
pub(crate) struct Post {
    /// Built into a connection for each mail: a pool would need a runtime where only the configuration is checked.
    server: AsyncSmtpTransportBuilder,
    from: Mailbox,
    to: Vec<Mailbox>,
}

impl Post {
    /// As configured.
    ///
    /// # Errors
    /// When an address or the password cannot be read.
    pub(crate) fn of(mail: &Mail) -> anyhow::Result<Self> {
        let mailbox = |field: &str, text: &str| {
            text.parse::<Mailbox>().with_context(|| format!("{field}: {text:?} is no mail address"))
        };
        let mut server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&mail.smtp)
            .with_context(|| format!("smtp: {:?} is no address such as smtps://mail.example", mail.smtp))?
            .timeout(Some(PATIENCE));
        if let Some(password) = mail.password().map_err(anyhow::Error::msg)? {
            server = server.credentials(Credentials::new(mail.user.clone(), password.expose().to_owned()));
        }
        anyhow::ensure!(!mail.to.is_empty(), "to: nobody would get the mail");
        let to: anyhow::Result<Vec<Mailbox>> = mail.to.iter().map(|text| mailbox("to", text)).collect();
        Ok(Self { server, from: mailbox("from", &mail.from)?, to: to? })
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// Why it is not known to be sent.
    pub(crate) async fn send(&self, letter: &Letter) -> Result<(), Unsent> {
        let message = self.message(letter).map_err(|error| Unsent::Refused(format!("{error:#}")))?;
        // Asked first, because of a connection that cannot even be made nobody can have got anything.
        let server: AsyncSmtpTransport<Tokio1Executor> = self.server.clone().build();
        match server.test_connection().await {
            Ok(true) => {}
            Ok(false) => return Err(Unsent::NotReached("it does not answer".into())),
            Err(error) => return Err(Unsent::NotReached(causes(&error))),
        }
        server.send(message).await.map(drop).map_err(|error| match () {
            () if error.is_transient() => Unsent::NotNow(causes(&error)),
            () if error.is_permanent() || error.is_client() => Unsent::Refused(causes(&error)),
            () => Unsent::Unknown(causes(&error)),
        })
    }

    fn message(&self, letter: &Letter) -> anyhow::Result<Message> {
        let at = u64::try_from(letter.at.0).unwrap_or_default();
        let id = format!("<gaps-{at}@{}>", self.from.email.domain());
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(&letter.subject)
            .message_id(Some(id))
            .date(std::time::UNIX_EPOCH + Duration::from_millis(at));
        for to in &self.to {
            message = message.to(to.clone());
        }
        let kind = ContentType::parse("text/csv; charset=utf-8").context("the kind of a table")?;
        let table = Attachment::new(letter.file.clone()).body(letter.table.clone(), kind);
        let parts = MultiPart::mixed().singlepart(SinglePart::plain(letter.text.clone())).singlepart(table);
        message.multipart(parts).context("put the letter together")
    }
}

/// An error with what it came from.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let more = cause.to_string();
        if !text.contains(&more) {
            text.push_str(&format!(": {more}"));
        }
        source = cause.source();
    }
    text
}
