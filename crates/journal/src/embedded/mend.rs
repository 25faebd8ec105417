//! Making the end of the journal clean again.
//!
//! Opening calls it once the end is found. It decides nothing: what is cut was decided before.

use std::io;

use crate::disk::{write_fully, write_zeros};
use crate::segment::header::SegmentHeader;
use crate::segment::scan::Run;
use crate::segment::shelf::SegmentFile;
use crate::segment::window::Window;

/// Zeros over what an unfinished record left and over what is missing of the file, and the last record once more: a
/// sync that failed before this process opened the file may have left it in memory only, and nothing would ever write
/// it to the disk.
pub(super) fn mend(
    window: &mut Window,
    segment: &SegmentFile,
    run: &Run,
    written: Option<u64>,
    header: &SegmentHeader,
) -> io::Result<()> {
    let file = segment.file.as_ref();
    if let Some(last) = run.last
        && let Some(bytes) = window.slice(last, (run.end - last) as usize, segment.bytes)?
    {
        write_fully(file, last, bytes)?;
    }
    write_fully(file, 0, &header.encode())?;
    write_zeros(file, run.end, written.unwrap_or(run.end))?;
    write_zeros(file, segment.bytes, header.bytes)?;
    window.forget();
    file.sync()
}
