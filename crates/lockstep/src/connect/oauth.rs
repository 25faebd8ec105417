//! A person's consent: the page is opened in a browser, and what comes back is turned into tokens.

use std::time::Duration;

use anyhow::Context;
use connectors::{Scope, Tokens};
use flow::{ChannelSettings, Link};
use model::ChannelId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// Longest request line and headers that a browser sends back.
const HEAD_MAX: usize = 16 * 1024;

/// Shows the consent page's address, waits for the person to come back, and asks for the tokens.
///
/// # Errors
/// When the platform has no OAuth, nobody comes back in time, or the platform refuses.
pub(super) async fn ask_for_access(
    link: &Link,
    settings: &ChannelSettings,
    redirect_uri: &str,
    scopes: &[&Scope],
) -> anyhow::Result<Tokens> {
    let grants = link.connector().grants().with_context(|| {
        format!("{} has no consent page for this; put a token into the channel's section", settings.platform.title())
    })?;
    let address = redirect_uri
        .strip_prefix("http://")
        .and_then(|rest| rest.split('/').next())
        .context("--redirect-uri must be http:// and an address of this machine")?;
    let listener = TcpListener::bind(address).await.with_context(|| format!("listen on {address} for the answer"))?;
    let mut random = [0; 16];
    crate::hub::random(&mut random);
    let state = crate::audit::hex(&random);
    let account = settings.account(ChannelId(0), settings.token.clone(), Vec::new());
    let page = grants.authorize(&account, redirect_uri, &state, scopes).map_err(|error| anyhow::anyhow!("{error}"))?;
    eprintln!("Open this page, sign in and allow the access:\n\n  {page}\n\nwaiting for the answer at {redirect_uri}");
    let query =
        tokio::time::timeout(PATIENCE, answer(&listener, &state)).await.context("nobody came back in time")??;
    let request = grants.exchange(&account, redirect_uri, &query).map_err(|error| anyhow::anyhow!("{error}"))?;
    let reply = link.send(request).await.map_err(|error| anyhow::anyhow!("ask for the tokens: {error}"))?;
    grants.granted(&reply).map_err(|error| anyhow::anyhow!("the platform gave no token: {error}"))
}

/// Waits for the browser. Whoever comes without our `state` is not the person we sent.
async fn answer(listener: &TcpListener, state: &str) -> anyhow::Result<Vec<(String, String)>> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let Some(query) = query(&mut stream).await else { continue };
        let ours = query.iter().any(|(key, value)| key == "state" && constant_time_eq(value, state));
        let refused = query.iter().find(|(key, _)| key == "error").map(|(_, why)| why.clone());
        let words = match (&refused, ours) {
            (_, false) => "This answer does not belong to the page that was opened. Start again.",
            (Some(_), true) => "Access was not given. You can close this page.",
            (None, true) => "Access was given. You can close this page and go back to the terminal.",
        };
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n";
        let reply = format!("{head}content-length: {}\r\n\r\n{words}", words.len());
        let _ = stream.write_all(reply.as_bytes()).await;
        match (refused, ours) {
            (_, false) => {}
            (Some(why), true) => anyhow::bail!("access was not given: {why}"),
            (None, true) => return Ok(query),
        }
    }
}

fn constant_time_eq(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}

/// The query of a request, decoded; `None` when it has none.
async fn query(stream: &mut tokio::net::TcpStream) -> Option<Vec<(String, String)>> {
    let mut head = Vec::new();
    let mut part = [0; 2_048];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut part)).await.ok()?.ok()?;
        if read == 0 || head.len() > HEAD_MAX {
            return None;
        }
        head.extend_from_slice(&part[..read]);
    }
    let text = String::from_utf8_lossy(&head);
    let target = text.lines().next()?.split(' ').nth(1)?;
    let (_, query) = target.split_once('?')?;
    Some(
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (decoded(key), decoded(value)))
            .collect(),
    )
}

/// Undoes percent-encoding, with `+` as a space.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while place < bytes.len() {
        let pair = bytes.get(place + 1..place + 3).and_then(|two| std::str::from_utf8(two).ok());
        match (bytes[place], pair.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                place += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        place += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_are_undone_and_a_broken_one_stays() {
        assert_eq!(decoded("a%20b+c%2Fd%zz%4"), "a b c/d%zz%4");
    }
}
