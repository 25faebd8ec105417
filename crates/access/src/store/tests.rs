//! People, sessions and keys over their whole life, and what a reader of the file finds.

use super::*;
use crate::{Role, Scope, SystemDice, Totp};

const DAY: i64 = 86_400_000;
const NOW: i64 = 1_795_514_400_000;

fn store() -> Store {
    Store::in_memory(Seal::of_master(&[3; 32]), Arc::new(SystemDice)).expect("a store")
}

fn new(name: &str, role: Role) -> NewPerson {
    NewPerson { name: name.into(), roles: [role].into(), ..NewPerson::default() }
}

fn typed(name: &str, password: &str, number: &str) -> SignIn {
    SignIn { name: name.into(), password: password.into(), number: number.into() }
}

#[test]
fn a_person_signs_in_with_the_password_made_for_them_and_must_replace_it() {
    let store = store();
    assert!(!store.has_people().expect("read"));
    let (ann, password) = store.add_person(&new("Ann", Role::Admin), "command line", NOW).expect("added");
    assert!(ann.must_change && store.has_people().expect("read"));
    let signed = store.sign_in(&typed("ann", &password, ""), NOW + 5).expect("read").expect("let in");
    assert_eq!((signed.name.as_str(), signed.signed_in_ms), ("Ann", Some(NOW + 5)));
    store.set_password("Ann", "three blind mice", "Ann", NOW).expect("changed");
    assert!(store.sign_in(&typed("Ann", &password, ""), NOW).expect("read").is_none());
    let signed = store.sign_in(&typed("Ann", "three blind mice", ""), NOW).expect("read").expect("let in");
    assert!(!signed.must_change);
}

#[test]
fn the_same_answer_for_an_unknown_name_a_wrong_password_and_somebody_kept_out() {
    let store = store();
    store.add_person(&new("root", Role::Admin), "x", NOW).expect("added");
    let (_, password) = store.add_person(&new("bob", Role::Clerk), "x", NOW).expect("added");
    store.set_disabled("bob", true, "x", NOW).expect("disabled");
    for attempt in [typed("nobody", "x", ""), typed("root", "x", ""), typed("bob", &password, "")] {
        assert_eq!(store.sign_in(&attempt, NOW).expect("read"), None, "{}", attempt.name);
    }
}

#[test]
fn a_second_factor_is_asked_for_once_confirmed_and_each_number_and_code_opens_once() {
    let store = store();
    let (_, password) = store.add_person(&new("ann", Role::Admin), "x", NOW).expect("added");
    let totp: Totp = store.offer_second_factor("ann").expect("offered");
    assert!(store.sign_in(&typed("ann", &password, ""), NOW).expect("read").is_some(), "not confirmed yet");
    assert_eq!(store.confirm_second_factor("ann", "000000x", "ann", NOW).expect("read"), None);
    let step = NOW / 30_000;
    let codes = store.confirm_second_factor("ann", &totp.number(step), "ann", NOW).expect("read").expect("codes");
    assert_eq!(codes.len(), 10);
    let enter = |number: &str, at: i64| store.sign_in(&typed("ann", &password, number), at).expect("read").is_some();
    assert!(!enter("", NOW));
    assert!(!enter(&totp.number(step), NOW), "it was used to confirm");
    assert!(enter(&totp.number(step + 1), NOW + 30_000));
    assert!(!enter(&totp.number(step + 1), NOW + 30_000), "a second time");
    assert!(enter(&codes[0].to_lowercase(), NOW));
    assert!(!enter(&codes[0], NOW), "a second time");
    assert_eq!(store.codes_left(store.person("ann").expect("ann").id).expect("read"), 9);
    store.drop_second_factor("ann", "root", NOW).expect("dropped");
    assert!(enter("", NOW));
    assert_eq!(store.codes_left(store.person("ann").expect("ann").id).expect("read"), 0);
}

#[test]
fn the_last_administrator_can_neither_be_disabled_nor_lose_the_role() {
    let store = store();
    store.add_person(&new("ann", Role::Admin), "x", NOW).expect("added");
    assert!(matches!(store.set_disabled("ann", true, "x", NOW), Err(AccessError::LastAdmin { .. })));
    assert!(matches!(store.set_roles(&new("ann", Role::Ops), "x", NOW), Err(AccessError::LastAdmin { .. })));
    store.add_person(&new("bea", Role::Admin), "x", NOW).expect("added");
    assert_eq!(store.set_roles(&new("ann", Role::Ops), "bea", NOW).expect("changed").roles, [Role::Ops].into());
    assert!(matches!(store.add_person(&new("ANN", Role::Ops), "x", NOW), Err(AccessError::Taken { .. })));
}

