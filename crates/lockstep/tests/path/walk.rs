//! The walk: one sale, step by step, with what each step gave to the next.

use std::path::Path;

use connectors::{Delivery, connector};
use emulators::machine::{Act, ActCustomer, ActLine, Outgoing};
use flow::{Admitted, Follower, HookRequest};
use journal::{Head, Seq};
use model::{Entry, ItemId, LocationId, LocationName, Platform, Sku};
use tokio::sync::watch;
use views::{FactFilter, OrderFilter, Views};

use crate::account::{Call, headers};
use crate::hub::{Hub, SHOP, STORE, TILLS};
use crate::page::{Page, json, pretty, shortened};

const SKU: &str = "MUG-BLUE";

/// Walks with one sale and gives the page.
pub fn walk(folder: &Path) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(walked(folder))
}

async fn walked(folder: &Path) -> String {
    let hub = Hub::open(folder, &opening()).await;
    let mut page = Page::default();
    page.line(
        "# The path of a sale\n\nA till of the channel `shop` sells the last blue mug of the store. Below is what every \
         step of the hub made of it,\nin the order in which it happened. The page is written by the test \
         `crates/lockstep/tests/path_of_a_sale.rs`, which runs\nthe real parts against emulated platforms and fails when \
         the page is out of date\n(`LOCKSTEP_BLESS=1 cargo test -p lockstep --test path_of_a_sale` writes it anew).",
    );
    let delivery = sell(&hub).await;
    admit(&mut page, &hub, &delivery).await;
    let before = hub.reader.head();
    keep(&mut page, &hub, &delivery, before).await;
    send(&mut page, &hub).await;
    show(&mut page, &hub, &folder.join("views.sqlite"), before);
    page.text()
}

fn opening() -> Vec<Act> {
    vec![
        Act::PutLocation { name: STORE.into(), zone: Some("Europe/Lisbon".into()) },
        Act::PutItem {
            sku: SKU.into(),
            title: "Mug, blue".into(),
            barcode: Some("4006381333931".into()),
            price_minor: 995,
            tracked: true,
            force_new: false,
            product: None,
            option: None,
        },
        Act::Count { sku: SKU.into(), location: STORE.into(), quantity: "1".into() },
    ]
}

/// The till rings it up; of what its platform sends, the order itself is delivered first.
async fn sell(hub: &Hub) -> Outgoing {
    hub.clock.pass(60_000);
    hub.accounts[SHOP].act(&Act::TillSale {
        reference: "till-1/0042".into(),
        location: STORE.into(),
        lines: vec![ActLine { sku: SKU.into(), quantity: "1".into(), unit_price_minor: 995, of_line: None }],
        customer: Some(ActCustomer {
            reference: "ada".into(),
            given_name: "Ada".into(),
            family_name: "Example".into(),
            email: "ada@example.com".into(),
            phone: String::new(),
        }),
        offline_ms: 0,
    });
    hub.clock.pass(1_000);
    let sent = hub.accounts[SHOP].deliveries();
    let topics: Vec<&str> = sent.iter().map(|delivery| delivery.topic.as_str()).collect();
    let order = sent.iter().find(|delivery| delivery.topic == "orders/create");
    order.unwrap_or_else(|| panic!("the order is among {topics:?}")).clone()
}

