//! Runs that end well.

use std::fs;
use std::path::Path;

use edx_auth_testkit::MockEdx;
use edx_auth_tests::openedx::{AWKWARD_CLIENT, OpenEdx, Options, TestClient};

use super::program::{Run, cargo_run, run};

#[test]
fn it_runs_as_the_readme_says_and_asks_a_stand_in() {
    let run = cargo_run();

    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("asking a stand-in"), "{}", run.stdout);
    assert!(run.stdout.contains("10 of 25 items"), "{}", run.stdout);
    assert!(!run.stdout.contains("mock-edx-secret"));
}

#[test]
fn it_asks_the_site_that_the_variables_name() {
    let edx = MockEdx::builder().client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    let edx = edx.start().unwrap();

    asks_with_and_without_an_api(&edx.token_url(), &edx.catalogs_url());

    assert_eq!(edx.token_requests(), 2);
    assert_eq!(edx.requests().len(), 3);
}

#[test]
fn it_asks_a_real_open_edx() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    asks_with_and_without_an_api(site.url(), &site.catalogs_url());

    let stats = site.stats();
    assert_eq!(stats.token, [(200, 2)].into());
    assert_eq!(stats.api, [(200, 1)].into());
}

#[test]
fn it_reads_the_pair_from_files() {
    let edx = MockEdx::builder().client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    let edx = edx.start().unwrap();

    let run = run(&[
        ("EDX_CLIENT_ID_FILE", &file("id", AWKWARD_CLIENT.id)),
        (
            "EDX_CLIENT_SECRET_FILE",
            &file("secret", AWKWARD_CLIENT.secret),
        ),
        ("EDX_TOKEN_URL", &edx.token_url()),
    ]);

    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(edx.token_requests(), 1);
}

fn asks_with_and_without_an_api(token_url: &str, api_url: &str) {
    let TestClient { id, secret } = AWKWARD_CLIENT;
    let asked = [
        ("EDX_CLIENT_ID", id),
        ("EDX_CLIENT_SECRET", secret),
        ("EDX_TOKEN_URL", token_url),
    ];

    let token_alone = run(&asked);
    let with_api = run(&[&asked[..], &[("EDX_API_URL", api_url)]].concat());

    for Run {
        code,
        stdout,
        stderr,
    } in [&token_alone, &with_api]
    {
        assert_eq!((*code, stderr.as_str()), (Some(0), ""));
        assert!(
            stdout.contains("Token    JWT, good for 59 min 59 s"),
            "{stdout}"
        );
        assert!(
            !stdout.contains("eyJ") && !stdout.contains(secret),
            "{stdout}"
        );
    }
    assert!(token_alone.stdout.contains("No API was called"));
    assert!(with_api.stdout.contains("10 of 25 items"));
}

/// The path of a file with this text and a line end.
fn file(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, format!("{text}\n")).unwrap();
    path.to_str().unwrap().to_owned()
}
