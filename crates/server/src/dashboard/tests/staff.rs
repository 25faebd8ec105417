//! Samples of the pages about people, keys and one's own account.

use access::{Change, KeyKind, KeyRecord, NewKey, Person, PersonId, Role, Scope};
use jiff::tz::TimeZone;
use model::Instant;

use super::samples::{Size, text};
use crate::dashboard::account::AccountPage;
use crate::dashboard::keys::KeysPage;
use crate::dashboard::staff::{PeopleMayPage, ToldOncePage};

const NOW: Instant = Instant(1_764_000_000_000);

fn count(size: Size) -> i64 {
    match size {
        Size::Empty => 0,
        Size::Ordinary => 3,
        Size::Extreme => 500,
    }
}

fn person(size: Size, id: i64) -> Person {
    Person {
        id: PersonId(id),
        name: text(size, "ann"),
        roles: [Role::Clerk, Role::Auditor].into(),
        stores: [text(size, "High Street")].into(),
        channels: [text(size, "web")].into(),
        must_change: id == 0,
        disabled: id == 1,
        second_factor: id == 2,
        created_ms: NOW.0,
        signed_in_ms: (id > 0).then_some(NOW.0),
    }
}

pub(super) fn people(size: Size) -> PeopleMayPage {
    let change = |number| Change {
        number,
        at_ms: NOW.0,
        by: text(size, "root"),
        what: "person added".to_owned(),
        about: text(size, "ann"),
        detail: text(size, "roles: clerk"),
    };
    PeopleMayPage {
        now: NOW,
        zone: TimeZone::UTC,
        people: (0..count(size)).map(|id| person(size, id)).collect(),
        changes: (0..count(size)).map(change).collect(),
        stores: vec![text(size, "High Street")],
    }
}

pub(super) fn keys(size: Size) -> KeysPage {
    let key = |number: i64| KeyRecord {
        made: NewKey {
            name: text(size, "counter"),
            kind: if number == 0 { KeyKind::Agent } else { KeyKind::Service },
            purpose: text(size, "the night's counts"),
            scopes: Scope::ALL.into(),
            endpoints: [text(size, "POST /v1/counts")].into(),
            stores: [text(size, "High Street")].into(),
            channels: [text(size, "web")].into(),
            per_minute: 60,
            expires_ms: (number > 0).then_some(NOW.0 + 1),
        },
        shown: "lk_abcdef".to_owned(),
        created_ms: NOW.0,
        used_ms: None,
        old_until_ms: 0,
        revoked_ms: (number == 1).then_some(NOW.0),
    };
    KeysPage {
        now: NOW,
        zone: TimeZone::UTC,
        keys: (0..count(size)).map(key).collect(),
        configured: vec![(text(size, "demo"), Scope::ALL.to_vec())],
    }
}

pub(super) fn account(size: Size) -> AccountPage {
    AccountPage { person: person(size, count(size).min(2)), sessions: 1, codes: 10 }
}

pub(super) fn told_once(size: Size) -> ToldOncePage {
    ToldOncePage { title: text(size, "Key"), secrets: vec![text(size, "lk_x")], says: "Keep it.", back: "/keys" }
}
