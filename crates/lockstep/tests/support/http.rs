//! HTTP by hand, because no client sends what has to be sent here.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// Sends bytes as they are and reads one answer to the end of the connection.
pub fn raw(address: &str, bytes: &[&[u8]]) -> Answer {
    let mut stream = TcpStream::connect(address).expect("the hub listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit can be set");
    for part in bytes {
        stream.write_all(part).expect("the hub reads");
    }
    let mut answer = Vec::new();
    // A refusal may close the connection over what it did not read; what came before that counts.
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Answer { status: status.unwrap_or_else(|| panic!("no status: {head:?}")), body: body.to_owned() }
}

/// The head of a request.
pub fn head(address: &str, line: &str, headers: &[(&str, &str)], length: usize) -> String {
    let mut text = format!("{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text + "\r\n"
}

/// One request and its answer.
pub fn call(address: &str, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    raw(address, &[head(address, line, headers, body.len()).as_bytes(), body])
}

/// Text as a part of an address.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
