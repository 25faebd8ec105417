//! The pages of a running hub, asked over the router: who may see them, what forms do, what cannot be forged.

#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

mod running;

use axum::Router;
use axum::body::{Body, BodyDataStream};
use http::{Request, StatusCode, header};
use model::ChannelId;
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
        ("/approvals", "Approve those ticked"),
        ("/approvals", "The web shop oversold it twice this week."),
        ("/approvals?show=done", "Let Web shop leave 6 of"),
        ("/approvals?show=recorded", "The pricing agent"),
        ("/approvals/1", "It would have said otherwise with: no oversell for three weeks."),
        ("/policy", "Version 1 is in force."),
        ("/documents", "Each is made once."),
        ("/documents?show=waiting", "Call it off"),
        ("/channels", "Web shop"),
        ("/channels/Web%20shop", "1 level refused"),
        ("/channels/Tills", "It is this"),
        ("/gaps", "Wrong stock"),
        ("/gaps?kind=stock&channel=Web%20shop", "The money is the difference at our price."),
        ("/gaps?kind=barcode", "Nothing of this is out of step."),
        ("/gaps", "How fresh this is"),
        ("/mappings", "Vase, size 1"),
        ("/mappings?show=mapped&q=sku-004", "Bread knife, size 1"),
        ("/mappings/Tills/item-double", "It is a new item"),
        ("/mappings?q=size+9", "Teapots of size 9"),
        ("/mappings?kind=locations&show=mapped", "High Street"),
        ("/mapped-places/Tills/place-0", "is our <b>High Street</b>"),
        ("/mappings?kind=customers", "Nothing is joined before somebody says so."),
        ("/mappings/Tills/item-4?q=knife", "is what it is now"),
        ("/platforms", "What each platform can do"),
        ("/channels/Web%20shop", "Check access"),
        ("/", "Out of step"),
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
    for address in [
        "/",
        "/stock",
        "/orders",
        "/channels",
        "/quarantine",
        "/search?q=x",
        "/stock.csv",
        "/channels/Tills",
        "/gaps",
        "/gaps.csv",
        "/mappings",
        "/mappings?show=mapped",
        "/mappings?show=dismissed",
        "/mappings?kind=locations",
        "/mappings?kind=locations&show=mapped",
        "/mappings?kind=customers",
        "/mappings?kind=customers&show=mapped",
        "/mappings.csv?kind=customers",
        "/platforms",
    ] {
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
        "/mappings/no/1",
        "/mappings/Tills/never-seen",
        "/mappings.csv?channel=no",
        "/mappings-file/none",
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
    assert_eq!(running.hub.links.readings_asked(ChannelId(1)), 1);
    let aside = post(&router, "/quarantine/1/aside", &format!("token={token}&reason=known")).await;
    assert!(aside.text.contains("Set aside.") && aside.text.contains("No open questions"), "{}", aside.text);
    assert!(get(&router, "/quarantine?show=closed").await.text.contains("known"));
    let map = format!("token={token}&external=item-double&sku=SKU-007");
    let mapped = post(&router, "/channels/Tills/map", &map).await;
    assert!(mapped.text.contains("Noted."), "{}", mapped.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_has_not_been_sent_is_called_off_once() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let waiting = get(&router, "/documents?show=waiting").await.text;
    let (_, form) = waiting.split_once("action=\"/documents/").expect("one can be called off");
    let (id, _) = form.split_once('/').expect("its number");
    let body = format!("token={}&reason=paid+by+card", token(&waiting));
    let address = format!("/documents/{id}/withdraw");
    assert!(post(&router, &address, &body).await.text.contains("It is called off"));
    assert!(get(&router, "/documents?show=withdrawn").await.text.contains("Paid by card."));
    assert!(post(&router, &address, &body).await.text.contains("Nothing was changed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proposal_is_approved_with_other_amounts_and_taken_back() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let page = get(&router, "/approvals/1").await.text;
    let token = token(&page);
    let wrong = post(&router, "/approvals/1/change", &format!("token={token}&amount-0-0=many&reason=x")).await.text;
    assert!(wrong.contains("Nothing was changed: part 1:"), "{wrong}");
    let fewer = format!("token={token}&amount-0-0=2&reason=four+are+too+many");
    let done = post(&router, "/approvals/1/change", &fewer).await.text;
    assert!(done.contains("Approved and done."), "{done}");
    let told = get(&router, "/approvals/1").await.text;
    assert!(told.contains("Approved with other amounts as admin (“four are too many”)"), "{told}");
    assert!(
        post(&router, "/approvals/1/approve", &format!("token={token}")).await.text.contains("Nothing was changed")
    );
    let undone = post(&router, "/approvals/1/undo", &format!("token={token}&reason=wrong")).await.text;
    assert!(undone.contains("It is taken back."), "{undone}");
    assert!(get(&router, "/approvals?show=undone").await.text.contains("href=\"/approvals/1\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_proposals_are_answered_at_once_and_a_no_says_why() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let page = get(&router, "/approvals").await.text;
    let token = token(&page);
    let none = post(&router, "/approvals/ticked/approve", &format!("token={token}")).await.text;
    assert!(none.contains("Nothing was ticked."), "{none}");
    let silent = post(&router, "/approvals/ticked/reject", &format!("token={token}&tick-1=on&tick-2=on")).await.text;
    assert!(silent.contains("0 of 2 answered.") && silent.contains("say why"), "{silent}");
    let tomorrow = post(&router, "/approvals/2/later", &format!("token={token}")).await.text;
    assert!(tomorrow.contains("Put off until tomorrow.") && !tomorrow.contains("tick-2"), "{tomorrow}");
    assert!(get(&router, "/approvals?show=later").await.text.contains("tick-2"));
    let both = format!("token={token}&tick-1=on&tick-2=on&reason=not+now");
    let done = post(&router, "/approvals/ticked/reject", &both).await.text;
    assert!(done.contains("2 answered.") && done.contains("Nothing waits for your answer."), "{done}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_is_checked_before_it_counts_and_an_old_one_is_brought_back() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let token = token(&get(&router, "/policy").await.text);
    let send = |what: &str, base: u32, text: &str| {
        let text = text.replace('\n', "%0A").replace('"', "%22").replace(' ', "+");
        let body = format!("token={token}&do={what}&base={base}&reason=to+try&text={text}");
        let router = router.clone();
        async move { post(&router, "/policy", &body).await.text }
    };
    let flawed = send("put", 1, "[[rule]]\nname = \"a\"\nphase = \"now\"").await;
    assert!(flawed.contains("This cannot come into force") && flawed.contains("Line 3, phase"), "{flawed}");
    let looser = "[[rule]]\nname = \"Buffers are asked for\"\nagents = [\"allocation\"]\nphase = \"automate\"";
    let checked = send("check", 1, looser).await;
    assert!(checked.contains("phase: assist → automate") && checked.contains("has no least confidence"), "{checked}");
    assert!(get(&router, "/policy").await.text.contains("Version 1 is in force."), "a check changes nothing");
    assert!(send("put", 1, looser).await.contains("The policy is in force."));
    assert!(send("put", 1, "").await.contains("version 2 holds, not 1"));
    let old = get(&router, "/policy?version=1").await.text;
    assert!(old.contains("phase = &quot;assist&quot;") || old.contains("phase = \"assist\""), "{old}");
    let stop = post(&router, "/policy/brake", &format!("token={token}&agent=&store=&reason=it+went+wrong")).await.text;
    assert!(stop.contains("Stopped, at once.") && stop.contains("All agents."), "{stop}");
    let lifted = post(&router, "/policy/brake/1/lift", &format!("token={token}&reason=mended")).await.text;
    assert!(lifted.contains("Nothing is stopped."), "{lifted}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_holds_every_item_and_the_assets_may_be_kept_for_ever() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let file = get(&router, "/stock.csv").await;
    assert_eq!(file.text.lines().count(), 64);
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gap_table_holds_what_the_page_shows_and_nothing_is_shown_to_who_may_not() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let whole = get(&router, "/gaps.csv").await;
    assert_eq!(whole.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let stock = get(&router, "/gaps.csv?kind=stock&channel=Web%20shop").await;
    let rows = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert!(rows(&stock.text).iter().all(|row| row.starts_with("stock,Web shop,")), "{}", stock.text);
    let expected: Vec<_> = rows(&whole.text).into_iter().filter(|row| row.starts_with("stock,Web shop,")).collect();
    assert!(!expected.is_empty());
    assert_eq!(rows(&stock.text), expected);
    let page = get(&router, "/gaps?kind=stock&channel=Web%20shop").await.text;
    let count = format!("<h2 id=\"list-head\">{} gaps</h2>", expected.len());
    assert!(page.contains(&count), "{count} is missing in {page}");
    // What has most money at stake comes first.
    let money = |row: &String| row.rsplit(',').nth(1).and_then(|text| text.parse::<f64>().ok()).unwrap_or(-1.0);
    assert!(expected.windows(2).all(|pair| money(&pair[0]) >= money(&pair[1])), "{expected:?}");
    let closed = Running::empty(Options { pages_open: false, ..Options::default() });
    let router = server::router(closed.hub.clone());
    assert_eq!(get(&router, "/gaps.csv").await.headers[header::LOCATION], "/sign-in?next=%2Fgaps.csv");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_gaps_are_turned_over_page_by_page() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let all = get(&router, "/gaps.csv").await.text.lines().count() - 1;
    let first = get(&router, "/gaps").await.text;
    let shown = first.matches("data-label=\"Should be\"").count();
    assert_eq!(shown, all.min(50));
    let second = get(&router, "/gaps?from=50").await.text;
    assert_eq!(second.matches("data-label=\"Should be\"").count(), all.saturating_sub(50).min(50));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_answered_taken_back_and_answered_by_a_new_item() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let queue = get(&router, "/mappings").await;
    assert!(queue.text.contains("item-double") && queue.text.contains("Open (2)"), "{}", queue.text);
    assert!(queue.text.contains("there already, and would no longer be"), "{}", queue.text);
    assert!(queue.text.contains("Teapot, blue, size 9") && queue.text.contains("79 of 100"), "{}", queue.text);
    let token = token(&queue.text);
    let mapped = post(&router, "/mappings/Tills/item-double/map", &format!("token={token}&item=7&back=one")).await;
    assert!(mapped.text.contains("Noted: it is SKU-007."), "{}", mapped.text);
    assert!(mapped.text.contains("nothing → <b>SKU-007</b>"), "{}", mapped.text);
    // The item was item-7 on this channel; it loses it by this, and gets it back by the way back.
    let lost = get(&router, "/mappings/Tills/item-7").await;
    assert!(lost.text.contains("SKU-007 → <b>nothing</b>"), "{}", lost.text);
    let undone = post(&router, "/mappings/Tills/item-double/undo", &format!("token={token}")).await;
    assert!(undone.text.contains("Taken back"), "{}", undone.text);
    assert!(get(&router, "/mappings/Tills/item-7").await.text.contains("nothing → <b>SKU-007</b>"));
    assert_eq!(
        running.hub.links.readings_asked(ChannelId(1)),
        1,
        "the channel is read, so that the question comes back"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_item_takes_what_is_listed_and_never_another_items_number() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let page = get(&router, "/mappings/Tills/item-double").await;
    let token = token(&page.text);
    let taken = post(&router, "/mappings/Tills/item-double/new", &format!("token={token}&sku=SKU-008")).await;
    assert!(taken.text.contains("SKU-008 is an item of ours already"), "{}", taken.text);
    let empty = post(&router, "/mappings/Tills/item-double/new", &format!("token={token}&sku=+")).await;
    assert!(empty.text.contains("a new item needs an SKU"), "{}", empty.text);
    let made = post(&router, "/mappings/Tills/item-double/new", &format!("token={token}&sku=NEW-1")).await;
    assert!(made.text.contains("NEW-1 is an item of ours now."), "{}", made.text);
    let item = get(&router, "/stock/NEW-1").await;
    assert!(item.text.contains("Vase, size 1") && item.text.contains("12.50 EUR"), "{}", item.text);
    let again = post(&router, "/mappings/Tills/item-double/new", &format!("token={token}&sku=NEW-2")).await;
    assert!(again.text.contains("this question was answered already"), "{}", again.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_put_away_leaves_the_queue_is_listed_apart_and_can_be_brought_back() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let token = token(&get(&router, "/mappings").await.text);
    let away = post(&router, "/mappings/Tills/item-double/dismiss", &format!("token={token}&back=list")).await;
    assert!(away.text.contains("Put away: it is not asked again."), "{}", away.text);
    let one = get(&router, "/mappings/Tills/item-double").await;
    assert!(one.text.contains("<b>not to be asked again</b>"), "the history tells of it: {}", one.text);
    assert!(!get(&router, "/mappings").await.text.contains("/item-double/map"));
    assert!(get(&router, "/mappings?show=dismissed").await.text.contains("/item-double/map"));
    post(&router, "/mappings/Tills/item-double/map", &format!("token={token}&sku=SKU-007")).await;
    assert!(get(&router, "/mappings?show=dismissed").await.text.contains("Nothing was put away."));
    post(&router, "/mappings/Tills/item-nameless/dismiss", &format!("token={token}")).await;
    let undone = post(&router, "/mappings/Tills/item-nameless/undo", &format!("token={token}")).await;
    assert!(undone.text.contains("Taken back"), "{}", undone.text);
    assert!(get(&router, "/mappings").await.text.contains("/item-nameless/dismiss"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrected_table_is_shown_before_it_is_carried_out() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let table = get(&router, "/mappings.csv?channel=Tills").await.text;
    assert!(table.starts_with("channel,external,sku,title,status\r\nTills,item-0,SKU-000,"), "{table}");
    assert!(table.contains("Tills,item-double,,\"Vase, size 1\",open: SKU SKU-007 is already"), "{table}");
    let token = token(&get(&router, "/mappings").await.text);
    let head = running.flow.head();
    // Unchanged, the table changes nothing.
    let same = send_table(&router, &token, &table).await;
    assert!(same.text.contains("Nothing would change"), "{}", same.text);
    let corrected = "channel,external,sku\nTills,item-double,SKU-007\nTills,item-1,\nTills,x,GHOST\nMoon,y,SKU-001\nTills,4.1E+13,SKU-003\nTills,z,SKU-007\n";
    let seen = send_table(&router, &token, corrected).await;
    for words in
        ["2 mappings would change", "1 is taken away", "GHOST", "is no channel", "shortened", "line 2 gives SKU-007"]
    {
        assert!(seen.text.contains(words), "{words} is missing in {}", seen.text);
    }
    assert_eq!(running.flow.head(), head, "looking through changes nothing");
    let (_, rest) = seen.text.split_once("action=\"/mappings-file/").expect("a way to carry it out");
    let address = format!("/mappings-file/{}", rest.split_once('"').expect("the end of it").0);
    let done = post(&router, &address, &format!("token={token}")).await;
    assert!(done.text.contains("2 mappings were changed."), "{}", done.text);
    assert!(get(&router, "/mappings/Tills/item-1").await.text.contains("SKU-001 → <b>nothing</b>"));
    assert_eq!(get(&router, &address).await.status, StatusCode::NOT_FOUND);
    let forged = send_table(&router, "wrong", corrected).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let other = send_table(&router, &token, "a,b\n1,2\n").await;
    assert!(other.text.contains("names no column channel"), "{}", other.text);
}

async fn send_table(router: &Router, token: &str, table: &str) -> Answer {
    let body = format!(
        "--line\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n--line\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"mappings.csv\"\r\nContent-Type: text/csv\r\n\r\n{table}\r\n--line--\r\n"
    );
    let request = at_home("POST", "/mappings-file").header(header::CONTENT_TYPE, "multipart/form-data; boundary=line");
    let answer = ask(router, request, &body).await;
    match answer.headers.get(header::LOCATION) {
        Some(to) => get(router, to.to_str().expect("text")).await,
        None => answer,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checking_the_access_of_a_platform_that_does_not_answer_says_so_and_changes_nothing() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let token = token(&get(&router, "/channels/Tills").await.text);
    let head = running.flow.head();
    let checked = post(&router, "/channels/Web%20shop/access", &format!("token={token}")).await;
    assert!(checked.text.contains("Its locations cannot be read"), "{}", checked.text);
    assert!(checked.text.contains("It does not tell"), "{}", checked.text);
    let place = post(&router, "/channels/Web%20shop/place", &format!("token={token}&external=x&location=0")).await;
    assert!(place.text.contains("Nothing was changed"), "{}", place.text);
    assert_eq!(running.flow.head(), head);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_location_that_has_none_of_our_names_is_shown_and_mapped_by_hand() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let token = token(&get(&router, "/channels/Tills").await.text);
    let checked = post(&router, "/channels/Tills/access", &format!("token={token}")).await;
    assert!(checked.text.contains("Pop-up at the fair") && checked.text.contains("Old shop"), "{}", checked.text);
    assert!(!checked.text.contains("value=\"place-9\""), "a closed location cannot be mapped: {}", checked.text);
    // Location 0 has its place there already; location 3 has none.
    let twice = post(&router, "/channels/Tills/place", &format!("token={token}&external=place-8&location=0")).await;
    assert!(twice.text.contains("Nothing was changed"), "{}", twice.text);
    let done = post(&router, "/channels/Tills/place", &format!("token={token}&external=place-8&location=3")).await;
    assert!(done.text.contains("Noted: it is Fair."), "{}", done.text);
    assert!(!done.text.contains("Pop-up at the fair"), "{}", done.text);
    let known = running.flow.read(|state| {
        let place = state.catalogue().mapped_location(model::ChannelId(1), &"place-8".into());
        place.and_then(|place| state.catalogue().location(place)).map(|put| put.name.to_string())
    });
    assert_eq!(known.await.expect("a hub"), Some("Fair".to_owned()));
    assert_eq!(running.hub.links.readings_asked(ChannelId(1)), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_the_daily_mail_is_told_on_the_live_page() {
    let running = Running::empty(Options::default());
    let router = server::router(running.hub.clone());
    running.hub.options.mailed.has_failed("The gap report of today could not be sent.");
    assert!(get(&router, "/").await.text.contains("The gap report of today could not be sent."));
    running.hub.options.mailed.was_sent();
    assert!(!get(&router, "/").await.text.contains("could not be sent"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strange_location_is_asked_about_mapped_and_taken_back() {
    let running = Running::shop(Options::default()).await;
    let router = server::router(running.hub.clone());
    let seen = model::LocationSeen {
        channel: model::ChannelId(1),
        external: "pop-up".into(),
        name: "Pop-up at the fair".into(),
        active: true,
    };
    running.does(model::Action::LocationSeen(seen)).await;
    let list = get(&router, "/mappings?kind=locations").await;
    assert!(list.text.contains("no location of ours is called Pop-up at the fair"), "{}", list.text);
    assert!(list.text.contains("both are called fair"), "{}", list.text);
    let token = token(&list.text);
    let before = running.hub.links.readings_asked(ChannelId(1));
    let mapped = post(&router, "/mapped-places/Tills/pop-up/map", &format!("token={token}&location=3")).await;
    assert!(mapped.text.contains("is our <b>Fair</b>"), "{}", mapped.text);
    assert_eq!(running.hub.links.readings_asked(ChannelId(1)), before + 1, "what it shows is read");
    let table = get(&router, "/mappings.csv?kind=locations&channel=Tills").await.text;
    assert!(table.contains("Tills,pop-up,Fair,Fair,mapped"), "{table}");
    let undone = post(&router, "/mapped-places/Tills/pop-up/undo", &format!("token={token}")).await;
    assert!(undone.text.contains("is none of ours at present"), "{}", undone.text);
    assert!(get(&router, "/mappings?kind=locations").await.text.contains("somebody took its mapping away"));
    let away = post(&router, "/mapped-places/Tills/pop-up/dismiss", &format!("token={token}&back=list")).await;
    assert!(!away.text.contains("/mapped-places/Tills/pop-up"), "{}", away.text);
    assert!(get(&router, "/mappings?kind=locations&show=dismissed").await.text.contains("/pop-up/reopen"));
    let seen = send_table(&router, &token, "channel,external,location\nTills,pop-up,Fair\nTills,x,Moon\n").await;
    assert!(seen.text.contains("1 mapping would change") && seen.text.contains("Moon"), "{}", seen.text);
}
