//! Their shapes to our words. Used by `learn` and `writes`; knows no requests or replies.

mod item;
mod party;
mod sale;

pub(super) use item::{item, level};
pub(super) use party::{customer, location};
pub(super) use sale::sale;

use model::{Currency, Instant, Money};

use super::wire::{Text, is_id, unreadable};
use crate::Unreadable;

/// An id that must be there.
pub(super) fn id<'a>(path: &str, text: &'a Text) -> Result<&'a str, Unreadable> {
    if is_id(text.as_str()) { Ok(text.as_str()) } else { Err(unreadable(path, "is not the number of anything")) }
}

/// An id that may be missing: the platform writes that as `0`.
fn reference<'a>(path: &str, text: &'a Text) -> Result<Option<&'a str>, Unreadable> {
    match text.as_str() {
        "" | "0" => Ok(None),
        _ => id(path, text).map(Some),
    }
}

/// A time.
pub(super) fn instant(path: &str, text: &Text) -> Result<Instant, Unreadable> {
    Instant::parse(text.as_str()).map_err(|error| unreadable(path, format!("is {error}")))
}

/// A flag; missing means no.
fn flag(path: &str, text: &Text) -> Result<bool, Unreadable> {
    match text.as_str() {
        "true" | "1" => Ok(true),
        "" | "false" | "0" => Ok(false),
        _ => Err(unreadable(path, "is neither true nor false")),
    }
}

/// An amount, exact. `None` when it is finer than the smallest coin: net prices of an account that shows gross ones have
/// three places and more, and a rounded price would be a wrong one.
fn price(path: &str, text: &Text, currency: Currency) -> Result<Option<Money>, Unreadable> {
    if text.is_empty() {
        return Ok(None);
    }
    match Money::parse(text.as_str(), currency) {
        Some(money) => Ok(Some(money)),
        None if too_fine(text.as_str(), currency) => Ok(None),
        None => Err(unreadable(path, "is not an amount")),
    }
}

/// Whether it would be an amount if its last places were cut.
fn too_fine(text: &str, currency: Currency) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    let places = currency.decimals() as usize;
    fraction.len() > places
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && Money::parse(whole, currency).is_some()
}

fn at(path: &str, field: &str) -> String {
    format!("{path}.{field}")
}
