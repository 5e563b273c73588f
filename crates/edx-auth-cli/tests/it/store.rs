//! `edx-auth store`, `completions` and `man`.

use serde_json::Value;

use crate::site::{Ended, Site};

#[test]
fn the_store_says_whose_tokens_it_has() {
    let site = Site::start();
    let token = site.run(&["token"]).success();

    let text = Ended::of(&mut site.bare_command(&["store", "list"])).success();
    let json = Ended::of(&mut site.bare_command(&["store", "list", "--json"])).success();

    assert!(text.contains("  user     mock-worker\n"), "{text}");
    assert!(text.ends_with("/.cache/edx-auth: 1\n"), "{text}");
    let listed: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(listed[0]["issuer"], format!("{}/oauth2", site.edx.url()));
    assert!(listed[0]["expires"]["epoch"].as_i64().unwrap() > 0);
    for output in [text, json] {
        assert!(!output.contains(token.trim_end()));
    }
}

#[test]
fn control_characters_of_a_stored_token_do_not_reach_the_terminal() {
    let site = Site::start();
    // {"username":"\u001b[31mplanted"}
    let claims = "e30.eyJ1c2VybmFtZSI6Ilx1MDAxYlszMW1wbGFudGVkIn0.c2ln";
    site.write(".cache/edx-auth/a.token", claims);

    let text = Ended::of(&mut site.bare_command(&["store", "list"])).success();

    assert!(text.contains("  user     \u{fffd}[31mplanted\n"), "{text}");
}

#[test]
fn a_cleared_store_has_no_token() {
    let site = Site::start();
    let clear = || Ended::of(&mut site.bare_command(&["store", "clear"])).success();
    assert_eq!(clear(), "tokens removed: 0\n");
    site.run(&["token"]).success();

    assert_eq!(clear(), "tokens removed: 1\n");
    site.run(&["token"]).success();

    assert_eq!(site.edx.token_requests(), 2);
}

#[test]
fn a_cleared_store_has_no_part_of_a_token_either() {
    let site = Site::start();
    let part = site.write(".cache/edx-auth/key.token.0123456789abcdef.new", "a.b.c");
    let lock = site.write(".cache/edx-auth/key.lock", "");

    let cleared = Ended::of(&mut site.bare_command(&["store", "clear"])).success();

    assert_eq!(cleared, "tokens removed: 0\n");
    assert!(!part.exists());
    assert!(lock.exists());
}

#[test]
fn a_store_that_fails_is_named_with_its_cause_and_advice() {
    let site = Site::start();
    let folder = site.home().join("x".repeat(300));
    let mut command = site.command(&["token"]);

    let store = format!("file:{}", folder.display());
    let ended = Ended::of(command.env("EDX_TOKEN_STORE", store));

    let (said, advice) = ended.stderr.split_once('\n').unwrap();
    let start = "edx-auth: no token is shared between runs: the token store cannot be used: ";
    let cause = said.strip_prefix(start).unwrap();
    assert!(cause.starts_with("File name too long"), "{said}");
    assert!(advice.ends_with(".\n"), "{advice}");
    assert_eq!((ended.code, site.edx.token_requests()), (Some(0), 1));
}

#[test]
fn the_store_may_be_in_another_folder() {
    let site = Site::start();
    let folder = format!("file:{}/tokens", site.home().display());
    let run = |arguments: &[&str]| {
        let mut command = site.command(arguments);
        Ended::of(command.env("EDX_TOKEN_STORE", &folder)).success()
    };

    run(&["token"]);

    assert!(run(&["store", "list"]).contains("mock-worker"));
    assert!(site.home().join("tokens").is_dir() && !site.home().join(".cache").exists());
}

#[test]
fn each_shell_has_completions_and_each_command_a_page() {
    let site = Site::start();
    let run = |arguments: &[&str]| Ended::of(&mut site.bare_command(arguments)).success();

    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completions", shell]);
        assert!(
            script.contains("--all-pages") || script.contains("all-pages"),
            "{shell}"
        );
    }
    assert!(run(&["man"]).contains(".TH edx-auth 1"));
    let page = run(&["man", "get"]);
    assert!(
        page.contains(".TH edx-auth-get 1") && page.contains("resume"),
        "{page}"
    );
    let unknown = Ended::of(&mut site.bare_command(&["man", "planted"]));
    assert_eq!(unknown.code, Some(2));
}
