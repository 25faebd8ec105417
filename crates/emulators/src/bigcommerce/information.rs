//! `/v2/store`, `/v2/time` and `/v3/channels`: what the store says of itself.
//!
//! Called by the routes.

use super::Store;
use super::clock::iso;
use super::wire::{Answer, Call, Page, Refused, Reply, merge, path_id};
use crate::machine::Millis;
use serde_json::{Value, json};

impl Store {
    /// Currency, time zone and the rest, as the store's settings page shows them.
    pub(super) fn store_information(&self, now: Millis) -> Value {
        let settings = &self.settings;
        let mut shown = json!({
            "id": settings.store_hash, "account_uuid": settings.account_uuid,
            "domain": "emulated-store.example.com", "secure_url": "https://emulated-store.example.com",
            "control_panel_base_url": "https://emulated-store.example.com", "status": "live",
            "name": settings.store_name, "first_name": "Store", "last_name": "Owner", "address": "1 High Street",
            "country": "United Kingdom", "country_code": "GB", "phone": "", "admin_email": "owner@example.com",
            "order_email": "owner@example.com", "favicon_url": "",
            "timezone": {
                "name": settings.zone, "raw_offset": offset(&settings.zone, now),
                "dst_offset": offset(&settings.zone, now), "dst_correction": false,
                "date_format": {"display": "M jS Y", "export": "M jS Y", "extended_display": "M jS Y @ g:i A"},
            },
        });
        merge(
            &mut shown,
            json!({
                "language": "en", "currency": settings.currency, "currency_symbol": settings.currency,
                "decimal_separator": ".", "thousands_separator": ",", "decimal_places": settings.places(),
                "currency_symbol_location": "left", "weight_units": "KGS", "dimension_units": "Centimeters",
                "dimension_decimal_places": 2, "dimension_decimal_token": ".", "dimension_thousands_token": ",",
                "plan_name": "Standard", "plan_level": "Standard", "plan_is_trial": false, "industry": "Retail",
                "logo": {"url": ""}, "is_price_entered_with_tax": settings.tax_inclusive,
                "store_id": settings.store_id.parse::<u64>().unwrap_or(0), "default_site_id": 1000,
                "default_channel_id": 1, "active_comparison_modules": [],
                "features": {
                    "stencil_enabled": true, "sitewidehttps_enabled": false, "facebook_catalog_id": "",
                    "checkout_type": "optimized", "wishlists_enabled": true, "graphql_storefront_api_enabled": true,
                    "multi_storefront_enabled": true, "shopper_consent_tracking_enabled": false,
                    "storefront_limits": {"active": 1, "total_including_inactive": 1},
                },
            }),
        );
        shown
    }

    /// `channels`: the store's own storefront is the only one.
    pub(super) fn route_channels(&self, method: &str, rest: &[&str], call: &Call) -> Answer {
        match (method, rest) {
            ("GET", []) => {
                let page = Page::read(&call.query, 250)?;
                let all = [self.channel()];
                Ok(page.reply(page.cut(&all), 1, &call.query))
            }
            ("GET", [id]) if path_id(id)? == 1 => {
                let mut shown = self.channel();
                if call.query.list("include").is_some_and(|included| included.contains(&"currencies")) {
                    let currency = &self.settings.currency;
                    shown["currencies"] =
                        json!({"channel_id": 1, "enabled_currencies": [currency], "default_currency": currency});
                }
                Ok(Reply::data(shown))
            }
            _ => Err(Refused::not_found()),
        }
    }

    fn channel(&self) -> Value {
        json!({
            "id": 1, "external_id": "", "is_listable_from_ui": true, "is_enabled": true, "is_visible": true,
            "status": "active", "name": self.settings.store_name, "type": "storefront", "platform": "bigcommerce",
            "date_created": iso(0), "date_modified": iso(0), "icon_url": "",
        })
    }
}

/// Seconds east of UTC in the store's zone at this moment; zero for a zone that is not known.
fn offset(zone: &str, now: Millis) -> i32 {
    let zone = jiff::tz::TimeZone::get(zone);
    let at = jiff::Timestamp::from_millisecond(now);
    zone.ok().zip(at.ok()).map_or(0, |(zone, at)| zone.to_offset(at).seconds())
}
