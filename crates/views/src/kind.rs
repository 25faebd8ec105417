//! The kinds of facts as numbers for the tables and names for filters. Numbers are those of the stored form.

use model::Fact;
use serde::{Serialize, Serializer};

macro_rules! kinds {
    ($($name:ident = $number:literal, $text:literal, $pattern:pat,)*) => {
        /// What kind of fact it is; the names are those of the JSON form's `kind` field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FactKind {
            $(#[doc = concat!("`", $text, "`.")] $name = $number,)*
        }

        impl FactKind {
            /// Every kind, in the order of the stored form.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The kind of a fact.
            pub fn of(fact: &Fact) -> Self {
                match fact {
                    $($pattern => Self::$name,)*
                }
            }

            /// The name used in filters and in JSON.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    ChannelPut = 0, "channel_put", Fact::ChannelPut(_),
    LocationPut = 1, "location_put", Fact::LocationPut(_),
    ItemPut = 2, "item_put", Fact::ItemPut(_),
    ItemMapped = 3, "item_mapped", Fact::ItemMapped { .. },
    LocationMapped = 4, "location_mapped", Fact::LocationMapped { .. },
    SafetySet = 5, "safety_set", Fact::SafetySet { .. },
    BufferSet = 6, "buffer_set", Fact::BufferSet { .. },
    CustomerPut = 7, "customer_put", Fact::CustomerPut(_),
    Delivered = 8, "delivered", Fact::Delivered { .. },
    Noticed = 9, "noticed", Fact::Noticed { .. },
    NoticeDone = 10, "notice_done", Fact::NoticeDone { .. },
    CursorMoved = 11, "cursor_moved", Fact::CursorMoved { .. },
    OrderPut = 12, "order_put", Fact::OrderPut(_),
    Moved = 13, "moved", Fact::Moved(_),
    Returned = 14, "returned", Fact::Returned(_),
    Counted = 15, "counted", Fact::Counted(_),
    KeyUsed = 16, "key_used", Fact::KeyUsed { .. },
    Reserved = 17, "reserved", Fact::Reserved(_),
    Extended = 18, "extended", Fact::Extended { .. },
    Committed = 19, "committed", Fact::Committed { .. },
    Released = 20, "released", Fact::Released { .. },
    Expired = 21, "expired", Fact::Expired { .. },
    Shorted = 22, "shorted", Fact::Shorted(_),
    Oversold = 23, "oversold", Fact::Oversold(_),
    LevelRead = 24, "level_read", Fact::LevelRead(_),
    Held = 25, "held", Fact::Held(_),
    Unblocked = 26, "unblocked", Fact::Unblocked { .. },
    WritesIntended = 27, "writes_intended", Fact::WritesIntended(_),
    WritesSettled = 28, "writes_settled", Fact::WritesSettled(_),
    Quarantined = 29, "quarantined", Fact::Quarantined(_),
    QuarantineClosed = 30, "quarantine_closed", Fact::QuarantineClosed { .. },
    TransferPut = 31, "transfer_put", Fact::TransferPut(_),
    Decided = 32, "decided", Fact::Decided(_),
    MappingUnclear = 33, "mapping_unclear", Fact::MappingUnclear { .. },
    Listed = 34, "listed", Fact::Listed { .. },
    ListingUnblocked = 35, "listing_unblocked", Fact::ListingUnblocked { .. },
    OrderReopened = 36, "order_reopened", Fact::OrderReopened { .. },
    Instructed = 37, "instructed", Fact::Instructed(_),
    InstructionSent = 38, "instruction_sent", Fact::InstructionSent(_),
    InstructionSettled = 39, "instruction_settled", Fact::InstructionSettled { .. },
    LocationUnclear = 40, "location_unclear", Fact::LocationUnclear { .. },
    LocationGone = 41, "location_gone", Fact::LocationGone { .. },
    QuestionDismissed = 42, "question_dismissed", Fact::QuestionDismissed { .. },
    QuestionReopened = 43, "question_reopened", Fact::QuestionReopened { .. },
    CustomersLinked = 44, "customers_linked", Fact::CustomersLinked { .. },
    CustomersUnlinked = 45, "customers_unlinked", Fact::CustomersUnlinked { .. },
    ReturnPutRight = 46, "return_put_right", Fact::ReturnPutRight(_),
    Categorised = 47, "categorised", Fact::Categorised { .. },
    PolicyPut = 48, "policy_put", Fact::PolicyPut(_),
    BrakePut = 49, "brake_put", Fact::BrakePut(_),
    BrakeLifted = 50, "brake_lifted", Fact::BrakeLifted { .. },
    Proposed = 51, "proposed", Fact::Proposed(_),
    Answered = 52, "answered", Fact::Answered { .. },
    Acted = 53, "acted", Fact::Acted { .. },
    ActsUndone = 54, "acts_undone", Fact::ActsUndone { .. },
    Snoozed = 55, "snoozed", Fact::Snoozed { .. },
    Erased = 56, "erased", Fact::Erased(_),
}

impl FactKind {
    /// Reads what [`name`](Self::name) gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The number in the tables.
    pub(crate) fn number(self) -> i64 {
        self as i64
    }
}

impl Serialize for FactKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
