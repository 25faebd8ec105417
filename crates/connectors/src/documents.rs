//! Documents that a platform is told to make, in its ids. Requests and replies as data, like everything here.

use model::{CustomerKey, DocumentKey, ExternalItem, ExternalLocation, Instant, Money, Person, Quantity};

use crate::{Account, Request, Run, Surface, Trouble, Unsendable};

/// One line of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLine {
    /// Item.
    pub external: ExternalItem,
    /// Its other ids on the platform.
    pub aliases: Vec<ExternalItem>,
    /// How much.
    pub quantity: Quantity,
    /// Price or cost of one unit; `None` = as the platform has it.
    pub each: Option<Money>,
}

/// What is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Making {
    /// An order that is to be handed out at a location and is not paid yet.
    Order {
        /// Where it is handed out.
        location: ExternalLocation,
        /// What.
        lines: Vec<DocumentLine>,
        /// For whom.
        customer: Option<CustomerKey>,
    },
    /// Money given back for an order of this account.
    Refund {
        /// The order.
        order: DocumentKey,
        /// Which of its lines, by the platform's id, and how much of each; empty = money only.
        lines: Vec<(String, Quantity)>,
        /// Where the goods are put back; `None` = they are not.
        restock_at: Option<ExternalLocation>,
        /// How much is given back, tax included.
        amount: Money,
    },
    /// A customer record.
    Customer {
        /// The record to change; `None` = a new one.
        customer: Option<CustomerKey>,
        /// Who; an empty field is left as it is.
        person: Person,
    },
    /// A transfer that is not sent yet.
    Transfer {
        /// From.
        from: ExternalLocation,
        /// To.
        to: ExternalLocation,
        /// What.
        lines: Vec<DocumentLine>,
    },
    /// A purchase order of which nothing has arrived.
    Purchase {
        /// The supplier's name, as the platform has it.
        supplier: String,
        /// Where it arrives.
        location: ExternalLocation,
        /// What, at which cost.
        lines: Vec<DocumentLine>,
        /// When it should arrive.
        expected: Option<Instant>,
    },
}

/// Between the channel's name and the number, in the reference of every document of the hub's.
const MARK: &str = "-doc-";
/// Most characters of a channel's name in a reference.
const NAME_MAX: usize = 24;

/// The reference of a document: the channel's name as far as it can be said on every platform, and the number of the
/// instruction.
pub fn document_reference(channel: &str, number: u64) -> String {
    let name: String = channel.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(NAME_MAX).collect();
    format!("{name}{MARK}{number}")
}

/// Whether a text is of the [`words`](Document::words) of any document of the hub's: so an order that it made is told from
/// a basket that somebody is filling, where the platform has nothing else to tell them by.
pub(crate) fn is_ours(text: &str) -> bool {
    let text = text.trim();
    let named = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, named)| named);
    let Some((name, number)) = named.unwrap_or(text).rsplit_once(MARK) else { return false };
    let said = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    said && name.len() <= NAME_MAX && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// A document to be made once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Unique in the account: the idempotency key where the platform takes one, and otherwise written into the
    /// document, so that it can be looked for. At most 45 characters, letters, digits and `-` only.
    pub reference: String,
    /// When it was asked for.
    pub asked_at: Instant,
    /// For the people there; may be empty.
    pub note: String,
    /// What.
    pub making: Making,
}

impl Document {
    /// The note, and the reference by which the document can be told from others, in at most `max` characters.
    pub(crate) fn words(&self, max: usize) -> String {
        let note = self.note.trim();
        if note.is_empty() {
            return self.reference.clone();
        }
        let room = max.saturating_sub(self.reference.chars().count() + 3);
        let note: String = note.chars().take(room).collect();
        format!("{note} ({})", self.reference)
    }

    /// Whether a text is of the [`words`](Self::words) of this document, whatever its note was.
    pub(crate) fn wrote(&self, text: &str) -> bool {
        let text = text.trim();
        text == self.reference || text.ends_with(&format!("({})", self.reference))
    }

    /// What the platform must be able to do.
    pub fn surface(&self) -> Surface {
        match self.making {
            Making::Order { .. } => Surface::MakeOrder,
            Making::Refund { .. } => Surface::MakeRefund,
            Making::Customer { .. } => Surface::WriteCustomer,
            Making::Transfer { .. } => Surface::Transfer,
            Making::Purchase { .. } => Surface::PurchaseOrder,
        }
    }
}

/// What comes next in making a document.
#[derive(Clone, Debug)]
pub enum Made {
    /// This is to be sent, and its reply added to the run.
    Send(Box<Request>),
    /// It is made: the platform's id of it.
    Done(String),
}

/// How a platform is told to make documents.
pub trait Documents: Send + Sync {
    /// The exact body of the request that makes it; journaled before anything is sent. Requests that only look
    /// something up first are not part of it.
    ///
    /// # Errors
    /// When the platform has no such document, or something in it cannot be said there.
    fn compose(&self, document: &Document, account: &Account) -> Result<Vec<u8>, Unsendable>;

    /// What comes next. When `run.first` is false, an earlier run may have made it: where the platform does not know
    /// requests by a key, the document is looked for by its reference before it is made.
    ///
    /// # Errors
    /// [`Trouble::Refused`] when the platform will not make it: nothing was made. Everything else as for writes.
    fn step(&self, document: &Document, body: &[u8], account: &Account, run: &Run<'_>) -> Result<Made, Trouble>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(note: &str) -> String {
        let reference = document_reference("Café till-2, by the door", 17);
        let making = Making::Customer { customer: None, person: model::Person::default() };
        Document { reference, asked_at: Instant(0), note: note.to_owned(), making }.words(255)
    }

    #[test]
    fn what_the_hub_made_is_known_by_its_words_whatever_its_note_says() {
        assert_eq!(words(""), "Caftill-2bythedoor-doc-17");
        for note in ["", "by phone", "gift (red)", "see web-doc-3"] {
            assert!(is_ours(&words(note)), "{note}");
        }
    }

    #[test]
    fn what_people_write_is_not_taken_for_the_hubs_words() {
        for text in
            ["", "table 4", "see web-doc-3 tomorrow", "web-doc-", "web-doc-3a", "my web-doc-3", "(17)", "web-doc 3"]
        {
            assert!(!is_ours(text), "{text}");
        }
    }
}
