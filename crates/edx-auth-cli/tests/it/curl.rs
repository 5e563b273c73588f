//! `edx-auth curl`.

use std::env;

use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};

use crate::site::{Ended, Site, set_mode};

/// Writes what it gets: its arguments, its variables, its config and its standard input.
const SPY: &str = r#"#!/bin/sh
tr '\0' '\n' < /proc/$$/cmdline
tr '\0' '\n' < /proc/$$/environ
for fd in /dev/fd/*; do [ "$fd" = "$3" ] && cat "$fd"; done
exit 42
"#;

fn with_spy(site: &Site, arguments: &[&str]) -> Ended {
    let spy = site.write("bin/curl", SPY);
    set_mode(&spy, 0o700);
    let path = format!(
        "{}/bin:{}",
        site.home().display(),
        env::var("PATH").unwrap()
    );
    Ended::of(site.command(arguments).env("PATH", path))
}

#[test]
fn curl_gets_the_token_in_a_pipe_and_the_secret_not_at_all() {
    let site = Site::start();
    let header = site.run(&["token", "--format", "curl"]).success();
    let url = format!("{}/api/x", site.edx.url());

    let spied = with_spy(&site, &["curl", "--", "-s", &url]);

    assert_eq!((spied.code, spied.stderr.as_str()), (Some(42), ""));
    let (seen, config) = spied
        .stdout
        .split_once("proto-default = \"ftp\"\ngloboff\n")
        .unwrap();
    assert_eq!(config, header);
    assert!(seen.contains("\n-q\n--config\n/dev/fd/") && seen.contains(&format!("-s\n{url}\n")));
    assert!(
        seen.contains("EDX_TOKEN_URL=") && !seen.contains("EDX_CLIENT"),
        "{seen}"
    );
    assert!(!seen.contains(site.edx.client_secret()), "{seen}");
    assert!(
        !seen.contains(header.rsplit(' ').next().unwrap().trim_end()),
        "{seen}"
    );
}

#[test]
fn curl_itself_sends_the_token() {
    let site = Site::start();
    site.edx
        .on_authorized("GET", "/api/x", MockResponse::json(200, "[7]"));
    let token = site.run(&["token"]).success();

    let url = format!("{}/api/x", site.edx.url());
    let ended = site.run(&["curl", "--", "-s", "-H", "X-Acme: 1", &url]);
    if !is_installed(&ended) {
        return;
    }

    assert_eq!(ended.success(), "[7]");
    let requests = site.edx.requests();
    let sent = requests.last().unwrap();
    assert_eq!(sent.token(), Some(Fingerprint::of(token.trim_end())));
    assert_eq!(sent.header("x-acme"), Some("1"));
}

#[test]
fn curl_is_not_run_for_another_origin() {
    let site = Site::start();
    let other = MockEdx::start().unwrap();

    let spied = with_spy(&site, &["curl", "--", other.url()]);

    assert_eq!((spied.code, spied.stdout.as_str()), (Some(2), ""));
    assert!(
        spied
            .stderr
            .contains("the token is not for http://127.0.0.1:"),
        "{spied:?}"
    );
}

#[test]
fn curl_calls_no_url_without_a_scheme() {
    let site = Site::start();
    let other = MockEdx::start().unwrap();
    let address = other.url().trim_start_matches("http://");

    for url in [address, &format!("ftp://{address}")] {
        let ended = site.run(&["curl", "--", "-sS", url]);
        if !is_installed(&ended) {
            return;
        }
        // The protocol is not supported.
        assert_eq!(ended.code, Some(1), "{ended:?}");
    }

    assert!(other.requests().is_empty());
}

#[test]
fn a_pattern_of_curl_leads_the_token_nowhere() {
    let site = Site::start();
    let other = MockEdx::start().unwrap();
    let address = other.url().trim_start_matches("http://");

    for url in [
        format!("{{http}}://{address}/"),
        format!("[h-h]ttp://{address}/"),
    ] {
        let ended = site.run(&["curl", "--", "-sS", &url]);
        assert_ne!(ended.code, Some(0), "{ended:?}");
    }

    assert!(other.requests().is_empty());
}

#[test]
fn an_option_that_undoes_the_check_is_not_passed_on() {
    let site = Site::start();
    let url = format!("{}/api/x", site.edx.url());

    for option in ["--location-trusted", "-sKk", "-v"] {
        let spied = with_spy(&site, &["curl", "--", option, &url]);
        assert_eq!((spied.code, spied.stdout.as_str()), (Some(2), ""));
        assert!(
            spied.stderr.contains("curl's option") && spied.stderr.contains("Leave the option out"),
            "{spied:?}"
        );
    }
}

#[test]
fn the_users_own_config_of_curl_is_not_read() {
    let site = Site::start();
    site.edx
        .on_authorized("GET", "/api/x", MockResponse::json(200, "[7]"));
    site.write(".curlrc", "verbose\n");
    let url = format!("{}/api/x", site.edx.url());

    let ended = site.run(&["curl", "--", "-s", &url]);

    if is_installed(&ended) {
        assert_eq!(ended.success(), "[7]");
    }
}

#[test]
fn a_machine_without_curl_is_told_so() {
    let site = Site::start();
    let mut command = site.command(&["curl", "--", "--version"]);
    command.env("PATH", site.home());

    let ended = Ended::of(&mut command);

    assert_eq!(ended.code, Some(7));
    assert!(ended.stderr.contains("Install curl"), "{ended:?}");
}

fn is_installed(ended: &Ended) -> bool {
    !ended.stderr.contains("curl could not be started")
}
