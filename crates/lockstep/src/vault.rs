//! Secrets at rest: where the master key comes from, and small files and values sealed under it.
//!
//! The master key wraps the key store; the key store holds a key of the hub's own; that one seals tokens, secrets that the
//! hub made, and whatever secret of the configuration an operator sealed with `lockstep keys seal`. So a new master key
//! leaves all of them as they are. The whole of the roof uses it; it refuses to know what a secret is for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use journal::{DataKey, KeyId, KeyStore, MasterKey, RealDisk};

use crate::audit::{hex, unhex};
use crate::config::Hub;

/// What sealed text begins with.
const SEALED: &str = "lockstep-sealed 1 ";
/// What every secret is sealed for: a sealed text of another kind does not open as one.
const PURPOSE: &[u8] = b"lockstep secret";
/// The hub's own key in the key store.
const OWN: &str = "lockstep secrets";

/// The key that seals secrets.
#[derive(Clone)]
pub(crate) struct Vault(DataKey);

/// Keys opened before: a master key's command runs once, and a rotation that the configuration does not know of yet
/// closes nothing to the process that did it.
static OPEN: Mutex<BTreeMap<PathBuf, Vault>> = Mutex::new(BTreeMap::new());

impl Vault {
    /// The vault of a data folder; its key is made when there is none.
    ///
    /// # Errors
    /// When the master key cannot be had or is another one, or the folder cannot be used.
    pub(crate) fn of(hub: &Hub) -> anyhow::Result<Self> {
        if let Some(known) = opened().get(&hub.data) {
            return Ok(known.clone());
        }
        let key = KeyId::named(OWN);
        let look = |master: &MasterKey| KeyStore::peek(&RealDisk::read_only(&hub.data), master, &key);
        let master = master(hub)?;
        let found = look(&master).with_context(|| format!("open the keys in {}", hub.data.display()))?;
        let vault = Self(match found {
            Some(key) => key,
            None => make(&hub.data, &master, key)?,
        });
        opened().insert(hub.data.clone(), vault.clone());
        Ok(vault)
    }

    /// Seals a text into one line of text.
    pub(crate) fn seal(&self, plain: &str) -> anyhow::Result<String> {
        let mut nonce = [0; 24];
        crate::hub::random(&mut nonce);
        Ok(format!("{SEALED}{}\n", hex(&journal::seal(&self.0, &nonce, PURPOSE, plain.as_bytes())?)))
    }

    /// What [`seal`](Self::seal) sealed.
    ///
    /// # Errors
    /// When it was sealed by another hub, or changed.
    pub(crate) fn open(&self, text: &str) -> anyhow::Result<String> {
        let digits = text.trim().strip_prefix(SEALED.trim_end()).context("it is not sealed")?;
        let bytes = unhex(digits.trim()).context("it is not sealed text")?;
        let plain = journal::unseal(&self.0, PURPOSE, &bytes).context("open what was sealed")?;
        Ok(String::from_utf8(plain)?)
    }
}

fn opened() -> std::sync::MutexGuard<'static, BTreeMap<PathBuf, Vault>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn make(data: &Path, master: &MasterKey, id: KeyId) -> anyhow::Result<DataKey> {
    use journal::Disk;
    crate::hub::private_folder(data)?;
    let disk = Arc::new(RealDisk::at(data));
    let _lock = disk.lock("lock")?;
    let (mut keys, _) = KeyStore::open(disk, master.clone())?;
    let mut fresh = || {
        let mut bytes = [0; 56];
        crate::hub::random(&mut bytes);
        bytes
    };
    let made = keys.get_or_create(id, &mut fresh)?;
    keys.sync()?;
    match made {
        journal::Kept::Live(key) => Ok(key),
        journal::Kept::Destroyed => anyhow::bail!("the key that seals secrets was destroyed"),
    }
}

/// A secret as the configuration has it, opened when it is sealed.
///
/// # Errors
/// When it is sealed and cannot be opened.
pub(crate) fn plain(hub: &Hub, text: &str) -> anyhow::Result<String> {
    if text.starts_with(SEALED.trim_end()) { Vault::of(hub)?.open(text) } else { Ok(text.to_owned()) }
}