async fn admit(page: &mut Page, hub: &Hub, delivery: &Outgoing) {
    let link = &hub.links[SHOP];
    page.heading("1. admit: bytes become commands");
    page.line(&format!("The platform posts to `{}`:", link.settings.hook_url));
    let head: String = delivery.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    page.block("http", &format!("{head}\n{}", shortened(&delivery.body, 900)));
    page.line(
        "The signature is checked over these exact bytes. Then the platform's dictionary reads them. Who bought it goes \
         no\nfurther than the body, which is kept sealed; the order has the customer's number only. What is left is a \
         command:",
    );
    let headers = headers(delivery);
    let raw = Delivery {
        headers: &headers,
        url: &link.settings.hook_url,
        topic: "",
        at: model::Instant(0),
        body: &delivery.body,
    };
    let dictionary = connector(Platform::Shopify);
    let verified = dictionary.verify(raw, &link.secrets()).expect("the platform signed it");
    let heard = dictionary.read(link.channel, &verified).expect("the dictionary reads it").remove(0);
    let (channel, at) = (link.channel, flow::Clock::now(hub.clock.as_ref()));
    let told =
        hub.flow.look(move |desk| flow::commands(desk, channel, at, None, heard.told)).await.expect("the hub runs");
    let commands = told.expect("keys can be used").commands;
    page.block("rust", &commands.iter().map(|command| format!("{:#?}\n", command.action)).collect::<String>());
}

async fn keep(page: &mut Page, hub: &Hub, delivery: &Outgoing, before: Head) {
    let request =
        || HookRequest::new(headers(delivery), "", flow::Clock::now(hub.clock.as_ref()), delivery.body.clone());
    let admitted = flow::admit(&hub.flow, &hub.links[SHOP], &hub.links, request()).await.expect("it is taken in");
    assert_eq!(admitted, Admitted::New);
    page.heading("2. decide: commands become facts");
    page.line("The engine compares the order with what it knows. Nobody had been promised this mug; it is gone now.");
    let (batches, entries) = since(hub, before.next);
    page.block("json", &entries.iter().map(|entry| json(entry) + "\n").collect::<String>());
    page.heading("3. keep: facts become durable");
    page.line(
        "The sealed body, the keys and the facts are made durable in one group commit. Only then the platform gets its\n\
         200. A second delivery of the same bytes changes nothing.",
    );
    page.table(["", ""], &batches);
    let again = flow::admit(&hub.flow, &hub.links[SHOP], &hub.links, request()).await.expect("it is taken in");
    assert_ne!(again, Admitted::New);
    assert_eq!(since(hub, before.next).1.len(), entries.len(), "the second delivery left no fact");
    page.line("`propose` comes with the agents.");
}

/// Rows about every batch from a fact on, and its facts.
fn since(hub: &Hub, from: Seq) -> (Vec<(String, String)>, Vec<Entry>) {
    let mut cursor = hub.reader.read(from).expect("the journal can be read");
    let (mut rows, mut entries) = (Vec::new(), Vec::new());
    while let Some(batch) = cursor.next().expect("the chain holds") {
        let last = batch.first.0 + u64::from(batch.facts) - 1;
        rows.push(("facts".to_owned(), format!("{} to {last}", batch.first)));
        rows.push(("bytes".to_owned(), batch.body.len().to_string()));
        rows.push(("chain".to_owned(), format!("`{}`", batch.chain)));
        entries.extend(Entry::decode_all(batch.body).expect("facts can be read"));
    }
    (rows, entries)
}

async fn place(hub: &Hub) -> (ItemId, LocationId) {
    let found = hub.flow.read(|state| {
        let item = state.catalogue().sku(&Sku::new(SKU)).map(|item| item.item);
        item.zip(state.catalogue().location_named(&LocationName::new(STORE)).map(|location| location.location))
    });
    found.await.expect("the hub runs").expect("the mug and the store are known")
}

/// What a channel shows, and what it should show.
async fn level(hub: &Hub, number: usize) -> (String, String) {
    let ((item, location), channel) = (place(hub).await, hub.links[number].channel);
    let levels = hub.flow.read(move |state| {
        let row = state.positions().find(item, location).expect("the position is there");
        let shown = state.shown().get(channel, row).expect("the channel was read").level;
        (shown.to_string(), state.wanted(channel, item, location).expect("it sells from there").to_string())
    });
    levels.await.expect("the hub runs")
}

