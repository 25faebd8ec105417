//! The stored format is a contract: what was written is read for ever, and what is written today is the same bytes.

mod stored {
    mod damage;
    mod examples;
    mod golden;
    mod governed;
    mod growth;
    mod kinds;
}
