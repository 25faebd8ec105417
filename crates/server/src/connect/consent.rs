//! A person's consent (OAuth): the question that is open, and what comes of the answer.
//!
//! A question is bound to whoever asked it and answered once. What a platform sends back is exchanged for tokens
//! through the channel's own link; the tokens go to the roof and nowhere else.

use std::collections::HashMap;
use std::sync::Mutex;

use flow::{KeptTokens, Link, Phase, Scope};
use model::{ChannelId, Instant};

use super::ConnectError;
use crate::Hub;

/// How long a person may take, in milliseconds.
const LASTS_MS: i64 = 10 * 60_000;
/// Questions kept open; the oldest goes first.
const OPEN_MAX: usize = 100;

/// Questions that wait for a person's answer.
#[derive(Debug, Default)]
pub struct Consents(Mutex<HashMap<blake3::Hash, Open>>);

#[derive(Debug)]
struct Open {
    channel: String,
    phase: Phase,
    owner: blake3::Hash,
    redirect_uri: String,
    ends: Instant,
}

/// What a person has agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// For which channel.
    pub channel: String,
    /// How much was asked for.
    pub phase: Phase,
    /// The scopes that came with the token, where the platform tells them only then.
    pub told: Option<Vec<String>>,
}

/// The scopes that a phase needs, and no others.
pub fn scopes(link: &Link, phase: Phase) -> Vec<&'static Scope> {
    let scopes = link.connector().abilities().scopes.iter();
    scopes.filter(|scope| scope.phase <= phase).collect()
}

impl Consents {
    /// Opens a question. Answers the platform's page on which a person gives access. `owner` is a secret of whoever
    /// asks, and must come with the answer.
    ///
    /// # Errors
    /// When the platform has no such page, the app is not set up, or the account's address cannot be used.
    pub fn begin(
        &self,
        hub: &Hub,
        link: &Link,
        phase: Phase,
        owner: &str,
        redirect_uri: String,
    ) -> Result<String, ConnectError> {
        let name = link.settings.name.as_str();
        let section = hub.accounts.section(name).ok_or_else(|| ConnectError::Unknown(name.to_owned()))?;
        section.app.map_err(ConnectError::NotNow)?;
        let no_page = || ConnectError::NotNow("the platform has no page for consent; give a token instead".to_owned());
        let grants = link.connector().grants().ok_or_else(no_page)?;
        let state = random()?;
        let account = link.settings.account(ChannelId(0), link.settings.token.clone(), Vec::new());
        let page = grants
            .authorize(&account, &redirect_uri, &state, &scopes(link, phase))
            .map_err(|error| ConnectError::NotNow(error.to_string()))?;
        let ends = hub.clock.now().plus_ms(LASTS_MS);
        let owner = blake3::hash(owner.as_bytes());
        self.keep(&state, Open { channel: name.to_owned(), phase, owner, redirect_uri, ends }, hub.clock.now());
        Ok(page)
    }

    /// Takes what came back to the redirect address (its query, decoded), and keeps the tokens it is exchanged for.
    ///
    /// # Errors
    /// When it answers no open question of this owner, the person refused, or the platform gives no token.
    pub async fn finish(&self, hub: &Hub, query: &[(String, String)], owner: &str) -> Result<Consent, ConnectError> {
        let open = self.take(query, owner, hub.clock.now()).ok_or(ConnectError::Stray)?;
        if let Some((_, why)) = query.iter().find(|(name, _)| name == "error") {
            return Err(ConnectError::Denied(why.chars().take(200).collect()));
        }
        let unknown = || ConnectError::Unknown(open.channel.clone());
        let link = hub.link_named(&open.channel).ok_or_else(unknown)?;
        let grants = link.connector().grants().ok_or(ConnectError::Stray)?;
        let account = link.settings.account(ChannelId(0), link.settings.token.clone(), Vec::new());
        let request = grants
            .exchange(&account, &open.redirect_uri, query)
            .map_err(|error| ConnectError::Denied(error.to_string()))?;
        let reply = link.send(request).await.map_err(|lost| ConnectError::Denied(lost.to_string()))?;
        let tokens = grants.granted(&reply).map_err(|trouble| ConnectError::Denied(trouble.to_string()))?;
        let (told, theirs) = (tokens.scopes.clone(), tokens.account.clone());
        let ours = link.settings.account.as_deref().unwrap_or_default();
        if let Some(theirs) = theirs.as_deref().filter(|theirs| !ours.is_empty() && *theirs != ours) {
            let words = format!("it was given for the account {theirs}, and this channel is the account {ours}");
            return Err(ConnectError::Denied(words));
        }
        hub.accounts.give(&open.channel, KeptTokens::given(tokens, hub.clock.now()), theirs).await?;
        Ok(Consent { channel: open.channel, phase: open.phase, told })
    }

