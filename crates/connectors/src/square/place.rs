//! Where a search of orders goes on. Square searches ten locations at once, so our cursor is a chunk of the account's
//! locations and Square's own cursor inside it: `2:CURSOR`. Made by `learn`, read by `requests`.

/// A place in the search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Which ten locations, from 0.
    pub(super) chunk: usize,
    /// Square's cursor; `None` at the start of the chunk.
    pub(super) cursor: Option<String>,
}

impl Place {
    /// No cursor is the start. `None` when the text is none of ours.
    pub(super) fn parse(text: Option<&str>) -> Option<Self> {
        let Some(text) = text else { return Some(Self::default()) };
        let (chunk, cursor) = text.split_once(':')?;
        let cursor = Some(cursor.to_owned()).filter(|cursor| !cursor.is_empty());
        chunk.parse().ok().map(|chunk| Self { chunk, cursor })
    }

    /// The next place: on in the chunk while Square gives a cursor, else the next of `chunks`, else the end.
    pub(super) fn next(&self, cursor: Option<String>, chunks: usize) -> Option<Self> {
        let cursor = cursor.filter(|cursor| !cursor.is_empty());
        match cursor {
            Some(cursor) => Some(Self { chunk: self.chunk, cursor: Some(cursor) }),
            None => {
                let next = self.chunk.checked_add(1).filter(|next| *next < chunks)?;
                Some(Self { chunk: next, cursor: None })
            }
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.chunk, self.cursor.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_the_search_walks_all_chunks() {
        let first = Place::default();
        let second = first.next(Some("a:b".to_owned()), 2).expect("there is a cursor");
        assert_eq!(Place::parse(Some(&second.to_string())), Some(second.clone()));
        let third = second.next(None, 2).expect("there is another chunk");
        assert_eq!(third.to_string(), "1:");
        assert_eq!(third.next(Some(String::new()), 2), None);
        assert_eq!(Place::parse(Some("elsewhere")), None);
        assert_eq!(Place::parse(Some("-1:x")), None);
        assert_eq!(Place { chunk: usize::MAX, cursor: None }.next(None, 2), None);
    }
}
