//! Every command says how it is used.

use super::transcript::one;
use crate::folder::Folder;

const COMMANDS: [&str; 60] = [
    "",
    "audit",
    "audit checkpoint",
    "audit export",
    "audit key",
    "audit verify",
    "audit verify-export",
    "backup",
    "bench",
    "bench engine",
    "bench gate",
    "bench ingest",
    "bench recovery",
    "check",
    "config",
    "connect",
    "demo",
    "emulate",
    "erase",
    "eval",
    "eval allocation",
    "eval attribution",
    "eval context",
    "eval forecast",
    "eval fraud",
    "eval identity",
    "eval match",
    "eval merchandising",
    "eval offers",
    "eval pricing",
    "eval rebalance",
    "eval replenish",
    "eval returns",
    "eval routing",
    "gaps",
    "hook",
    "hook verify",
    "import",
    "import items",
    "import mappings",
    "import stock",
    "keys",
    "keys add",
    "keys list",
    "keys revoke",
    "keys rotate",
    "keys rotate-master",
    "keys seal",
    "person",
    "replay",
    "restore",
    "serve",
    "users",
    "users add",
    "users disable",
    "users drop-factor",
    "users enable",
    "users list",
    "users passwd",
    "users roles",
];

#[test]
fn the_help_of_every_command_has_examples() {
    let folder = Folder::of("help");
    let help = |command: &&str| one(&folder, &format!("{command} --help"));
    let without: Vec<&str> = COMMANDS
        .into_iter()
        .filter(|command| {
            let ran = help(command);
            assert_eq!(ran.code, Some(0), "{command}: {ran:?}");
            let examples = ran.out.split("Example").nth(1).unwrap_or_default();
            !examples.contains(&format!("lockstep {command}").trim_end().to_owned())
        })
        .collect();
    assert!(without.is_empty(), "no example in the help of {without:?}");
}

#[test]
fn every_command_that_the_help_lists_is_checked_here() {
    let folder = Folder::of("help-list");
    let listed = |command: &str| -> Vec<String> {
        let out = one(&folder, &format!("{command} --help")).out;
        let section = out.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
        let names = section.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
        names.map(|name| format!("{command} {name}").trim().to_owned()).collect()
    };
    let groups = ["", "audit", "bench", "eval", "hook", "import", "keys", "users"];
    let all: Vec<String> = groups.iter().flat_map(|group| listed(group)).collect();
    let unchecked: Vec<&String> = all.iter().filter(|name| !COMMANDS.contains(&name.as_str())).collect();
    assert!(unchecked.is_empty(), "{unchecked:?}");
    assert!(all.len() >= COMMANDS.len() - 1, "{all:?}");
}

#[test]
fn a_misspelt_command_is_answered_with_the_right_one() {
    let folder = Folder::of("misspelt");
    let ran = one(&folder, "serv");
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("serve"), "{ran:?}");
}
