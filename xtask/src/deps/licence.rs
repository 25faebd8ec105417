//! Reads a licence expression (SPDX: `AND`, `OR`, `WITH`, brackets, and the old `/` for `OR`) and asks whether the
//! licences on the list meet it. Called by `deps`; refuses to know what a licence says.

/// Whether the expression can be met with these licences alone: one side of every `OR`, both of every `AND`.
/// `None` when it cannot be read.
pub(super) fn is_met(expression: &str, licences: &[String]) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut reader = Reader { words: spaced.split_whitespace().collect(), next: 0, licences };
    let met = reader.either()?;
    (reader.next == reader.words.len()).then_some(met)
}

struct Reader<'a> {
    words: Vec<&'a str>,
    next: usize,
    licences: &'a [String],
}

impl<'a> Reader<'a> {
    /// `AND` binds closer than `OR`.
    fn either(&mut self) -> Option<bool> {
        let mut met = self.both()?;
        while self.take("OR") {
            met |= self.both()?;
        }
        Some(met)
    }

    fn both(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.take("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let met = self.either()?;
            return self.take(")").then_some(met);
        }
        let mut name = self.word()?.to_owned();
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.word()?);
        }
        Some(self.licences.contains(&name))
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.words.get(self.next) == Some(&wanted);
        self.next += usize::from(found);
        found
    }

    /// A name, not an operator.
    fn word(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.next).copied()?;
        self.next += 1;
        (!matches!(word, "AND" | "OR" | "WITH" | "(" | ")")).then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met_by_one_side_of_or_and_both_of_and() {
        let list: Vec<String> = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(Into::into).to_vec();
        for (expression, met) in [
            ("MIT", Some(true)),
            ("GPL-3.0", Some(false)),
            ("GPL-3.0 OR MIT", Some(true)),
            ("Apache-2.0/MIT", Some(true)),
            ("Apache-2.0 / MIT", Some(true)),
            ("MIT AND GPL-3.0", Some(false)),
            ("ISC AND (GPL-3.0 OR MIT)", Some(true)),
            ("(GPL-3.0 OR MIT) AND GPL-2.0", Some(false)),
            ("MIT OR GPL-3.0 AND GPL-2.0", Some(true)),
            ("Apache-2.0 WITH LLVM-exception", Some(true)),
            ("Apache-2.0", Some(false)),
            ("", None),
            ("MIT OR", None),
            ("(MIT", None),
            ("MIT)", None),
            ("MIT ISC", None),
            ("AND MIT", None),
        ] {
            assert_eq!(is_met(expression, &list), met, "{expression:?}");
        }
    }
}
