//! What a tester chooses about an emulated Clover merchant.
//!
//! Read by every other file of the folder; it knows nothing of what the merchant holds.

use crate::machine::{Millis, Opening};

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;

/// One merchant, the app that is installed there, and what the vendor leaves unpublished.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Thirteen letters and digits: `mId` of every path.
    pub merchant_id: String,
    /// The app's id: `client_id`, and `appId` of every webhook.
    pub app_id: String,
    /// The app's secret, for a code to be exchanged.
    pub app_secret: String,
    /// The first access token.
    pub access_token: String,
    /// The refresh token beside it.
    pub refresh_token: String,
    /// The static `X-Clover-Auth` that the developer dashboard shows once a URL is verified.
    pub auth_code: String,
    /// ISO 4217 code of all money.
    pub currency: String,
    /// IANA time zone until a location names another one.
    pub zone: String,
    /// Whether prices include tax (`isVat`).
    pub tax_inclusive: bool,
    /// The tax on everything, in 1/100000 percent: 1,900,000 is 19 %.
    pub tax_rate: i64,
    /// Where the API is reached, without a trailing slash: for `href`.
    pub api_base: String,
    /// New calls per second of the app over all its tokens.
    pub app_per_s: u32,
    /// New calls per second of one token.
    pub token_per_s: u32,
    /// How long a caller that went over a rate is refused, in milliseconds. Unpublished.
    pub ban_ms: Millis,
    /// Life of an access token in milliseconds. The vendor says only that it is short.
    pub access_life_ms: Millis,
    /// Life of a refresh token in milliseconds. The vendor says only that it is longer.
    pub refresh_life_ms: Millis,
    /// Life of an authorization code in milliseconds. Unpublished.
    pub code_life_ms: Millis,
}

impl Settings {
    /// A merchant with the documented limits and fixed credentials that are easy to read in a log.
    pub fn example() -> Self {
        Self {
            merchant_id: "MEMULATED0001".into(),
            app_id: "AEMULATED0001".into(),
            app_secret: "clover-app-secret".into(),
            access_token: "clover-access-token".into(),
            refresh_token: "clover-refresh-token".into(),
            auth_code: "clover-auth-code".into(),
            currency: "EUR".into(),
            zone: "Europe/London".into(),
            tax_inclusive: true,
            tax_rate: 0,
            api_base: "http://127.0.0.1:8103".into(),
            app_per_s: 50,
            token_per_s: 16,
            ban_ms: 1_000,
            access_life_ms: 30 * MINUTE,
            refresh_life_ms: 365 * DAY,
            code_life_ms: 10 * MINUTE,
        }
    }

    /// The example with what an opening says: rates times its `rate_scale`, the ban divided by its `time_scale`.
    /// Tokens keep their lives, since a client reads those from the answers.
    pub fn of(opening: &Opening) -> Self {
        let example = Self::example();
        let (rate, pace) = (opening.rate_scale.max(1), Millis::from(opening.time_scale.max(1)));
        Self {
            currency: opening.currency.clone(),
            zone: opening.zone.clone(),
            tax_inclusive: opening.tax_inclusive,
            api_base: opening.api_base.clone(),
            auth_code: opening.webhook_secret.clone().unwrap_or(example.auth_code),
            app_per_s: example.app_per_s.saturating_mul(rate),
            token_per_s: example.token_per_s.saturating_mul(rate),
            ban_ms: example.ban_ms / pace,
            ..example
        }
    }

    /// The tax in (or, where prices exclude it, on) a sum of prices in minor units, halves rounded away from zero.
    pub fn tax_of(&self, sum: i64) -> i64 {
        /// One hundred percent.
        const WHOLE: i128 = 10_000_000;
        let rate = i128::from(self.tax_rate);
        let over = if self.tax_inclusive { WHOLE + rate } else { WHOLE };
        let exact = i128::from(sum) * rate;
        i64::try_from((exact + over / 2 * exact.signum()) / over).unwrap_or(0)
    }

    /// The tax in a sum that was paid, which has it inside either way.
    pub fn tax_in(&self, paid: i64) -> i64 {
        let rate = i128::from(self.tax_rate);
        let over = 10_000_000 + rate;
        i64::try_from((i128::from(paid) * rate + over / 2) / over).unwrap_or(0)
    }

    /// What is to be paid for prices that add up to `sum`.
    pub fn total_of(&self, sum: i64) -> i64 {
        if self.tax_inclusive { sum } else { sum.saturating_add(self.tax_of(sum)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_is_inside_an_inclusive_price_and_on_top_of_an_exclusive_one() {
        let inclusive = Settings { tax_rate: 1_900_000, ..Settings::example() };
        // 41.90 with 19 % inside: 41.90 × 19 / 119 = 6.6899….
        assert_eq!((inclusive.tax_of(4_190), inclusive.total_of(4_190)), (669, 4_190));
        let exclusive = Settings { tax_inclusive: false, ..inclusive };
        assert_eq!((exclusive.tax_of(1_000), exclusive.total_of(1_000)), (190, 1_190));
    }
}
