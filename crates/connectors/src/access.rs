//! How access is given and renewed, where the platform has OAuth. Requests and replies as data, like everything here.

use crate::{Account, Reply, Request, Scope, Secret, Trouble, Unsendable};

/// What an account gave us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Access token.
    pub access: Secret,
    /// Renews it; `None` when it does not expire.
    pub refresh: Option<Secret>,
    /// How long the access token lives from the reply on, in seconds; `None` when it does not expire or is not told.
    pub lives_s: Option<i64>,
    /// The platform's id of the account, where the reply names it.
    pub account: Option<String>,
    /// Scopes granted, where the reply names them.
    pub scopes: Option<Vec<String>>,
}

/// A platform's OAuth.
pub trait Grants: Send + Sync {
    /// The page on which a person gives the app access. `state` is at least sixteen characters long and comes back
    /// unchanged.
    ///
    /// # Errors
    /// When the account's address or client id is not usable.
    fn authorize(
        &self,
        account: &Account,
        redirect_uri: &str,
        state: &str,
        scopes: &[&Scope],
    ) -> Result<String, Unsendable>;

    /// The request that turns what came back to `redirect_uri` (its query, decoded) into tokens.
    ///
    /// # Errors
    /// When something is missing or forged in the query, or the account is not usable.
    fn exchange(
        &self,
        account: &Account,
        redirect_uri: &str,
        query: &[(String, String)],
    ) -> Result<Request, Unsendable>;

    /// The request that renews an access token. The platform may kill the old pair with it: it is sent by one task at
    /// a time, and the reply is kept before it is used.
    ///
    /// # Errors
    /// When tokens do not expire here, or the account is not usable.
    fn refresh(&self, account: &Account, refresh: &Secret) -> Result<Request, Unsendable>;

    /// The tokens in a reply to [`exchange`](Self::exchange) or [`refresh`](Self::refresh).
    ///
    /// # Errors
    /// When the platform refused: [`Trouble::Denied`] means a person must connect the account again.
    fn granted(&self, reply: &Reply) -> Result<Tokens, Trouble>;
}
