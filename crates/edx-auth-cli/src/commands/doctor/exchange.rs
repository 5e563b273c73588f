//! One token request, and what each part of its outcome says.

mod clock;
mod recorder;

use edx_auth_driver::{HttpStack as _, exchange};
use edx_auth_ureq::http::HeaderMap;
use edx_auth_ureq::{
    EnvConfig, Error, ErrorKind, ExchangeError, IssuedToken, TransportFailure, Ureq,
};

use super::report::Finding;
use crate::failure::Failure;
use recorder::Recorder;

/// A token request that was made.
pub(super) struct Exchange {
    is_https: bool,
    outcome: Result<IssuedToken, Error>,
    /// The headers of the response, if one arrived.
    headers: Option<HeaderMap>,
}

/// What has to be in order for a token, each after the one before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Connection,
    Tls,
    Endpoint,
    Throttling,
    Credentials,
    Token,
}

impl Exchange {
    /// Makes one token request, without a retry.
    pub(super) fn of(config: &EnvConfig) -> Self {
        let request = config.token_request();
        let is_https = request.endpoint().is_https();
        match Ureq::transport(request, None, config.client_name()) {
            Ok(transport) => {
                let recorder = Recorder::over(transport);
                Self {
                    is_https,
                    outcome: exchange(request, &recorder).map_err(Error::from),
                    headers: recorder.headers(),
                }
            }
            Err(error) => Self {
                is_https,
                outcome: Err(error),
                headers: None,
            },
        }
    }

    pub(super) fn token(&self) -> Option<&IssuedToken> {
        self.outcome.as_ref().ok()
    }

    /// Returns what was found: all is well up to the step that failed, and the steps after it were not
    /// reached.
    pub(super) fn findings(&self) -> Vec<(&'static str, Finding)> {
        let failed = self
            .outcome
            .as_ref()
            .err()
            .map(|error| (step_of(error), error));
        let mut findings: Vec<_> = STEPS
            .into_iter()
            .map(|(step, name)| match &failed {
                Some((at, error)) if *at == step => (name, fault(error)),
                Some((at, _)) if *at < step => (name, Finding::skipped("not reached")),
                _ => (name, self.passed(step)),
            })
            .collect();
        findings.push((
            "clock",
            clock::difference(self.token(), self.headers.as_ref()),
        ));
        findings
    }

    fn passed(&self, step: Step) -> Finding {
        match step {
            Step::Connection => Finding::passed("the server responds"),
            Step::Tls if self.is_https => Finding::passed("the certificate is trusted"),
            Step::Tls => Finding::skipped("not used: plain http"),
            Step::Endpoint => Finding::passed("accepts token requests"),
            Step::Throttling => Finding::passed(self.limits()),
            Step::Credentials => Finding::passed("accepted"),
            Step::Token => self.outcome.as_ref().map_or_else(
                |_| Finding::skipped("none"),
                |issued| Finding::passed(describe(issued)),
            ),
        }
    }

    /// Describes the limits that the headers name, or says that none does.
    fn limits(&self) -> String {
        let headers = self.headers.iter().flatten();
        let is_limit = |name: &str| name.contains("ratelimit") || name == "retry-after";
        let limits = headers.filter(|(name, _)| is_limit(name.as_str()));
        let limits: Vec<_> = limits
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect();
        if limits.is_empty() {
            return "not throttled, and no header names a limit".to_owned();
        }
        format!("not throttled; {}", limits.join(", "))
    }
}

/// Returns the step at which a token request failed.
fn step_of(error: &Error) -> Step {
    match error {
        Error::Exchange(error) => step_of_exchange(error),
        Error::Setup(_) => Step::Tls,
        _ => Step::Connection,
    }
}

fn step_of_exchange(error: &ExchangeError) -> Step {
    match error.kind() {
        UNTRUSTED | NO_ROOTS => Step::Tls,
        ErrorKind::Transport(_) => Step::Connection,
        ErrorKind::Throttled => Step::Throttling,
        ErrorKind::Denied => Step::Credentials,
        ErrorKind::UnexpectedTokenType | ErrorKind::NoLifetime | ErrorKind::Expiring => Step::Token,
        _ => Step::Endpoint,
    }
}

fn fault(error: &Error) -> Finding {
    let fault = Finding::fault(&Failure::Edx(error.clone()));
    match error {
        Error::Exchange(error) if error.kind() == UNTRUSTED => fault.with_remedy(OF_UNTRUSTED),
        _ => fault,
    }
}

fn describe(issued: &IssuedToken) -> String {
    let token = issued.token();
    let class = match token.claims() {
        Ok(claims) if claims.is_restricted() => "restricted: only APIs that opt in accept it",
        Ok(_) => "not restricted",
        Err(_) => "opaque",
    };
    let minutes = issued.lifetime().as_secs().div_ceil(60);
    format!("{} for {minutes} min, {class}", token.token_type().scheme())
}

const STEPS: [(Step, &str); 6] = [
    (Step::Connection, "connection"),
    (Step::Tls, "TLS"),
    (Step::Endpoint, "token endpoint"),
    (Step::Throttling, "throttling"),
    (Step::Credentials, "credentials"),
    (Step::Token, "token"),
];

const UNTRUSTED: ErrorKind = ErrorKind::Transport(TransportFailure::NotTrusted);

const NO_ROOTS: ErrorKind = ErrorKind::Transport(TransportFailure::NoRoots);

const OF_UNTRUSTED: &str = "\
    Add the certificate authority of your company to the system's, or name its file in SSL_CERT_FILE. \
    Without a company's proxy, check the host name and this machine's clock.";
