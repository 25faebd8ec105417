//! The courier's settings, as values. Called by the roof, which reads them from the configuration.
//!
//! Refuses to know files and the environment: a proxy is one only when it is named here.

use std::time::Duration;

/// Whether requests that change a platform may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Reads and writes are carried.
    #[default]
    ReadWrite,
    /// Writes are refused before a socket is opened.
    ReadOnly,
}

/// The courier's settings. The defaults suit a platform on the internet.
#[derive(Debug, Clone)]
pub struct CourierConfig {
    /// Longest wait for a connection, name lookup and TLS included.
    pub connect_timeout: Duration,
    /// Longest time from handing over a request to the last byte of its reply.
    pub total_timeout: Duration,
    /// Largest reply body in bytes, counted after unpacking, so that a small packed reply cannot fill the memory.
    pub reply_bytes_max: usize,
    /// Whether writes may leave.
    pub mode: Mode,
    /// The URL of an HTTP proxy. Never used for loopback addresses, where the emulators live.
    pub proxy: Option<String>,
    /// Sent as `User-Agent`; some platforms refuse requests without one.
    pub user_agent: String,
}

impl Default for CourierConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(2),
            total_timeout: Duration::from_secs(15),
            reply_bytes_max: 64 * 1024 * 1024,
            mode: Mode::ReadWrite,
            proxy: None,
            user_agent: concat!("lockstep/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}
