//! Public collections of what breaks programs, when the folder that holds them is named by `LOCKSTEP_REFERENCE`: they
//! are not part of the project. <https://github.com/nst/JSONTestSuite>, <https://github.com/minimaxir/big-list-of-naughty-strings>

use std::io::Read;
use std::path::PathBuf;

use super::strings::spread;
use super::target::{ON_HAND, Target, is_orderly, word};

#[expect(clippy::disallowed_methods, reason = "tells where the collections are on this machine")]
fn unpacked(file: &str) -> Option<Vec<u8>> {
    let Ok(folder) = std::env::var("LOCKSTEP_REFERENCE") else {
        println!("skipped: LOCKSTEP_REFERENCE does not name the folder with {file}");
        return None;
    };
    let packed = std::fs::read(PathBuf::from(folder).join(file)).expect("the collection is in the folder");
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut plain).expect("it is a gzip file");
    Some(plain)
}

/// Plain files of a tar archive: name and content.
fn files(tar: &[u8]) -> Vec<(String, &[u8])> {
    let text =
        |bytes: &[u8]| String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned();
    let (mut files, mut at) = (Vec::new(), 0);
    while let Some(header) = tar.get(at..at + 512).filter(|header| header[0] != 0) {
        let size = usize::from_str_radix(text(&header[124..136]).trim(), 8).expect("a size in octal digits");
        let content = tar.get(at + 512..at + 512 + size).expect("the archive is whole");
        if matches!(header[156], b'0' | 0) {
            files.push((text(&header[..100]), content));
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    files
}

#[test]
fn no_file_of_the_json_test_suite_is_believed_or_breaks_the_hub() {
    let Some(tar) = unpacked("data/fuzz_json/jsontestsuite.tar.gz") else { return };
    let files: Vec<_> = files(&tar).into_iter().filter(|(name, _)| name.ends_with(".json")).collect();
    assert!(files.len() > 300, "{} files", files.len());
    let target = Target::start("suite");
    for (number, (name, body)) in files.iter().enumerate() {
        let answer = target.shop("orders/create", &format!("suite-{number}"), body);
        let aside = answer.status == 200 && matches!(word(&answer).as_str(), "quarantined" | "duplicate");
        assert!(aside || (400..500).contains(&answer.status), "{name}: {answer:?}");
        assert!(is_orderly(&target.tills(body)), "{name}");
        let answer = target.api_bytes("POST /v1/adjustments", body);
        assert!((400..500).contains(&answer.status), "{name}: {answer:?}");
    }
    target.ends_well(ON_HAND);
}

#[test]
fn no_naughty_string_breaks_the_hub_or_moves_stock() {
    let Some(list) = unpacked("data/fuzz_naughty_strings/blns.json.gz") else { return };
    let list: Vec<String> = serde_json::from_slice(&list).expect("a list of strings");
    assert!(list.len() > 500, "{} strings", list.len());
    let target = Target::start("naughty");
    let done = spread(&target, &list.iter().map(String::as_str).collect::<Vec<_>>());
    target.ends_well(ON_HAND + done);
}
