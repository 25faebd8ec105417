//! `lockstep audit verify-export`: an exported audit checked by somebody who has nothing but the file and a public key.
//! docs/audit.md says how, so that it can be done with other tools too.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::Context;
use journal::{Chain, Checkpoint, Head, PublicKey, Record, Seq};
use model::Entry;
use serde_json::{Value, json};

use super::unhex;
use crate::exit::Outcome;
use eval::measure::Measure;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The export, JSON lines or CSV.
    file: PathBuf,
    /// File with the public key of the hub, got from elsewhere.
    #[arg(long)]
    public_key: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let measure = Measure::start();
    let key = match &args.public_key {
        Some(file) => super::verify::public_key(Some(file), Path::new(""))?,
        None => None,
    };
    let mut proof = Proof::default();
    let wrong = rows(&args.file)?.into_iter().find_map(|(line, row)| {
        let problem = row.and_then(|row| proof.take(&row, key)).err()?;
        Some(json!({ "line": line, "reason": format!("{problem:#}") }))
    });
    let wrong = wrong.or_else(|| {
        proof.signed_by.is_none().then(|| json!({ "line": Value::Null, "reason": "nothing at its end is signed" }))
    });
    let valid = wrong.is_none();
    measure.print(json!({
        "valid": valid,
        "facts": proof.facts,
        "until": proof.head.map(|head| head.next.0 - 1),
        "chain": proof.head.map(|head| head.chain.to_string()),
        "signed_by": proof.signed_by.map(|key| key.to_string()),
        "key_checked": key.is_some(),
        "first_bad": wrong,
    }));
    Ok(if valid { Outcome::Well } else { Outcome::No })
}

type Numbered = (usize, anyhow::Result<Value>);

/// Every row as the JSON form has it, with the number of its line.
fn rows(file: &Path) -> anyhow::Result<Vec<Numbered>> {
    let open = std::fs::File::open(file).with_context(|| format!("open {}", file.display()))?;
    let mut reader = BufReader::new(open);
    if reader.fill_buf()?.first() == Some(&b'{') {
        let lines = reader.lines().enumerate();
        return Ok(lines
            .map(|(number, line)| {
                (number + 1, line.map_err(Into::into).and_then(|line| Ok(serde_json::from_str(&line)?)))
            })
            .collect());
    }
    server::audit::from_csv(reader)
        .map(|rows| rows.into_iter().map(|(line, row)| (line, Ok(row))).collect())
        .map_err(anyhow::Error::msg)
}

#[derive(Default)]
struct Proof {
    head: Option<Head>,
    /// Stored forms of the record that is being read.
    body: Vec<u8>,
    waiting: u32,
    facts: u64,
    signed_by: Option<PublicKey>,
}

impl Proof {
    fn take(&mut self, row: &Value, key: Option<PublicKey>) -> anyhow::Result<()> {
        anyhow::ensure!(self.signed_by.is_none(), "there is something behind the signature");
        match row["row"].as_str().unwrap_or_default() {
            "begin" => {
                anyhow::ensure!(self.head.is_none(), "it begins twice");
                let next = row["seq"].as_u64().context("it does not say where it begins")?;
                self.head = Some(Head { next: Seq(next), chain: chain(row)? });
                Ok(())
            }
            "fact" => self.fact(row),
            "record" => self.record(row),
            "checkpoint" => self.checkpoint(row, key),
            _ => anyhow::bail!("it is no row of an export"),
        }
    }

    fn fact(&mut self, row: &Value) -> anyhow::Result<()> {
        let head = self.head.context("it has no beginning")?;
        let due = head.next.0 + u64::from(self.waiting);
        anyhow::ensure!(row["seq"].as_u64() == Some(due), "fact {due} should be here");
        let stored = unhex(row["stored"].as_str().unwrap_or_default()).context("the stored form is damaged")?;
        let [entry] = &Entry::decode_all(&stored).context("the stored form is damaged")?[..] else {
            anyhow::bail!("the stored form is not one fact");
        };
        // What people read must be what was stored; the sentence alone is only for them.
        let said = json!({ "at": row["at"], "by": row["by"], "fact": row["fact"] });
        anyhow::ensure!(said == server::audit::said(entry), "what is told of fact {due} is not what is stored of it");
        self.body.extend(stored);
        self.waiting += 1;
        self.facts += 1;
        Ok(())
    }

    fn record(&mut self, row: &Value) -> anyhow::Result<()> {
        let before = self.head.context("it has no beginning")?;
        let record = Record { before, facts: self.waiting, body: &self.body };
        anyhow::ensure!(self.waiting > 0, "the record holds no fact");
        let after = record.after();
        anyhow::ensure!(
            after.chain == chain(row)?,
            "the chain does not match: a fact before this was changed, or is missing"
        );
        self.head = Some(after);
        self.body.clear();
        self.waiting = 0;
        Ok(())
    }

    fn checkpoint(&mut self, row: &Value, key: Option<PublicKey>) -> anyhow::Result<()> {
        let head = self.head.context("it has no beginning")?;
        anyhow::ensure!(self.waiting == 0, "the last record has no end");
        let checkpoint = Checkpoint::parse(row["checkpoint"].as_str().unwrap_or_default())?;
        let fits = checkpoint.seq.0 + 1 == head.next.0 && checkpoint.chain == head.chain;
        anyhow::ensure!(fits, "what was signed is not the end of this export");
        if let Some(key) = key {
            anyhow::ensure!(key == checkpoint.key, "it is signed by another key: {}", checkpoint.key);
        }
        self.signed_by = Some(checkpoint.key);
        Ok(())
    }
}

fn chain(row: &Value) -> anyhow::Result<Chain> {
    Chain::parse(row["chain"].as_str().unwrap_or_default()).context("the chain is damaged")
}
