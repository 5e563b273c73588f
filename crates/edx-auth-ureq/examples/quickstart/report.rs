//! The output of the quickstarts over both drivers, one line per fact. It never contains the token or
//! the secret.

use std::error::Error;
use std::fmt::Display;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use edx_auth_core::{
    EnvConfig, EnvConfigError, Health, LiveToken, RenewalPolicy, UnverifiedClaims, Verdict,
};
use edx_auth_testkit::MockEdx;
use http::{Extensions, StatusCode};
use serde_json::Value;

/// How often the token is requested from the source: once before each call of a program.
pub(crate) const CALLS: u32 = 1000;

/// Shows an error at once instead of retrying: this backoff is longer than the token timeout.
pub(crate) const AT_A_TERMINAL: RenewalPolicy = {
    let pause = Duration::from_secs(60);
    match RenewalPolicy::builder()
        .transient_backoff(pause, pause)
        .build()
    {
        Ok(policy) => policy,
        Err(_) => RenewalPolicy::DEFAULT,
    }
};

/// An error with its causes, and its advice: one line each.
pub(crate) struct Trouble(String);

/// Ends the program: on failure with both lines on standard error.
pub(crate) fn end(outcome: Result<(), Trouble>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{}", trouble.0);
            ExitCode::FAILURE
        }
    }
}

pub(crate) fn is_configured() -> bool {
    std::env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(b"EDX_"))
}

/// Returns the URL to GET; empty if none is set.
pub(crate) fn api_url() -> String {
    let url = std::env::var_os("EDX_API_URL").unwrap_or_default();
    url.to_string_lossy().into_owned()
}

/// Returns the configuration with which a program calls this mock.
pub(crate) fn config_of(edx: &MockEdx) -> Result<EnvConfig, EnvConfigError> {
    let variable = |name: &str| match name {
        "EDX_CLIENT_ID" => Some(edx.client_id().into()),
        "EDX_CLIENT_SECRET" => Some(edx.client_secret().into()),
        "EDX_TOKEN_URL" => Some(edx.token_url().into()),
        _ => None,
    };
    EnvConfig::read(variable, |path| std::fs::read(path))
}

pub(crate) fn say_mock() {
    println!("No EDX_* variable is set: calling a mock of edX inside this program.\n");
}

pub(crate) fn say_endpoint(environment: &EnvConfig) {
    println!("Endpoint {}", environment.token_request().endpoint());
}

pub(crate) fn say_token(token: &LiveToken) {
    let (scheme, life) = (token.token().token_type(), spoken(token.usable_for()));
    println!("Token    {scheme}, good for {life}");
    match token.token().claims() {
        Ok(claims) => say_claims(&claims),
        Err(_) => println!("Claims   none to read: the token is opaque"),
    }
}

fn say_claims(claims: &UnverifiedClaims) {
    let username = claims.username().unwrap_or("(none)");
    println!("User     {}", username.escape_debug());
    println!("Scopes   {}", claims.scopes().join(" ").escape_debug());
}

pub(crate) fn say_cost(health: &Health) {
    let requests = health.issued + health.failures;
    println!("Cost     token requests for {CALLS} calls: {requests}");
}

/// Prints the URL to GET, and reports whether there is one.
pub(crate) fn is_wanted(url: &str) -> bool {
    if url.is_empty() {
        println!("\nNo API was called: set EDX_API_URL to a URL to GET.");
    } else {
        println!("\nGET      {}", url.escape_debug());
    }
    !url.is_empty()
}

/// Returns an error if the status is not a success. A gateway's error text may quote the whole
/// `Authorization` header, so the body is not shown.
pub(crate) fn check(url: &str, status: StatusCode, extensions: &Extensions) -> Result<(), Trouble> {
    match extensions.get::<Verdict>() {
        None => Ok(()),
        Some(verdict) => {
            let advice = verdict.advice();
            Err(Trouble(format!("{url} returned status {status}\n{advice}")))
        }
    }
}

pub(crate) fn say_response(status: StatusCode, body: &[u8]) {
    println!("Response {status}, {} bytes: {}", body.len(), summary(body));
}

/// Summarizes a page: the number of its items, and of all items.
fn summary(body: &[u8]) -> String {
    match serde_json::from_slice(body) {
        Ok(Value::Array(items)) => format!("{} items", items.len()),
        Ok(Value::Object(fields)) => match (fields.get("results"), fields.get("count")) {
            (Some(Value::Array(page)), Some(count)) => format!("{} of {count} items", page.len()),
            _ => format!("one object of {} fields", fields.len()),
        },
        Ok(_) => "JSON, but neither a list nor an object".into(),
        Err(_) => "not JSON".into(),
    }
}

fn spoken(life: Duration) -> String {
    match life.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

impl Trouble {
    /// Keeps the two lines of an error's report.
    pub(crate) fn of(report: impl Display) -> Self {
        Self(report.to_string())
    }

    pub(crate) fn broken_off(url: &str, error: &dyn Error) -> Self {
        let cause = spelled_out(error);
        Self(format!(
            "the response of {url} broke off: {cause}\nTry again."
        ))
    }
}

impl From<EnvConfigError> for Trouble {
    fn from(error: EnvConfigError) -> Self {
        Self(format!("{error}\n{}", error.advice()))
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self(format!(
            "the stand-in cannot be started: {error}\n\
             Check that this machine has a loopback address (127.0.0.1)."
        ))
    }
}

fn spelled_out(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", spelled_out(cause)),
        None => error.to_string(),
    }
}
