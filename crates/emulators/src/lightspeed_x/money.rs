//! Prices: how minor units become decimals, and how a price with tax is taken apart.
//!
//! Used by goods, sales and acts. It knows the currency and the tax, and nothing of what is sold.

use super::decimal::Decimal;
use super::settings::Settings;

/// The money of one retailer.
#[derive(Clone, Copy, Debug)]
pub struct Money {
    places: u32,
    tax_inclusive: bool,
    rate: Decimal,
}

/// The price of one unit as a sale line has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPrice {
    /// Without tax.
    pub price: Decimal,
    /// The tax of one unit.
    pub tax: Decimal,
}

impl Money {
    /// The money of these settings.
    pub fn new(settings: &Settings) -> Self {
        let places = match settings.currency.as_str() {
            "JPY" | "KRW" | "CLP" | "ISK" | "VND" => 0,
            "BHD" | "JOD" | "KWD" | "OMR" | "TND" => 3,
            _ => 2,
        };
        Self { places, tax_inclusive: settings.tax_inclusive, rate: Decimal::raw(settings.tax_rate) }
    }

    /// Minor units as a decimal of the currency; capped where it does not fit.
    pub fn of_minor(&self, minor: i64) -> Decimal {
        Decimal::raw(minor.saturating_mul(10_i64.pow(5 - self.places)))
    }

    /// A decimal in minor units, rounded half away from zero.
    pub fn to_minor(self, amount: Decimal) -> i64 {
        self.cents(amount).as_raw() / 10_i64.pow(5 - self.places)
    }

    /// Rounded to what can be paid.
    pub fn cents(&self, amount: Decimal) -> Decimal {
        amount.rounded(self.places)
    }

    /// The price of a unit as it is set in this store, taken apart. Both parts are whole cents, and where prices
    /// include tax they add up to the price that was set.
    pub fn apart(&self, set: Decimal) -> UnitPrice {
        if self.tax_inclusive {
            let price = self.cents(set.over(Decimal::raw(100_000) + self.rate));
            UnitPrice { price, tax: set - price }
        } else {
            UnitPrice { price: set, tax: self.cents(set.times(self.rate)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_with_tax_falls_into_two_parts_that_add_up_to_it() {
        let settings = Settings { tax_rate: 19_000, ..Settings::example() };
        let money = Money::new(&settings);
        let apart = money.apart(money.of_minor(2_095));
        assert_eq!((apart.price.to_string(), apart.tax.to_string()), ("17.61".into(), "3.34".into()));
        assert_eq!(money.to_minor(apart.price + apart.tax), 2_095);
        let without = Money::new(&Settings { tax_inclusive: false, ..settings });
        assert_eq!(without.apart(without.of_minor(1_000)).tax.to_string(), "1.9");
    }

    #[test]
    fn a_currency_without_coins_has_no_cents() {
        let money = Money::new(&Settings { currency: "JPY".into(), ..Settings::example() });
        assert_eq!(money.of_minor(500).to_string(), "500");
        assert_eq!(money.to_minor(money.of_minor(500)), 500);
    }
}
