//! Sales in the format of `demo --sales`, invented from a fixed seed: sales with some twenty lines, cancellations,
//! services, and rows that must be refused. Nothing is written off: where a platform knows no keys, a person's change
//! at a place to which a write of unknown outcome is under way cannot be told from that write.
//!
//! Called by `prove` on machines without the real file. It knows nothing of the hub.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

/// Writes so many rows and answers where.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn generate(file: &Path, rows: u64) -> Result<PathBuf> {
    let mut dice = Dice(20_101_201);
    let mut text =
        String::from("invoice_no,stock_code,description,quantity,invoice_date,unit_price,customer_id,country\n");
    let (mut written, mut invoice) = (0, 500_000_u64);
    while written < rows {
        invoice += 1;
        let minute = invoice - 500_000;
        let date = format!(
            "2011-{:02}-{:02} {:02}:{:02}:00",
            1 + minute / 20_160 % 12,
            1 + minute / 720 % 28,
            8 + minute / 60 % 12,
            minute % 60
        );
        let customer = dice.below(400);
        let customer = if customer < 300 { (12_000 + customer).to_string() } else { String::new() };
        let (prefix, sign, lines) = match dice.below(100) {
            0..8 => ("C", -1, 1 + dice.below(3)),
            _ => ("", 1, 1 + dice.below(40)),
        };
        for _ in 0..lines {
            let code = match dice.below(200) {
                0 => "POST".to_owned(),
                1 => String::new(),
                _ => format!("{}", 20_000 + dice.below(12) * dice.below(12)),
            };
            let quantity = sign * i64::try_from(1 + dice.below(12)).unwrap_or(1);
            let price = 50 + dice.below(1_500);
            writeln!(
                text,
                "{prefix}{invoice},{code},Item {code},{quantity},{date},{}.{:02},{customer},UK",
                price / 100,
                price % 100
            )?;
            written += 1;
        }
    }
    std::fs::write(file, text)?;
    Ok(file.to_owned())
}
