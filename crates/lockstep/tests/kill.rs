//! The hub is killed while sales are rung up, and nothing is lost: real processes, real HTTP, the demo's own report.
//!
//! What is claimed: every run ends with the same stock of each item, and within each run every place holds to the unit
//! what the platforms' own books leave there, and shows it. Where a web shop that sells from several places takes the
//! goods of an order from is its own choice, by what it shows at that moment; so no two runs need agree on the place.

#[path = "support/folder.rs"]
mod folder;
#[path = "support/run.rs"]
mod run;

use std::fmt::Write;
use std::path::Path;

use folder::Folder;
use serde_json::{Value, json};

/// Rows of the generated file, and items in it.
const ROWS: usize = 1_200;
const ITEMS: u64 = 40;

/// SplitMix64, as everywhere in the house where something is drawn.
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

/// Sales of a few items: documents of several lines, repeated lines, postage, returns tied to a sale and not, and rows
/// that are no sale. Nothing is written off: where a platform knows no keys, a person's change at a place to which a write
/// of unknown outcome is under way cannot be told from that write, and two runs may then end a unit apart.
fn sales(seed: u64) -> String {
    let mut dice = Dice(seed);
    let header = "invoice_no,stock_code,description,quantity,invoice_date,unit_price,customer_id,country\n";
    let mut text = String::from(header);
    let mut bought: Vec<(u64, u64, u64)> = Vec::new();
    let (mut rows, mut number) = (0, 10_000);
    let mut row = |rows: &mut usize, invoice: &str, code: &str, units: i64, customer: &str| {
        *rows += 1;
        let time = format!("2011-01-{:02} {:02}:{:02}:00", 1 + *rows / 80, 8 + *rows / 10 % 10, *rows % 60);
        writeln!(text, "{invoice},{code},Thing {code},{units},{time},1.25,{customer},UK").expect("a string takes all");
    };
    while rows < ROWS {
        number += 1;
        let code = 20_000 + dice.below(ITEMS);
        match dice.below(100) {
            0..=5 if !bought.is_empty() => {
                let taken = usize::try_from(dice.below(bought.len() as u64)).expect("small");
                let (customer, code, units) = bought.swap_remove(taken);
                row(&mut rows, &format!("C{number}"), &code.to_string(), -(units as i64), &customer.to_string());
            }
            6 => row(&mut rows, &format!("C{number}"), &code.to_string(), -1, ""),
            9 => row(&mut rows, &format!("A{number}"), "B", 1, ""),
            _ => {
                let customer = dice.below(50);
                for _ in 0..1 + dice.below(8) {
                    let (code, units) = (20_000 + dice.below(ITEMS), 1 + dice.below(4));
                    row(&mut rows, &number.to_string(), &code.to_string(), units as i64, &customer.to_string());
                    bought.push((customer, code, units));
                }
                if dice.below(10) == 0 {
                    row(&mut rows, &number.to_string(), "POST", 1, &customer.to_string());
                }
            }
        }
    }
    text
}

/// Runs the demo over the file and gives its report; the exit code says the same as the report. The plan is a generous
/// one: what is shown does not depend on the vendors' rates, and waiting for them would be most of the test's time.
fn demo(folder: &Path, name: &str, more: &[&str]) -> Value {
    let ran = run::run(folder, &[&["demo", "--sales", "sales.csv", "--plan", "10000", "--report", "-"], more].concat());
    let report = ran.json();
    let zero = ["lost", "doubled", "mismatched_positions", "misplaced_positions", "oversells_hub"];
    let told = zero.map(|key| (key, report[key].clone()));
    let well = told.iter().all(|(_, count)| *count == json!(0)) && report["settled"] == json!(true);
    assert!(well && ran.code == Some(0), "{name}: {told:?}, settled {}\n{report:#}\n{}", report["settled"], ran.err);
    assert!(report["invariants_broken"].as_array().is_some_and(Vec::is_empty), "{report:#}");
    assert!(report["acts_refused"].as_array().is_some_and(Vec::is_empty), "{report:#}");
    report
}

#[test]
fn a_hub_that_is_killed_or_met_with_faults_ends_in_the_same_stock_as_one_that_was_left_in_peace() {
    let folder = Folder::of("kill");
    std::fs::write(folder.path().join("sales.csv"), sales(7)).expect("write");
    let peace = demo(folder.path(), "peace", &[]);
    assert!(peace["rows_in"].as_u64() >= Some(ROWS as u64) && peace["writes"].as_u64() > Some(0), "{peace:#}");
    assert_eq!(peace["hub"]["kills"], json!(0));
    let killed = demo(folder.path(), "killed", &["--kills", "3"]);
    assert_eq!(killed["hub"]["kills"], json!(3), "the hub was killed");
    let faulty = demo(folder.path(), "faulty", &["--faults", "duplicate,reorder,drop,429,500", "--seed", "3"]);
    for (name, report) in [("killed", &killed), ("faulty", &faulty)] {
        assert_eq!(peace["stock_hash"], report["stock_hash"], "{name}");
        assert_eq!(peace["book_lines"], report["book_lines"], "{name}");
        assert_eq!(peace["rows_refused"], report["rows_refused"], "{name}");
    }
}
