//! `edx-auth doctor`: each planted fault is found, and nothing else.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use edx_auth_testkit::{ClockOffset, MockEdx, MockResponse};
use rustls_tls::crypto::ring::default_provider;
use rustls_tls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls_tls::{ServerConfig, ServerConnection};
use serde_json::Value;

use crate::site::{Ended, Site};

/// Returns a site with the API that the doctor calls.
fn site() -> Site {
    with_api(Site::start())
}

fn with_api(site: Site) -> Site {
    let user = MockResponse::json(200, r#"{"username": "mock-worker"}"#);
    site.edx.on_authorized("GET", "/api/user/v1/me", user);
    site
}

/// Checks that the doctor finds one fault, at this step and with these words, and shows no secret.
fn finds(site: &Site, mut command: Command, step: &str, words: &str, code: i32) {
    let ended = Ended::of(&mut command);

    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    let steps = report["steps"].as_array().unwrap();
    let faults: Vec<_> = steps
        .iter()
        .filter(|step| step["state"] == "fault")
        .collect();
    assert_eq!(faults.len(), 1, "{report:#}");
    assert_eq!(faults[0]["step"], step, "{report:#}");
    let text = format!("{}\n{}", faults[0]["finding"], faults[0]["remedy"]);
    assert!(text.contains(words), "{text}");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(code), ""));
    assert!(!ended.stdout.contains(site.edx.client_secret()) && !ended.stdout.contains("planted"));
}

fn doctor(site: &Site) -> Command {
    site.command(&["doctor", "--json"])
}

