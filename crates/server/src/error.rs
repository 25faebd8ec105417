//! Why something could not be read from the hub: what the doors' shared readers answer with.

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The hub.
    #[error(transparent)]
    Flow(#[from] flow::FlowError),
    /// The tables.
    #[error(transparent)]
    Views(#[from] views::ViewsError),
    /// The tables' thread.
    #[error("the tables were read by a thread that ended")]
    Thread,
}
