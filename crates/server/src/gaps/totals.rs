//! Sums over a report. Currencies are never added to each other.

use std::collections::BTreeMap;

use flow::GapKind;

use super::{GapOut, MoneyOut};

/// One kind of gap, summed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// Which kind.
    pub kind: GapKind,
    /// How many.
    pub count: usize,
    /// What is at stake, one amount per currency, by code; empty when no price is known.
    pub money: Vec<MoneyOut>,
}

/// Every kind that occurs, in the order of [`GapKind::ALL`].
pub fn totals<'a>(gaps: impl IntoIterator<Item = &'a GapOut>) -> Vec<Total> {
    let all: Vec<&GapOut> = gaps.into_iter().collect();
    let of = |kind: GapKind| {
        let these: Vec<&GapOut> = all.iter().copied().filter(|gap| gap.kind == kind.name()).collect();
        (!these.is_empty()).then(|| Total { kind, count: these.len(), money: money(these) })
    };
    GapKind::ALL.into_iter().filter_map(of).collect()
}

/// What is at stake in all of them, one amount per currency, by code. A sum that does not fit stays at the largest.
pub fn money<'a>(gaps: impl IntoIterator<Item = &'a GapOut>) -> Vec<MoneyOut> {
    let mut sums: BTreeMap<String, MoneyOut> = BTreeMap::new();
    for found in gaps.into_iter().filter_map(|gap| gap.money) {
        let sum = sums.entry(found.currency.code().to_owned()).or_insert(MoneyOut { minor: 0, ..found });
        sum.minor = sum.minor.saturating_add(found.minor);
    }
    sums.into_values().collect()
}

/// Amounts in words: `120.00 EUR and 3.50 USD`; nothing when there is none.
pub fn money_words(money: &[MoneyOut]) -> String {
    let words: Vec<String> = money
        .iter()
        .map(|sum| model::Money { minor: sum.minor, currency: sum.currency })
        .map(|sum| format!("{} {}", sum.to_decimal(), sum.currency.code()))
        .collect();
    words.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(kind: GapKind, money: Option<(i64, &str)>) -> GapOut {
        let currency = |code| model::Currency::parse(code).expect("a code");
        GapOut {
            kind: kind.name(),
            channel: None,
            sku: "MUG".into(),
            title: None,
            location: None,
            shown: String::new(),
            wanted: String::new(),
            money: money.map(|(minor, code)| MoneyOut { minor, currency: currency(code) }),
        }
    }

    #[test]
    fn money_is_summed_by_currency_and_never_across_two() {
        let gaps = [
            gap(GapKind::Stock, Some((1_200, "EUR"))),
            gap(GapKind::Price, Some((350, "USD"))),
            gap(GapKind::Stock, Some((i64::MAX, "EUR"))),
            gap(GapKind::Title, None),
            gap(GapKind::Stock, Some((50, "USD"))),
        ];
        let found = totals(&gaps);
        let counts: Vec<_> = found.iter().map(|total| (total.kind, total.count)).collect();
        assert_eq!(counts, [(GapKind::Stock, 3), (GapKind::Price, 1), (GapKind::Title, 1)]);
        assert_eq!(found[0].money[0].minor, i64::MAX, "a sum never turns negative");
        assert_eq!(money_words(&money(&gaps[1..2])), "3.50 USD");
        assert_eq!(money_words(&[]), "");
        assert_eq!(money_words(&money([&gaps[0], &gaps[1], &gaps[4]])), "12.00 EUR and 4.00 USD");
    }
}
