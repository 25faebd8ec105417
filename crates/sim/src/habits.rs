//! How goods come and go inside each platform, as data: what the traffic may draw and how the toy counts it.
//!
//! This is what the emulated platforms do, not what the hub makes of it. It knows neither.

use model::Platform as Dictionary;

/// When the goods of a web order leave the platform's count of what lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// With the order.
    WhenPlaced,
    /// When they are handed over.
    WhenHandedOver,
}

/// How an open web order may be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// To any quantity.
    Any,
    /// To less only: whether an order that is paid in part was once paid whole cannot be told from its document.
    Less,
    /// Not at all.
    Never,
}

/// What people can do inside a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// Whether it has tills.
    pub tills: bool,
    /// Whether it has a web shop.
    pub web: bool,
    /// When a web order's goods leave.
    pub leave: Leave,
    /// How an open web order is edited.
    pub edit: Edit,
    /// Whether counts and sales are put in the order of their dates: a sale before a count was in the count, whenever
    /// it is uploaded.
    pub dated: bool,
    /// Whether its numbers may lie below zero.
    pub below_zero: bool,
    /// Whether its people move goods between places with a document.
    pub transfers: bool,
    /// Whether its news are signed, so that one that was cut off on its way is refused and sent again.
    pub signs: bool,
    /// Whether nothing but its status tells that an order was picked up, so that a refund covers it.
    pub status_only: bool,
}

/// The habits of a platform.
pub fn habits(platform: Dictionary) -> Habits {
    let till = Habits {
        tills: true,
        web: false,
        leave: Leave::WhenHandedOver,
        edit: Edit::Never,
        dated: false,
        below_zero: true,
        transfers: false,
        signs: true,
        status_only: false,
    };
    match platform {
        Dictionary::Shopify => Habits { web: true, edit: Edit::Any, ..till },
        Dictionary::Square => Habits { web: true, leave: Leave::WhenPlaced, edit: Edit::Less, dated: true, ..till },
        Dictionary::Clover => Habits { signs: false, ..till },
        Dictionary::BigCommerce => {
            Habits { tills: false, web: true, edit: Edit::Any, below_zero: false, status_only: true, ..till }
        }
        Dictionary::LightspeedX => Habits { web: true, transfers: true, ..till },
        Dictionary::LightspeedR => Habits { transfers: true, ..till },
    }
}
