//! Products and customers, through the API and in the back office.

use super::{Bench, text};
use crate::lightspeed_x::Settings;
use crate::machine::Machine;
use serde_json::{Value, json};

#[test]
fn a_product_is_created_with_stock_and_answers_its_id_in_a_list() {
    let mut bench = Bench::stocked("1");
    let place = bench.outlet("Harbour");
    let body = json!({"name": "Pot", "sku": "POT", "price_including_tax": 24, "supply_price": 9.5,
        "product_codes": [{"type": "EAN", "code": "5012345678900"}, {"type": "CUSTOM", "code": "POT"}],
        "inventory": [{"outlet_id": place, "current_amount": 5}]});
    let (status, made) = bench.call("POST", "products", body);
    assert_eq!((status, made["data"].as_array().map(Vec::len)), (200, Some(1)));
    let id = text(&made["data"][0]);
    let shown = bench.get(&format!("products/{id}"))["data"].clone();
    assert_eq!((&shown["price_including_tax"], &shown["price_excluding_tax"]), (&json!(24), &json!(20)));
    assert_eq!(shown["product_codes"].as_array().map(Vec::len), Some(2));
    assert_eq!((bench.level("POT", "Harbour"), bench.level("POT", "High Street")), ("5".into(), "0".into()));
    assert_eq!(bench.topics(), ["product.update", "inventory.update"]);
    assert_eq!(bench.get("products?sku=5012345678900")["data"][0]["id"], shown["id"]);
}

#[test]
fn prices_are_set_in_the_way_of_the_store_and_never_in_both() {
    let mut bench = Bench::open();
    let mug = bench.product("MUG");
    let put = |details: Value| json!({ "details": details });
    let path = format!("products/{mug}");
    let both = put(json!({"price_including_tax": 12, "price_excluding_tax": 10}));
    assert_eq!(bench.refused("PUT", &path, both), 422);
    assert_eq!(bench.refused("PUT", &path, put(json!({"price_excluding_tax": 10}))), 422);
    bench.ok("PUT", &path, put(json!({"price_including_tax": 13.5})));
    let listing = bench.shop.books().listings.into_iter().find(|one| one.sku == "MUG").expect("the listing");
    assert_eq!(listing.price_minor, 1_350);
    assert_eq!(bench.refused("PUT", "products/8b3f1f2e-7c51-11ef-e0f6-5a3d7c9d1e10", put(json!({}))), 404);

    let mut bench = Bench::empty(Settings { tax_inclusive: false, ..Settings::example() });
    bench.act(json!({"act": "put_item", "sku": "MUG", "title": "Mug", "price_minor": 1_000}));
    let path = format!("products/{}", bench.product("MUG"));
    assert_eq!(bench.refused("PUT", &path, put(json!({"price_including_tax": 12}))), 422);
    let shown = bench.ok("PUT", &path, put(json!({"price_excluding_tax": 11})));
    assert_eq!(
        (&shown["data"]["price_including_tax"], &shown["data"]["price_excluding_tax"]),
        (&Value::Null, &json!(11))
    );
}

#[test]
fn variants_of_one_product_share_a_family() {
    let mut bench = Bench::open();
    for colour in ["Blue", "Red"] {
        let sku = format!("CUP-{colour}");
        bench.act(json!({"act": "put_item", "sku": sku, "title": colour, "product": "Cup", "option": colour}));
    }
    let first = bench.get("products?sku=CUP-Blue")["data"][0].clone();
    let second = bench.get("products?sku=CUP-Red")["data"][0].clone();
    assert_eq!((&first["has_variants"], &first["variant_parent_id"]), (&json!(true), &Value::Null));
    assert_eq!((&second["variant_parent_id"], &second["family_id"]), (&first["id"], &first["id"]));
    assert_eq!((&second["name"], &second["variant_name"]), (&json!("Cup"), &json!("Cup / Red")));
    assert_eq!(bench.get("products?family_name=Cup")["data"].as_array().map(Vec::len), Some(2));
    let rows = bench.ok("POST", "inventory", json!({"product_id": first["id"], "variants": true}));
    assert_eq!(rows.as_array().map(Vec::len), Some(4));
}

#[test]
fn a_family_is_created_in_one_call() {
    let mut bench = Bench::open();
    let variant = |sku: &str, value: &str| json!({"sku": sku, "price_including_tax": 6, "variant_definitions": [{"name": "Size", "value": value}]});
    let body = json!({"name": "Bowl", "variants": [variant("BOWL-S", "S"), variant("BOWL-L", "L")]});
    let ids = bench.ok("POST", "products", body)["data"].clone();
    let large = bench.get(&format!("products/{}", text(&ids[1])))["data"].clone();
    assert_eq!((&large["variant_name"], &large["variant_parent_id"]), (&json!("Bowl / L"), &ids[0]));
}

