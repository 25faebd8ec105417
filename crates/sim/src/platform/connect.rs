//! A person connects an account again: consent in the platform's pages, a code, and tokens in the wallet.
//!
//! Scenarios call it after access was taken away. It uses the connector's own requests and no short cut.

use bytes::Bytes;
use connectors::{Account, Reply, connector};
use flow::{Clock, KeptTokens, Link, Wallet};
use model::{ChannelName, Instant};

use super::Platform;

/// What comes back to the hub unchanged; at least sixteen characters.
const STATE: &str = "state-of-the-simulator";

impl Platform {
    /// Gives access anew; the hub takes the new tokens up when it is started the next time.
    ///
    /// # Errors
    /// In words: the platform has no such thing, or refused.
    pub fn connect(&self, link: &Link) -> Result<(), String> {
        let dictionary = connector(self.plan.platform);
        let grants = dictionary.grants().ok_or("its token is typed in by hand")?;
        let account = link.settings.account(link.channel, link.settings.token.clone(), Vec::new());
        let account = Account { auth_url: link.settings.base_url.clone(), ..account };
        let redirect = format!("http://127.0.0.1:8080/connect/{}", self.name());
        let scopes: Vec<_> = dictionary.abilities().scopes.iter().collect();
        let page = grants.authorize(&account, &redirect, STATE, &scopes).map_err(|error| error.to_string())?;
        let consent = http::Request::get(&page).body(Bytes::new()).map_err(|error| error.to_string())?;
        let (_, sent_back) = self.call(&consent);
        let location = sent_back.headers().get(http::header::LOCATION).and_then(|value| value.to_str().ok());
        let location = location.ok_or_else(|| format!("{page} gave no consent: {}", sent_back.status()))?;
        let query = query(location.split_once('?').map_or("", |(_, query)| query));
        let request = grants.exchange(&account, &redirect, &query).map_err(|error| error.to_string())?;
        let sent_at = self.clock.now();
        let (_, response) = self.call(&request.http.map(Bytes::from));
        let (parts, body) = response.into_parts();
        let reply = Reply { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec(), sent_at };
        let tokens = grants.granted(&reply).map_err(|trouble| trouble.to_string())?;
        self.wallet.keep(&ChannelName::new(self.name()), &KeptTokens::given(tokens, Instant(self.clock.ms())))
    }
}

/// Names and values, decoded.
fn query(text: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    };
    text.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let code = std::str::from_utf8(&digits).ok().and_then(|two| u8::from_str_radix(two, 16).ok());
                bytes.extend(code);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
