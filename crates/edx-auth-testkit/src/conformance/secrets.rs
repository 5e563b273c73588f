//! Secrets in errors, which programs write to their logs.

use std::error::Error;
use std::time::Duration;

use http::Method;

use super::Driver;
use super::Setup;
use super::fixture::{API, TIMEOUT, kit_error, post, request, setup, token_response};
use super::result::{ItemResult, ensure, token_of};
use crate::{Behavior, MockEdx, MockResponse};

/// [`Item::SecretsInErrors`](super::Item::SecretsInErrors).
pub(super) fn secrets_in_errors<D: Driver>() -> ItemResult {
    without_a_token::<D>()?;
    with_one::<D>()
}

fn without_a_token<D: Driver>() -> ItemResult {
    let echo = format!(r#"{{"error": "invalid_client", "error_description": "{SECRET}"}}"#);
    for behavior in [
        Behavior::respond(MockResponse::json(401, echo)),
        Behavior::close(),
        Behavior::bytes("not HTTP"),
    ] {
        for by_basic in [false, true] {
            let edx = MockEdx::builder().client("an-id", SECRET).start();
            let edx = edx.map_err(kit_error)?;
            edx.next_request(MockEdx::TOKEN_PATH, behavior.clone());
            let mut setup = setup(&edx)?;
            if by_basic {
                setup.request = setup.request.basic_auth();
            }
            if let Err(error) = D::start(setup).token(TIMEOUT) {
                shows_no_secret("a failed token request", &error)?;
            }
        }
    }
    Ok(())
}

fn with_one<D: Driver>() -> ItemResult {
    let edx = MockEdx::builder().client("an-id", SECRET).start();
    let edx = edx.map_err(kit_error)?;
    edx.next_request(MockEdx::TOKEN_PATH, token_response(TOKEN));
    let driver = D::start(Setup {
        timeout: Duration::from_secs(1),
        ..setup(&edx)?
    });
    token_of(&driver)?;
    for (kind, behavior) in [
        ("a call that was reset", Behavior::reset()),
        ("a call that timed out", Behavior::stall()),
        (
            "a call with a response that is not HTTP",
            Behavior::bytes("not HTTP"),
        ),
    ] {
        edx.next_request(API, behavior);
        if let Err(error) = driver.call(post(&edx, "{}")?) {
            shows_no_secret(kind, &*error)?;
        }
    }
    let elsewhere = request(Method::GET, "https://elsewhere.invalid/api/", "")?;
    match driver.call(elsewhere) {
        Ok(_) => Ok(()),
        Err(error) => shows_no_secret("a call outside the origins", &*error),
    }
}

/// Checks `Display` and `Debug` of the error and of all its sources.
fn shows_no_secret(kind: &str, error: &(dyn Error + 'static)) -> ItemResult {
    let mut next = Some(error);
    while let Some(error) = next {
        let shown = format!("{error} {error:?} {error:#?}");
        for (name, planted) in PLANTED {
            ensure(!shown.contains(planted), || {
                format!("shows {name} in the error of {kind}")
            })?;
        }
        next = error.source();
    }
    Ok(())
}

const SECRET: &str = "planted-secret";
const TOKEN: &str = "planted.access.token";

/// The last one is part of `an-id:planted-secret` in Base64, as in HTTP Basic.
const PLANTED: [(&str, &str); 3] = [
    ("the secret", SECRET),
    ("the token", TOKEN),
    ("the secret in Base64", "YW4taWQ6cGxhbnRlZC1zZWNyZXQ"),
];
