//! Proposals and their reasons: what every mind's answer carries, whatever it is about.

use model::Money;

/// One part of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What it is, in a person's words: "bought by the same card within an hour".
    pub name: &'static str,
    /// The input as it was seen, in its own unit.
    pub input: f64,
    /// What it adds to the score.
    pub adds: f64,
}

/// The next best thing.
#[derive(Clone, Debug, PartialEq)]
pub struct RunnerUp {
    /// In a person's words.
    pub what: String,
    /// Its score, on the same scale.
    pub score: f64,
}

/// The smallest change of one input that would have decided otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The input, by the name of its term.
    pub input: &'static str,
    /// As it is.
    pub from: f64,
    /// As it would have to be.
    pub to: f64,
}

/// How sure a mind is, calibrated: of a hundred answers at 0.9, ninety are right. 0 means 'I do not know'.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// 'I do not know': a person is asked.
    pub const NONE: Self = Self(0.0);

    /// Brought into 0..=1; what is no number is 0.
    pub fn new(value: f64) -> Self {
        Self(if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
    }

    /// In 0..=1.
    pub fn value(self) -> f64 {
        self.0
    }
}

/// Why a mind answers as it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Reasons {
    /// The sum of the terms' parts.
    pub score: f64,
    /// Largest part first.
    pub terms: Vec<Term>,
    /// The next best answer, when there is one.
    pub runner_up: Option<RunnerUp>,
    /// What would have decided otherwise, when anything could.
    pub flip: Option<Flip>,
    /// How sure.
    pub confidence: Confidence,
    /// What is expected to be gained over doing nothing, when it can be told in money.
    pub value: Option<Money>,
}

impl Reasons {
    /// Reasons whose score is the sum of the terms, which are put in order: largest part first, ties as they came.
    pub fn of(mut terms: Vec<Term>, confidence: Confidence) -> Self {
        terms.sort_by(|a, b| b.adds.abs().total_cmp(&a.adds.abs()));
        let score = stats::num::sum(terms.iter().map(|term| term.adds));
        Self { score, terms, runner_up: None, flip: None, confidence, value: None }
    }

    /// The parts that matter most, in words: "because A (+2.1) and B (−0.4)".
    pub fn sentence(&self, most: usize) -> String {
        let parts: Vec<String> =
            self.terms.iter().take(most).map(|term| format!("{} ({:+.2})", term.name, term.adds)).collect();
        match &parts[..] {
            [] => "because nothing is known of it".to_owned(),
            [only] => format!("because {only}"),
            [most @ .., last] => format!("because {} and {last}", most.join(", ")),
        }
    }
}

/// What a mind wants to be done, and why. It does nothing by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal<A> {
    /// What.
    pub action: A,
    /// Why.
    pub reasons: Reasons,
    /// How it is taken back, in a person's words.
    pub undo: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(name: &'static str, adds: f64) -> Term {
        Term { name, input: adds, adds }
    }

    #[test]
    fn terms_add_up_to_the_score_and_stand_in_order() {
        let reasons = Reasons::of(vec![term("a", 0.5), term("b", -2.0), term("c", 1.0)], Confidence::new(0.9));
        assert_eq!(reasons.score, -0.5);
        assert_eq!(reasons.terms.iter().map(|term| term.name).collect::<Vec<_>>(), ["b", "c", "a"]);
        assert_eq!(reasons.sentence(2), "because b (-2.00) and c (+1.00)");
    }

    #[test]
    fn confidence_is_never_outside_its_range() {
        let values = [f64::NAN, -1.0, 2.0, f64::INFINITY, 0.3].map(|value| Confidence::new(value).value());
        assert_eq!(values, [0.0, 0.0, 1.0, 1.0, 0.3]);
    }
}
