//! The examples, run against a mock of edX.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation ends the test"
)]
#![allow(dead_code, reason = "the tests call all of an example but its main")]

mod export_csv;
mod metrics;
mod sidecar;
mod tenants;
mod web_service;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest};
use edx_auth_testkit::MockEdx;

/// The token request of the client that this site knows.
fn request_at(edx: &MockEdx) -> TokenRequest {
    let credentials = ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap();
    TokenRequest::new(TokenEndpoint::open_edx(edx.url()).unwrap(), credentials)
}

/// Creates an empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // It exists if the test has run before.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Far longer than any test takes, on a busy machine too.
const TIMEOUT: Duration = Duration::from_secs(120);

const COURSES: &str = "/api/v1/courses/";
