//! The kinds of consignments and the steps that each may take.
//!
//! Asked by the rest of the folder; it moves nothing itself.

/// What a consignment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An order from a supplier.
    Supplier,
    /// A transfer between outlets.
    Outlet,
    /// A count.
    Stocktake,
    /// A return to a supplier.
    Return,
}

/// Where a consignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Being written.
    Open,
    /// On its way.
    Sent,
    /// Being unpacked.
    Dispatched,
    /// Arrived.
    Received,
    /// A count that is planned.
    Scheduled,
    /// A count under way.
    Counting,
    /// A count under way whose counts are worked in.
    Processed,
    /// A count that is done.
    Complete,
    /// A count that was put away.
    Closed,
    /// Called off.
    Cancelled,
}

const KINDS: [(Kind, &str); 4] =
    [(Kind::Supplier, "SUPPLIER"), (Kind::Outlet, "OUTLET"), (Kind::Stocktake, "STOCKTAKE"), (Kind::Return, "RETURN")];

const STATUSES: [(Status, &str); 10] = [
    (Status::Open, "OPEN"),
    (Status::Sent, "SENT"),
    (Status::Dispatched, "DISPATCHED"),
    (Status::Received, "RECEIVED"),
    (Status::Scheduled, "STOCKTAKE_SCHEDULED"),
    (Status::Counting, "STOCKTAKE_IN_PROGRESS"),
    (Status::Processed, "STOCKTAKE_IN_PROGRESS_PROCESSED"),
    (Status::Complete, "STOCKTAKE_COMPLETE"),
    (Status::Closed, "CLOSED"),
    (Status::Cancelled, "CANCELLED"),
];

impl Kind {
    /// Reads the vendor's word.
    pub fn read(text: &str) -> Option<Self> {
        KINDS.iter().find(|(_, name)| *name == text).map(|(kind, _)| *kind)
    }

    /// The vendor's word.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("SUPPLIER", |(_, name)| *name)
    }

    /// The scope that changes it.
    pub fn scope(self) -> &'static str {
        match self {
            Self::Supplier | Self::Return => "consignments:write:stock_order",
            Self::Outlet => "consignments:write:stock_transfer",
            Self::Stocktake => "consignments:write:inventory_count",
        }
    }

    /// Where it begins when nothing else is said.
    pub fn first(self) -> Status {
        if self == Self::Stocktake { Status::Scheduled } else { Status::Open }
    }

    /// Whether it may be created like this: nothing begins on arrival.
    pub fn may_begin(self, status: Status) -> bool {
        match self {
            Self::Stocktake => matches!(status, Status::Scheduled | Status::Counting),
            Self::Supplier | Self::Outlet | Self::Return => matches!(status, Status::Open | Status::Sent),
        }
    }
}

impl Status {
    /// Reads the vendor's word; `STOCKTAKE` is another one for a planned count.
    pub fn read(text: &str) -> Option<Self> {
        if text == "STOCKTAKE" {
            return Some(Self::Scheduled);
        }
        STATUSES.iter().find(|(_, name)| *name == text).map(|(status, _)| *status)
    }

    /// The vendor's word.
    pub fn name(self) -> &'static str {
        STATUSES.iter().find(|(status, _)| *status == self).map_or("OPEN", |(_, name)| *name)
    }

    /// Whether nothing more may happen to it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Received | Self::Complete | Self::Closed | Self::Cancelled)
    }

    /// Whether goods of this kind have left their outlet.
    pub fn has_left(self, kind: Kind) -> bool {
        match kind {
            Kind::Outlet => matches!(self, Self::Sent | Self::Dispatched | Self::Received),
            Kind::Return => self == Self::Sent,
            Kind::Supplier | Kind::Stocktake => false,
        }
    }

    /// Whether a consignment of this kind may go from here to there.
    pub fn may_become(self, next: Self, kind: Kind) -> bool {
        if self == next {
            return true;
        }
        if self.is_final() {
            return false;
        }
        match kind {
            Kind::Supplier => matches!(
                (self, next),
                (Self::Open, Self::Sent)
                    | (Self::Sent, Self::Dispatched)
                    | (Self::Dispatched, Self::Received)
                    | (_, Self::Cancelled)
            ),
            Kind::Outlet => {
                matches!((self, next), (Self::Open, Self::Sent) | (Self::Sent, Self::Received | Self::Cancelled))
            }
            Kind::Return => matches!((self, next), (Self::Open, Self::Sent | Self::Cancelled)),
            Kind::Stocktake => matches!(
                (self, next),
                (Self::Scheduled, Self::Counting)
                    | (Self::Counting, Self::Processed)
                    | (Self::Counting | Self::Processed, Self::Complete)
                    | (_, Self::Cancelled | Self::Closed)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps that the vendor lists, and no others.
    #[test]
    fn every_kind_takes_its_own_steps_and_no_others() {
        let allowed = |kind: Kind| {
            let all = STATUSES.iter().flat_map(|(from, _)| STATUSES.iter().map(move |(to, _)| (*from, *to)));
            let steps = all.filter(|(from, to)| from != to && from.may_become(*to, kind));
            steps
                .filter(|(from, _)| kind == Kind::Stocktake || !is_count(*from))
                .filter(|(_, to)| *to != Status::Cancelled)
                .map(|(from, to)| format!("{}>{}", from.name(), to.name()))
                .collect::<Vec<_>>()
        };
        assert_eq!(allowed(Kind::Supplier), ["OPEN>SENT", "SENT>DISPATCHED", "DISPATCHED>RECEIVED"]);
        assert_eq!(allowed(Kind::Outlet), ["OPEN>SENT", "SENT>RECEIVED"]);
        assert_eq!(allowed(Kind::Return), ["OPEN>SENT"]);
        assert!(!Status::Received.may_become(Status::Cancelled, Kind::Supplier));
        assert!(!Status::Open.may_become(Status::Cancelled, Kind::Outlet));
        assert!(Status::Counting.may_become(Status::Cancelled, Kind::Stocktake));
    }

    fn is_count(status: Status) -> bool {
        matches!(status, Status::Scheduled | Status::Counting | Status::Processed | Status::Complete)
    }
}
