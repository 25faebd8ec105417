//! A mail server for tests: it speaks as much SMTP (RFC 5321) as is needed to be given mail, and keeps it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it does with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// Takes it.
    Takes,
    /// Says that it cannot now.
    Busy,
    /// Says that it never will.
    Refuses,
    /// Takes it and hangs up without a word.
    HangsUp,
}

/// A mail as it came.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) data: String,
}

/// The server.
#[derive(Clone, Debug)]
pub(super) struct Sink {
    pub(super) url: String,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Sink {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("smtp://{}", listener.local_addr().expect("its address"));
        let sink = Self { url, mood: Arc::new(Mutex::new(Mood::Takes)), taken: Arc::default() };
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        sink
    }

    pub(super) fn is(&self, mood: Mood) {
        *self.mood.lock().expect("unpoisoned") = mood;
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("unpoisoned").clone()
    }

    async fn serve(self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut mail = Taken::default();
        if write.write_all(b"220 sink\r\n").await.is_err() {
            return;
        }
        while let Ok(Some(line)) = lines.next_line().await {
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = match verb.as_str() {
                "EHLO" => "250-sink\r\n250 8BITMIME",
                "MAIL" => {
                    mail = Taken { from: address(&line), ..Taken::default() };
                    "250 ok"
                }
                "RCPT" => {
                    mail.to.push(address(&line));
                    "250 ok"
                }
                "DATA" => {
                    if write.write_all(b"354 go on\r\n").await.is_err() {
                        return;
                    }
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                        mail.data.push('\n');
                    }
                    let mood = *self.mood.lock().expect("unpoisoned");
                    if matches!(mood, Mood::Takes | Mood::HangsUp) {
                        self.taken.lock().expect("unpoisoned").push(std::mem::take(&mut mail));
                    }
                    match mood {
                        Mood::Takes => "250 taken",
                        Mood::Busy => "451 later",
                        Mood::Refuses => "554 never",
                        Mood::HangsUp => return,
                    }
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

fn address(line: &str) -> String {
    line.split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or_else(String::new, |(found, _)| found.to_owned())
}
