//! Reads a policy as people write it (TOML), and names every flaw with its line. Called by the door, the command line
//! and a fuzzer. The examples of a rule are checked here: a rule that does not match what it must, or matches what it
//! must not, is not taken.

use std::ops::Range;

use model::{ActKind, Agent, Currency, Instant, Limits, Money, Note, Phase, Policy, Quantity, Rule, Scope};
use serde::Deserialize;
use toml::Spanned;

use crate::sum::{Matter, speaks};

/// Letters of a file.
const TEXT_MAX: usize = 200_000;

/// Something that is wrong, where, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Counted from 1; 0 = the file as a whole.
    pub line: usize,
    /// Which field, for example `money`; empty = the rule or file as a whole.
    pub field: String,
    /// What is wrong and how to mend it.
    pub problem: String,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, field, problem } = self;
        match (line, field.as_str()) {
            (0, _) => write!(f, "{problem}"),
            (line, "") => write!(f, "line {line}: {problem}"),
            (line, field) => write!(f, "line {line}, {field}: {problem}"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Spanned<String>,
    #[serde(default)]
    agents: Vec<Spanned<String>>,
    #[serde(default)]
    acts: Vec<Spanned<String>>,
    #[serde(default)]
    stores: Vec<String>,
    #[serde(default)]
    channels: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    items: Vec<String>,
    phase: Spanned<String>,
    confidence: Option<Spanned<f64>>,
    money: Option<Spanned<String>>,
    quantity: Option<Spanned<String>>,
    change_percent: Option<u32>,
    per_hour: Option<u32>,
    hours: Option<Spanned<String>>,
    #[serde(default)]
    new_supplier: bool,
    #[serde(default)]
    approvers: Vec<String>,
    lapses: Option<Spanned<String>>,
    until: Option<Spanned<String>>,
    #[serde(default)]
    must_match: Vec<Spanned<Example>>,
    #[serde(default)]
    must_not_match: Vec<Spanned<Example>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    agent: Spanned<String>,
    act: Spanned<String>,
    store: Option<String>,
    channel: Option<String>,
    category: Option<String>,
    item: Option<String>,
}

/// The policy that a text says.
///
/// # Errors
/// Every flaw that there is, in the order of lines. Nothing is taken of a policy with a flaw.
pub fn read(text: &str) -> Result<Policy, Vec<Flaw>> {
    if text.len() > TEXT_MAX {
        let problem = format!("the policy has more than {TEXT_MAX} bytes");
        return Err(vec![Flaw { line: 0, field: String::new(), problem }]);
    }
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| line(text, &span));
        vec![Flaw { line, field: String::new(), problem: error.message().to_owned() }]
    })?;
    let mut reader = Reader { text, flaws: Vec::new() };
    let mut rules: Vec<Rule> = Vec::with_capacity(file.rule.len());
    for written in &file.rule {
        let rule = reader.rule(written.get_ref());
        if rules.iter().any(|other| other.name == rule.name) {
            reader.flaw(&written.get_ref().name.span(), "name", "another rule has this name; give each its own");
        }
        reader.examples(&rule, written.get_ref());
        rules.push(rule);
    }
    reader.flaws.sort_by_key(|flaw| flaw.line);
    if reader.flaws.is_empty() { Ok(Policy { rules }) } else { Err(reader.flaws) }
}

