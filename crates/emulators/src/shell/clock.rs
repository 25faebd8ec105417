//! The shell's clock. Everything below the shell is given the time.

use crate::machine::Millis;

/// Milliseconds since the Unix epoch, by this machine's clock.
pub(super) fn now() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}
