//! People over HTTP: signing in and out, second factors, guessing, stores, personal fields, forms.

use access::{NewPerson, Role, Totp};
use server::Options;

use crate::running::Running;
use crate::visit::{PASSWORD, Visit};

fn clerk_of(store: &str) -> NewPerson {
    NewPerson {
        name: "clerk".into(),
        roles: [Role::Clerk].into(),
        stores: [store.to_owned()].into(),
        ..NewPerson::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_open_at_this_machine_until_somebody_is_added() {
    let running = Running::shop(Options::default()).await;
    let here = Visit::stranger(&running);
    assert_eq!(here.ask("GET", "/", "").await.0, 200);
    let behind = here.send("GET", "/", "", &[("x-forwarded-for", "203.0.113.9")]).await;
    assert_eq!(behind.0, 303, "through a proxy nobody is at this machine");
    let added = here.post("/people", "/people", &[("name", "root"), ("roles", "admin")]).await;
    assert!(added.1.contains("Password of root") && added.1.contains("This is shown once"), "{}", added.1);
    assert_eq!(here.ask("GET", "/", "").await.0, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_made_for_somebody_is_replaced_before_anything_else() {
    let running = Running::shop(Options::default()).await;
    let store = &running.hub.doorkeeper.store;
    let new = NewPerson { name: "root".into(), roles: [Role::Admin].into(), ..NewPerson::default() };
    let (_, made) = store.add_person(&new, "test", running.now().0).expect("added");
    let mut visit = Visit::stranger(&running);
    assert_eq!(visit.sign_in("root", &made, "").await.0, 303);
    let (status, headers, _) = visit.send("GET", "/stock", "", &[]).await;
    assert_eq!((status, headers["location"].to_str().expect("text")), (303, "/account"));
    let change = |old: String, new: &'static str| [("old", old), ("new", new.to_owned()), ("again", new.to_owned())];
    for (old, new, why) in
        [("wrong", PASSWORD, "present password is another one"), (made.as_str(), "short", "at least 12 characters")]
    {
        let fields = change(old.to_owned(), new);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (_, text) = visit.post("/account", "/account/password", &fields).await;
        assert!(text.contains(why), "{text}");
    }
    let fields = change(made.clone(), PASSWORD);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visit.post("/account", "/account/password", &fields).await;
    assert_eq!(visit.ask("GET", "/stock", "").await.0, 303, "the session ended with the old password");
    assert_eq!(visit.sign_in("root", PASSWORD, "").await.0, 303);
    assert_eq!(visit.ask("GET", "/stock", "").await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cookie_is_for_this_site_alone_and_for_https_where_there_is_https() {
    let running = Running::shop(Options::default()).await;
    let mut visit = Visit::of(&running, "root", &[Role::Admin]).await;
    let (_, headers, _) = visit.sign_in("root", PASSWORD, "").await;
    let cookie = headers["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.contains("; HttpOnly; SameSite=Strict; Max-Age=43200"), "{cookie}");
    assert!(!cookie.contains("Secure"), "this hub is reached by http");
    assert_eq!(cookie.split('=').nth(1).map(|token| token.split(';').next().unwrap_or_default().len()), Some(43));
    let (_, headers, _) = visit.send("GET", "/stock", "", &[]).await;
    let policy = headers["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"), "{policy}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_set_up_at_the_account_and_asked_for_from_then_on() {
    let running = Running::shop(Options::default()).await;
    let mut visit = Visit::of(&running, "root", &[Role::Admin]).await;
    let (_, offered) = visit.post("/account", "/account/offer", &[]).await;
    let secret = offered.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a secret");
    let totp = Totp::new(unbase32(secret));
    let step = running.now().0 / 30_000;
    let (_, codes) = visit.post("/account", "/account/confirm", &[("number", &totp.number(step))]).await;
    assert_eq!(codes.matches("<code>").count(), 10, "{codes}");
    let code = codes.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a code").to_owned();
    assert_eq!(visit.sign_in("root", PASSWORD, "").await.0, 403);
    assert_eq!(visit.sign_in("root", PASSWORD, &totp.number(step)).await.0, 403, "it was used");
    assert_eq!(visit.sign_in("root", PASSWORD, &totp.number(step + 1)).await.0, 303);
    assert_eq!(visit.sign_in("root", PASSWORD, &code).await.0, 303);
    assert_eq!(visit.sign_in("root", PASSWORD, &code).await.0, 403);
}

/// RFC 4648, without padding, as an authenticator reads it.
fn unbase32(text: &str) -> Vec<u8> {
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".bytes().position(|known| known == letter).expect("a letter");
        bits = bits << 5 | u32::try_from(value).expect("five bits");
        held += 5;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_is_slowed_by_name_and_the_answer_does_not_tell_whether_there_is_the_name() {
    let running = Running::shop(Options::default()).await;
    let mut visit = Visit::of(&running, "root", &[Role::Admin]).await;
    let mut told = Vec::new();
    for name in ["root", "nobody"] {
        let mut answers = Vec::new();
        for _ in 0..7 {
            let (status, headers, text) = visit.sign_in(name, "wrong password", "").await;
            answers.push((status, headers.contains_key("retry-after"), text.contains("do not fit together")));
        }
        told.push(answers);
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0][..5], vec![(403, false, true); 5]);
    assert_eq!(told[0][5], (429, true, false));
    assert_eq!(visit.sign_in("root", PASSWORD, "").await.0, 429, "not even the right one, for a moment");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_counts_at_their_own_store_and_nowhere_else() {
    let running = Running::shop(Options::default()).await;
    Visit::of(&running, "root", &[Role::Admin]).await;
    let clerk = Visit::at(&running, clerk_of("High Street")).await;
    let head = running.flow.head();
    let count = |location: &'static str| [("location", location), ("counted", "900"), ("reason", "count")];
    let (status, text) = clerk.post("/stock/SKU-004", "/stock/SKU-004/count", &count("1")).await;
    assert_eq!(status, 403, "{text}");
    assert!(text.contains("Airport") && text.contains("other stores"), "{text}");
    assert_eq!(running.flow.head(), head);
    let (status, text) = clerk.post("/stock/SKU-004", "/stock/SKU-004/count", &count("0")).await;
    assert!(status == 200 && text.contains("Counted 900 at High Street"), "{status} {text}");
    assert!(running.flow.head() > head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sessions_end_with_a_sign_out_everywhere_and_when_somebody_is_kept_out() {
    let running = Running::shop(Options::default()).await;
    let root = Visit::of(&running, "root", &[Role::Admin]).await;
    let mut one = Visit::of(&running, "ann", &[Role::Ops]).await;
    let mut other = Visit::stranger(&running);
    assert_eq!(other.sign_in("ann", PASSWORD, "").await.0, 303);
    one.post("/account", "/account/sign-out-everywhere", &[]).await;
    for visit in [&one, &other] {
        assert_eq!(visit.ask("GET", "/stock", "").await.0, 303);
    }
    assert_eq!(one.sign_in("ann", PASSWORD, "").await.0, 303);
    let (_, told) = root.post("/people", "/people/ann/disable", &[]).await;
    assert!(told.contains("ann may not come in any more"), "{told}");
    assert_eq!(one.ask("GET", "/stock", "").await.0, 303);
    assert_eq!(one.sign_in("ann", PASSWORD, "").await.0, 403);
    let (_, told) = root.post("/people", "/people/root/disable", &[]).await;
    assert!(told.contains("last administrator"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_of_another_session_changes_nothing() {
    let running = Running::shop(Options::default()).await;
    let root = Visit::of(&running, "root", &[Role::Admin]).await;
    let other = Visit::of(&running, "eve", &[Role::Admin]).await;
    let (_, page) = other.ask("GET", "/people", "").await;
    let token = page.split_once("name=\"token\" value=\"").and_then(|(_, rest)| rest.split_once('"')).expect("one").0;
    let form = format!("token={token}&name=mallory&roles=admin");
    assert_eq!(root.ask("POST", "/people", &form).await.0, 403);
    assert!(running.hub.doorkeeper.store.person("mallory").is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_a_browser_is_no_key_of_a_program() {
    let running = Running::shop(Options::default()).await;
    let root = Visit::of(&running, "root", &[Role::Admin]).await;
    assert_eq!(root.ask("GET", "/v1/positions", "").await.0, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_made_at_the_page_is_shown_once_opens_and_is_revoked() {
    let running = Running::shop(Options::default()).await;
    let root = Visit::of(&running, "root", &[Role::Admin]).await;
    let fields = [("name", "counter"), ("scopes", "stock:read"), ("purpose", "the night's counts"), ("days", "30")];
    let (_, made) = root.post("/keys", "/keys", &fields).await;
    let key = made.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a key").to_owned();
    assert!(key.starts_with("lk_"), "{made}");
    let bearer = format!("Bearer {key}");
    let asked = [("authorization", bearer.as_str())];
    assert_eq!(root.send("GET", "/v1/positions", "", &asked).await.0, 200);
    let (_, list) = root.ask("GET", "/keys", "").await;
    assert!(!list.contains(&key) && list.contains(&key[..9]) && list.contains("The night"), "{list}");
    let (_, next) = root.post("/keys", "/keys/counter/rotate", &[]).await;
    assert!(next.contains("This is shown once"));
    assert_eq!(root.send("GET", "/v1/positions", "", &asked).await.0, 200, "for a day more");
    root.post("/keys", "/keys/counter/revoke", &[]).await;
    assert_eq!(root.send("GET", "/v1/positions", "", &asked).await.0, 401);
}
