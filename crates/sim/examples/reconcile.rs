//! What it takes to put a whole mirrored location of a large shop right within the vendor's rate budget:
//! `cargo run -p lockstep-sim --release --example reconcile -- --items 100000`.
//!
//! Prints JSON: calls, points, virtual seconds, the arithmetic optimum and how many times that it took.

use std::process::ExitCode;

const HELP: &str = "usage: reconcile [--items N]";
const ITEMS: usize = 1_000;

fn main() -> ExitCode {
    let items = match items(std::env::args().skip(1)) {
        Ok(items) => items,
        Err(problem) => {
            eprintln!("{problem}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match sim::reconcile(items) {
        Ok(reconciled) => {
            println!("{:#}", reconciled.json());
            ExitCode::from(u8::from(reconciled.wrong > 0))
        }
        Err(error) => {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(error) = cause {
                eprintln!("failed to {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn items(mut args: impl Iterator<Item = String>) -> Result<usize, String> {
    match (args.next().as_deref(), args.next()) {
        (None, _) => Ok(ITEMS),
        (Some("--items"), Some(number)) => number.parse().map_err(|_| format!("{number:?} is no number")),
        (Some("--items"), None) => Err("--items needs a number".into()),
        (Some(other), _) => Err(format!("{other} is not known")),
    }
}
