//! One emulated account on Lightspeed Retail R-Series.

use crate::EmulatorError;
use crate::machine::{Opened, Opening};

/// Opens a new, empty account.
///
/// # Errors
/// When a setting makes no sense.
pub fn open(_opening: &Opening) -> Result<Opened, EmulatorError> {
    Err(EmulatorError::Settings { reason: "not written yet".into() })
}
