//! Personal fields and raw bodies under their keys, before anything is decided.

use journal::{DataKey, JournalError, Kept, KeyId, KeyStore, MasterKey, Put, RawName as StoredName, RawStore};
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

/// Headers that are not kept; nor is one that carries a card number.
const NOT_KEPT: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// Room for the headers, so that the encoding is seldom moved while it grows.
const HEADERS_GUESS: usize = 1_024;

/// A raw body to be kept.
#[derive(Clone, Debug)]
pub struct RawBody {
    /// BLAKE3 of the body.
    pub name: RawName,
    /// Whose key seals it.
    pub subject: Subject,
    /// What is sealed: a [`RawInput`], encoded where the request was read and not in the one thread that all wait for.
    plain: Vec<u8>,
}

/// A [`RawInput`] that still lies in the request, with the same encoding.
#[derive(minicbor::Encode)]
struct Lent<'a> {
    #[n(0)]
    headers: Vec<(&'a str, &'a str)>,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    body: &'a [u8],
}

impl RawBody {
    /// Names the bytes.
    pub fn new(subject: Subject, headers: &http::HeaderMap, body: &[u8]) -> Self {
        let kept = headers.iter().filter(|(name, _)| !NOT_KEPT.contains(&name.as_str()));
        let text = kept.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let text = text.filter(|(_, value)| crate::cards::black_out(value.as_bytes()).is_none());
        let mut plain = Vec::with_capacity(body.len() + HEADERS_GUESS);
        // Writing to a vector cannot fail.
        let _ = minicbor::encode(Lent { headers: text.collect(), body }, &mut plain);
        Self { name: RawName(*blake3::hash(body).as_bytes()), subject, plain }
    }
}

/// Seals and opens. Keys are made when they are first needed and are durable with the batch that uses them.
pub struct Sealer {
    keys: KeyStore,
    random: Random,
    /// The last raw body as it was stored, sealed: kept for its room.
    sealed: Vec<u8>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// Over an open key store.
    pub fn new(keys: KeyStore, random: Random) -> Self {
        Self { keys, random, sealed: Vec::new() }
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

    pub(crate) fn seal(&mut self, subject: Subject, plain: &[u8]) -> Result<Vec<u8>, JournalError> {
        let Some(key) = self.key(subject)? else { return Ok(Vec::new()) };
        let nonce = self.nonce();
        journal::seal(&key, &nonce, &subject.0, plain)
    }

    fn nonce(&mut self) -> [u8; 24] {
        let mut nonce = [0; 24];
        (self.random)(&mut nonce);
        nonce
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
        let subject = body.subject;
        let key = self.key(subject)?;
        self.sealed.clear();
        self.sealed.extend_from_slice(&subject.0);
        // Of a subject that was erased only its name is kept.
        if let Some(key) = key {
            let nonce = self.nonce();
            journal::seal_into(&key, &nonce, &subject.0, &body.plain, &mut self.sealed)?;
        }
        match store.put(StoredName(body.name.0), &self.sealed)? {
            Put::Taken | Put::Already => Ok(()),
        }
    }

    /// A raw body as it came; `None` when there is none of that name or its key was destroyed.
    ///
    /// # Errors
    /// The store's.
    pub fn raw(&self, store: &RawStore, name: RawName) -> Result<Option<RawInput>, JournalError> {
        Ok(self.raw_of(store, name)?.and_then(|(_, input)| input))
    }

    /// A raw body with its subject; without the body when its key was destroyed.
    ///
    /// # Errors
    /// The store's.
    pub fn raw_of(&self, store: &RawStore, name: RawName) -> Result<Option<(Subject, Option<RawInput>)>, JournalError> {
        let Some(stored) = store.get(&StoredName(name.0))? else { return Ok(None) };
        let Some((subject, sealed)) = stored.split_first_chunk::<16>() else { return Ok(None) };
        let subject = Subject(*subject);
        Ok(Some((subject, self.open(subject, sealed).and_then(|plain| minicbor::decode(&plain).ok()))))
    }

    pub(crate) fn rewrap(&mut self, master: MasterKey) -> Result<(), JournalError> {
        let random = &mut self.random;
        let mut fresh = || {
            let mut nonce = [0; 24];
            random(&mut nonce);
            nonce
        };
        self.keys.rewrap(master, &mut fresh)
    }

    pub(crate) fn keys_file(&self) -> Vec<u8> {
        self.keys.image()
    }

    pub(crate) fn open(&self, subject: Subject, sealed: &[u8]) -> Option<Vec<u8>> {
        match self.keys.get(&KeyId(subject.0)) {
            Ok(Some(Kept::Live(key))) => journal::unseal(&key, &subject.0, sealed).ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_encoded_as_the_input_that_is_read_back_without_our_callers_secrets() {
        let mut headers = http::HeaderMap::new();
        headers.insert("x-shopify-topic", http::HeaderValue::from_static("orders/create"));
        headers.insert("authorization", http::HeaderValue::from_static("Bearer secret"));
        let raw = RawBody::new(Subject([7; 16]), &headers, b"{\"id\":1}");
        let input = RawInput {
            headers: vec![("x-shopify-topic".into(), "orders/create".into())],
            body: b"{\"id\":1}".to_vec(),
        };
        assert_eq!(raw.plain, minicbor::to_vec(&input).expect("a vector takes everything"));
        assert_eq!(minicbor::decode::<RawInput>(&raw.plain).expect("readable"), input);
    }
}
