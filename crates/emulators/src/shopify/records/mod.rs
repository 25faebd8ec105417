//! What the shop keeps. Plain data with the sums that follow from it; who changes it is in `shop/`. Quantities are whole
//! units, money is minor units, times are milliseconds UTC.

mod goods;
mod order;

pub(super) use goods::{Address, Article, Customer, Level, Location, Note, Product, SET_ASIDE, Transfer};
pub(super) use order::{
    Fulfilment, FulfilmentLine, FulfilmentOrder, FulfilmentOrderLine, Line, Order, Refund, RefundCause, RefundLine,
    Restock, Source, Tracking,
};
