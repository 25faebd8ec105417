//! What differs by platform when an account is connected: where its API is, what its account is called, and by which
//! secret its deliveries are signed.

use connectors::Secret;
use model::Platform;

/// By which secret deliveries are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// The app's client secret.
    ClientSecret,
    /// One that the hub chooses and tells the platform.
    Ours,
    /// One that the platform makes, or shows in the app's settings.
    Theirs,
}

/// What a platform's accounts have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Common {
    /// Where the API is; empty when that differs by account.
    pub base_url: &'static str,
    /// What the address looks like.
    pub base_words: &'static str,
    /// What the account's id is.
    pub account_words: &'static str,
    /// How deliveries are signed.
    pub signed: Signed,
}

/// The table.
pub(super) fn common(platform: Platform) -> Common {
    let of = |base_url, base_words, account_words, signed| Common { base_url, base_words, account_words, signed };
    match platform {
        Platform::Shopify => {
            of("", "https://acme.myshopify.com", "the shop's domain, acme.myshopify.com", Signed::ClientSecret)
        }
        Platform::Square => of(
            "https://connect.squareup.com",
            "the same for every seller",
            "the merchant id; it may be left empty",
            Signed::Theirs,
        ),
        Platform::Clover => of(
            "https://api.clover.com",
            "https://api.eu.clover.com in Europe",
            "the merchant id, thirteen letters and digits",
            Signed::Theirs,
        ),
        Platform::BigCommerce => {
            of("https://api.bigcommerce.com", "the same for every store", "the store hash", Signed::Ours)
        }
        Platform::LightspeedX => {
            of("", "https://acme.retail.lightspeed.app", "the domain prefix, acme", Signed::ClientSecret)
        }
        Platform::LightspeedR => of(
            "https://api.lightspeedapp.com",
            "the same for every account",
            "the account id, a number",
            Signed::Theirs,
        ),
    }
}

/// The secret of deliveries where no section names one: the client secret, on platforms that sign with it.
pub(crate) fn implied_secret(platform: Platform, client_secret: Option<&Secret>) -> Option<Secret> {
    client_secret.filter(|_| common(platform).signed == Signed::ClientSecret).cloned()
}
