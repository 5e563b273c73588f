//! Runs that succeed.

use std::fs;
use std::path::Path;

use edx_auth_testkit::MockEdx;
use edx_auth_tests::examples::Run;
use edx_auth_tests::openedx::{AWKWARD_CLIENT, OpenEdx, Options};

use super::program::{Quickstart, TWINS};

#[test]
fn the_quickstart_runs_as_the_readme_says_and_calls_a_mock() {
    for quickstart in TWINS {
        let run = quickstart.cargo_run();

        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(
            run.stdout.contains("calling a mock of edX"),
            "{}",
            run.stdout
        );
        let page = "\nResponse 200 OK, 419 bytes: 10 of 25 items\n";
        assert!(run.stdout.contains(page), "{}", run.stdout);
        assert!(!run.stdout.contains("mock-edx-secret"));
    }
}

#[test]
fn the_quickstart_calls_the_site_that_the_variables_name() {
    let edx = MockEdx::builder().client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    let edx = edx.start().unwrap();

    asks_with_and_without_an_api(&edx.token_url(), &edx.catalogs_url());

    assert_eq!(edx.token_requests(), 4);
    assert_eq!(edx.requests().len(), 6);
}

#[test]
fn the_quickstart_calls_a_real_open_edx() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    asks_with_and_without_an_api(site.url(), &site.catalogs_url());

    let stats = site.stats();
    assert_eq!(stats.token, [(200, 4)].into());
    assert_eq!(stats.api, [(200, 2)].into());
}

#[test]
fn the_quickstart_reads_the_credentials_from_files() {
    let edx = MockEdx::builder().client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    let edx = edx.start().unwrap();

    for quickstart in TWINS {
        let run = quickstart.run(&[
            ("EDX_CLIENT_ID_FILE", &file("id", AWKWARD_CLIENT.id)),
            (
                "EDX_CLIENT_SECRET_FILE",
                &file("secret", AWKWARD_CLIENT.secret),
            ),
            ("EDX_TOKEN_URL", &edx.token_url()),
        ]);

        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    assert_eq!(edx.token_requests(), 2);
}

fn asks_with_and_without_an_api(token_url: &str, api_url: &str) {
    let asked = [
        ("EDX_CLIENT_ID", AWKWARD_CLIENT.id),
        ("EDX_CLIENT_SECRET", AWKWARD_CLIENT.secret),
        ("EDX_TOKEN_URL", token_url),
    ];
    let with_api = [&asked[..], &[("EDX_API_URL", api_url)]].concat();
    for quickstart in TWINS {
        let said = ends_well(quickstart, &asked);
        assert!(said.contains("No API was called"), "{said}");

        let said = ends_well(quickstart, &with_api);
        assert!(said.contains("10 of 25 items"), "{said}");
    }
}

/// Returns the output of a successful run.
fn ends_well(quickstart: Quickstart, variables: &[(&str, &str)]) -> String {
    let Run {
        code,
        stdout,
        stderr,
    } = quickstart.run(variables);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    for said in [
        "Token    JWT, good for 59 min",
        "token requests for 1000 calls: 1",
    ] {
        assert!(stdout.contains(said), "{stdout}");
    }
    for secret in ["eyJ", AWKWARD_CLIENT.secret] {
        assert!(!stdout.contains(secret), "{stdout}");
    }
    stdout
}

/// Creates a file with this text and a newline, and returns its path.
fn file(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, format!("{text}\n")).unwrap();
    path.to_str().unwrap().to_owned()
}
