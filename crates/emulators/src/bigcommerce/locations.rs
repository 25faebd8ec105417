//! Places that hold stock. Location 1 is the default and is always there.
//!
//! Asked by stock, orders and acts; serves `/v3/inventory/locations`.

use super::Store;
use super::clock::iso;
use super::draw;
use super::settings::Settings;
use super::wire::{Answer, Call, Page, Refused, Reply, batch, text};
use crate::machine::{Millis, World};
use serde_json::{Map, Value, json};

/// Locations in one call; the vendor names no limit, so it is that of the other small batches.
const BATCH_MAX: usize = 50;

/// One location.
#[derive(Debug)]
pub struct Location {
    /// From 1.
    pub id: u64,
    /// Unique, for example `BC-LOCATION-1`.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// False when it takes no part in selling.
    pub enabled: bool,
    zone: String,
    created_at: Millis,
    updated_at: Millis,
    /// What the API was given and the emulator only repeats: address, hours, description.
    extra: Map<String, Value>,
}

/// All locations; the index of one is its id less one.
#[derive(Debug)]
pub struct Locations {
    all: Vec<Location>,
    zone: String,
    /// False until the default location has been given its name.
    named: bool,
}

impl Locations {
    /// The default location alone.
    pub fn new(settings: &Settings) -> Self {
        let zone = settings.zone.clone();
        let mut locations = Self { all: Vec::new(), zone, named: false };
        locations.add("Default location", None, 0);
        locations
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// The location at this index.
    pub fn get(&self, index: usize) -> &Location {
        &self.all[index]
    }

    /// The index of an id.
    pub fn with_id(&self, id: u64) -> Option<usize> {
        let index = usize::try_from(id).ok()?.checked_sub(1)?;
        (index < self.all.len()).then_some(index)
    }

    /// The index of a code.
    pub fn with_code(&self, code: &str) -> Option<usize> {
        self.all.iter().position(|location| location.code == code)
    }

    /// The index of a name.
    ///
    /// # Errors
    /// A sentence, when there is none of this name.
    pub fn named(&self, name: &str) -> Result<usize, String> {
        let found = self.all.iter().position(|location| location.name == name);
        found.ok_or_else(|| format!("there is no location {name}"))
    }

    /// The first name that is put names the default location; later ones make new locations. Answers the index and
    /// what happened, if anything did.
    pub fn put(&mut self, name: &str, zone: Option<&str>, now: Millis) -> (usize, Option<&'static str>) {
        if let Ok(index) = self.named(name) {
            self.named = true;
            return (index, None);
        }
        if !self.named {
            self.named = true;
            let first = &mut self.all[0];
            first.name = name.to_owned();
            first.zone = zone.unwrap_or(&first.zone).to_owned();
            first.updated_at = now;
            return (0, Some("updated"));
        }
        (self.add(name, zone, now), Some("created"))
    }

    fn add(&mut self, name: &str, zone: Option<&str>, now: Millis) -> usize {
        let id = self.all.len() as u64 + 1;
        self.all.push(Location {
            id,
            code: format!("BC-LOCATION-{id}"),
            name: name.to_owned(),
            enabled: true,
            zone: zone.unwrap_or(&self.zone).to_owned(),
            created_at: now,
            updated_at: now,
            extra: Map::new(),
        });
        self.all.len() - 1
    }
}

impl Location {
    fn render(&self) -> Value {
        let mut shown = json!({
            "id": self.id,
            "code": self.code,
            "label": self.name,
            "description": "",
            "managed_by_external_source": false,
            "type_id": "PHYSICAL",
            "enabled": self.enabled,
            "time_zone": self.zone,
            "created_at": iso(self.created_at),
            "updated_at": iso(self.updated_at),
            "address": {
                "address1": "1 High Street", "address2": "", "city": "London", "state": "London", "zip": "EC1A 1AA",
                "email": "store@example.com", "phone": "",
                "geo_coordinates": {"latitude": 51.5, "longitude": -0.12}, "country_code": "GB",
            },
            "storefront_visibility": true,
            "special_hours": [],
        });
        for (name, value) in &self.extra {
            shown[name] = value.clone();
        }
        shown
    }

    /// As an order's pickup shows it.
    pub fn render_pickup(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "code": self.code, "address_line_1": "1 High Street",
            "address_line_2": "", "city": "London", "state": "London", "postal_code": "EC1A 1AA",
            "country_alpha2": "GB", "email": "store@example.com", "phone": "",
        })
    }

    fn write(&mut self, form: &Value, now: Millis) {
        let put = |field: &mut String, name: &str| {
            if let Some(value) = text(form, name) {
                value.clone_into(field);
            }
        };
        put(&mut self.code, "code");
        put(&mut self.name, "label");
        put(&mut self.zone, "time_zone");
        self.enabled = form["enabled"].as_bool().unwrap_or(self.enabled);
        for name in [
            "description",
            "managed_by_external_source",
            "type_id",
            "operating_hours",
            "address",
            "storefront_visibility",
            "special_hours",
        ] {
            if let Some(value) = form.get(name).filter(|value| !value.is_null()) {
                self.extra.insert(name.to_owned(), value.clone());
            }
        }
        self.updated_at = now;
    }
}

