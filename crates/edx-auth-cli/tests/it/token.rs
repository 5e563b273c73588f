//! `edx-auth token`.

use std::fs::File;
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, UNIX_EPOCH};

use edx_auth_driver::{
    ClientCredentials, FileStore, Moment, TokenEndpoint, TokenRequest, TokenStore as _,
};
use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};
use serde_json::Value;

use crate::site::{Ended, Site};

#[test]
fn the_token_alone_is_on_standard_output_and_serves_the_next_run() {
    let site = Site::start();

    let first = site.run(&["token"]).success();
    let second = site.run(&["token"]).success();

    assert_eq!(first, second);
    assert_eq!(first.lines().count(), 1);
    assert_eq!(first.matches('.').count(), 2, "{first}");
    assert_eq!(site.edx.token_requests(), 1);
}

#[test]
fn two_hundred_runs_at_once_request_one_token() {
    let site = Site::start();
    let start = || {
        let mut command = site.command(&["token"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };

    let runs: Vec<_> = (0..200).map(|_| start()).collect();
    let ended = runs.into_iter().map(|run| run.wait_with_output().unwrap());
    let mut tokens: Vec<_> = ended.map(|run| Ended::from(run).success()).collect();
    tokens.dedup();

    assert_eq!(tokens.len(), 1, "{} different outputs", tokens.len());
    assert_eq!(site.edx.token_requests(), 1);
}

#[test]
fn without_the_store_each_run_requests_a_token() {
    let site = Site::start();

    site.run(&["token", "--no-store"]).success();
    site.run(&["token", "--no-store"]).success();

    assert_eq!(site.edx.token_requests(), 2);
    assert!(!site.home().join(".cache").exists());
}

#[test]
fn a_fresh_token_is_a_new_one_and_replaces_the_stored_one() {
    let site = Site::start();

    site.run(&["token", "--fresh"]).success();
    assert_eq!(site.edx.token_requests(), 1);
    let fresh = site.run(&["token", "--fresh"]).success();
    let later = site.run(&["token"]).success();

    assert_eq!(site.edx.token_requests(), 2);
    assert_eq!(fresh, later);
}

#[test]
fn a_token_that_ends_too_early_is_renewed() {
    let site = Site::start();
    site.run(&["token"]).success();
    make_older(&site, Duration::from_secs(3000)); // 600 s are left

    site.run(&["token", "--min-validity", "5m"]).success();
    assert_eq!(site.edx.token_requests(), 1);
    site.run(&["token", "--min-validity", "15m"]).success();

    assert_eq!(site.edx.token_requests(), 2);
}

#[test]
fn each_format_carries_the_same_token() {
    let site = Site::start();
    let in_format = |format| site.run(&["token", "--format", format]).success();
    let token = in_format("plain").trim_end().to_owned();

    assert_eq!(in_format("header"), format!("Authorization: JWT {token}\n"));
    assert_eq!(
        in_format("curl"),
        format!("header = \"Authorization: JWT {token}\"\n")
    );
    let env = in_format("env");
    assert!(
        env.starts_with(&format!("EDX_ACCESS_TOKEN={token}\nEDX_TOKEN_TYPE=JWT\n")),
        "{env}"
    );
    let json: Value = serde_json::from_str(&in_format("json")).unwrap();
    assert_eq!(json["access_token"], token);
    assert_eq!(json["token_type"], "JWT");
    let left = json["expires_in"].as_u64().unwrap();
    assert!((3500..3600).contains(&left), "{left}");
    let at = json["expires_at"].as_str().unwrap();
    let at: jiff::Timestamp = at.parse().unwrap();
    assert_eq!(json["expires_at_epoch"], at.as_second());
}

#[test]
fn the_secret_may_come_from_a_file_or_from_standard_input() {
    let site = Site::start();
    let secret = site.edx.client_secret().to_owned();
    let file = site.write("secret", &format!("{secret}\n"));
    let endpoint = format!("--endpoint={}", site.edx.url());
    let client_id = format!("--client-id={}", site.edx.client_id());

    let from_file = format!("--client-secret-file={}", file.display());
    let arguments = ["token", "--fresh", &endpoint, &client_id, &from_file];
    Ended::of(&mut site.bare_command(&arguments)).success();
    let arguments = [
        "token",
        "--fresh",
        &endpoint,
        &client_id,
        "--client-secret-stdin",
    ];
    let mut command = site.bare_command(&arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(format!("{secret}\n").as_bytes()).unwrap();
    drop(stdin);
    Ended::from(child.wait_with_output().unwrap()).success();

    let expected = Fingerprint::of(&secret);
    let requests = site.edx.requests();
    assert_eq!(requests.len(), 2);
    assert!(
        requests
            .iter()
            .all(|request| request.client_secret() == Some(expected))
    );
}

#[test]
fn a_secret_on_standard_input_loses_one_newline_as_one_in_a_file_does() {
    let site = Site::start();
    let secret = site.write("secret", &format!("{}\n\n", site.edx.client_secret()));

    let mut of_stdin = site.command(&["token", "--client-secret-stdin"]);
    let of_stdin = Ended::of(of_stdin.stdin(File::open(&secret).unwrap()));
    let mut of_file = site.command(&["token", "--client-secret-file"]);
    let of_file = Ended::of(of_file.arg(&secret));

    assert_ne!(of_stdin.code, Some(0));
    assert_eq!(of_stdin.code, of_file.code);
}

#[test]
fn a_token_that_another_process_keeps_fresh_is_printed_as_it_is() {
    let site = Site::start();
    let token = site.run(&["token"]).success();
    let file = site.write("token", &token);

    let mut command = site.bare_command(&["token"]);
    command.env("EDX_ACCESS_TOKEN_FILE", file);
    let printed = Ended::of(&mut command).success();

    assert_eq!(printed, token);
    assert_eq!(site.edx.token_requests(), 1);
}

#[test]
fn a_throttled_site_ends_the_run_with_its_exit_code_and_the_wait() {
    let site = Site::start();
    site.edx
        .on("POST", MockEdx::TOKEN_PATH, MockResponse::throttled(90));

    let ended = site.run(&["token", "--json"]);

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(4), ""));
    let error: Value = serde_json::from_str(&ended.stderr).unwrap();
    assert_eq!(error["exit_code"], 4);
    assert!(
        error["retry_after_seconds"].as_u64().unwrap() > 60,
        "{error}"
    );
}

/// Makes the stored token older than it is.
fn make_older(site: &Site, by: Duration) {
    let (edx, store) = (
        &site.edx,
        FileStore::new(site.home().join(".cache/edx-auth")),
    );
    let credentials = ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap();
    let request = TokenRequest::new(TokenEndpoint::open_edx(edx.url()).unwrap(), credentials);
    let stored = store.load(&request).unwrap().unwrap();
    let now = Moment {
        monotonic: Duration::ZERO,
        wall: UNIX_EPOCH.elapsed().unwrap(),
    };
    let left = stored.left(now).saturating_sub(by);
    // The one that lasts longer would stay.
    Ended::of(&mut site.bare_command(&["store", "clear"])).success();
    store
        .save(&request, &stored.lasting(left, now), None)
        .unwrap();
}
