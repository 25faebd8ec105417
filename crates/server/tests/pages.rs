//! The pages of a running hub, asked over the router: who may see them, what forms do, what cannot be forged.

#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

mod running;

use axum::Router;
use axum::body::{Body, BodyDataStream};
use http::{Request, StatusCode, header};
use running::{KEY, Running};
use server::Options;
use tokio_stream::StreamExt;
use tower::ServiceExt;

struct Answer {
    status: StatusCode,
    headers: http::HeaderMap,
    text: String,
}

async fn ask(router: &Router, request: http::request::Builder, body: &str) -> Answer {
    let request: Request<Body> = request.body(Body::from(body.to_owned())).expect("a request");
    let response = router.clone().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 8 << 20).await.expect("a whole body");
    Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).expect("text") }
}

fn at_home(method: &str, address: &str) -> http::request::Builder {
    Request::builder().method(method).uri(address).header(header::HOST, "localhost:8080")
}

async fn get(router: &Router, address: &str) -> Answer {
    ask(router, at_home("GET", address), "").await
}

fn token(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"token\" value=\"").expect("a form with a token");
    rest.split_once('"').expect("the end of it").0.to_owned()
}

/// Posts a form and follows to the page that tells what it did.
async fn post(router: &Router, address: &str, body: &str) -> Answer {
    let answer = ask(router, at_home("POST", address), body).await;
    match answer.headers.get(header::LOCATION) {
        Some(to) => get(router, to.to_str().expect("text")).await,
        None => answer,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_a_shop_is_there() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let pages = [
        ("/", "What moved"),
        ("/stock", "Mug, size 1"),
        ("/stock?q=SKU-009", "should be"),
        ("/stock?show=different", "should be"),
        ("/stock?show=below", "−"),
        ("/stock?q=4006381300004", "SKU-004"),
        ("/stock/SKU-004", "Why is this"),
        ("/stock/SKU-004/0", "On hand after"),
        ("/orders", "#1040"),
        ("/orders?kind=web&state=open", "#1043"),
        ("/orders/0", "Where its units are"),
        ("/channels", "Web shop"),
        ("/channels/Web%20shop", "1 level refused"),
        ("/channels/Tills", "It is this"),
        ("/quarantine", "orders/create"),
        ("/quarantine/1", "Drive again"),
        ("/search?q=mug", "Mug, size 5"),
        ("/search?q=%231040", "/orders/0"),
    ];
    for (address, words) in pages {
        let page = get(&router, address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text);
        assert!(page.text.contains(words), "{address} does not say {words}: {}", page.text);
        let policy = page.headers.get(header::CONTENT_SECURITY_POLICY).expect("a policy");
        assert!(policy.to_str().expect("text").starts_with("default-src 'none'; script-src 'self'"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_hub_has_every_page_too_and_unknown_things_have_an_error_page() {
    let running = Running::empty(Options::default());
    let router = server::router(running.hub.clone());
    for address in
        ["/", "/stock", "/orders", "/channels", "/quarantine", "/search?q=x", "/stock.csv", "/channels/Tills"]
    {
        assert_eq!(get(&router, address).await.status, StatusCode::OK, "{address}");
    }
    for address in [
        "/nothing",
        "/stock/NO",
        "/stock/NO/1",
        "/orders/7",
        "/orders/x",
        "/channels/no",
        "/quarantine/9",
        "/assets/x.js",
    ] {
        assert_eq!(get(&router, address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let program = get(&router, "/v1/nothing").await;
    assert_eq!(program.headers[header::CONTENT_TYPE], "application/problem+json");
    let person = ask(&router, at_home("GET", "/nothing").header(header::ACCEPT, "text/html"), "").await;
    assert!(person.text.contains("There is no page here"), "{}", person.text);
    running.stops().await;
    let stopped = get(&router, "/stock").await;
    assert_eq!(stopped.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(stopped.text.contains("not taking anything"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adjustment_is_told_once_done_once_and_can_be_taken_back() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let page = get(&router, "/stock/SKU-005").await;
    let form = format!("token={}&key=k1&location=0&change=%E2%88%922&reason=broken", token(&page.text));
    let done = post(&router, "/stock/SKU-005/adjust", &form).await;
    assert!(done.text.contains("Changed by −2 at High Street."), "{}", done.text);
    assert!(done.text.contains("name=\"change\" value=\"2\""), "no way back is offered");
    let twice = post(&router, "/stock/SKU-005/adjust", &form).await;
    assert!(twice.text.contains("This was done already."), "{}", twice.text);
    let why = get(&router, "/stock/SKU-005/0").await;
    assert!(why.text.contains("broken"), "{}", why.text);
    let form = format!("token={}&location=0&change=no", token(&page.text));
    let wrong = post(&router, "/stock/SKU-005/adjust", &form).await;
    assert!(wrong.text.contains("“no” cannot be used"), "{}", wrong.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_promised_units_away_is_asked_once_more() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    // Order 3 on the web promises one of SKU-012 at High Street.
    let page = get(&router, "/stock/SKU-012").await;
    let form = format!("token={}&location=0&counted=0&reason=none+found", token(&page.text));
    let asked = post(&router, "/stock/SKU-012/count", &form).await;
    assert!(asked.text.contains("Are you sure?") && asked.text.contains("value=\"none found\""), "{}", asked.text);
    let sure = post(&router, "/stock/SKU-012/count", &format!("{form}&confirm=yes")).await;
    assert!(sure.text.contains("Counted 0 at High Street. One promise cannot be kept in full."), "{}", sure.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_from_elsewhere_changes_nothing() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let page = get(&router, "/stock/SKU-005").await;
    let head = running.flow.head();
    let none = ask(&router, at_home("POST", "/stock/SKU-005/adjust"), "location=0&change=2&reason=x").await;
    assert_eq!(none.status, StatusCode::FORBIDDEN);
    let form = format!("token={}&location=0&change=2&reason=x", token(&page.text));
    let foreign = at_home("POST", "/stock/SKU-005/adjust").header("sec-fetch-site", "cross-site");
    assert_eq!(ask(&router, foreign, &form).await.status, StatusCode::FORBIDDEN);
    let rebound = Request::builder().uri("/").header(header::HOST, "evil.example");
    assert_eq!(ask(&router, rebound, "").await.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(running.flow.head(), head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_pages_open_with_a_key_and_close_again() {
    let running = Running::shop(Options { pages_open: false, ..Options::default() }).await;
    let router = server::router(running.hub.clone());
    let closed = get(&router, "/stock?q=a").await;
    assert_eq!(closed.headers[header::LOCATION], "/sign-in?next=%2Fstock%3Fq%3Da");
    assert_eq!(get(&router, "/live?at=/").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&router, at_home("POST", "/sign-in"), "key=wrong").await.status, StatusCode::FORBIDDEN);
    let entered = ask(&router, at_home("POST", "/sign-in"), &format!("key={KEY}&next=%2Fstock%3Fq%3Da")).await;
    assert_eq!(entered.headers[header::LOCATION], "/stock?q=a");
    let cookie = entered.headers[header::SET_COOKIE].to_str().expect("text");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let session = cookie.split(';').next().expect("a pair").to_owned();
    let page = ask(&router, at_home("GET", "/stock").header(header::COOKIE, &session), "").await;
    assert_eq!(page.status, StatusCode::OK);
    let out = at_home("POST", "/sign-out").header(header::COOKIE, &session);
    assert_eq!(ask(&router, out, &format!("token={}", token(&page.text))).await.status, StatusCode::SEE_OTHER);
    let after = ask(&router, at_home("GET", "/stock").header(header::COOKIE, &session), "").await;
    assert_eq!(after.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_and_stuck_levels_are_settled_by_hand() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let live = get(&router, "/").await;
    assert!(live.text.contains("archived in the shop"), "{}", live.text);
    let token = token(&live.text);
    let again = post(&router, "/channels/Web%20shop/again", &format!("token={token}&sku=SKU-009&location=0")).await;
    assert!(again.text.contains("It is tried again now."), "{}", again.text);
    assert!(!get(&router, "/").await.text.contains("archived in the shop"));
    let read = post(&router, "/channels/Tills/read", &format!("token={token}")).await;
    assert!(read.text.contains("Everything is being read."), "{}", read.text);
    assert_eq!(*running.hub.readings[1].borrow(), 1);
    let aside = post(&router, "/quarantine/1/aside", &format!("token={token}&reason=known")).await;
    assert!(aside.text.contains("Set aside.") && aside.text.contains("No open questions"), "{}", aside.text);
    assert!(get(&router, "/quarantine?show=closed").await.text.contains("known"));
    let map = format!("token={token}&external=item-double&sku=SKU-007");
    let mapped = post(&router, "/channels/Tills/map", &map).await;
    assert!(mapped.text.contains("Noted."), "{}", mapped.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_holds_every_item_and_the_assets_may_be_kept_for_ever() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let file = get(&router, "/stock.csv").await;
    assert_eq!(file.text.lines().count(), 62);
    assert!(file.text.starts_with("sku,title,on_hand,promised,available,Web shop shows"), "{}", file.text);
    let page = get(&router, "/").await.text;
    for ending in [".css\"", ".js\"", ".svg\""] {
        let (before, _) = page.split_once(ending).expect("an asset");
        let address = format!("{}{}", before.rsplit_once('"').expect("an address").1, ending.trim_end_matches('"'));
        let asset = get(&router, &address).await;
        assert_eq!(asset.status, StatusCode::OK, "{address}");
        assert!(asset.headers[header::CACHE_CONTROL].to_str().expect("text").contains("immutable"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_difference_among_thousands_of_items_is_found_by_one_request() {
    let running = Running::shop(Options::default()).await;
    running.has_many_items(3_000).await;
    let router = server::router(running.hub.clone());
    let page = get(&router, "/stock?show=different&q=bulk").await.text;
    assert_eq!(page.matches("class=\"mark\"").count(), 1, "{page}");
    assert!(page.contains("BULK-2999"), "{page}");
    let all = get(&router, "/stock?q=bulk").await.text;
    assert_eq!(all.matches("role=\"rowheader\"").count(), 50);
    let file = get(&router, "/stock.csv?q=bulk").await.text;
    assert_eq!(file.lines().count(), 3_001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_tells_what_changed_while_it_is_open() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let request = at_home("GET", "/live?at=%2Fstock%2FSKU-005").body(Body::empty()).expect("a request");
    let response = router.clone().oneshot(request).await.expect("infallible");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let first = next(&mut body).await;
    assert!(first.contains("event: part") && first.contains("\"id\":\"places\""), "{first}");
    let page = get(&router, "/stock/SKU-005").await;
    let form = format!("token={}&location=2&change=777&reason=found", token(&page.text));
    post(&router, "/stock/SKU-005/adjust", &form).await;
    let second = next(&mut body).await;
    assert!(second.contains("777"), "{second}");
}

/// The next event of a stream; signs of life are passed over.
async fn next(body: &mut BodyDataStream) -> String {
    let wait = async {
        loop {
            let bytes = body.next().await.expect("the stream goes on").expect("unbroken");
            let text = String::from_utf8(bytes.to_vec()).expect("text");
            if text.contains("data:") {
                return text;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), wait).await.expect("in time")
}
