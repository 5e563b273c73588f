//! The ways to connect to a server: a token request and an API call, over both drivers, with the
//! system's roots or with what the program supplies.

use std::error::Error as StdError;
use std::time::Duration;

use edx_auth_core::{ErrorKind, RenewalError, RenewalPolicy, TokenError, TransportFailure};
use edx_auth_tests::debug_output;
use edx_auth_tests::timeout::within_timeout;
use tokio::runtime::{Builder, Runtime};

use super::target::Target;

/// The error of a failed connection.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) failure: TransportFailure,
    pub(super) is_retryable: bool,
    pub(super) advice: &'static str,
    pub(super) shown: String,
}

pub(super) type Outcome = Result<(), Failed>;

/// One way to connect.
#[derive(Clone, Copy)]
pub(super) struct Connector {
    pub(super) name: &'static str,
    go: fn(&Target) -> Outcome,
}

pub(super) const CONNECTORS: [Connector; 4] = [
    Connector {
        name: "a token over ureq",
        go: token_over_ureq,
    },
    Connector {
        name: "a token over reqwest",
        go: token_over_reqwest,
    },
    Connector {
        name: "a call over ureq",
        go: call_over_ureq,
    },
    Connector {
        name: "a call over reqwest",
        go: call_over_reqwest,
    },
];

/// The secret, and a part of the token. No other server may ever read them.
pub(super) const SECRET: &str = "s3cret-of-the-tls-tests";
pub(super) const TOKEN: &str = "t0ken-of-the-tls-tests";

impl Connector {
    pub(super) fn connect(self, target: &Target) -> Outcome {
        let target = target.clone();
        let outcome = within_timeout(move || (self.go)(&target));
        if let Err(Failed { shown, .. }) = &outcome {
            for secret in [SECRET, TOKEN] {
                assert!(!shown.contains(secret), "{}: {shown}", self.name);
            }
        }
        outcome
    }
}

fn token_over_ureq(target: &Target) -> Outcome {
    use edx_auth_ureq::{Error, TokenSource};
    let mut source = TokenSource::builder(target.request()).policy(no_second_attempt());
    if let Some(supplied) = &target.supplied {
        source = source.http_client(supplied.agent());
    }
    match source.build().unwrap().token() {
        Ok(_) => Ok(()),
        Err(Error::Token(error)) => Err(without_token(&error)),
        Err(other) => panic!("a source returns no other error: {other}"),
    }
}

fn token_over_reqwest(target: &Target) -> Outcome {
    use edx_auth_reqwest::{Error, TokenSource};
    let mut source = TokenSource::builder(target.request()).policy(no_second_attempt());
    if let Some(supplied) = target.supplied.clone() {
        source = source.http_client(move || supplied.client_builder());
    }
    match runtime().block_on(source.build().unwrap().token()) {
        Ok(_) => Ok(()),
        Err(Error::Token(error)) => Err(without_token(&error)),
        Err(other) => panic!("a source returns no other error: {other}"),
    }
}

fn call_over_ureq(target: &Target) -> Outcome {
    use edx_auth_ureq::{AuthorizedClient, Error, TokenSource};
    let (token, origins) = target.token();
    let mut client = AuthorizedClient::builder(TokenSource::fixed(token, origins));
    if let Some(supplied) = &target.supplied {
        client = client.http_client(supplied.agent());
    }
    let client = client.timeout(target.deadline).build().unwrap();
    let Err(error) = client.get(&target.url).send() else {
        return Ok(());
    };
    let Error::Transport { failure, .. } = &error else {
        panic!("not a transport failure: {error}")
    };
    Err(rejected(
        *failure,
        error.is_retryable(),
        error.advice(),
        &error,
    ))
}

fn call_over_reqwest(target: &Target) -> Outcome {
    use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
    let (token, origins) = target.token();
    let mut client = AuthorizedClient::builder(TokenSource::fixed(token, origins));
    if let Some(supplied) = target.supplied.clone() {
        client = client.http_client(move || supplied.client_builder());
    }
    let client = client.timeout(target.deadline).build().unwrap();
    let Err(error) = runtime().block_on(client.get(&target.url).send()) else {
        return Ok(());
    };
    let Error::Transport { failure, .. } = &error else {
        panic!("not a transport failure: {error}")
    };
    Err(rejected(
        *failure,
        error.is_retryable(),
        error.advice(),
        &error,
    ))
}

fn without_token(error: &TokenError) -> Failed {
    let Some(RenewalError::Exchange(cause)) = error.renewal_error() else {
        panic!("not the error of a token request: {error}")
    };
    let ErrorKind::Transport(failure) = cause.kind() else {
        panic!("not a transport failure: {cause}")
    };
    rejected(failure, error.is_retryable(), error.advice(), error)
}

fn rejected(
    failure: TransportFailure,
    is_retryable: bool,
    advice: &'static str,
    error: &(dyn StdError + 'static),
) -> Failed {
    let shown = debug_output::of_error(error).concat();
    Failed {
        failure,
        is_retryable,
        advice,
        shown,
    }
}

/// Returns a policy with backoffs longer than any token timeout.
fn no_second_attempt() -> RenewalPolicy {
    let hour = Duration::from_secs(60 * 60);
    let policy = RenewalPolicy::builder().transient_backoff(hour, hour);
    policy.build().unwrap()
}

pub(super) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
