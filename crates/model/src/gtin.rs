//! Trade item numbers (GS1 General Specifications, section 7.9): the same product printed as UPC-E, UPC-A, EAN-8, EAN-13
//! or ITF-14 is one number of fourteen digits with a check digit.

use crate::Barcode;

/// A trade item number of fourteen digits whose check digit fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin([u8; 14]);

impl Gtin {
    /// Reads 8, 12, 13 or 14 digits, with or without leading zeros that other programs cut or added; spaces and hyphens
    /// between them are left out. A short code beginning with 0 or 1 that is no EAN-8 is read as UPC-E. `None` when the
    /// check digit does not fit: then it is somebody's own code, and says nothing about the product.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> = text
            .trim()
            .bytes()
            .filter(|byte| !matches!(byte, b' ' | b'-'))
            .map(|byte| byte.is_ascii_digit().then(|| byte - b'0'))
            .collect();
        let digits = digits?;
        let significant: Vec<u8> = digits.iter().copied().skip_while(|digit| *digit == 0).collect();
        // Shorter codes are a shop's own numbers; a check digit would fit one in ten of them by chance.
        if significant.len() > 14 || significant.len() < 7 {
            return None;
        }
        Self::padded(&significant).or_else(|| Self::short(&digits))
    }

    fn padded(digits: &[u8]) -> Option<Self> {
        let mut number = [0; 14];
        number[14 - digits.len()..].copy_from_slice(digits);
        (check_digit(&number[..13]) == number[13]).then_some(Self(number))
    }

    /// UPC-E: eight digits that stand for twelve with a run of zeros left out.
    fn short(digits: &[u8]) -> Option<Self> {
        let [system @ (0 | 1), a, b, c, d, e, last, check] = *<&[u8; 8]>::try_from(digits).ok()? else { return None };
        let long = match last {
            0..=2 => [system, a, b, last, 0, 0, 0, 0, c, d, e, check],
            3 => [system, a, b, c, 0, 0, 0, 0, 0, d, e, check],
            4 => [system, a, b, c, d, 0, 0, 0, 0, 0, e, check],
            _ => [system, a, b, c, d, e, 0, 0, 0, 0, last, check],
        };
        Self::padded(&long)
    }
}

/// Weights 3 and 1 in turn from the right.
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 =
        digits.iter().rev().zip([3, 1].into_iter().cycle()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    ((10 - sum % 10) % 10) as u8
}

impl std::fmt::Display for Gtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl Barcode {
    /// The trade item number it stands for, if it is one.
    pub fn gtin(&self) -> Option<Gtin> {
        Gtin::parse(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_product_is_one_number_however_it_is_printed() {
        // The examples of the General Specifications: 0 36000 29145 2 and its thirteen and fourteen digits.
        let forms =
            ["036000291452", "36000291452", "0036000291452", "00036000291452", "0 36000 29145 2", "0-36000-29145-2"];
        for form in forms {
            assert_eq!(Gtin::parse(form).map(|gtin| gtin.to_string()).as_deref(), Some("00036000291452"), "{form}");
        }
    }

    #[test]
    fn a_short_code_stands_for_its_long_one() {
        // 0 425261 4 is printed for 0 42100 00526 4.
        assert_eq!(Gtin::parse("04252614"), Gtin::parse("042100005264"));
        assert!(Gtin::parse("04252614").is_some());
    }

    #[test]
    fn what_is_no_trade_item_number_is_none() {
        for text in ["", "036000291453", "12345", "SKU-1", "036000291452036000291452", "０３６００", "1234567890123"]
        {
            assert_eq!(Gtin::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_single_wrong_digit_is_always_found(digits in prop::collection::vec(0_u8..10, 12), place in 0_usize..13, by in 1_u8..10) {
            let mut number: Vec<u8> = std::iter::once(4).chain(digits.into_iter().take(11)).collect();
            number.push(check_digit(&number));
            let text = |number: &[u8]| number.iter().map(|digit| char::from(b'0' + digit)).collect::<String>();
            prop_assert!(Gtin::parse(&text(&number)).is_some());
            number[place] = (number[place] + by) % 10;
            // With its first digit gone it may be a shorter number, which then has a check digit of its own.
            if number[0] != 0 {
                prop_assert_eq!(Gtin::parse(&text(&number)), None);
            }
        }
    }
}
