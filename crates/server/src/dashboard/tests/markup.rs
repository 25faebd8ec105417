//! A small reader of markup that lists what is wrong with a page.

/// Elements that have no end tag.
const VOID: [&str; 7] = ["meta", "link", "input", "img", "br", "hr", "base"];

/// What is wrong with a page; empty when all is well.
pub(super) fn faults(page: &str) -> Vec<String> {
    let (mut open, mut ids, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    let body = page.strip_prefix("<!DOCTYPE html>").unwrap_or(page);
    for tag in tags(body) {
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => faults.push(format!("</{name}> ends {last:?}")),
            }
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        look_at(name, tag, &mut ids, &mut faults);
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    faults.extend(open.into_iter().map(|name| format!("<{name}> is never ended")));
    faults
}

fn look_at<'a>(name: &str, tag: &'a str, ids: &mut Vec<&'a str>, faults: &mut Vec<String>) {
    // What a field was filled with is loaded by nobody.
    let value = if name == "input" { attribute(tag, "value").unwrap_or_default() } else { "" };
    let addresses = if value.is_empty() { tag.to_owned() } else { tag.replace(value, "") };
    for attribute in [" style=", " onclick=", " onload=", "\"http:", "\"https:", "\"//", "javascript:"] {
        if addresses.contains(attribute) {
            faults.push(format!("<{tag}> has {attribute}"));
        }
    }
    if let Some(id) = attribute(tag, "id") {
        if ids.contains(&id) {
            faults.push(format!("id {id} is there twice"));
        }
        ids.push(id);
    }
    if name == "img" && attribute(tag, "alt").is_none() {
        faults.push(format!("<{tag}> has no alternative text"));
    }
    if name == "svg" && !tag.contains("aria-hidden") && !tag.contains("aria-label") {
        faults.push(format!("<{tag}> has no name"));
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// What stands between `<` and `>`, with quotes respected.
fn tags(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut quoted) = (Vec::new(), None, false);
    for (at, letter) in text.char_indices() {
        match (letter, start) {
            ('<', None) => start = Some(at + 1),
            ('"', Some(_)) => quoted = !quoted,
            ('>', Some(from)) if !quoted => {
                found.push(&text[from..at]);
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[test]
fn the_reader_sees_what_is_wrong() {
    assert_eq!(faults("<p><b>x</b></p><input name=\"a>b\">"), Vec::<String>::new());
    assert_eq!(faults("<p><b>x</p></b>").len(), 2);
    assert_eq!(faults("<p id=\"a\"></p><p id=\"a\"></p>").len(), 1);
    assert_eq!(faults("<p style=\"x\">").len(), 2);
    assert_eq!(faults("<img src=\"//evil.example/x\">").len(), 2);
}