#[test]
fn an_item_is_changed_by_its_sku_unless_a_second_one_is_forced() {
    let mut bench = Bench::stocked("3");
    let item =
        json!({"act": "put_item", "sku": "MUG", "title": "Big mug", "price_minor": 1_500, "barcode": "5012345678900"});
    bench.act(item.clone());
    assert_eq!(bench.topics(), ["product.update"]);
    let told = bench.last("product.update");
    assert_eq!((&told["name"], &told["price_book_entries"][0]["price"]), (&json!("Big mug"), &json!(12.5)));
    assert_eq!(bench.level("MUG", "Harbour"), "3");
    let mut second = item;
    second["force_new"] = json!(true);
    bench.act(second);
    assert_eq!(bench.get("products?sku=MUG")["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(bench.shop.books().listings.iter().filter(|one| one.sku == "MUG").count(), 2);
}

#[test]
fn what_is_no_longer_counted_has_no_level() {
    let mut bench = Bench::stocked("3");
    bench.act(json!({"act": "put_item", "sku": "MUG", "title": "Mug", "tracked": false}));
    assert!(bench.shop.books().levels.iter().all(|level| level.sku == "TEA"));
    bench.act(json!({"act": "put_item", "sku": "MUG", "title": "Mug"}));
    assert_eq!(bench.level("MUG", "Harbour"), "0");
}

#[test]
fn a_product_is_deleted_through_the_api() {
    let mut bench = Bench::stocked("3");
    let mug = bench.product("MUG");
    bench.ok("DELETE", &format!("products/{mug}"), Value::Null);
    assert_eq!(bench.last("product.update")["deleted_at"], "2026-11-23 09:15:01");
    assert_eq!(bench.refused("DELETE", &format!("products/{mug}"), Value::Null), 404);
    assert!(bench.try_act(super::till_sale("S1", &[("MUG", "1")])).is_err());
}

#[test]
fn customers_are_created_changed_found_and_deleted() {
    let mut bench = Bench::stocked("3");
    let body = json!({"first_name": "Ana", "last_name": "Lopes", "email": "Ana@Example.com", "customer_code": "ANA-1", "physical_city": "Porto"});
    let (status, made) = bench.call("POST", "customers", body.clone());
    assert_eq!(status, 201, "{made}");
    let path = format!("customers/{}", text(&made["data"]["id"]));
    assert_eq!(bench.refused("POST", "customers", body), 422);
    assert_eq!(bench.refused("POST", "customers", json!({"first_name": "Bo"})), 422);
    assert_eq!(bench.refused("PUT", &path, json!({"email": 5})), 400);
    bench.ok("PUT", &path, json!({"first_name": "Ana", "last_name": "Lopes", "mobile": "+351900000000"}));
    for filter in ["email=ana%40example.com", "mobile=%2B351900000000", "code=ANA-1"] {
        assert_eq!(bench.get(&format!("customers?{filter}"))["data"][0]["physical_city"], "Porto", "{filter}");
    }
    assert_eq!(bench.topics(), ["customer.update", "customer.update"]);
    assert_eq!(bench.call("DELETE", &path, Value::Null), (204, Value::Null));
    let gone = bench.get(&path)["data"].clone();
    assert_eq!((&gone["email"], &gone["last_name"]), (&json!(""), &json!("")));
    assert_eq!(gone["deleted_at"], "2026-11-23T09:15:01+00:00");
    assert_eq!(bench.get("customers?email=ana%40example.com")["data"], json!([]));
    assert_eq!(bench.get("customers")["data"], json!([]));
    assert_eq!(bench.get("customers?deleted=true")["data"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_back_office_enters_and_erases_people_but_cannot_merge_them() {
    let mut bench = Bench::stocked("3");
    let customer = json!({"reference": "C1", "given_name": "Ana", "email": "ana@example.com"});
    let told = bench.act(json!({"act": "put_customer", "customer": customer}));
    bench.act(json!({"act": "put_customer", "customer": customer}));
    assert_eq!(bench.topics(), ["customer.update"]);
    assert_eq!(bench.last("customer.update")["customer_code"], "C1");
    let merge = json!({"act": "merge_customers", "into": "C1", "from": "C2"});
    assert!(bench.try_act(merge).expect_err("no merge").contains("merged"));
    bench.act(json!({"act": "erase_customer", "reference": "C1"}));
    let told_last = bench.last("customer.update");
    assert_eq!((&told_last["id"], &told_last["email"]), (&told["customer_id"], &json!("")));
    assert_eq!(told_last["deleted_at"], "2026-11-23 09:15:01");
    assert!(bench.try_act(json!({"act": "erase_customer", "reference": "C1"})).is_err());
}
