//! Tokens: <https://developer.squareup.com/reference/square/oauth-api>.

use serde::Deserialize;

/// Reply of `oauth2/token`. Its `Debug` shows no token.
#[derive(Deserialize)]
pub(crate) struct Granted {
    /// For thirty days.
    pub(crate) access_token: Option<String>,
    /// RFC 3339.
    pub(crate) expires_at: Option<String>,
    /// The seller.
    pub(crate) merchant_id: Option<String>,
    /// Renews the access token.
    pub(crate) refresh_token: Option<String>,
}

impl std::fmt::Debug for Granted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Granted(…)")
    }
}

/// Reply of `oauth2/token/status`.
#[derive(Debug, Deserialize)]
pub(crate) struct TokenStatus {
    /// What the token opens.
    pub(crate) scopes: Option<Vec<String>>,
    /// The seller.
    pub(crate) merchant_id: String,
}