impl Store {
    /// `inventory/locations` itself.
    pub(super) fn route_locations(&mut self, method: &str, call: &Call, world: &mut World<'_>) -> Answer {
        match method {
            "GET" => self.list_locations(call),
            "POST" => self.create_locations(call, world),
            "PUT" => self.update_locations(call, world),
            _ => Err(Refused::not_found()),
        }
    }

    /// `pickup/methods`: one per location, with the location's number.
    pub(super) fn list_pickup_methods(&self, call: &Call) -> Answer {
        let page = Page::read(&call.query, 250)?;
        let ids = call.query.numbers("id:in")?;
        let wanted = |location: &&Location| ids.as_ref().is_none_or(|ids| ids.contains(&location.id));
        let found: Vec<&Location> = self.locations.all.iter().filter(wanted).collect();
        let method = |location: &Location| {
            json!({
                "id": location.id, "location_id": location.id, "display_name": format!("Pick up at {}", location.name),
                "collection_instructions": "", "collection_time_description": "",
                "created_at": iso(location.created_at), "updated_at": iso(location.updated_at),
            })
        };
        let data = page.cut(&found).into_iter().map(method).collect();
        Ok(page.reply(data, found.len(), &call.query))
    }

    fn list_locations(&self, call: &Call) -> Answer {
        let query = &call.query;
        let page = Page::read(query, 250)?;
        let (ids, codes) = (query.numbers("location_id:in")?, query.list("location_code:in"));
        let flag = |name: &str, value: bool| query.get(name).is_none_or(|asked| (asked == "true") == value);
        let found: Vec<&Location> = self
            .locations
            .all
            .iter()
            .filter(|location| ids.as_ref().is_none_or(|ids| ids.contains(&location.id)))
            .filter(|location| codes.as_ref().is_none_or(|codes| codes.contains(&location.code.as_str())))
            .filter(|location| flag("is_default", location.id == 1) && flag("is_active", location.enabled))
            .collect();
        let data = page.cut(&found).into_iter().map(Location::render).collect();
        Ok(page.reply(data, found.len(), query))
    }

    fn create_locations(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let forms = batch(&call.body, BATCH_MAX)?;
        for form in forms {
            for name in ["label", "code"] {
                text(form, name).filter(|value| !value.is_empty()).ok_or_else(|| missing(name))?;
            }
            if !form["address"].is_object() {
                return Err(missing("address"));
            }
            self.judge_code(form, None)?;
        }
        for form in forms {
            let index = self.locations.add("", None, world.now);
            self.locations.all[index].write(form, world.now);
            self.told_location(index, "created", world);
        }
        self.grow_stock();
        Ok(transaction(world))
    }

    fn update_locations(&mut self, call: &Call, world: &mut World<'_>) -> Answer {
        let forms = batch(&call.body, BATCH_MAX)?;
        let mut indices = Vec::with_capacity(forms.len());
        for form in forms {
            let index = form["id"].as_u64().and_then(|id| self.locations.with_id(id));
            let index = index.ok_or_else(|| Refused::problem("The location does not exist."))?;
            self.judge_code(form, Some(index))?;
            if index == 0 && form["enabled"] == json!(false) {
                return Err(Refused::problem("The default location cannot be disabled."));
            }
            indices.push(index);
        }
        for (index, form) in indices.into_iter().zip(forms) {
            self.locations.all[index].write(form, world.now);
            self.told_location(index, "updated", world);
        }
        Ok(transaction(world))
    }

    fn judge_code(&self, form: &Value, except: Option<usize>) -> Result<(), Refused> {
        let taken = text(form, "code").and_then(|code| self.locations.with_code(code));
        match taken {
            Some(index) if Some(index) != except => Err(Refused::problem("The location code is taken.")),
            _ => Ok(()),
        }
    }

    /// Tells of a location that is new or changed.
    pub(super) fn told_location(&mut self, index: usize, what: &str, world: &mut World<'_>) {
        let data = json!({"location_id": self.locations.get(index).id});
        self.hooks.emit(world, &format!("store/inventory/location/{what}"), data);
    }
}

/// What the inventory API answers to a write.
pub fn transaction(world: &mut World<'_>) -> Reply {
    Reply::ok(json!({"transaction_id": draw::hex(world.dice, 26)}))
}

fn missing(name: &str) -> Refused {
    let mut refused = Refused::problem("Payload contains invalid fields");
    refused.errors.insert(format!("location.0.{name}"), json!("This value should not be blank."));
    refused
}
