//! The courier itself: checks, sends, reads the reply within its limits, counts and tells.
//!
//! Called by `flow`, one call per request. It never sends twice by itself and never follows a redirect: a second
//! request is a decision, and decisions are made elsewhere.

use crate::config::{CourierConfig, Mode};
use crate::counts::{Counts, HostCounts};
use crate::error::{CourierError, Doubt, Refusal};
use crate::parcel::{Effect, Reply};
use crate::record::{Outcome, Record, Recorder};
use crate::redact::{address_for_people, host_and_port, seal};
use bytes::{Bytes, BytesMut};
use http::{Method, StatusCode, Uri};
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

/// The one HTTP client. Shared by reference between tasks; keeps connections open between requests.
pub struct Courier {
    client: reqwest::Client,
    config: CourierConfig,
    counts: Counts,
    recorder: Option<Recorder>,
}

impl Courier {
    /// A courier with these settings.
    ///
    /// # Errors
    /// [`CourierError::Setup`] when the TLS roots cannot be loaded or the proxy's URL or the user agent is unusable.
    pub fn new(config: CourierConfig) -> Result<Self, CourierError> {
        let client = client(&config).map_err(|source| CourierError::Setup { source })?;
        Ok(Self { client, config, counts: Counts::default(), recorder: None })
    }

    /// The same courier, telling every request to `recorder`.
    #[must_use]
    pub fn recorded_by(mut self, recorder: Recorder) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Carries one request, whose address is absolute, and gives the whole reply, whatever its status.
    ///
    /// # Errors
    /// [`CourierError::Refused`] when it never reached the platform, [`CourierError::Unknown`] when it may have.
    pub async fn send(&self, request: http::Request<Bytes>, effect: Effect) -> Result<Reply, CourierError> {
        let method = request.method().clone();
        let address = request.uri().clone();
        let host = host_and_port(&address);
        let bytes_out = request.body().len();
        let started = now();
        let ended = match self.prepared(request, effect) {
            Err(refusal) => {
                self.counts.change(&host, |counts| counts.held_back += 1);
                Err(End::Refused(refusal))
            }
            Ok(request) => {
                self.counts.change(&host, |counts| {
                    counts.sent += 1;
                    counts.bytes_out += bytes_out as u64;
                });
                let ended = self.exchange(request, started).await;
                self.counts.change(&host, |counts| count_end(counts, &ended));
                ended
            }
        };
        self.tell(&method, &address, &ended, started);
        ended.map_err(|end| match end {
            End::Refused(source) => CourierError::Refused { method, host, source },
            End::Unknown(source) => CourierError::Unknown { method, host, source },
        })
    }

    /// The counters of every host that was sent to, by host and port.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, HostCounts> {
        self.counts.copy()
    }

    /// Everything that can be refused without a socket.
    fn prepared(&self, mut request: http::Request<Bytes>, effect: Effect) -> Result<reqwest::Request, Refusal> {
        if self.config.mode == Mode::ReadOnly && !effect.only_reads(request.method()) {
            return Err(Refusal::ReadOnly);
        }
        let absolute = matches!(request.uri().scheme_str(), Some("http" | "https")) && request.uri().host().is_some();
        if !absolute {
            return Err(Refusal::Address);
        }
        seal(request.headers_mut());
        reqwest::Request::try_from(request).map_err(|_| Refusal::Address)
    }

    async fn exchange(&self, request: reqwest::Request, started: Instant) -> Result<Reply, End> {
        let limit = self.config.total_timeout;
        let mut response = self.client.execute(request).await.map_err(|error| End::of(error, limit))?;
        let status = response.status();
        let mut headers = std::mem::take(response.headers_mut());
        seal(&mut headers);
        let body = self.body(response).await?;
        Ok(Reply { status, headers, body, elapsed: started.elapsed() })
    }

    /// Reads piece by piece, so that a reply of any size costs no more memory than the limit.
    async fn body(&self, mut response: reqwest::Response) -> Result<Bytes, End> {
        let limit = self.config.reply_bytes_max;
        let mut body = BytesMut::new();
        // The head is here, so whatever fails from now on, the request did arrive: never a refusal.
        while let Some(piece) =
            response.chunk().await.map_err(|error| End::Unknown(doubt(error, self.config.total_timeout)))?
        {
            if piece.len() > limit - body.len() {
                return Err(End::Unknown(Doubt::TooLarge { limit }));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body.freeze())
    }

    fn tell(&self, method: &Method, address: &Uri, ended: &Result<Reply, End>, started: Instant) {
        let Some(recorder) = &self.recorder else {
            return;
        };
        let (outcome, latency) = match ended {
            Ok(reply) => (Outcome::Replied(reply.status), reply.elapsed),
            Err(End::Refused(Refusal::ReadOnly | Refusal::Address)) => (Outcome::Refused, Duration::ZERO),
            Err(End::Refused(Refusal::Connect { .. })) => (Outcome::Refused, started.elapsed()),
            Err(End::Unknown(_)) => (Outcome::Unknown, started.elapsed()),
        };
        recorder(&Record { method: method.clone(), url: address_for_people(address), outcome, latency });
    }
}

/// Shows the settings only: the client would show its headers.
impl fmt::Debug for Courier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Courier").field("mode", &self.config.mode).finish_non_exhaustive()
    }
}

/// An end without a whole reply, before it is told whose it is.
enum End {
    Refused(Refusal),
    Unknown(Doubt),
}

impl End {
    /// Only a failed connect is certain not to have arrived; everything else is in doubt.
    fn of(error: reqwest::Error, limit: Duration) -> Self {
        if error.is_connect() {
            Self::Refused(Refusal::Connect { source: error.without_url() })
        } else {
            Self::Unknown(doubt(error, limit))
        }
    }
}

// The URL is cut from the cause: its query may hold a secret.
fn doubt(error: reqwest::Error, limit: Duration) -> Doubt {
    if error.is_timeout() { Doubt::TimedOut { limit } } else { Doubt::Lost { source: error.without_url() } }
}

fn count_end(counts: &mut HostCounts, ended: &Result<Reply, End>) {
    let Ok(reply) = ended else {
        counts.failed += 1;
        return;
    };
    counts.throttled += u64::from(reply.status == StatusCode::TOO_MANY_REQUESTS);
    counts.server_errors += u64::from(reply.status.is_server_error());
    counts.bytes_in += reply.body.len() as u64;
    counts.latency_total += reply.elapsed;
    counts.latency_max = counts.latency_max.max(reply.elapsed);
}

fn client(config: &CourierConfig) -> Result<reqwest::Client, reqwest::Error> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(config.connect_timeout)
        .timeout(config.total_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent(config.user_agent.clone())
        // The environment's proxy is not ours to read; a configured one is added below.
        .no_proxy();
    if let Some(proxy) = &config.proxy {
        let proxy =
            reqwest::Url::parse(proxy).map_or_else(|_| reqwest::Proxy::all(proxy), |url| Ok(around_loopback(url)))?;
        builder = builder.proxy(proxy);
    }
    builder.build()
}

/// The proxy for everything but this machine itself.
fn around_loopback(proxy: reqwest::Url) -> reqwest::Proxy {
    reqwest::Proxy::custom(move |address| (!is_loopback(address)).then(|| proxy.clone()))
}

fn is_loopback(address: &reqwest::Url) -> bool {
    let host = address.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[expect(clippy::disallowed_methods, reason = "a hand measures how long the world took; no decision reads it")]
fn now() -> Instant {
    Instant::now()
}
