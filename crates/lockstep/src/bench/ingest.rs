//! Signed order webhooks over HTTP to the durable acknowledgement, beside a bare echo of the same bodies on the same
//! machine in the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant as Clock};

use anyhow::Context;
use base64::Engine;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::quantile::quantiles;
use super::{Folder, IngestArgs};
use crate::exit::Outcome;
use eval::measure::{Measure, round};

const SECRET: &str = "benchmark-secret";
const PATH: &str = "/hooks/shopify/web";

pub(super) fn run(args: &IngestArgs) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let folder = Folder::of(args.data.as_ref());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (hub, echo) = runtime.block_on(both(args, &folder.path))?;
    let rate = |part: &Part| args.requests as f64 / part.seconds;
    let (hub_rate, echo_rate) = (rate(&hub), rate(&echo));
    let mut durations = hub.durations;
    measure.print(json!({
        "requests_per_s": round(hub_rate),
        "latency_ms": quantiles(&mut durations),
        "echo_requests_per_s": round(echo_rate),
        "ratio": round(hub_rate / echo_rate),
        "connections": args.connections,
        "requests": args.requests,
        "not_acknowledged": hub.refused,
        "views_behind_s": round(hub.views_behind_s),
        "body_bytes": hub.body_bytes,
    }));
    Ok(if hub.refused == 0 { Outcome::Well } else { Outcome::No })
}

struct Part {
    seconds: f64,
    durations: Vec<Duration>,
    refused: usize,
    body_bytes: usize,
    views_behind_s: f64,
}

async fn both(args: &IngestArgs, data: &std::path::Path) -> anyhow::Result<(Part, Part)> {
    let echo = TcpListener::bind("127.0.0.1:0").await?;
    let echo_at = echo.local_addr()?;
    let echo_router = axum::Router::new().route(PATH, axum::routing::post(|body: axum::body::Bytes| async { body }));
    tokio::spawn(async move { axum::serve(echo, echo_router).await });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let hub_at = listener.local_addr()?;
    let running = crate::hub::start(&configuration(data)?).await?;
    learn_items(&running.flow).await?;
    let router = server::router(Arc::clone(&running.hub));
    let served = tokio::spawn(async move { axum::serve(listener, router).await });
    let requests: Arc<Vec<Vec<u8>>> = Arc::new((0..args.requests).map(request).collect());
    let body_bytes = body(0).len();
    // Both once before, so that neither pays for what is done the first time.
    load(echo_at, Arc::new(requests[..args.requests.min(2_000)].to_vec()), args.connections).await?;
    let echo = load(echo_at, Arc::clone(&requests), args.connections).await?;
    let hub = load(hub_at, requests, args.connections).await?;
    let views_behind_s = catch_up(&running).await?;
    served.abort();
    running.stop().await;
    Ok((Part { body_bytes, views_behind_s, ..hub }, echo))
}

/// Seconds from the last acknowledgement until the pages show everything.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
async fn catch_up(running: &crate::hub::Running) -> anyhow::Result<f64> {
    let (started, head) = (Clock::now(), running.flow.head());
    running.hub.shown.clone().wait_for(|shown| *shown >= head).await.context("the views stand still")?;
    Ok(started.elapsed().as_secs_f64())
}

/// A hub with one channel whose platform does not answer.
fn configuration(data: &std::path::Path) -> anyhow::Result<crate::config::Config> {
    let text = format!(
        "[hub]\ndata = {:?}\n[[channel]]\nname = \"web\"\nplatform = \"shopify\"\nbase_url = \"http://127.0.0.1:9\"\n\
         token = \"t\"\nwebhook_secret = \"{SECRET}\"\nsubscribe = false\n\
         [[location]]\nname = \"Store\"\nhome = \"web\"\n",
        data.display().to_string()
    );
    std::fs::create_dir_all(data)?;
    let file = data.join("bench.toml");
    std::fs::write(&file, text)?;
    crate::config::load(Some(&file))
}

/// Items and a location, as a backfill would have brought them.
async fn learn_items(flow: &flow::Flow) -> anyhow::Result<()> {
    use model::{
        Action, Actor, ChannelId, Command, ExternalItem, ExternalLocation, Instant, ItemSeen, LocationName,
        LocationSeen, Sku, Title,
    };
    let command = |action| Command { at: Instant(1_800_000_000_000), by: Actor::System, action };
    let channel = ChannelId(0);
    let mut all = vec![command(Action::LocationSeen(LocationSeen {
        channel,
        external: ExternalLocation::new("61234567"),
        name: LocationName::new("Store"),
        active: true,
    }))];
    all.extend((0..1_000).map(|number| {
        command(Action::ItemSeen(ItemSeen {
            channel,
            external: ExternalItem::new(&format!("{}", 45_000 + number)),
            aliases: vec![ExternalItem::new(&format!("variant:{}", 43_000 + number))],
            sku: Sku::new(&format!("SKU-{number}")),
            title: Title::new("Benchmark item"),
            barcodes: Vec::new(),
            price: None,
            tax_inclusive: true,
            tracked: true,
            deleted: false,
        }))
    }));
    for result in flow.decide(move |_| Ok(all)).await?.results {
        result.context("fill the hub")?;
    }
    Ok(())
}

