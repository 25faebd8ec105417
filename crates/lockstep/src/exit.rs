//! Exit codes, and how errors are told.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 0: done, and all is well.
    Well,
    /// 1: done, and the answer is no (a signature does not fit, a chain is broken, a run did not settle).
    No,
}

/// Exit code of a command that could not be done.
const FAILED: u8 = 2;

/// Prints the error with its causes and gives the exit code: 0 well, 1 the answer is no, 2 it could not be done.
pub(crate) fn tell(done: anyhow::Result<Outcome>) -> ExitCode {
    match done {
        Ok(Outcome::Well) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  because: {cause}");
            }
            ExitCode::from(FAILED)
        }
    }
}
