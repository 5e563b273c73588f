//! The ways to a server: a token and a call, over either driver, with the system's roots or with
//! what a program hands in.

use std::error::Error as StdError;
use std::time::Duration;

use edx_auth_core::{ErrorKind, RenewalError, RenewalPolicy, TokenError, TransportFailure};
use edx_auth_tests::debug_output;
use edx_auth_tests::patience::within_patience;
use tokio::runtime::{Builder, Runtime};

use super::way::Way;

/// Why nothing came of it.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) failure: TransportFailure,
    pub(super) is_retryable: bool,
    pub(super) advice: &'static str,
    pub(super) shown: String,
}

pub(super) type Outcome = Result<(), Refused>;

/// One way.
#[derive(Clone, Copy)]
pub(super) struct Door {
    pub(super) name: &'static str,
    go: fn(&Way) -> Outcome,
}

pub(super) const DOORS: [Door; 4] = [
    Door {
        name: "a token over ureq",
        go: token_over_ureq,
    },
    Door {
        name: "a token over reqwest",
        go: token_over_reqwest,
    },
    Door {
        name: "a call over ureq",
        go: call_over_ureq,
    },
    Door {
        name: "a call over reqwest",
        go: call_over_reqwest,
    },
];

/// The secret, and what a token is told apart by: neither may ever be read by anybody else.
pub(super) const SECRET: &str = "s3cret-of-the-tls-tests";
pub(super) const TOKEN: &str = "t0ken-of-the-tls-tests";

impl Door {
    pub(super) fn go(self, way: &Way) -> Outcome {
        let way = way.clone();
        let outcome = within_patience(move || (self.go)(&way));
        if let Err(Refused { shown, .. }) = &outcome {
            for secret in [SECRET, TOKEN] {
                assert!(!shown.contains(secret), "{}: {shown}", self.name);
            }
        }
        outcome
    }
}

fn token_over_ureq(way: &Way) -> Outcome {
    use edx_auth_ureq::{Error, TokenSource};
    let mut source = TokenSource::builder(way.request()).policy(no_second_attempt());
    if let Some(handed_in) = &way.handed_in {
        source = source.http_client(handed_in.agent());
    }
    match source.build().unwrap().token() {
        Ok(_) => Ok(()),
        Err(Error::Token(error)) => Err(of_no_token(&error)),
        Err(other) => panic!("a source says nothing else: {other}"),
    }
}

fn token_over_reqwest(way: &Way) -> Outcome {
    use edx_auth_reqwest::{Error, TokenSource};
    let mut source = TokenSource::builder(way.request()).policy(no_second_attempt());
    if let Some(handed_in) = &way.handed_in {
        source = source.http_client(handed_in.client_builder());
    }
    match runtime().block_on(source.build().unwrap().token()) {
        Ok(_) => Ok(()),
        Err(Error::Token(error)) => Err(of_no_token(&error)),
        Err(other) => panic!("a source says nothing else: {other}"),
    }
}

fn call_over_ureq(way: &Way) -> Outcome {
    use edx_auth_ureq::{AuthorizedClient, Error, TokenSource};
    let (token, origins) = way.token();
    let mut client = AuthorizedClient::builder(TokenSource::fixed(token, origins));
    if let Some(handed_in) = &way.handed_in {
        client = client.http_client(handed_in.agent());
    }
    let client = client.timeout(way.deadline).build().unwrap();
    let Err(error) = client.get(&way.url).send() else {
        return Ok(());
    };
    let Error::Transport { failure, .. } = &error else {
        panic!("it was called: {error}")
    };
    Err(refused(
        *failure,
        error.is_retryable(),
        error.advice(),
        &error,
    ))
}

fn call_over_reqwest(way: &Way) -> Outcome {
    use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
    let (token, origins) = way.token();
    let mut client = AuthorizedClient::builder(TokenSource::fixed(token, origins));
    if let Some(handed_in) = &way.handed_in {
        client = client.http_client(handed_in.client_builder());
    }
    let client = client.timeout(way.deadline).build().unwrap();
    let Err(error) = runtime().block_on(client.get(&way.url).send()) else {
        return Ok(());
    };
    let Error::Transport { failure, .. } = &error else {
        panic!("it was called: {error}")
    };
    Err(refused(
        *failure,
        error.is_retryable(),
        error.advice(),
        &error,
    ))
}

fn of_no_token(error: &TokenError) -> Refused {
    let Some(RenewalError::Exchange(cause)) = error.renewal_error() else {
        panic!("an exchange failed: {error}")
    };
    let ErrorKind::Transport(failure) = cause.kind() else {
        panic!("there was no reply: {cause}")
    };
    refused(failure, error.is_retryable(), error.advice(), error)
}

fn refused(
    failure: TransportFailure,
    is_retryable: bool,
    advice: &'static str,
    error: &(dyn StdError + 'static),
) -> Refused {
    let shown = debug_output::of_error(error).concat();
    Refused {
        failure,
        is_retryable,
        advice,
        shown,
    }
}

/// Pauses that are longer than any caller's patience.
fn no_second_attempt() -> RenewalPolicy {
    let hour = Duration::from_secs(60 * 60);
    let policy = RenewalPolicy::builder().transient_backoff(hour, hour);
    policy.build().unwrap()
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
