//! What the crates tell people, in the order in which they meet it: every error with its advice, then every
//! event. `messages.txt` is that list, to be read from top to bottom.

mod calls;
mod events;
mod form;
mod list;
mod redis;
mod setup;
mod sources;
mod tokens;

use std::path::Path;
use std::{env, fs};

use list::List;

/// Compares the list with `messages.txt`, or writes it there with `EDX_AUTH_BLESS=1`.
#[test]
fn the_list_of_messages_is_true() {
    let list = list().to_string();
    if env::var_os("EDX_AUTH_BLESS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/messages.txt");
        fs::write(path, &list).unwrap();
    } else {
        assert_eq!(list, include_str!("messages.txt"));
    }
}

/// A heading is a message, or the part of it that is always the same.
#[test]
fn every_heading_of_the_troubleshooting_page_is_a_message() {
    let page = include_str!("../../crates/edx-auth-driver/TROUBLESHOOTING.md");
    let list = list();
    let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
    let (mut known, unknown): (Vec<_>, Vec<_>) = headings.partition(|heading| {
        let heading = heading.trim_matches('`');
        list.errors.iter().any(|(what, _)| what.contains(heading))
    });

    assert!(unknown.is_empty(), "{unknown:#?}");
    known.dedup();
    assert!(known.len() > 20, "{}", known.len());
}

fn list() -> List {
    let mut list = List::default();
    setup::list(&mut list);
    tokens::list(&mut list);
    calls::list(&mut list);
    redis::list(&mut list);
    events::list(&mut list);
    list
}