async fn send(page: &mut Page, hub: &Hub) {
    page.heading("4. send: every channel shows what it should");
    let mut rows = Vec::new();
    for number in [SHOP, TILLS] {
        let (shown, wanted) = level(hub, number).await;
        rows.push((format!("`{}`", hub.links[number].settings.name), format!("shows {shown}, should show {wanted}")));
    }
    page.table(["channel", "the mug in the store"], &rows);
    assert_eq!(level(hub, SHOP).await, ("0".into(), "0".into()), "the till's own channel took it off by itself");
    assert_eq!(level(hub, TILLS).await, ("1".into(), "0".into()), "the other channel would sell it again");
    let before = hub.reader.head();
    hub.send(TILLS).await;
    page.line("The difference becomes a write. Its key and exact body are a fact before it is sent:");
    let calls = hub.accounts[TILLS].calls();
    calls.iter().for_each(|call| wire(page, call));
    page.line("What was intended, and what became of it:");
    let (batches, entries) = since(hub, before.next);
    page.block("json", &entries.iter().map(|entry| json(entry) + "\n").collect::<String>());
    page.table(["", ""], &batches);
    assert_eq!(level(hub, TILLS).await, ("0".into(), "0".into()));
    assert_eq!(calls.len(), 1, "one difference, one request");
    echo(page, hub).await;
}

fn wire(page: &mut Page, call: &Call) {
    let request = &call.request;
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        let value = if value.is_sensitive() { "…" } else { value.to_str().unwrap_or("…") };
        format!("{name}: {value}\n")
    };
    let head: String = request.headers().iter().map(header).collect();
    let first = format!("{} {}", request.method(), request.uri());
    page.block("http", &format!("{first}\n{head}\n{}", pretty(request.body())));
    page.line(&format!("The platform answers {}:", call.status));
    page.block("json", &pretty(&call.reply));
}

/// The other platform tells of the level that we have just written.
async fn echo(page: &mut Page, hub: &Hub) {
    let before = hub.reader.head();
    for delivery in hub.accounts[TILLS].deliveries() {
        let request =
            HookRequest::new(headers(&delivery), "", flow::Clock::now(hub.clock.as_ref()), delivery.body.clone());
        let admitted = flow::admit(&hub.flow, &hub.links[TILLS], &hub.links, request).await.expect("it is genuine");
        assert_eq!(admitted, Admitted::Nothing, "{}", delivery.topic);
        page.line(&format!(
            "Its `{}` about this very write is recognised as an echo: no fact comes of it.",
            delivery.topic
        ));
    }
    assert_eq!(hub.reader.head(), before);
}

fn show(page: &mut Page, hub: &Hub, file: &Path, before: Head) {
    let views = Views::open(file).expect("the views can be opened");
    let reader = views.reader().expect("the views can be read");
    let (told, _shown) = watch::channel(views.checkpoint());
    let folded = Follower::new(hub.reader.again(), views, told).catch_up().expect("every fact can be folded");
    assert_eq!(folded + 1, hub.reader.head().next.0);
    page.heading("5. show: facts become rows");
    page.line("The feed, in words:\n");
    let filter = FactFilter {
        after_seq: Some(model::Seq(before.next.0 - 1)),
        direction: views::Direction::OldestFirst,
        ..FactFilter::default()
    };
    for row in reader.facts(&filter, 100).expect("facts") {
        page.line(&format!("- {} · {} · {}", row.seq.0, row.by, row.words));
    }
    let order = reader.orders(&OrderFilter::default(), 1).expect("orders").pop().expect("the sale is listed");
    page.line("\nThe order:");
    page.block("json", &json(&order));
    page.line("Why does the store have none?\n");
    let why = reader.explain(ItemId(0), LocationId(0), 10, None).expect("explained");
    for row in &why.rows {
        page.line(&format!("- {} · {} → on hand {}", row.seq.0, row.words, row.on_hand_after));
    }
    assert_eq!(why.on_hand.to_string(), "0");
    page.line("\nThe write:");
    let write = reader.writes(None, None, 1).expect("writes").pop().expect("the write is listed");
    page.block("json", &json(&write));
}
