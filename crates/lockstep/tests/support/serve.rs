//! A hub of its own process, stopped as a service manager stops it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a start or an end may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running `lockstep serve`.
#[derive(Debug)]
pub struct Serve {
    child: Child,
    /// Host and port.
    pub address: String,
    said: Receiver<String>,
}

impl Serve {
    /// Starts a hub and waits until it listens.
    pub fn start(config: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lockstep"))
            .args(["serve", "--config"])
            .arg(config)
            .env_remove("LOCKSTEP_DATA")
            .env_remove("LOCKSTEP_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let (tell, said) = channel();
        // The pipe is read to its end, so that the hub never waits for somebody to listen.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(tell.send(line))));
        let mut serve = Self { child, address: String::new(), said };
        let line = serve.hear("listens on http://");
        serve.address = line.rsplit("http://").next().unwrap_or_default().to_owned();
        serve
    }

    /// Waits for a line with these words.
    fn hear(&self, words: &str) -> String {
        let mut all = Vec::new();
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => all.push(line),
                Err(error) => panic!("{words:?} was not said ({error}); it said {all:#?}"),
            }
        }
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().expect("it is our child").is_none()
    }

    /// SIGTERM, and everything it said.
    pub fn stop(mut self) -> (ExitStatus, Vec<String>) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "the hub is there to be stopped");
        let mut said = Vec::new();
        // The pipe closes when the process has ended.
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(line) => said.push(line),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                Err(error) => panic!("the hub does not end ({error}): {said:#?}"),
            }
        }
        (self.child.wait().expect("it is our child"), said)
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
