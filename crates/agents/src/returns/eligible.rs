//! May it come back? A table of rules that people wrote; the first that fits answers, and is shown.

use minicbor::{Decode, Encode};

/// What is known of goods that are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Days since they were bought; `None` when nobody knows.
    pub days: Option<u32>,
    /// Category.
    pub category: u32,
    /// How they look, as the person at the desk says.
    pub condition: Condition,
    /// Whether the sale was found.
    pub receipt: bool,
}

/// How goods look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Condition {
    /// Sealed.
    #[n(0)]
    New,
    /// Opened, complete.
    #[n(1)]
    Opened,
    /// Worn or used.
    #[n(2)]
    Used,
    /// Broken.
    #[n(3)]
    Broken,
}

/// The answer, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Answer {
    /// Take it back.
    #[n(0)]
    Yes,
    /// A colleague decides.
    #[n(1)]
    Ask,
    /// The rules say no; a person says it, and the law stands above the rules.
    #[n(2)]
    No,
}

/// One rule. It fits when everything it names fits.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rule {
    /// In a person's words, shown with the answer.
    #[n(0)]
    pub words: String,
    /// Of this category only.
    #[n(1)]
    pub category: Option<u32>,
    /// Bought at most so many days ago.
    #[n(2)]
    pub days_max: Option<u32>,
    /// Looks like this or better.
    #[n(3)]
    pub condition_worst: Option<Condition>,
    /// With a receipt only.
    #[n(4)]
    pub receipt: bool,
    /// What it says.
    #[n(5)]
    pub answer: Answer,
}

impl Rule {
    fn fits(&self, asked: &Asked) -> bool {
        self.category.is_none_or(|category| category == asked.category)
            && self.days_max.is_none_or(|most| asked.days.is_some_and(|days| days <= most))
            && self.condition_worst.is_none_or(|worst| asked.condition <= worst)
            && (!self.receipt || asked.receipt)
    }
}

/// The first rule that fits, and what it says; without one, a colleague is asked.
pub fn eligible<'a>(asked: &Asked, rules: &'a [Rule]) -> (Answer, Option<&'a Rule>) {
    let rule = rules.iter().find(|rule| rule.fits(asked));
    (rule.map_or(Answer::Ask, |rule| rule.answer), rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(words: &str, answer: Answer) -> Rule {
        Rule { words: words.to_owned(), category: None, days_max: None, condition_worst: None, receipt: false, answer }
    }

    #[test]
    fn the_first_rule_that_fits_answers_and_without_one_a_person_does() {
        let rules = [
            Rule { category: Some(3), condition_worst: Some(Condition::New), ..rule("sealed hygiene", Answer::Yes) },
            Rule { category: Some(3), ..rule("opened hygiene does not come back", Answer::No) },
            Rule { days_max: Some(30), receipt: true, ..rule("thirty days with receipt", Answer::Yes) },
        ];
        let ask = |category, days, condition, receipt| {
            let (answer, rule) = eligible(&Asked { days, category, condition, receipt }, &rules);
            (answer, rule.map(|rule| rule.words.as_str()))
        };
        assert_eq!(ask(3, Some(99), Condition::New, false), (Answer::Yes, Some("sealed hygiene")));
        assert_eq!(ask(3, Some(1), Condition::Opened, true).0, Answer::No);
        assert_eq!(ask(1, Some(30), Condition::Used, true).0, Answer::Yes);
        assert_eq!(ask(1, Some(31), Condition::New, true), (Answer::Ask, None));
        assert_eq!(ask(1, None, Condition::New, true), (Answer::Ask, None));
    }
}
