//! What somebody brings along to show who they are: a password, a number from their telephone, a key.
//!
//! Plain functions of their arguments; time and dice come in from outside.

mod password;
mod seal;
mod totp;

pub use password::{PASSWORD_MIN, Password, Weak};
pub use seal::Seal;
pub use totp::{Totp, totp_address};

pub(crate) use totp::base32;
