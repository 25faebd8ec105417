//! Personal fields and raw bodies under their keys, before anything is decided.

use journal::{DataKey, JournalError, Kept, KeyId, KeyStore, Put, RawName as StoredName, RawStore};
use model::{Person, Personal, RawName, Sealed, Subject};

/// Randomness, given by the roof so that a simulation can repeat it.
pub type Random = Box<dyn FnMut(&mut [u8]) + Send>;

/// A delivery as it came: enough to be verified and read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub struct RawInput {
    /// Headers, without those that carry our callers' secrets.
    #[n(0)]
    pub headers: Vec<(String, String)>,
    /// Exact bytes.
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

impl RawInput {
    /// The headers as they came.
    pub fn header_map(&self) -> http::HeaderMap {
        let readable = self.headers.iter().filter_map(|(name, value)| {
            Some((http::HeaderName::try_from(name.as_str()).ok()?, http::HeaderValue::try_from(value.as_str()).ok()?))
        });
        readable.collect()
    }
}

/// Headers that are not kept.
const NOT_KEPT: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// A raw body to be kept.
#[derive(Clone, Debug)]
pub struct RawBody {
    /// BLAKE3 of the body.
    pub name: RawName,
    /// Whose key seals it.
    pub subject: Subject,
    /// What is sealed.
    input: RawInput,
}

impl RawBody {
    /// Names the bytes.
    pub fn new(subject: Subject, headers: &http::HeaderMap, body: &[u8]) -> Self {
        let kept = headers.iter().filter(|(name, _)| !NOT_KEPT.contains(&name.as_str()));
        let text = kept.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
        let input = RawInput { headers: text.collect(), body: body.to_vec() };
        Self { name: RawName(*blake3::hash(body).as_bytes()), subject, input }
    }
}

/// Seals and opens. Keys are made when they are first needed and are durable with the batch that uses them.
pub struct Sealer {
    keys: KeyStore,
    random: Random,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// Over an open key store.
    pub fn new(keys: KeyStore, random: Random) -> Self {
        Self { keys, random }
    }

    pub(crate) fn keys_mut(&mut self) -> &mut KeyStore {
        &mut self.keys
    }

    fn key(&mut self, subject: Subject) -> Result<Option<DataKey>, JournalError> {
        let random = &mut self.random;
        let mut fresh = || {
            let mut bytes = [0; 56];
            random(&mut bytes);
            bytes
        };
        Ok(match self.keys.get_or_create(KeyId(subject.0), &mut fresh)? {
            Kept::Live(key) => Some(key),
            Kept::Destroyed => None,
        })
    }

    fn seal(&mut self, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, JournalError> {
        let Some(key) = self.key(subject)? else { return Ok(Vec::new()) };
        let mut nonce = [0; 24];
        (self.random)(&mut nonce);
        journal::seal(&key, &nonce, &subject.0, plain)
    }

    /// Seals a person's fields. Of a person who was erased nothing is kept.
    ///
    /// # Errors
    /// The key store's.
    pub fn person(&mut self, subject: Subject, personal: &Personal) -> Result<Personal, JournalError> {
        match personal {
            Personal::Sealed(_) => Ok(personal.clone()),
            Personal::Plain(person) => {
                let mut plain = Vec::new();
                // Writing to a vector cannot fail.
                let _ = minicbor::encode(&**person, &mut plain);
                Ok(Personal::Sealed(Sealed { subject, bytes: self.seal(subject, &plain)? }))
            }
        }
    }

    /// Opens a person's fields; `None` when they were erased.
    pub fn open_person(&self, sealed: &Sealed) -> Option<Person> {
        let plain = self.open(sealed.subject, &sealed.bytes)?;
        minicbor::decode(&plain).ok()
    }

    /// Puts a raw body into the store, sealed; durable with the next commit.
    ///
    /// # Errors
    /// The stores'.
    pub fn keep_raw(&mut self, store: &mut RawStore, body: &RawBody) -> Result<(), JournalError> {
        let mut plain = Vec::with_capacity(body.input.body.len() + 1_024);
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(&body.input, &mut plain);
        let mut sealed = body.subject.0.to_vec();
        sealed.extend(self.seal(body.subject, &plain)?);
        match store.put(StoredName(body.name.0), &sealed)? {
            Put::Taken | Put::Already => Ok(()),
        }
    }

    /// A raw body as it came; `None` when there is none of that name or its key was destroyed.
    ///
    /// # Errors
    /// The store's.
    pub fn raw(&self, store: &RawStore, name: RawName) -> Result<Option<RawInput>, JournalError> {
        let Some(stored) = store.get(&StoredName(name.0))? else { return Ok(None) };
        let Some((subject, sealed)) = stored.split_first_chunk::<16>() else { return Ok(None) };
        Ok(self.open(Subject(*subject), sealed).and_then(|plain| minicbor::decode(&plain).ok()))
    }

    fn open(&self, subject: Subject, sealed: &[u8]) -> Option<Vec<u8>> {
        match self.keys.get(&KeyId(subject.0)) {
            Ok(Some(Kept::Live(key))) => journal::unseal(&key, &subject.0, sealed).ok(),
            _ => None,
        }
    }
}
