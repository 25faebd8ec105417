//! Channels that were made while the hub ran, one file each: `<data>/channels/NAME.toml`, with the same keys as a
//! `[[channel]]` section of the retailer's file, and no secret. Read at every start after that file.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use super::Channel;

const HEAD: &str = "# Made by `lockstep serve` for a person at its pages or API, and changed by them. The keys are those of a\n\
                    # [[channel]] section of lockstep.toml; secrets stand elsewhere. To take the channel away, remove this file\n\
                    # and start the hub again.\n\n";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    channel: Vec<Channel>,
}

/// The file of a channel.
pub(crate) fn path(data: &Path, name: &str) -> PathBuf {
    data.join("channels").join(format!("{name}.toml"))
}

/// Every channel that was made so, by name of its file.
///
/// # Errors
/// When a file cannot be read, or is not what it should be.
pub(crate) fn read(data: &Path) -> anyhow::Result<Vec<Channel>> {
    let folder = data.join("channels");
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("read {}", folder.display())),
    };
    let mut files = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?;
        let own: Own = toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
        all.extend(own.channel.into_iter().map(|channel| Channel { own: Some(file.clone()), ..channel }));
    }
    Ok(all)
}

/// Writes a channel's keys, those of before replaced one by one. A crash leaves the old file or the new one, whole.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(data: &Path, name: &str, keys: toml::Table) -> anyhow::Result<PathBuf> {
    let file = path(data, name);
    let before = std::fs::read_to_string(&file).ok().and_then(|text| toml::from_str::<toml::Table>(&text).ok());
    let mut channel = before.and_then(first).unwrap_or_default();
    channel.extend(keys);
    let mut table = toml::Table::new();
    table.insert("channel".to_owned(), toml::Value::Array(vec![toml::Value::Table(channel)]));
    let text = format!("{HEAD}{}", toml::to_string(&table)?);
    replace(&file, &text).with_context(|| format!("write {}", file.display()))?;
    Ok(file)
}

fn first(mut table: toml::Table) -> Option<toml::Table> {
    match table.remove("channel")? {
        toml::Value::Array(all) => all.into_iter().next()?.try_into().ok(),
        _ => None,
    }
}

fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    crate::hub::private_folder(folder)?;
    let new = file.with_extension("new");
    let mut written = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    std::fs::rename(&new, file)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_comes_back_as_it_was_written_and_a_changed_key_leaves_the_others() {
        let data = std::env::temp_dir().join(format!("lockstep-own-{}", std::process::id()));
        assert!(read(&data).expect("nothing is there").is_empty());
        let table = |text: &str| toml::from_str::<toml::Table>(text).expect("TOML");
        let made = "name = \"mall\"\nplatform = \"x\"\nbase_url = \"http://h\"\nwrites = false\nreads = false";
        let file = write(&data, "mall", table(made)).expect("written");
        write(&data, "mall", table("reads = true")).expect("written");
        std::fs::write(data.join("channels/mall.new"), "half a").expect("written");
        let back = read(&data).expect("read");
        std::fs::write(&file, "[[channel]]\nname = 1").expect("written");
        let broken = read(&data).map(|all| all.len()).map_err(|error| error.to_string());
        std::fs::remove_dir_all(&data).expect("removed");
        let [channel] = &back[..] else { panic!("{back:?}") };
        assert_eq!((channel.name.as_str(), channel.reads, channel.writes), ("mall", true, false));
        assert_eq!(channel.own.as_deref(), Some(file.as_path()));
        assert!(broken.is_err_and(|error| error.contains("mall.toml")));
    }
}
