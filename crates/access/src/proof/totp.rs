//! Numbers from an authenticator (RFC 6238): six digits of HMAC-SHA-1 over the half minute. What every app speaks.

use aws_lc_rs::hmac;

/// Seconds for which a number stands.
const STEP_S: i64 = 30;
/// How far clocks may be apart, in steps.
const SLACK: i64 = 1;

/// A second factor's secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Totp(Vec<u8>);

impl std::fmt::Debug for Totp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Totp(…)")
    }
}

impl Totp {
    /// From its bytes, usually 20.
    pub fn new(secret: Vec<u8>) -> Self {
        Self(secret)
    }

    /// The secret as people type it: Base32.
    pub fn text(&self) -> String {
        base32(&self.0)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether this is the number of now, or of the half minute before or after. Answers its step, so that each number
    /// opens once: `used` is the last step that was taken.
    pub fn step(&self, number: &str, now_ms: i64, used: i64) -> Option<i64> {
        let number: String = number.chars().filter(|letter| !letter.is_whitespace()).collect();
        let now = now_ms.div_euclid(1_000 * STEP_S);
        let mut found = None;
        for step in now - SLACK..=now + SLACK {
            let same =
                aws_lc_rs::constant_time::verify_slices_are_equal(self.number(step).as_bytes(), number.as_bytes());
            if same.is_ok() && step > used {
                found = Some(step);
            }
        }
        found
    }

    /// The number of a step.
    pub fn number(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let at = usize::from(tag.last().copied().unwrap_or_default() & 0x0f);
        let word = tag.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes);
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }
}

/// The address that an authenticator reads, for a person of that name.
pub fn totp_address(name: &str, secret: &Totp) -> String {
    let name: String = name.bytes().map(escaped).collect();
    format!("otpauth://totp/Lockstep:{name}?secret={}&issuer=Lockstep&algorithm=SHA1&digits=6&period=30", secret.text())
}

fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// RFC 4648, without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut word = [0_u8; 8];
        word[3..3 + chunk.len()].copy_from_slice(chunk);
        let word = u64::from_be_bytes(word);
        let letters = (chunk.len() * 8).div_ceil(5);
        out.extend((0..letters).map(|at| char::from(LETTERS[((word >> (35 - 5 * at)) & 31) as usize])));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_standard() {
        // RFC 6238, appendix B: the last six of the eight digits printed there.
        let totp = Totp::new(b"12345678901234567890".to_vec());
        let printed = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (at_s, number) in printed {
            assert_eq!(totp.number(at_s / STEP_S), number, "{at_s}");
        }
    }

    #[test]
    fn base32_is_that_of_the_standard() {
        // RFC 4648, section 10, without its padding.
        let printed =
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB")];
        for (text, letters) in printed {
            assert_eq!(base32(text.as_bytes()), letters);
        }
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    }

    #[test]
    fn a_number_opens_once_and_for_a_minute_and_a_half() {
        let totp = Totp::new(vec![9; 20]);
        let now_ms = 1_795_514_400_000;
        let step = now_ms / 30_000;
        let number = totp.number(step);
        assert_eq!(totp.step(&number, now_ms, 0), Some(step));
        assert_eq!(totp.step(&format!("{} {}", &number[..3], &number[3..]), now_ms, 0), Some(step));
        assert_eq!(totp.step(&number, now_ms, step), None, "a second time");
        assert_eq!(totp.step(&number, now_ms + 30_000, 0), Some(step));
        assert_eq!(totp.step(&number, now_ms + 60_000, 0), None);
        assert_eq!(totp.step("", now_ms, 0), None);
        assert!(totp_address("ann smith", &totp).starts_with("otpauth://totp/Lockstep:ann%20smith?secret=BEEQ"));
    }
}