#[test]
fn a_session_ends_when_idle_when_old_when_told_and_with_its_person() {
    let store = store();
    store.add_person(&new("root", Role::Admin), "x", NOW).expect("added");
    let (ann, _) = store.add_person(&new("ann", Role::Ops), "x", NOW).expect("added");
    let of = SessionOf::Person(Box::new(ann.clone()));
    let begin = || store.begin_session(&of, "10.0.0.1", NOW).expect("begun");
    let lasts = |token: &str, at: i64| store.session(token, at).expect("read").is_some();
    let hour = 3_600_000;
    let idle = begin();
    assert!(lasts(&idle, NOW + 2 * hour - 1));
    let used = begin();
    for hours in 1..12 {
        assert!(lasts(&used, NOW + hours * hour), "{hours}");
    }
    assert!(!lasts(&used, NOW + 12 * hour), "never longer than half a day");
    let left = begin();
    assert!(!lasts(&left, NOW + 2 * hour), "idle");
    store.end_session(&left).expect("ended");
    assert!(!lasts(&left, NOW));
    let (one, two) = (begin(), begin());
    assert_ne!(one, two);
    assert!(store.end_sessions_of("ann", "ann", NOW).expect("ended") >= 2);
    assert!(!lasts(&one, NOW) && !lasts(&two, NOW));
    let last = begin();
    store.set_disabled("ann", true, "root", NOW).expect("disabled");
    assert!(!lasts(&last, NOW));
    assert!(!lasts("", NOW) && !lasts("x", NOW));
}

fn key(name: &str, expires_ms: Option<i64>) -> NewKey {
    NewKey {
        name: name.into(),
        kind: KeyKind::Service,
        purpose: "counts of the night".into(),
        scopes: [Scope::StockWrite].into(),
        endpoints: ["POST /v1/counts".to_owned()].into(),
        stores: BTreeSet::new(),
        channels: BTreeSet::new(),
        per_minute: 0,
        expires_ms,
    }
}

#[test]
fn a_key_opens_until_it_ends_is_rotated_or_revoked() {
    let store = store();
    let text = store.add_key(&key("counter", Some(NOW + DAY)), "root", NOW).expect("made");
    assert!(text.starts_with("lk_") && text.len() == 46);
    let opens = |text: &str, at: i64| store.prove_key(text, at).expect("read").is_some();
    assert!(opens(&text, NOW) && !opens(&text, NOW + DAY) && !opens("lk_other", NOW));
    let known = store.prove_key(&text, NOW).expect("read").expect("known").principal;
    assert_eq!(known.endpoints, ["POST /v1/counts".to_owned()].into());
    let next = store.rotate_key("counter", 60_000, "root", NOW).expect("rotated");
    assert!(opens(&next, NOW) && opens(&text, NOW + 59_999) && !opens(&text, NOW + 60_000));
    store.revoke_key("counter", "root", NOW).expect("revoked");
    assert!(!opens(&next, NOW) && !opens(&text, NOW));
    assert!(store.rotate_key("counter", 0, "root", NOW).is_err());
    let [record] = &store.keys().expect("read")[..] else { panic!("one key") };
    assert_eq!((record.used_ms, record.revoked_ms), (Some(NOW), Some(NOW)));
    assert!(store.add_key(&key("late", Some(NOW)), "root", NOW).is_err());
}

#[test]
fn every_change_has_its_author_and_no_secret_stands_in_the_file() {
    let folder = std::env::temp_dir().join(format!("lockstep-access-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("access.sqlite");
    let store = Store::open(&path, Seal::of_master(&[3; 32]), Arc::new(SystemDice)).expect("a store");
    let (ann, password) = store.add_person(&new("ann", Role::Admin), "command line", NOW).expect("added");
    let totp = store.offer_second_factor("ann").expect("offered");
    let token = store.begin_session(&SessionOf::Person(Box::new(ann)), "10.0.0.1", NOW).expect("begun");
    let text = store.add_key(&key("counter", None), "ann", NOW).expect("made");
    let told: Vec<_> = store.changes(10).expect("read").into_iter().map(|change| (change.by, change.what)).collect();
    let expected = [("ann", "key made"), ("command line", "person added")];
    assert_eq!(told, expected.map(|(by, what)| (by.to_owned(), what.to_owned())));
    drop(store);
    let mut found = Vec::new();
    for file in std::fs::read_dir(&folder).expect("the folder") {
        found.extend(std::fs::read(file.expect("a file").path()).expect("its bytes"));
    }
    std::fs::remove_dir_all(&folder).expect("removed");
    for secret in [password.as_bytes(), token.as_bytes(), text.as_bytes(), totp.bytes(), totp.text().as_bytes()] {
        assert!(!found.windows(secret.len()).any(|part| part == secret));
    }
    assert!(found.windows(9).any(|part| part == b"$argon2id"), "the bytes of the file were read");
}
