//! The sidecar: a program beside it calls APIs without client credentials.

#[path = "../../examples/sidecar.rs"]
mod example;

use std::fs;

use edx_auth_testkit::MockEdx;
use edx_auth_ureq::{AuthorizedClient, TokenSource};

use super::{folder, request_at};

#[test]
fn a_program_calls_with_the_token_of_the_file() {
    let site = MockEdx::start().unwrap();
    let path = folder("sidecar").join("token");
    let source = TokenSource::new(request_at(&site)).unwrap();

    let first = example::refresh(&source, None, &path).unwrap();
    let program = TokenSource::from_file(&path, source.origins().clone());
    let edx = AuthorizedClient::new(program).unwrap();

    assert_eq!(edx.get(&site.catalogs_url()).send().unwrap().status(), 200);
    assert!(first.is_some());
    assert_eq!(site.token_requests(), 1);
}

#[test]
fn a_newer_token_replaces_the_file() {
    let site = MockEdx::start().unwrap();
    let path = folder("renewing-sidecar").join("token");
    let source = TokenSource::new(request_at(&site)).unwrap();
    let first = example::refresh(&source, None, &path).unwrap();

    fs::remove_file(&path).unwrap();
    source.renew_now().unwrap();
    let second = example::refresh(&source, first, &path).unwrap();

    assert!(second > first);
    let program = TokenSource::from_file(&path, source.origins().clone());
    program.token().unwrap();
}

/// Other users of the machine cannot act as this program.
#[cfg(unix)]
#[test]
fn only_this_user_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;

    let site = MockEdx::start().unwrap();
    let path = folder("private-sidecar").join("token");
    let source = TokenSource::new(request_at(&site)).unwrap();

    example::refresh(&source, None, &path).unwrap();

    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}
