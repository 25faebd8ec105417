//! Text as it is compared: lower case, without accents and punctuation. Called by everything here that reads a field;
//! knows no field and no language.

/// Longest text that is compared, in characters; what is longer is cut, so that a hostile field costs little.
const LONGEST: usize = 96;

/// Words of letters and digits in lower case, one space between them: "D'Arcy-Müller, Jr." becomes "darcy muller jr".
///
/// Accents of Latin letters are dropped; other scripts keep their letters.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(LONGEST));
    let mut gap = false;
    for letter in text.chars().take(LONGEST) {
        match letter {
            '\'' | '’' | '`' | '´' | '.' | '\u{300}'..='\u{36f}' => {}
            _ if !letter.is_alphanumeric() => gap = !folded.is_empty(),
            _ => {
                if std::mem::take(&mut gap) {
                    folded.push(' ');
                }
                push_plain(&mut folded, letter);
            }
        }
    }
    folded
}

/// Letters and digits alone, without spaces, in lower case.
pub fn squeeze(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(|letter| letter != ' ');
    folded
}

fn push_plain(folded: &mut String, letter: char) {
    if letter.is_ascii() {
        folded.push(letter.to_ascii_lowercase());
        return;
    }
    for small in letter.to_lowercase() {
        match small {
            'à'..='å' | 'ā' | 'ă' | 'ą' => folded.push('a'),
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => folded.push('c'),
            'ď' | 'đ' | 'ð' => folded.push('d'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => folded.push('e'),
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => folded.push('g'),
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => folded.push('i'),
            'ķ' => folded.push('k'),
            'ĺ' | 'ļ' | 'ľ' | 'ł' => folded.push('l'),
            'ñ' | 'ń' | 'ņ' | 'ň' => folded.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => folded.push('o'),
            'ŕ' | 'ř' => folded.push('r'),
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => folded.push('s'),
            'ţ' | 'ť' | 'ț' => folded.push('t'),
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ź' | 'ż' | 'ž' => folded.push('z'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ß' => folded.push_str("ss"),
            'þ' => folded.push_str("th"),
            // What lower-casing leaves of a letter with a dot above.
            '\u{300}'..='\u{36f}' => {}
            other => folded.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_case_and_punctuation_do_not_matter() {
        assert_eq!(fold("  D'Arcy-MÜLLER,  Jr. "), "darcy muller jr");
        assert_eq!(fold("Łódź Straße"), "lodz strasse");
        assert_eq!(fold("Мария"), "мария");
        assert_eq!(squeeze("BS2 0EL"), "bs20el");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,39}") {
            let once = fold(&text);
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "), "{once:?}");
            prop_assert_eq!(fold(&once), once);
        }
    }
}
