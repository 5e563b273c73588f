//! `edx-auth inspect`.

use std::io::Write as _;
use std::process::Stdio;

use edx_auth_testkit::MockEdx;
use serde_json::Value;

use crate::site::{Ended, Site};

fn fact<'a>(text: &'a str, name: &str) -> &'a str {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    value.unwrap_or_else(|| panic!("no {name}: {text}")).trim()
}

#[test]
fn a_token_says_who_it_is_for_and_how_long() {
    let site = Site::start();
    let mut command = site.command(&["inspect"]);
    command.env("TZ", "Etc/GMT+5");

    let text = Ended::of(&mut command).success();

    assert_eq!(fact(&text, "type"), "JWT, readable");
    assert_eq!(fact(&text, "issuer"), format!("{}/oauth2", site.edx.url()));
    assert_eq!(fact(&text, "user "), "mock-worker");
    assert_eq!(fact(&text, "scopes"), "read write email profile");
    assert_eq!(fact(&text, "restricted"), "no");
    let expires = fact(&text, "expires");
    let (times, left) = expires.rsplit_once(", in ").unwrap();
    assert!(
        times.contains("Z (") && times.ends_with(" -05:00)"),
        "{expires}"
    );
    assert!(left.starts_with('5') || left == "1h", "{expires}");
    assert!(fact(&text, "issued").ends_with(" ago") || fact(&text, "issued").ends_with("in 0s"));
    assert!(text.ends_with("\nNothing was verified: only the site has the key.\n"));
}

#[test]
fn a_file_or_standard_input_has_the_token_in_any_form() {
    let site = Site::start();
    let header = site.run(&["token", "--format=header"]).success();
    let file = site.write("header", &header);
    let file = file.to_str().unwrap();

    let of_file = site.run(&["inspect", file, "--json"]).success();
    let mut command = site.bare_command(&["inspect", "-", "--json"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(header.as_bytes())
        .unwrap();
    let of_stdin = Ended::from(child.wait_with_output().unwrap()).success();

    assert_eq!(of_file, of_stdin);
    let report: Value = serde_json::from_str(&of_file).unwrap();
    assert_eq!(
        (&report["verified"], &report["username"]),
        (&false.into(), &"mock-worker".into())
    );
    assert!(!of_file.contains(header.trim_end().rsplit(' ').next().unwrap()));
}

#[test]
fn an_opaque_token_has_nothing_to_read() {
    let site = Site::start();
    let file = site.write("opaque", "Bearer 0123456789abcdef\n");

    let text = site.run(&["inspect", file.to_str().unwrap()]).success();

    assert_eq!(fact(&text, "type"), "Bearer, opaque");
    assert!(text.contains("only the site that issued it can read it"));
}

#[test]
fn a_text_that_is_no_token_is_an_error_without_that_text() {
    let site = Site::of(MockEdx::builder());
    let file = site.write("secret", "planted secret!");

    let ended = site.run(&["inspect", file.to_str().unwrap()]);

    assert_eq!(ended.code, Some(2));
    assert!(!ended.stderr.contains("planted"), "{ended:?}");
}

#[test]
fn a_token_in_the_place_of_its_file_is_not_repeated() {
    let site = Site::start();

    let ended = site.run(&["inspect", "eyJplanted.planted.planted"]);

    assert_eq!(ended.code, Some(7));
    assert!(!ended.stderr.contains("planted"), "{ended:?}");
    assert!(
        ended.stderr.contains("Pass the path of a file"),
        "{ended:?}"
    );
}

#[test]
fn control_characters_in_a_token_do_not_reach_the_terminal() {
    let site = Site::start();
    // {"username":"\u001b[31mplanted"}
    let file = site.write(
        "jwt",
        "e30.eyJ1c2VybmFtZSI6Ilx1MDAxYlszMW1wbGFudGVkIn0.c2ln",
    );

    let text = site.run(&["inspect", file.to_str().unwrap()]).success();

    assert_eq!(fact(&text, "user "), "\u{fffd}[31mplanted");
}
