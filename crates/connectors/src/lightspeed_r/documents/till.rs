//! Where a sale is rung up, and by whom: the platform takes no sale without a register and an employee.
//!
//! Used by `order` and `refund`. It takes the first of each that could serve, because the hub is neither.

use super::rows::{List, all, flag, id, text};
use super::{Desk, refused};
use crate::lightspeed_r::requests::ids;
use crate::lightspeed_r::tape::Pause;

const REGISTERS: List = List { path: "Register", member: "Register", scope: "employee:register_read" };
const EMPLOYEES: List = List { path: "Employee", member: "Employee", scope: "of any employee" };

/// The first register of a shop.
///
/// # Errors
/// When it is still to be read, or the shop has none.
pub(super) fn register(shop: &str, desk: &mut Desk<'_>) -> Result<String, Pause> {
    let filter = ids("shopID", std::iter::once(shop))?;
    let rows = all(REGISTERS, &format!("{filter}&sort=registerID"), desk)?;
    let open = rows.iter().find(|row| !flag(row, "archived"));
    id(open.ok_or_else(|| refused("the shop has no register on which it could be rung up"))?, "registerID")
}

/// The first employee who may log in.
///
/// # Errors
/// When they are still to be read, or there is none.
pub(super) fn employee(desk: &mut Desk<'_>) -> Result<String, Pause> {
    let rows = all(EMPLOYEES, "sort=employeeID", desk)?;
    let may = rows.iter().find(|row| !flag(row, "archived") && !flag(row, "lockOut"));
    id(may.ok_or_else(|| refused("the account has no employee who could ring it up"))?, "employeeID")
}

/// The employee of a sale, or else the first one.
///
/// # Errors
/// As for [`employee`].
pub(super) fn employee_of(sale: &serde_json::Value, desk: &mut Desk<'_>) -> Result<String, Pause> {
    match text(sale, "employeeID").as_str() {
        "" | "0" => employee(desk),
        known => Ok(known.to_owned()),
    }
}
