//! What a key may do, by the names that stand in configurations: a contract. A role is a handful of them.

/// What a key may do. Nothing is allowed that is not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read stock, availability, positions, facts about stock.
    StockRead,
    /// Adjust, count, receive, transfer, decide.
    StockWrite,
    /// Read orders.
    OrdersRead,
    /// Reserve, extend, commit, release.
    ReservationsWrite,
    /// Read channels, mappings, quarantine.
    OperationsRead,
    /// Change mappings, drive quarantined inputs again, ask for readings.
    OperationsWrite,
    /// Tell channels to make orders, refunds, customers, transfers and purchase orders.
    DocumentsWrite,
    /// Read people's fields.
    PeopleRead,
    /// Read the feed of facts and the audit.
    AuditRead,
    /// Propose acts, as a program under the agents' policy.
    ProposalsWrite,
    /// Answer proposals, take back what was done, stop agents.
    ApprovalsWrite,
    /// Connect accounts, give them tokens, let the hub write to them, say who may come in.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 12] = [
        Self::StockRead,
        Self::StockWrite,
        Self::OrdersRead,
        Self::ReservationsWrite,
        Self::OperationsRead,
        Self::OperationsWrite,
        Self::DocumentsWrite,
        Self::PeopleRead,
        Self::AuditRead,
        Self::ProposalsWrite,
        Self::ApprovalsWrite,
        Self::Admin,
    ];

    /// The name used in configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::StockRead => "stock:read",
            Self::StockWrite => "stock:write",
            Self::OrdersRead => "orders:read",
            Self::ReservationsWrite => "reservations:write",
            Self::OperationsRead => "operations:read",
            Self::OperationsWrite => "operations:write",
            Self::DocumentsWrite => "documents:write",
            Self::PeopleRead => "people:read",
            Self::AuditRead => "audit:read",
            Self::ProposalsWrite => "proposals:write",
            Self::ApprovalsWrite => "approvals:write",
            Self::Admin => "admin",
        }
    }

    /// Whether an agent's key may have it: agents read and propose, and change nothing by themselves.
    pub fn is_for_agents(self) -> bool {
        self == Self::ProposalsWrite || self.name().ends_with(":read")
    }

    /// Reads what [`name`](Self::name) gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}
