//! Runs simulations until one goes wrong: `cargo run -p lockstep-sim --example vopr -- --seed 7 --steps 500 --runs 100`.
//!
//! Prints one line per run, and for a failure what is wrong and the command that repeats it. With `--tell` also what was
//! done step by step, with `--facts` also the whole journal.

use std::process::ExitCode;

use sim::{Cast, Plan, run};

const HELP: &str =
    "usage: vopr [--seed N] [--steps M] [--runs K] [--faults PER_MILLION] [--calm] [--all] [--tell] [--facts]";

/// What is printed beside the verdict.
#[derive(Clone, Copy, Debug, Default)]
struct Wanted {
    /// What was done.
    steps: bool,
    /// The journal.
    facts: bool,
}

fn main() -> ExitCode {
    let (plan, runs, wanted) = match read(std::env::args().skip(1)) {
        Ok(read) => read,
        Err(problem) => {
            eprintln!("{problem}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    for number in 0..runs {
        let plan = Plan { seed: plan.seed + number, ..plan };
        if !one(&plan, wanted) {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Runs one plan and tells what came of it. Answers whether all was well.
fn one(plan: &Plan, wanted: Wanted) -> bool {
    match run(plan) {
        Ok(outcome) => {
            outcome.story.iter().filter(|_| wanted.steps).for_each(|step| println!("{step}"));
            outcome.journal.iter().filter(|_| wanted.facts).for_each(|entry| {
                println!("{} {:?}: {:?}", entry.at, entry.by, entry.fact);
            });
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

fn read(args: impl Iterator<Item = String>) -> Result<(Plan, u64, Wanted), String> {
    let (mut plan, mut runs, mut wanted) = (Plan::hostile(1, 300), 1, Wanted::default());
    let mut args = args;
    while let Some(flag) = args.next() {
        match flag.as_str() {
            "--calm" => plan.mishaps = false,
            "--all" => plan.cast = Cast::EveryPlatform,
            "--tell" => wanted.steps = true,
            "--facts" => wanted.facts = true,
            _ => with_number(&mut plan, &mut runs, &flag, args.next())?,
        }
    }
    Ok((plan, runs, wanted))
}

fn with_number(plan: &mut Plan, runs: &mut u64, flag: &str, value: Option<String>) -> Result<(), String> {
    let value = value.ok_or_else(|| format!("{flag} needs a number"))?;
    let number: u64 = value.parse().map_err(|_| format!("{value:?} is no number"))?;
    let small = || u32::try_from(number).map_err(|_| format!("{number} is too large for {flag}"));
    match flag {
        "--seed" => plan.seed = number,
        "--steps" => plan.steps = small()?,
        "--runs" => *runs = number,
        "--faults" => plan.faults_per_million = small()?,
        _ => return Err(format!("{flag} is not known")),
    }
    Ok(())
}
