//! In a real browser, on a phone and on a desk. Pictures are left in `target/screenshots`.

use std::path::PathBuf;

use model::Platform;

use crate::account::{Account, configuration, is_read};
use crate::driver::{Driver, Window};
use crate::folder::Folder;
use crate::serve::Serve;

fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}

/// A picture, and nothing is wider than the screen, and nothing failed.
async fn looks_well(window: &Window, page: &str, (name, width): (&str, u32)) {
    window.picture(&pictures().join(format!("{page}-{name}.png"))).await;
    let wide = window.script("return document.documentElement.scrollWidth").await;
    assert!(wide.as_u64().is_some_and(|wide| wide <= u64::from(width)), "{page} is {wide} wide on {name}");
    assert_eq!(window.errors().await, Vec::<String>::new(), "{page} on {name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_connects_an_account_in_the_browser_on_a_phone_and_on_a_desk() {
    let Some(driver) = Driver::start() else {
        assert!(std::env::var_os("LOCKSTEP_REQUIRE_BROWSER").is_none(), "chromedriver is required and not in PATH");
        println!("skipped: chromedriver is not in PATH (apt-get install chromium chromium-driver)");
        return;
    };
    for screen in [("phone", 390), ("desk", 1280)] {
        let folder = Folder::of(&format!("connect-browser-{}", screen.0));
        let accounts = [Account::open(Platform::Square).await];
        let (file, home) = configuration(folder.path(), &accounts);
        let _serve = Serve::start(&file);
        let window = driver.window(screen.1, 900).await;
        connects(&window, &home, &accounts[0], screen).await;
        window.close().await;
    }
}

async fn connects(window: &Window, home: &str, account: &Account, screen: (&str, u32)) {
    let press = async |selector: &str| window.press(selector).await;
    window.open(&format!("{home}/")).await;
    window.sees("Connect your first account").await;
    looks_well(window, "connect-empty", screen).await;
    press("a[href=\"/connect\"]").await;
    window.sees("The hub reads first.").await;
    looks_well(window, "connect-choose", screen).await;
    press("a[href=\"/connect?platform=square\"]").await;
    window.sees("Address of its API").await;
    window.script("document.getElementById('name').value = 'mall'").await;
    window.script(&format!("document.getElementById('account').value = {:?}", account.keys.account)).await;
    looks_well(window, "connect-form", screen).await;
    press("form[action=\"/connect\"] button").await;
    window.sees("Now it needs access.").await;
    looks_well(window, "connect-made", screen).await;
    press("form[action$=\"/authorize\"] button").await;
    window.sees("There you sign in").await;
    looks_well(window, "connect-away", screen).await;
    // To the platform, which agrees at once, and back by itself.
    press("a.button.main").await;
    window.sees("Has a token").await;
    window.sees("Checked").await;
    looks_well(window, "connect-found", screen).await;
    let given = account.writes().await;
    press("form[action$=\"/start\"] button").await;
    window.sees("It is being read.").await;
    // The page follows by itself, and offers to write once all is read.
    window.sees("Everything has been read once").await;
    looks_well(window, "connect-reading", screen).await;
    let read = is_read(home, "mall").await;
    assert_eq!(read["writes"], false);
    assert_eq!(account.writes().await, given, "nothing was written");
    window.sees("Let the hub write").await;
    looks_well(window, "connect-read", screen).await;
    press("form[action$=\"/write\"] button").await;
    window.sees("Nothing was changed: the token lacks").await;
    looks_well(window, "connect-lacks", screen).await;
    press("form[action$=\"/authorize\"] input[value=write] ~ button").await;
    window.sees("There you sign in").await;
    press("a.button.main").await;
    window.sees("Has a token").await;
    press("form[action$=\"/write\"] button").await;
    window.sees("The hub may write now.").await;
    looks_well(window, "connect-writes", screen).await;
}
