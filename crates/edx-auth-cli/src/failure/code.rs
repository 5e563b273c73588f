//! The exit codes.

use std::process::ExitCode;

use edx_auth_ureq::{
    Error, ErrorKind, ExchangeError, PageError, RenewalError, TokenError, TransportFailure, Verdict,
};

use super::Failure;

/// How a command ended, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Code {
    /// A defect of this program or its machine.
    Internal = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The site rejected the client credentials or the token.
    Rejected = 3,
    /// The site throttles.
    Throttled = 4,
    /// No complete response arrived.
    Network = 5,
    /// The response is not the expected one.
    Response = 6,
    /// A variable, a profile, a file or its permissions are wrong.
    Configuration = 7,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

impl Failure {
    /// Returns the exit code.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Edx(error) => of_error(error),
            Self::Profile(_)
            | Self::Store(_)
            | Self::Server(_)
            | Self::File { .. }
            | Self::TokenFile(_)
            | Self::KeptByAnother
            | Self::Curl(_)
            | Self::Clock(_)
            | Self::Resume { .. }
            | Self::Shortened => Code::Configuration,
            Self::Header | Self::CurlOption(_) | Self::Token(_) => Code::Usage,
            Self::Body(_) | Self::Proxy { .. } | Self::HostName { .. } => Code::Network,
            Self::TooLong(_) => Code::Response,
            Self::Stdin(_) | Self::Output(_) => Code::Internal,
        }
    }
}

fn of_error(error: &Error) -> Code {
    match error {
        Error::EnvConfig(_) | Error::Input(_) | Error::Setup(_) => Code::Configuration,
        Error::Url(_) | Error::Request(_) | Error::ItemsPath(_) => Code::Usage,
        Error::Exchange(error) => of_exchange(error),
        Error::Token(error) => of_token(error),
        Error::Transport { failure, .. } => of_transport(*failure),
        Error::Status { verdict, .. } | Error::Page(PageError::Status { verdict, .. }) => {
            of_verdict(*verdict)
        }
        Error::Page(_) => Code::Response,
        Error::Pagination { cause, .. } => of_error(cause),
        _ => Code::Internal,
    }
}

fn of_token(error: &TokenError) -> Code {
    error.renewal_error().map_or(Code::Network, of_renewal)
}

fn of_renewal(error: &RenewalError) -> Code {
    match error {
        RenewalError::Exchange(error) => of_exchange(error),
        RenewalError::Fixed | RenewalError::Rejected => Code::Rejected,
        RenewalError::OverLimit(_) => Code::Throttled,
        RenewalError::Credentials(_) | RenewalError::NotSupplied(_) => Code::Configuration,
        RenewalError::DeadOnArrival => Code::Response,
        _ => Code::Internal,
    }
}

fn of_exchange(error: &ExchangeError) -> Code {
    match error.kind() {
        ErrorKind::Denied => Code::Rejected,
        ErrorKind::Throttled => Code::Throttled,
        ErrorKind::Transport(failure) => of_transport(failure),
        _ => Code::Response,
    }
}

fn of_transport(failure: TransportFailure) -> Code {
    match failure {
        TransportFailure::NoRoots => Code::Configuration,
        _ => Code::Network,
    }
}

fn of_verdict(verdict: Verdict) -> Code {
    match verdict {
        Verdict::TokenRejected
        | Verdict::TokenNotReceived
        | Verdict::Forbidden
        | Verdict::SiteLogin => Code::Rejected,
        Verdict::Throttled { .. } => Code::Throttled,
        Verdict::NetworkLogin | Verdict::ProxyLogin => Code::Network,
        _ => Code::Response,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use edx_auth_ureq::{AccessToken, TokenType};

    use super::*;

    #[test]
    fn a_limit_of_token_requests_throttles() {
        let error = RenewalError::OverLimit(Duration::ZERO);

        assert_eq!(of_renewal(&error), Code::Throttled);
    }

    #[test]
    fn an_input_of_no_use_is_an_error_of_the_configuration() {
        let error = AccessToken::new(TokenType::Jwt, "")
            .map_err(Error::from)
            .err();

        assert_eq!(error.as_ref().map(of_error), Some(Code::Configuration));
    }

    #[test]
    fn a_login_in_front_of_the_site_rejects() {
        assert_eq!(of_verdict(Verdict::SiteLogin), Code::Rejected);
    }
}
