//! What a command cost: wall time, processor time, memory. Printed with every result.

use serde_json::{Value, json};
use std::io::Write;

/// Started with the command.
#[derive(Debug)]
pub struct Measure {
    started: std::time::Instant,
}

impl Measure {
    /// Starts now.
    #[expect(clippy::disallowed_methods, reason = "measures the command itself")]
    pub fn start() -> Self {
        Self { started: std::time::Instant::now() }
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Adds `seconds`, `cpu_seconds`, `peak_rss_mb`, `version` to a result and prints it on standard output.
    pub fn print(&self, mut result: Value) {
        self.add(&mut result);
        // Whoever reads may have heard enough.
        let _ = writeln!(std::io::stdout(), "{result:#}");
    }

    /// Adds `seconds`, `cpu_seconds`, `peak_rss_mb`, `version` to a result.
    pub fn add(&self, result: &mut Value) {
        if let Value::Object(fields) = result {
            fields.insert("seconds".into(), json!(round(self.seconds())));
            fields.insert("cpu_seconds".into(), json!(round(cpu_seconds("self"))));
            fields.insert("peak_rss_mb".into(), json!(peak_rss_mb("self")));
            fields.insert("version".into(), json!(env!("CARGO_PKG_VERSION")));
        }
    }
}

/// Three decimals.
pub fn round(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// Processor seconds of a process (`self` or a number), from `/proc`; 0 where there is none.
pub fn cpu_seconds(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The second field is the name in brackets and may hold anything.
    let fields: Vec<&str> =
        stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
    let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// Largest resident size of a process in megabytes, from `/proc`; 0 where there is none.
pub fn peak_rss_mb(process: &str) -> u64 {
    memory_mb(process, "VmHWM:")
}

/// Resident size of a process now, in megabytes, from `/proc`; 0 where there is none.
pub fn rss_mb(process: &str) -> u64 {
    memory_mb(process, "VmRSS:")
}

fn memory_mb(process: &str, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or(0) / 1024
}