/// The master key, from the first of: the command, the variable of the environment, the file, the hub's own file.
///
/// # Errors
/// When there is none, or it is not 64 hexadecimal digits.
pub(crate) fn master(hub: &Hub) -> anyhow::Result<MasterKey> {
    if !hub.master_key_command.is_empty() {
        return said_by(&hub.master_key_command);
    }
    if !hub.master_key_env.is_empty() {
        #[expect(clippy::disallowed_methods, reason = "the roof reads the environment")]
        let text = std::env::var(&hub.master_key_env);
        let text = text.with_context(|| format!("read the master key from the variable {}", hub.master_key_env))?;
        return parse(&text, "the master key in the environment");
    }
    if !hub.master_key_file.as_os_str().is_empty() {
        return read(&hub.master_key_file);
    }
    own(&hub.data)
}

/// The key that a command prints on its standard output: a key service's client, for example.
pub(crate) fn said_by(command: &str) -> anyhow::Result<MasterKey> {
    let done = std::process::Command::new("sh").arg("-c").arg(command).output().context("run master_key_command")?;
    // What it printed may be a key: it is never told.
    anyhow::ensure!(done.status.success(), "master_key_command ended with {}", done.status);
    parse(&String::from_utf8_lossy(&done.stdout), "what master_key_command printed")
}

/// The key in a file.
pub(crate) fn read(path: &Path) -> anyhow::Result<MasterKey> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read the master key {}", path.display()))?;
    parse(&text, &format!("the master key {}", path.display()))
}

fn parse(text: &str, what: &str) -> anyhow::Result<MasterKey> {
    let key = unhex(text.trim()).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    Ok(MasterKey::new(key.with_context(|| format!("{what} is not 64 hexadecimal digits"))?))
}

/// Whether the hub keeps the master key itself.
pub(crate) fn is_own(hub: &Hub) -> bool {
    hub.master_key_command.is_empty() && hub.master_key_env.is_empty() && hub.master_key_file.as_os_str().is_empty()
}

fn own_path(data: &Path) -> PathBuf {
    data.join("keys/master.key")
}

fn next_path(data: &Path) -> PathBuf {
    data.join("keys/master.next")
}

/// The hub's own master key, made on the first start.
fn own(data: &Path) -> anyhow::Result<MasterKey> {
    let path = own_path(data);
    if path.exists() {
        let now = read(&path)?;
        return if is_right(data, &now)? { Ok(now) } else { after_a_crash(data, now) };
    }
    anyhow::ensure!(
        !data.join("keys/keys.slots").exists(),
        "the master key {} is missing, and there are keys wrapped by it: put it back from your copy; a new one could open \
         nothing",
        path.display()
    );
    let key = fresh();
    write(&path, &key)?;
    parse(&key, "the new master key")
}

fn is_right(data: &Path, master: &MasterKey) -> anyhow::Result<bool> {
    match KeyStore::peek(&RealDisk::read_only(data), master, &KeyId::named(OWN)) {
        Ok(_) => Ok(true),
        Err(journal::JournalError::WrongMasterKey { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A rotation was cut off after the keys were wrapped anew: then the next key is the right one.
fn after_a_crash(data: &Path, now: MasterKey) -> anyhow::Result<MasterKey> {
    let next = next_path(data);
    if next.exists() {
        let key = read(&next)?;
        if is_right(data, &key)? {
            std::fs::rename(&next, own_path(data)).context("put the new master key in place")?;
            return Ok(key);
        }
    }
    // Opening the keys with it says what is wrong.
    Ok(now)
}

/// 64 random hexadecimal digits.
fn fresh() -> String {
    let mut key = [0; 32];
    crate::hub::random(&mut key);
    hex(&key)
}

/// A new own master key, written beside the present one; [`put_in_place`] makes it the present one.
pub(crate) fn prepare_own(data: &Path) -> anyhow::Result<MasterKey> {
    let key = fresh();
    write(&next_path(data), &key)?;
    parse(&key, "the new master key")
}

/// The prepared key becomes the present one.
pub(crate) fn put_in_place(data: &Path) -> anyhow::Result<()> {
    std::fs::rename(next_path(data), own_path(data))?;
    Ok(std::fs::File::open(data.join("keys"))?.sync_all()?)
}

/// Writes a file that only its owner may read, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let folder = path.parent().unwrap_or(Path::new("."));
    crate::hub::private_folder(folder)?;
    let new = path.with_extension("writing");
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all())?;
    std::fs::rename(&new, path).with_context(|| format!("write {}", path.display()))?;
    Ok(std::fs::File::open(folder)?.sync_all()?)
}
