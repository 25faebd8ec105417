//! Who did it: a channel's people, a person or program at one of our doors, or the system itself.

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::{Agent, ChannelId, Note};

/// The author of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Something happened on a platform and was heard through its channel.
    #[n(0)]
    Channel(#[n(0)] ChannelId),
    /// A caller of the API, by the name of its key.
    #[n(1)]
    Key(#[n(0)] Note),
    /// A timer, dispatch, or start-up.
    #[n(2)]
    System,
    /// Whoever runs the configuration file or the command line.
    #[n(3)]
    Operator,
    /// A person who signed in, by their name.
    #[n(4)]
    Person(#[n(0)] Note),
    /// An agent.
    #[n(5)]
    Agent {
        /// Which.
        #[n(0)]
        agent: Agent,
        /// The key or person it acts for, when it is a program at our door.
        #[n(1)]
        through: Option<Note>,
    },
}
