//! What a user sees on a terminal: the one of `script`, which Linux has.

use std::process::Command;

use edx_auth_testkit::{Behavior, MockResponse};

use super::{LIST, list, site};
use crate::running::Running;
use crate::site::{Ended, Site, take_variables};

#[test]
fn json_is_indented_on_a_terminal() {
    let site = Site::start();
    let body = MockResponse::json(200, r#"{"b":1.10,"a":[]}"#);
    site.edx.on_authorized("GET", "/api/x", body);

    let shown = Ended::of(&mut on_terminal(&site.command(&["get", "/api/x"]))).success();

    assert_eq!(shown, "{\r\n  \"b\": 1.10,\r\n  \"a\": []\r\n}\r\n");
}

#[test]
fn a_terminal_shows_how_far_a_list_is_and_that_it_waits() {
    let site = site();
    site.edx.next_request(LIST, Behavior::pass_through());
    site.edx.next_request(LIST, MockResponse::throttled(90));
    let list = list(&site);
    let arguments = ["get", "--all-pages", "--retry-for=5m", &list];

    let mut running = Running::start(&mut on_terminal(&site.command(&arguments)));

    running.until("pages: 1, items: 10 of 50");
    running.until("waiting for the next page for ");
}

/// Returns the command with a terminal for its output and its errors.
fn on_terminal(command: &Command) -> Command {
    let words = [command.get_program()].into_iter();
    let words = words.chain(command.get_args());
    let line: Vec<_> = words
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect();
    let mut script = Command::new("script");
    script.args(["-qec", &line.join(" "), "/dev/null"]);
    take_variables(&mut script, command);
    script
}
