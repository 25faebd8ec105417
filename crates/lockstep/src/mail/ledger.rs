//! Which day's mail was sent last: one small file in the data folder, synced before the mail leaves.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

/// How the mail of a day ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is being sent; read back after a crash, nobody knows whether it was.
    Begun,
    /// The server took it.
    Sent,
    /// It was given up.
    Failed,
}

impl End {
    const ALL: [Self; 3] = [Self::Begun, Self::Sent, Self::Failed];

    fn name(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }
}

/// The file.
#[derive(Debug)]
pub(super) struct Ledger {
    folder: PathBuf,
}

impl Ledger {
    /// In the folder `mail` of the data folder.
    pub(super) fn new(data: &Path) -> Self {
        Self { folder: data.join("mail") }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("last-day")
    }

    /// The last day and how it ended; `None` before the first mail.
    ///
    /// # Errors
    /// When the file cannot be read: then nobody knows whether today's mail was sent, and none may be.
    pub(super) fn last(&self) -> std::io::Result<Option<(Date, End)>> {
        let text = match std::fs::read_to_string(self.file()) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let read = text.trim().split_once(' ').and_then(|(day, end)| {
            let end = End::ALL.into_iter().find(|known| known.name() == end)?;
            Some((day.parse().ok()?, end))
        });
        read.map(Some).ok_or_else(|| std::io::Error::other(format!("{:?} is no day and end", text.trim())))
    }

    /// Writes a day down: a new file, synced, in the place of the old one.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub(super) fn write(&self, day: Date, end: End) -> std::io::Result<()> {
        crate::hub::private_folder(&self.folder)?;
        let new = self.folder.join("last-day.new");
        let mut file = File::create(&new)?;
        writeln!(file, "{day} {}", end.name())?;
        file.sync_all()?;
        std::fs::rename(&new, self.file())?;
        File::open(&self.folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_back_and_a_spoiled_file_is_no_first_day() {
        let data = std::env::temp_dir().join(format!("lockstep-ledger-{}", std::process::id()));
        let ledger = Ledger::new(&data);
        let nothing = ledger.last().expect("nothing yet");
        let day: Date = "2026-11-24".parse().expect("a date");
        let ends = End::ALL.map(|end| {
            ledger.write(day, end).expect("written");
            ledger.last().expect("readable")
        });
        std::fs::write(data.join("mail/last-day"), "soon").expect("written");
        let spoiled = ledger.last();
        std::fs::remove_dir_all(&data).expect("removed");
        assert_eq!(nothing, None);
        assert_eq!(ends, End::ALL.map(|end| Some((day, end))));
        assert!(spoiled.is_err(), "{spoiled:?}");
    }
}
