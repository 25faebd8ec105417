//! What a person is in the business. What that allows stands in the rules, not here.

/// A role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Sees stock and how the channels are.
    Viewer,
    /// Works in a store: counts, adjusts, reserves there.
    Clerk,
    /// Runs a store: a clerk who sees customers' names too.
    Manager,
    /// Keeps all stores and channels in step.
    Ops,
    /// Says who may come in, connects accounts.
    Admin,
    /// Reads what happened and who did it; changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [Self::Viewer, Self::Clerk, Self::Manager, Self::Ops, Self::Admin, Self::Auditor];

    /// The name used in commands, files and rules.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Clerk => "clerk",
            Self::Manager => "manager",
            Self::Ops => "ops",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
        }
    }

    /// Reads what [`name`](Self::name) gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether the role is one of a store: without stores it changes nothing.
    pub fn of_a_store(self) -> bool {
        matches!(self, Self::Clerk | Self::Manager)
    }

    /// In words, for pages and help.
    pub fn says(self) -> &'static str {
        match self {
            Self::Viewer => "sees stock and how the channels are",
            Self::Clerk => "counts, adjusts and reserves in their stores, and sees orders",
            Self::Manager => "a clerk who sees customers' names too",
            Self::Ops => "changes stock everywhere, mappings, documents, quarantine",
            Self::Admin => "everything, and says who may come in",
            Self::Auditor => "reads everything but customers' names, and changes nothing",
        }
    }
}
