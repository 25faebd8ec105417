//! Customers made and changed by the hub.

use serde_json::Value;

use super::{Change, Payload, Refused, UserError, text_of};
use crate::shopify::api::arguments::Arguments;
use crate::shopify::api::fields::address;
use crate::shopify::api::node::{Node, Out};
use crate::shopify::ids::Kind;
use crate::shopify::records::Address;
use crate::shopify::shop::{CustomerForm, Shop};

/// `customerCreate`. There is no key, but a shop has each e-mail address and telephone number once.
pub(super) fn make(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    write(change, None, arguments)
}

/// `customerUpdate`.
pub(super) fn change(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let id = arguments.0.get("input").map_or("", |input| text_of(input, "id"));
    let known = known(change.shop, id).ok_or_else(|| UserError::new(&["id"], "", "Customer does not exist"))?;
    write(change, Some(known), arguments)
}

/// `customerAddressCreate`.
pub(super) fn add_address(change: &mut Change<'_>, arguments: &Arguments) -> Result<Payload, Refused> {
    let customer = known(change.shop, arguments.text("customerId").unwrap_or(""));
    let customer = customer.ok_or_else(|| UserError::new(&["customerId"], "", "Customer does not exist"))?;
    let given = read(arguments.0.get("address").unwrap_or(&Value::Null));
    // The first one is the default one, whatever is said.
    let default = arguments.is_true("setAsDefault") || change.shop.customers[customer].addresses.is_empty();
    let made = change.shop.add_address(customer, given, default, change.now, change.happened);
    Ok(vec![("address", address(&made))])
}

fn write(change: &mut Change<'_>, known: Option<usize>, arguments: &Arguments) -> Result<Payload, Refused> {
    let input = arguments.0.get("input").unwrap_or(&Value::Null);
    let list = |name: &str| input.get(name).and_then(Value::as_array);
    let text = |name: &str| input.get(name).map(|value| value.as_str().unwrap_or_default().to_owned());
    let tags = |tags: &Vec<Value>| tags.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let form = CustomerForm {
        given_name: text("firstName"),
        family_name: text("lastName"),
        email: text("email"),
        phone: text("phone"),
        tags: list("tags").map(tags),
        addresses: list("addresses").map(|addresses| addresses.iter().map(read).collect()),
    };
    let written = change.shop.write_customer(known, form, change.now, change.happened);
    let customer = written.map_err(|(field, why)| match field {
        "" => UserError::new(&[], "", why),
        field => UserError::new(&[field], "", why),
    })?;
    Ok(vec![("customer", Out::Node(Node::Customer(customer)))])
}

fn known(shop: &Shop, id: &str) -> Option<usize> {
    let index = shop.ids.home_of_gid(Kind::Customer, id).map(|[index, ..]| index)?;
    (!shop.customers[index].gone).then_some(index)
}

fn read(input: &Value) -> Address {
    let text = |name| text_of(input, name).to_owned();
    Address {
        id: 0,
        address1: text("address1"),
        address2: text("address2"),
        zip: text("zip"),
        city: text("city"),
        country: text("countryCode"),
    }
}