fn line(text: &str, span: &Range<usize>) -> usize {
    let before = text.as_bytes().get(..span.start).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

struct Reader<'t> {
    text: &'t str,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn flaw(&mut self, at: &Range<usize>, field: &str, problem: &str) {
        self.flaws.push(Flaw { line: line(self.text, at), field: field.to_owned(), problem: problem.to_owned() });
    }

    /// What a text says, or a flaw.
    fn value<T>(
        &mut self,
        field: &str,
        written: &Spanned<String>,
        read: impl Fn(&str) -> Option<T>,
        remedy: &str,
    ) -> Option<T> {
        let value = read(written.get_ref().trim());
        if value.is_none() {
            self.flaw(&written.span(), field, &format!("{:?} is not {remedy}", written.get_ref()));
        }
        value
    }

    fn rule(&mut self, written: &Written) -> Rule {
        let name = Note::new(written.name.get_ref());
        if name.is_empty() {
            self.flaw(&written.name.span(), "name", "is empty; say in a few words what the rule lets happen");
        }
        let phase = self.value("phase", &written.phase, Phase::parse, "off, observe, assist or automate");
        Rule {
            name,
            agents: written.agents.iter().filter_map(|agent| self.agent("agents", agent)).collect(),
            acts: written.acts.iter().filter_map(|act| self.act("acts", act)).collect(),
            scope: Scope {
                stores: notes(&written.stores),
                channels: notes(&written.channels),
                categories: notes(&written.categories),
                items: notes(&written.items),
            },
            phase: phase.unwrap_or_default(),
            limits: self.limits(written),
            approvers: notes(&written.approvers),
            lapses_ms: written.lapses.as_ref().and_then(|text| self.value("lapses", text, span_ms, SPAN)),
            until: written.until.as_ref().and_then(|text| self.value("until", text, instant, INSTANT)),
        }
    }

    fn agent(&mut self, field: &str, written: &Spanned<String>) -> Option<Agent> {
        let names: Vec<&str> = Agent::ALL.iter().map(|agent| agent.name()).collect();
        self.value(field, written, Agent::parse, &format!("an agent; there are {}", names.join(", ")))
    }

    fn act(&mut self, field: &str, written: &Spanned<String>) -> Option<ActKind> {
        let names: Vec<&str> = ActKind::ALL.iter().map(|act| act.name()).collect();
        self.value(field, written, ActKind::parse, &format!("an act; there are {}", names.join(", ")))
    }

    fn limits(&mut self, written: &Written) -> Limits {
        let confidence = written.confidence.as_ref().and_then(|written| {
            let share = *written.get_ref();
            let sound = (0.0..=1.0).contains(&share);
            if !sound {
                self.flaw(&written.span(), "confidence", "lies between 0 and 1, for example 0.95");
            }
            sound.then(|| (share * 10_000.0).round() as u16)
        });
        Limits {
            confidence,
            money: written.money.as_ref().and_then(|text| self.value("money", text, money, MONEY)),
            quantity: written.quantity.as_ref().and_then(|text| self.value("quantity", text, quantity, QUANTITY)),
            change_percent: written.change_percent,
            per_hour: written.per_hour,
            hours: written.hours.as_ref().and_then(|text| self.value("hours", text, hours, HOURS)),
            new_supplier: written.new_supplier,
        }
    }

    fn examples(&mut self, rule: &Rule, written: &Written) {
        let wanted = written.must_match.iter().map(|example| (example, true));
        for (example, must) in wanted.chain(written.must_not_match.iter().map(|example| (example, false))) {
            let field = if must { "must_match" } else { "must_not_match" };
            let said = example.get_ref();
            let (agent, act) = (self.agent(field, &said.agent), self.act(field, &said.act));
            let (Some(agent), Some(act)) = (agent, act) else { continue };
            let matter = Matter {
                act,
                store: said.store.as_deref(),
                channel: said.channel.as_deref(),
                category: said.category.as_deref(),
                sku: said.item.as_deref(),
            };
            // An example is about what the rule covers, not about when.
            if speaks(rule, agent, &matter, Instant(i64::MIN)) != must {
                let (what, does) = (matter.place(), if must { "does not match" } else { "matches" });
                let problem = format!("the rule {does} {} {} {what}", agent.name(), act.name());
                self.flaw(&example.span(), field, problem.trim_end());
            }
        }
    }
}

fn notes(texts: &[String]) -> Vec<Note> {
    texts.iter().map(|text| Note::new(text)).collect()
}

const MONEY: &str = "an amount with its currency, for example \"500.00 EUR\"";

fn money(text: &str) -> Option<Money> {
    let (amount, code) = text.split_once(' ')?;
    Money::parse(amount, Currency::parse(code.trim())?).filter(|money| money.minor >= 0)
}

const QUANTITY: &str = "a quantity, for example \"100\" or \"2.5\"";

fn quantity(text: &str) -> Option<Quantity> {
    Quantity::parse(text).ok()
}

const HOURS: &str = "two times of the day, for example \"08:00-18:00\"";

fn hours(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-')?;
    Some((minute(from.trim())?, minute(to.trim())?))
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two = |text: &str| (text.len() == 2).then(|| text.parse::<u16>().ok()).flatten();
    let (hour, minute) = (two(hour)?, two(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

const SPAN: &str = "a time, for example \"24h\", \"90m\" or \"3d\"";

fn span_ms(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at(text.len().checked_sub(1)?.min(text.len()));
    let unit: u64 = match unit {
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok().filter(|number| *number > 0)?.checked_mul(unit).filter(|ms| *ms <= 366 * 86_400_000)
}

const INSTANT: &str = "a time with its offset, for example \"2026-12-31T18:00:00Z\"";

fn instant(text: &str) -> Option<Instant> {
    text.parse::<jiff::Timestamp>().ok().map(|at| Instant(at.as_millisecond()))
}
