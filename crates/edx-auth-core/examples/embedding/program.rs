//! The program around an HTTP stack: variables in, a few lines out, and never a secret.
//!
//! | variable | meaning |
//! |---|---|
//! | `EDX_CLIENT_ID`, `EDX_CLIENT_SECRET` | your credentials, or with `_FILE` the files that hold them |
//! | `EDX_TOKEN_URL` | the LMS of a site other than edX |
//! | `EDX_API_URL` | one URL to GET |
//!
//! Without any `EDX_*` variable it asks a stand-in that it starts inside itself.

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use edx_auth_core::{
    EnvConfig, EnvConfigError, Health, LiveToken, RenewalPolicy, TokenError, UrlError, Verdict,
};
use edx_auth_testkit::MockEdx;
use http::{Request, Response, Uri};

use super::driver::outgoing::CallError;

/// For how long a caller waits for a token: longer than one exchange may take.
pub(crate) const TOKEN_TIMEOUT: Duration = Duration::from_secs(25);

/// A token may take 25 s, edX's gateway gives up on an API after 29, and a call may need two of
/// each.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(90);

/// A person at a terminal wants to hear of trouble at once: with such a pause after it nobody
/// waits for a second attempt.
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

/// Does the work at the site that the variables name, and ends the program: on failure with two
/// lines on standard error, what is wrong and what to do.
pub(crate) fn run(
    work: impl FnOnce(&EnvConfig, Option<Request<Vec<u8>>>) -> Result<(), Trouble>,
) -> ExitCode {
    match at_a_site(work) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{}\n{}", trouble.what, trouble.to_do);
            ExitCode::FAILURE
        }
    }
}

fn at_a_site(
    work: impl FnOnce(&EnvConfig, Option<Request<Vec<u8>>>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let is_ours = |(name, _): (OsString, OsString)| name.as_encoded_bytes().starts_with(b"EDX_");
    if env::vars_os().any(is_ours) {
        let environment = EnvConfig::read(variable, |path| fs::read(path))?;
        return work(&environment, api_call(variable("EDX_API_URL"))?);
    }
    println!("No EDX_* variable is set: asking a stand-in for edX inside this program.\n");
    let edx = MockEdx::start()?;
    let variable = |name: &str| match name {
        "EDX_CLIENT_ID" => Some(edx.client_id().into()),
        "EDX_CLIENT_SECRET" => Some(edx.client_secret().into()),
        "EDX_TOKEN_URL" => Some(edx.token_url().into()),
        _ => None,
    };
    let environment = EnvConfig::read(variable, |path| fs::read(path))?;
    work(&environment, api_call(Some(edx.catalogs_url().into()))?)
}

fn variable(name: &str) -> Option<Vec<u8>> {
    env::var_os(name).map(OsString::into_encoded_bytes)
}

fn api_call(url: Option<Vec<u8>>) -> Result<Option<Request<Vec<u8>>>, Trouble> {
    let Some(url) = url.filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    let uri = Uri::try_from(url).map_err(|_| Trouble {
        what: "EDX_API_URL is not a URL".into(),
        to_do: "Give it as https://host/path, with every space as %20.".into(),
    })?;
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = uri;
    Ok(Some(request))
}

pub(crate) fn say_token(environment: &EnvConfig, token: &LiveToken, health: &Health) {
    let (scheme, life) = (token.token().token_type(), token.usable_for().as_secs());
    println!("Asked    {}", environment.token_request().endpoint());
    println!("Token    {scheme}, good for {life} s");
    println!("Health   {health}");
}

/// What a gateway says of a refused request may quote its whole `Authorization`, so the body of an
/// error is not shown.
pub(crate) fn say_reply(url: &Uri, reply: &Response<Vec<u8>>) -> Result<(), Trouble> {
    let (status, length) = (reply.status(), reply.body().len());
    match reply.extensions().get::<Verdict>() {
        Some(verdict) if !status.is_success() => Err(Trouble {
            what: format!("{url} answered {status}"),
            to_do: verdict.advice().into(),
        }),
        _ => {
            println!("GET      {url}");
            println!("Reply    {status}, {length} bytes");
            Ok(())
        }
    }
}

/// What is wrong, and what to do about it: a line each.
pub(crate) struct Trouble {
    what: String,
    to_do: String,
}

impl Trouble {
    fn of(error: &dyn Error, advice: &str) -> Self {
        Self {
            what: spelled_out(error),
            to_do: advice.into(),
        }
    }
}

fn spelled_out(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", spelled_out(cause)),
        None => error.to_string(),
    }
}

impl From<EnvConfigError> for Trouble {
    fn from(error: EnvConfigError) -> Self {
        Self::of(&error, error.advice())
    }
}

impl From<TokenError> for Trouble {
    fn from(error: TokenError) -> Self {
        Self::of(&error, error.advice())
    }
}

impl From<CallError> for Trouble {
    fn from(error: CallError) -> Self {
        let advice = match &error {
            CallError::Url(error) => error.advice(),
            CallError::Token(error) => error.advice(),
            CallError::Broken { fault, .. } => fault.failure.advice(),
        };
        Self::of(&error, advice)
    }
}

impl From<UrlError> for Trouble {
    fn from(error: UrlError) -> Self {
        Self::of(&error, error.advice())
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self {
            what: spelled_out(&error),
            to_do: "Check that this machine has a loopback address (127.0.0.1).".into(),
        }
    }
}
