//! Runs simulations until one goes wrong: `cargo run -p lockstep-sim --example vopr -- --seed 7 --steps 500 --runs 100`.
//!
//! Prints one line per run, and for a failure what is wrong and the command that repeats it.

use std::process::ExitCode;

use sim::{Plan, run};

const HELP: &str = "usage: vopr [--seed N] [--steps M] [--runs K] [--faults PER_MILLION] [--calm]";

fn main() -> ExitCode {
    let (plan, runs) = match read(std::env::args().skip(1)) {
        Ok(read) => read,
        Err(problem) => {
            eprintln!("{problem}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    for number in 0..runs {
        let plan = Plan { seed: plan.seed + number, ..plan };
        if !one(&plan) {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Runs one plan and tells what came of it. Answers whether all was well.
fn one(plan: &Plan) -> bool {
    match run(plan) {
        Ok(outcome) => {
            println!(
                "seed {}: {} steps, {} facts, {} levels written, {} starts, {} oversold, {} virtual minutes",
                plan.seed,
                outcome.accepted,
                outcome.facts,
                outcome.writes,
                outcome.opened,
                outcome.oversold,
                outcome.passed_ms / 60_000
            );
            outcome.findings.iter().for_each(|finding| println!("  {finding}"));
            if !outcome.findings.is_empty() {
                println!("  again: {}", plan.repeat_with());
            }
            outcome.findings.is_empty()
        }
        Err(error) => {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(error) = cause {
                println!("  failed to {error}");
                cause = error.source();
            }
            println!("  again: {}", plan.repeat_with());
            false
        }
    }
}

fn read(args: impl Iterator<Item = String>) -> Result<(Plan, u64), String> {
    let (mut plan, mut runs) = (Plan::hostile(1, 300), 1);
    let mut args = args;
    while let Some(flag) = args.next() {
        if flag == "--calm" {
            plan.mishaps = false;
            continue;
        }
        let value = args.next().ok_or_else(|| format!("{flag} needs a number"))?;
        let number: u64 = value.parse().map_err(|_| format!("{value:?} is no number"))?;
        let small = || u32::try_from(number).map_err(|_| format!("{number} is too large for {flag}"));
        match flag.as_str() {
            "--seed" => plan.seed = number,
            "--steps" => plan.steps = small()?,
            "--runs" => runs = number,
            "--faults" => plan.faults_per_million = small()?,
            _ => return Err(format!("{flag} is not known")),
        }
    }
    Ok((plan, runs))
}
