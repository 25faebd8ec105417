//! Words for questions about what is what. People are named by their platform's id alone.

use model::{CustomerAt, MappingQuestion};

use super::Names;

/// What is asked, as the end of a sentence.
pub(super) fn asked(names: &Names<'_>, question: &MappingQuestion) -> String {
    match question {
        MappingQuestion::Item { channel, external } => {
            format!("which item {external} on {} is", names.channel(*channel))
        }
        MappingQuestion::Location { channel, external } => {
            format!("which location {external} on {} is", names.channel(*channel))
        }
        MappingQuestion::SameCustomer { one, other } => {
            format!("whether {} are one person", pair(names, one, other))
        }
    }
}

/// Two customer records.
pub(super) fn pair(names: &Names<'_>, one: &CustomerAt, other: &CustomerAt) -> String {
    let record = |at: &CustomerAt| format!("customer {} of {}", at.customer, names.channel(at.channel));
    format!("{} and {}", record(one), record(other))
}