/// A till sale of three lines.
fn body(number: usize) -> String {
    let line = |place: usize| {
        let item = (number * 7 + place * 131) % 1_000;
        json!({
            "id": 14_000_000_000_u64 + (number * 3 + place) as u64, "variant_id": 43_000 + item, "product_id": 8_100,
            "sku": format!("SKU-{item}"), "name": "Benchmark item", "title": "Benchmark item", "quantity": 1,
            "current_quantity": 1, "fulfillable_quantity": 0, "fulfillment_status": "fulfilled", "price": "20.95",
            "total_discount": "0.00", "taxable": true, "requires_shipping": false, "gift_card": false, "grams": 300,
            "tax_lines": [{ "title": "VAT", "rate": 0.19, "price": "3.35" }]
        })
    };
    let lines: Vec<_> = (0..3).map(line).collect();
    let sent: Vec<_> = lines
        .iter()
        .map(|l| json!({ "id": l["id"], "variant_id": l["variant_id"], "sku": l["sku"], "quantity": 1 }))
        .collect();
    json!({
        "id": 5_500_000_000_000_u64 + number as u64, "name": format!("#{number}"), "order_number": number,
        "created_at": "2027-01-15T08:00:00+00:00", "updated_at": "2027-01-15T08:00:00+00:00",
        "processed_at": "2027-01-15T08:00:00+00:00", "cancelled_at": null, "closed_at": null, "currency": "EUR",
        "presentment_currency": "EUR", "taxes_included": true, "test": false, "source_name": "pos",
        "location_id": 61_234_567, "user_id": 7_788, "email": null, "phone": null, "financial_status": "paid",
        "fulfillment_status": "fulfilled", "subtotal_price": "62.85", "total_tax": "10.03",
        "total_discounts": "0.00", "total_price": "62.85", "current_total_price": "62.85", "customer": null,
        "billing_address": null, "shipping_address": null, "line_items": lines, "shipping_lines": [], "refunds": [],
        "fulfillments": [{ "id": 490_000_000 + number, "order_id": 5_500_000_000_000_u64 + number as u64,
            "status": "success", "location_id": 61_234_567, "line_items": sent }],
        "payment_gateway_names": ["cash"], "note": null, "note_attributes": [], "tags": ""
    })
    .to_string()
}

fn request(number: usize) -> Vec<u8> {
    let body = body(number);
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(aws_lc_rs::hmac::sign(&key, body.as_bytes()));
    format!(
        "POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-Shopify-Topic: orders/create\r\nX-Shopify-Hmac-Sha256: {signature}\r\n\
         X-Shopify-Shop-Domain: bench.myshopify.com\r\nX-Shopify-API-Version: 2026-10\r\n\
         X-Shopify-Webhook-Id: wh-{number}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends every request once, over so many connections, each waiting for its answer.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
async fn load(at: std::net::SocketAddr, requests: Arc<Vec<Vec<u8>>>, connections: usize) -> anyhow::Result<Part> {
    let next = Arc::new(AtomicUsize::new(0));
    let started = Clock::now();
    let tasks: Vec<_> = (0..connections.max(1))
        .map(|_| {
            let (next, requests) = (Arc::clone(&next), Arc::clone(&requests));
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(at).await?;
                stream.set_nodelay(true)?;
                let (mut durations, mut refused) = (Vec::new(), 0);
                let mut buffer = vec![0; 1 << 16];
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(request) = requests.get(number) else { return anyhow::Ok((durations, refused)) };
                    let begun = Clock::now();
                    stream.write_all(request).await?;
                    let status = read_answer(&mut stream, &mut buffer).await?;
                    durations.push(begun.elapsed());
                    refused += usize::from(status != 200);
                }
            })
        })
        .collect();
    let (mut durations, mut refused) = (Vec::new(), 0);
    for task in tasks {
        let (more, no) = task.await??;
        durations.extend(more);
        refused += no;
    }
    Ok(Part { seconds: started.elapsed().as_secs_f64(), durations, refused, body_bytes: 0, views_behind_s: 0.0 })
}

/// Reads one whole answer; its status.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<u16> {
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
        let read = stream.read(&mut buffer[filled..]).await?;
        anyhow::ensure!(read > 0, "the connection was closed before the answer was whole");
        filled += read;
        if let Some(status) = whole(&buffer[..filled]) {
            return Ok(status);
        }
    }
}

/// The status of an answer with a content length, once it is whole.
fn whole(bytes: &[u8]) -> Option<u16> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    })?;
    (bytes.len() >= end + 4 + length).then(|| head.split(' ').nth(1).and_then(|code| code.parse().ok()))?
}
