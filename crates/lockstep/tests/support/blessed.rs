//! Texts that are checked in and compared: a difference is told, and blessed by whoever meant it.

use std::path::Path;

/// Compares with the checked-in file; with `LOCKSTEP_BLESS=1` writes it instead.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says by this that the new text is right")]
pub fn compare(file: &Path, text: &str) {
    if std::env::var("LOCKSTEP_BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::create_dir_all(file.parent().expect("a file in a folder")).expect("the folder can be made");
        std::fs::write(file, text).expect("the file can be written");
        return;
    }
    let there = std::fs::read_to_string(file).unwrap_or_default();
    if there != text {
        let line = there.lines().zip(text.lines()).position(|(old, new)| old != new);
        let line = line.unwrap_or_else(|| there.lines().count().min(text.lines().count()));
        let at = |text: &str| text.lines().nth(line).unwrap_or("(nothing)").to_owned();
        panic!(
            "{} differs from what happens now, first in line {}:\n  file: {}\n  now:  {}\nIf the new text is right: \
             LOCKSTEP_BLESS=1 cargo test -p lockstep, and look at the difference before committing it.\n\n{text}",
            file.display(),
            line + 1,
            at(&there),
            at(text),
        );
    }
}
