//! The kinds of gaps as people say them, on pages and in mails alike.

use flow::GapKind;

/// Two or three words that name a kind.
pub fn title(kind: GapKind) -> &'static str {
    match kind {
        GapKind::Stock => "Wrong stock",
        GapKind::Price => "Other price",
        GapKind::Title => "Other title",
        GapKind::Barcode => "Other barcode",
        GapKind::Unmapped => "Unknown item",
        GapKind::Duplicate => "Doubled",
        GapKind::SoldButUnlisted => "Sells, not listed",
        GapKind::UnsoldButListed => "Listed, does not sell",
    }
}

/// What it means and what it may cost, in a sentence.
pub fn meaning(kind: GapKind) -> &'static str {
    match kind {
        GapKind::Stock => {
            "The channel shows another number than there is to sell. The money is the difference at our price."
        }
        GapKind::Price => {
            "The channel has another price than we have. The money is the difference over what there is to sell."
        }
        GapKind::Title => "The channel calls it otherwise than we do.",
        GapKind::Barcode => "The channel has other barcodes than we have.",
        GapKind::Unmapped => "Nobody knows which of our items it is, so its stock is not kept.",
        GapKind::Duplicate => "Two carry the same SKU or barcode, so nobody can know which one is meant.",
        GapKind::SoldButUnlisted => {
            "It sold elsewhere in the last four weeks and is not listed here. The money is what it sold for."
        }
        GapKind::UnsoldButListed => {
            "It is listed, there is stock, and none sold anywhere in four weeks. The money is what lies there."
        }
    }
}

/// The title of a kind by the name it has in JSON and CSV; an unknown name stands for itself.
pub fn title_of(name: &'static str) -> &'static str {
    GapKind::parse(name).map_or(name, title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_words_of_its_own() {
        let titles: std::collections::BTreeSet<_> = GapKind::ALL.into_iter().map(title).collect();
        assert_eq!(titles.len(), GapKind::ALL.len());
        for kind in GapKind::ALL {
            assert!(!title(kind).contains('_') && meaning(kind).ends_with('.'), "{}", kind.name());
            assert_eq!(title_of(kind.name()), title(kind));
        }
    }
}