#[test]
fn a_healthy_site_has_no_fault() {
    let site = site();

    let text = site.run(&["doctor"]).success();

    assert!(text.ends_with("\nNo fault was found.\n"), "{text}");
    assert!(text.contains("\nok     API call"), "{text}");
    assert!(text.contains("JWT for 60 min, not restricted"), "{text}");
    assert!(!text.contains(site.edx.client_secret()), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert_eq!(site.edx.requests().len(), 2);
}

#[test]
fn a_site_without_the_default_api_has_no_fault() {
    let site = Site::start();

    let text = site.run(&["doctor"]).success();

    assert!(text.contains("name one with --url"), "{text}");
}

#[test]
fn a_token_that_another_process_keeps_fresh_is_examined_too() {
    let site = site();
    let token = site.run(&["token"]).success();
    let file = site.write("token", &token);
    let with_file = |file: &Path| {
        let mut command = site.bare_command(&["doctor", "--json"]);
        command.env("EDX_TOKEN_URL", site.edx.url());
        command.env("EDX_ACCESS_TOKEN_FILE", file);
        command
    };

    let report = Ended::of(&mut with_file(&file)).success();
    assert!(
        report.contains("/api/user/v1/me responded with status 200"),
        "{report}"
    );
    assert!(!report.contains(token.trim_end()), "{report}");

    let expired = site.write("expired", "e30.eyJpYXQiOjEwMDAsImV4cCI6MjAwMH0.c2ln");
    let mut command = with_file(&expired);
    command.arg("--timeout=1s");
    finds(&site, command, "token", "has expired", 7);
}

#[test]
fn it_finds_a_wrong_secret() {
    let site = site();
    let mut command = doctor(&site);
    command.env("EDX_CLIENT_SECRET", "planted-secret");

    finds(
        &site,
        command,
        "credentials",
        "rejected the client credentials",
        3,
    );
}

#[test]
fn it_finds_the_client_of_the_sso_login() {
    let builder = MockEdx::builder().client_of_another_grant("lms-sso", "planted-secret");
    let site = with_api(Site::of(builder));
    let mut command = doctor(&site);
    command
        .env("EDX_CLIENT_ID", "lms-sso")
        .env("EDX_CLIENT_SECRET", "planted-secret");

    finds(
        &site,
        command,
        "credentials",
        "is probably the SSO login client",
        3,
    );
}

#[test]
fn it_finds_the_url_of_studio() {
    let site = site();
    let page = MockResponse::html(404, "<html>planted: Studio has no such page</html>");
    site.edx.on("POST", MockEdx::TOKEN_PATH, page);

    finds(
        &site,
        doctor(&site),
        "token endpoint",
        "Use the URL of the LMS",
        6,
    );
}

#[test]
fn it_finds_a_proxy_that_is_down() {
    let site = site();
    let mut command = doctor(&site);
    command
        .env("EDX_TOKEN_URL", "https://lms.invalid")
        .env("HTTPS_PROXY", "http://user:planted@127.0.0.1:1");

    finds(
        &site,
        command,
        "proxy",
        "the proxy http://127.0.0.1:1 cannot be reached",
        5,
    );
}

#[test]
fn it_finds_a_host_name_that_does_not_exist() {
    let site = site();
    let mut command = doctor(&site);
    command.env("EDX_TOKEN_URL", "https://lms.invalid");

    finds(
        &site,
        command,
        "host name",
        "lms.invalid cannot be looked up",
        5,
    );
}

#[test]
fn it_finds_a_certificate_of_a_company() {
    let site = site();
    let mut command = doctor(&site);
    command.env("EDX_TOKEN_URL", company_proxy());

    finds(
        &site,
        command,
        "TLS",
        "Add the certificate authority of your company",
        5,
    );
}

#[test]
fn it_finds_a_clock_that_is_ten_minutes_off() {
    let offset = ClockOffset::Ahead(Duration::from_secs(600));
    let site = with_api(Site::of(MockEdx::builder().clock_offset(offset)));

    finds(&site, doctor(&site), "clock", "behind the site's", 7);
}

#[test]
fn it_finds_opaque_tokens() {
    let site = with_api(Site::of(MockEdx::builder().opaque_tokens()));

    finds(
        &site,
        doctor(&site),
        "token",
        "a token of an unexpected type",
        6,
    );
}

#[test]
fn it_finds_a_throttled_address() {
    let site = site();
    site.edx
        .on("POST", MockEdx::TOKEN_PATH, MockResponse::throttled(90));

    finds(&site, doctor(&site), "throttling", "share one token", 4);
}

#[test]
fn it_finds_a_missing_variable() {
    let site = site();
    let mut command = doctor(&site);
    command.env_remove("EDX_CLIENT_ID");

    finds(&site, command, "configuration", "EDX_CLIENT_ID", 7);
}

#[test]
fn variables_that_nothing_reads_are_named_and_are_no_fault() {
    let site = site();
    let mut command = site.command(&["doctor"]);
    command
        .env("EDX_TOKENURL", "planted")
        .env("EDX_CLIENT_SECRET:planted", "")
        .env("EDX_API_URL", "https://lms.example/api");
    site.write(".config/edx-auth/acme.env", "EDX_TOKEN_UR=planted\n");

    let text = Ended::of(&mut command).success();
    let of_profile = Ended::of(&mut site.command(&["doctor", "--profile=acme"]));

    assert!(
        text.contains("\nnote   variables      not read: EDX_TOKENURL\n"),
        "{text}"
    );
    assert!(text.ends_with("\nNo fault was found.\n"), "{text}");
    let text = of_profile.stdout;
    assert!(text.contains("not read: EDX_TOKEN_UR\n"), "{text}");
    assert!(!text.contains("planted"), "{text}");
}

#[test]
fn it_finds_a_store_that_is_open_to_others() {
    let site = site();
    site.run(&["token"]).success();
    crate::site::set_mode(&site.home().join(".cache/edx-auth"), 0o755);

    finds(
        &site,
        doctor(&site),
        "token store",
        "is open to other users",
        7,
    );
}

#[test]
fn it_finds_an_api_that_denies_the_client() {
    let site = site();
    site.edx
        .on_authorized("GET", "/api/x", MockResponse::json(403, "{}"));

    let command = site.command(&["doctor", "--json", "--url=/api/x"]);

    finds(&site, command, "API call", "responded with status 403", 3);
}

/// Starts a server whose certificate no authority of the system has signed, and returns its URL.
fn company_proxy() -> String {
    let certified = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.into()], PrivateKeyDer::from(key))
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let config = Arc::new(config);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut connection = ServerConnection::new(config.clone()).unwrap();
            let _rejected = connection.complete_io(&mut stream.unwrap());
        }
    });
    url
}
