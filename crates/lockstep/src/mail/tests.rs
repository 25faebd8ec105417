//! The daily round against a real hub and a mail server that speaks SMTP.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use flow::Clock;
use model::{Action, Actor, Barcode, Command, Instant, Sku, Unit};

use super::sink::{Mood, Sink, Taken};
use super::{Daily, Letter, Post};
use crate::config::{Config, load};
use crate::hub::Running;

/// A clock that stands still until it is told to go on.
struct Still(AtomicI64);

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// A hub of one store in Berlin with two items of one barcode, its mail server and its clock.
struct Shop {
    running: Running,
    config: Config,
    clock: Arc<Still>,
    sink: Sink,
    folder: PathBuf,
}

impl Shop {
    async fn open(name: &str, more: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("lockstep-mail-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let sink = Sink::start().await;
        let file = folder.join("lockstep.toml");
        let text = format!(
            "[hub]\ndata = \"{}\"\npublic_url = \"https://hub.example\"\n[mail]\nsmtp = \"{}\"\nfrom = \"Lockstep <hub@shop.example>\"\n\
             to = [\"owner@shop.example\", \"Buyer <buyer@shop.example>\"]\n[[location]]\nname = \"Store\"\n\
             zone = \"Europe/Berlin\"\n{more}",
            folder.join("data").display(),
            sink.url
        );
        std::fs::write(&file, text).expect("written");
        let config = load(Some(&file)).expect("a good configuration");
        let running = crate::hub::start(&config).await.expect("a hub");
        for sku in ["MUG", "CUP"] {
            let action = Action::PutItem {
                sku: Sku::new(sku),
                title: format!("{sku}, blue").as_str().into(),
                barcodes: vec![Barcode::new("4006381333931")],
                unit: Unit::Piece,
                components: Vec::new(),
                price: None,
                tax_inclusive: true,
            };
            let at = Instant(0);
            running.flow.command(Command { at, by: Actor::Operator, action }).await.expect("possible");
        }
        let clock = Arc::new(Still(AtomicI64::new(at("2026-11-24T05:00:00Z").0)));
        Self { running, config, clock, sink, folder }
    }

    fn round(&self) -> Daily {
        let clock: Arc<dyn Clock> = self.clock.clone();
        Daily::of(&self.config, Arc::clone(&self.running.hub), clock).expect("a good section")
    }

    fn it_is(&self, time: &str) {
        self.clock.0.store(at(time).0, Ordering::SeqCst);
    }

    fn trouble(&self) -> Option<String> {
        self.running.hub.options.mailed.trouble()
    }

    async fn close(self) {
        self.running.stop().await;
        std::fs::remove_dir_all(&self.folder).expect("removed");
    }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

/// Headers of the whole, and each part's headers with its content.
fn parts(mail: &Taken) -> (String, Vec<(String, String)>) {
    let (head, body) = mail.data.split_once("\n\n").expect("headers and a body");
    let boundary = head.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a boundary");
    let line = format!("--{boundary}");
    let pieces = body.split(&line).skip(1).filter(|piece| !piece.starts_with("--"));
    let part = |piece: &str| {
        let (head, content) = piece.trim_start().split_once("\n\n").expect("headers and content");
        (head.to_owned(), decoded(head, content))
    };
    (head.to_owned(), pieces.map(part).collect())
}

fn decoded(head: &str, content: &str) -> String {
    if head.contains("base64") {
        let packed: String = content.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(packed).expect("base64");
        return String::from_utf8(bytes).expect("text");
    }
    if !head.contains("quoted-printable") {
        return content.to_owned();
    }
    let joined = content.replace("=\n", "");
    let mut pieces = joined.split('=');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).expect("two digits"));
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_seven_in_the_store_the_report_leaves_once_with_its_text_and_its_table() {
    let shop = Shop::open("morning", "").await;
    let mut round = shop.round();
    assert_eq!(round.turn().await, Duration::from_secs(3_600), "it is six in Berlin");
    shop.it_is("2026-11-24T06:00:00Z");
    round.turn().await;
    assert_eq!(round.turn().await, Duration::from_secs(86_400), "the next one is tomorrow");
    let taken = shop.sink.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (taken[0].from.as_str(), taken[0].to.as_slice()),
        ("hub@shop.example", &["owner@shop.example".to_owned(), "buyer@shop.example".to_owned()][..])
    );
    let (head, parts) = parts(&taken[0]);
    for line in [
        "Subject: Lockstep: 1 gap",
        "From: Lockstep <hub@shop.example>",
        "Date: Tue, 24 Nov 2026 06:00:00",
        "multipart/mixed",
    ] {
        assert!(head.contains(line), "{line} is missing in\n{head}");
    }
    let [(text_head, text), (table_head, table)] = parts.as_slice() else { panic!("two parts: {parts:?}") };
    assert!(text_head.contains("text/plain"), "{text_head}");
    assert!(text.contains("CUP, blue (CUP) in our own record: doubled."), "{text}");
    assert!(table_head.contains("attachment") && table_head.contains("gaps-2026-11-24.csv"), "{table_head}");
    assert!(table.starts_with("kind,channel,sku,") && table.contains("duplicate,,CUP,\"CUP, blue\""), "{table}");
    assert_eq!(shop.trouble(), None);
    // Another start on the same day, and the next morning.
    let mut again = shop.round();
    again.turn().await;
    assert_eq!(shop.sink.taken().len(), 1);
    shop.it_is("2026-11-25T06:00:01Z");
    again.turn().await;
    assert_eq!(shop.sink.taken().len(), 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_server_is_tried_a_few_times_and_then_it_is_told_and_the_next_day_begins_anew() {
    let shop = Shop::open("busy", "").await;
    let mut round = shop.round();
    shop.it_is("2026-11-24T06:00:00Z");
    shop.sink.is(Mood::Busy);
    let mut pauses = Vec::new();
    while shop.trouble().is_none() {
        assert!(pauses.len() < 10, "{pauses:?}");
        pauses.push(round.turn().await.as_secs());
    }
    assert_eq!(pauses, [60, 300, 900, 0]);
    let trouble = shop.trouble().expect("it is told");
    assert!(
        trouble.contains("2026-11-24") && trouble.contains("later") && trouble.contains("lockstep gaps --mail"),
        "{trouble}"
    );
    shop.sink.is(Mood::Takes);
    round.turn().await;
    assert_eq!(shop.sink.taken().len(), 0, "that day was given up");
    shop.it_is("2026-11-25T06:00:00Z");
    round.turn().await;
    assert_eq!((shop.sink.taken().len(), shop.trouble()), (1, None));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_there_or_never_takes_it_sends_nothing_and_says_why() {
    let mut shop = Shop::open("absent", "").await;
    shop.it_is("2026-11-24T06:00:00Z");
    shop.sink.is(Mood::Refuses);
    shop.round().turn().await;
    assert!(shop.trouble().is_some_and(|trouble| trouble.contains("never")), "{:?}", shop.trouble());
    shop.it_is("2026-11-25T06:00:00Z");
    // A port that was free a moment ago.
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    shop.config.mail.smtp = format!("smtp://{}", free.local_addr().expect("its address"));
    drop(free);
    let mut round = shop.round();
    assert_eq!(round.turn().await, Duration::from_secs(60), "it may be repeated");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_may_have_arrived_is_not_sent_twice_and_that_is_said() {
    let shop = Shop::open("unknown", "").await;
    shop.it_is("2026-11-24T06:00:00Z");
    shop.sink.is(Mood::HangsUp);
    let mut round = shop.round();
    round.turn().await;
    assert!(shop.trouble().is_some_and(|trouble| trouble.contains("may have arrived")), "{:?}", shop.trouble());
    shop.sink.is(Mood::Takes);
    round.turn().await;
    shop.round().turn().await;
    assert_eq!(shop.sink.taken().len(), 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_crash_in_the_middle_nothing_is_sent_again_and_a_person_is_told() {
    let shop = Shop::open("crash", "").await;
    shop.it_is("2026-11-24T06:00:00Z");
    let ledger = super::ledger::Ledger::new(&shop.config.hub.data);
    ledger.write("2026-11-24".parse().expect("a date"), super::ledger::End::Begun).expect("written");
    shop.round().turn().await;
    assert_eq!(shop.sink.taken().len(), 0);
    assert!(shop.trouble().is_some_and(|trouble| trouble.contains("may not have arrived")), "{:?}", shop.trouble());
    std::fs::write(shop.config.hub.data.join("mail/last-day"), "spoiled").expect("written");
    shop.round().turn().await;
    assert_eq!(shop.sink.taken().len(), 0, "when nobody knows, none is sent");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_has_not_read_its_channels_waits_an_hour_for_them_and_then_says_so() {
    let channel =
        "[[channel]]\nname = \"web\"\nplatform = \"square\"\nbase_url = \"http://127.0.0.1:9\"\ntoken = \"t\"\n";
    let shop = Shop::open("unread", channel).await;
    let mut round = shop.round();
    shop.it_is("2026-11-24T06:00:00Z");
    assert_eq!(round.turn().await, Duration::from_secs(60));
    shop.it_is("2026-11-24T06:59:59Z");
    assert_eq!(round.turn().await, Duration::from_secs(60));
    assert_eq!(shop.sink.taken().len(), 0);
    shop.it_is("2026-11-24T07:00:00Z");
    round.turn().await;
    let taken = shop.sink.taken();
    let (_, parts) = parts(taken.first().expect("a mail"));
    assert!(parts[0].1.contains("web: not read to the end"), "{}", parts[0].1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signs_of_every_language_arrive_as_they_were_written() {
    let sink = Sink::start().await;
    let config = crate::config::Mail {
        smtp: sink.url.clone(),
        user: String::new(),
        password_file: PathBuf::new(),
        from: "Lädchen <hub@shop.example>".into(),
        to: vec!["owner@shop.example".into()],
        hour: 7,
    };
    let letter = Letter {
        at: Instant(0),
        subject: "Lockstep: 1 gap".into(),
        text: "Tasse „blau“, 5 €\n.\n..\n".into(),
        file: "gaps.csv".into(),
        table: "kind\r\nstöck\r\n".into(),
    };
    Post::of(&config).expect("a post").send(&letter).await.expect("sent");
    let taken = sink.taken();
    let (_, parts) = parts(&taken[0]);
    assert_eq!(parts[0].1.trim_end().replace("\r\n", "\n"), letter.text.trim_end());
    assert_eq!(parts[1].1.trim_end().replace("\r\n", "\n"), "kind\nstöck");
}
