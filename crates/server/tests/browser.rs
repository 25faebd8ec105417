//! The pages in a real browser, on a phone and on a desk: nothing is wider than the screen, nothing fails, and what
//! happens shows by itself. Pictures are left in `target/screenshots`.

#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

mod driver;
mod running;

use std::net::SocketAddr;
use std::path::PathBuf;

use driver::{Driver, Window};
use model::{Action, Adjustment, Change, ItemId, LocationId, Note};
use running::Running;
use server::Options;

const PAGES: [(&str, &str); 30] = [
    ("live", "/"),
    ("stock", "/stock"),
    ("stock-different", "/stock?show=different"),
    ("stock-endless", "/stock?q=endless"),
    ("item", "/stock/SKU-009"),
    ("why", "/stock/SKU-040/0"),
    ("orders", "/orders"),
    ("order", "/orders/0"),
    ("documents", "/documents"),
    ("approvals", "/approvals"),
    ("approval", "/approvals/1"),
    ("policy", "/policy"),
    ("channels", "/channels"),
    ("channel", "/channels/Tills"),
    ("gaps", "/gaps"),
    ("gaps-stock", "/gaps?kind=stock"),
    ("mappings", "/mappings"),
    ("mapped", "/mappings?show=mapped"),
    ("mapping", "/mappings/Tills/item-double?q=mug"),
    ("mapping-past", "/mappings/Tills/item-4"),
    ("mappings-away", "/mappings?show=dismissed"),
    ("places", "/mappings?kind=locations"),
    ("places-mapped", "/mappings?kind=locations&show=mapped"),
    ("place", "/mapped-places/Tills/place-0"),
    ("people", "/mappings?kind=customers"),
    ("platforms", "/platforms"),
    ("quarantine", "/quarantine"),
    ("question", "/quarantine/1"),
    ("search", "/search?q=mug"),
    ("missing", "/nothing"),
];

/// Serves the hub on a free port of this machine.
async fn serve(running: &Running) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    let service = server::router(running.hub.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    format!("http://{address}")
}

fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_sees_the_shop_on_a_phone_and_on_a_desk() {
    let Some(driver) = Driver::start() else {
        assert!(std::env::var_os("LOCKSTEP_REQUIRE_BROWSER").is_none(), "chromedriver is required and not in PATH");
        println!("skipped: chromedriver is not in PATH (apt-get install chromium chromium-driver)");
        return;
    };
    let running = Running::shop(Options::default()).await;
    let home = serve(&running).await;
    for (name, width, height) in [("phone", 390, 844), ("desk", 1280, 900)] {
        let window = driver.window(width, height).await;
        look_at_every_page(&window, &home, name, width).await;
        what_happens_shows_by_itself(&running, &window, &home, if width == 390 { 41 } else { 43 }).await;
        window.close().await;
    }
}

async fn look_at_every_page(window: &Window, home: &str, name: &str, width: u32) {
    for (page, address) in PAGES {
        window.open(&format!("{home}{address}")).await;
        if page == "live" {
            window.sees("Live: this page follows what happens.").await;
        }
        window.picture(&pictures().join(format!("{page}-{name}.png"))).await;
        let wide = window.script("return document.documentElement.scrollWidth").await;
        assert!(wide.as_u64().is_some_and(|wide| wide <= u64::from(width)), "{page} is {wide} wide on {name}");
        let errors = window.errors().await;
        let expected = usize::from(page == "missing");
        assert_eq!(errors.len(), expected, "{page} on {name}: {errors:?}");
    }
    window.open(&format!("{home}/channels/Tills")).await;
    window.press("form[action$=\"/access\"] button").await;
    window.sees("Pop-up at the fair").await;
    window.picture(&pictures().join(format!("channel-checked-{name}.png"))).await;
    let wide = window.script("return document.documentElement.scrollWidth").await;
    assert!(wide.as_u64().is_some_and(|wide| wide <= u64::from(width)), "a checked channel is {wide} wide on {name}");
    window.open(&format!("{home}/stock?q=endless")).await;
    window.press("tbody a").await;
    window.sees("Why is this").await;
    let wide = window.script("return document.documentElement.scrollWidth").await;
    assert!(wide.as_u64().is_some_and(|wide| wide <= u64::from(width)), "an endless item is {wide} wide on {name}");
    window.open(&format!("{home}/")).await;
    window.scheme("dark").await;
    window.picture(&pictures().join(format!("live-dark-{name}.png"))).await;
    window.scheme("light").await;
}

/// A change made elsewhere appears on the open page, on its number and among what moved.
async fn what_happens_shows_by_itself(running: &Running, window: &Window, home: &str, units: i32) {
    window.open(&format!("{home}/")).await;
    window.sees("Live: this page follows what happens.").await;
    let reason = format!("found {units} behind the shelf");
    running
        .does(Action::Adjust {
            key: None,
            adjustment: Adjustment {
                item: ItemId(5),
                location: LocationId(2),
                change: Change::units(units),
                unsellable: false,
                reason: Note::new(&reason),
            },
        })
        .await;
    window.sees(&reason).await;
    assert_eq!(window.errors().await, Vec::<String>::new());
}