    fn keep(&self, state: &str, question: Open, now: Instant) {
        let Ok(mut open) = self.0.lock() else { return };
        open.retain(|_, question| question.ends > now);
        if open.len() >= OPEN_MAX
            && let Some(oldest) = open.iter().min_by_key(|(_, question)| question.ends).map(|(state, _)| *state)
        {
            open.remove(&oldest);
        }
        open.insert(blake3::hash(state.as_bytes()), question);
    }

    /// A question is gone once somebody has answered it, whoever that was: a state that was seen elsewhere is spent.
    fn take(&self, query: &[(String, String)], owner: &str, now: Instant) -> Option<Open> {
        let mut states = query.iter().filter(|(name, _)| name == "state");
        let (Some((_, state)), None) = (states.next(), states.next()) else { return None };
        let question = self.0.lock().ok()?.remove(&blake3::hash(state.as_bytes()))?;
        // Hashes are compared in constant time.
        (question.owner == blake3::hash(owner.as_bytes()) && question.ends > now).then_some(question)
    }
}

fn random() -> Result<String, ConnectError> {
    let mut bytes = [0; 16];
    let none = |_| ConnectError::NotNow("the system gives no random bytes".to_owned());
    aws_lc_rs::rand::fill(&mut bytes).map_err(none)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(state: &str) -> Vec<(String, String)> {
        vec![("code".into(), "c".into()), ("state".into(), state.into())]
    }

    fn open(consents: &Consents, state: &str, ends: i64) {
        let question = Open {
            channel: "tills".into(),
            phase: Phase::Read,
            owner: blake3::hash(b"me"),
            redirect_uri: String::new(),
            ends: Instant(ends),
        };
        consents.keep(state, question, Instant(0));
    }

    #[test]
    fn an_answer_counts_once_for_its_owner_in_time() {
        let consents = Consents::default();
        for state in ["mine", "late", "theirs", "double"] {
            open(&consents, state, if state == "late" { 5 } else { 50 });
        }
        assert!(consents.take(&asked("never asked"), "me", Instant(10)).is_none());
        assert!(consents.take(&asked("late"), "me", Instant(10)).is_none());
        assert!(consents.take(&asked("theirs"), "you", Instant(10)).is_none());
        assert!(consents.take(&asked("theirs"), "me", Instant(10)).is_none(), "it was seen elsewhere");
        let mut twice = asked("double");
        twice.push(("state".into(), "other".into()));
        assert!(consents.take(&twice, "me", Instant(10)).is_none());
        assert_eq!(consents.take(&asked("mine"), "me", Instant(10)).map(|open| open.channel), Some("tills".to_owned()));
        assert!(consents.take(&asked("mine"), "me", Instant(10)).is_none(), "it was answered");
    }

    #[test]
    fn the_oldest_question_goes_when_too_many_are_open() {
        let consents = Consents::default();
        for number in 0..=OPEN_MAX {
            open(&consents, &format!("{number}"), 100 + number as i64);
        }
        assert!(consents.take(&asked("0"), "me", Instant(10)).is_none());
        assert!(consents.take(&asked("1"), "me", Instant(10)).is_some());
    }
}
