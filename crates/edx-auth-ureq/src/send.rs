//! Sends one request, by the strict rules for a request that carries a secret.

use std::time::Duration;

use edx_auth_driver::{ApiRequest, Connection, TransportError, TransportRules};
use http::{Request, Response};
use ureq::config::RedirectAuthHeaders;
use ureq::{Agent, AsSendBody, Body, Error};

use crate::http_agent::HttpAgent;
use crate::tls;

/// The rules for one request. They are applied on top of the agent's settings.
pub(crate) struct Terms {
    https_only: bool,
    timeout: Duration,
    connect_timeout: Duration,
    connection: Connection,
}

impl From<TransportRules> for Terms {
    fn from(rules: TransportRules) -> Self {
        Self {
            https_only: rules.https_only(),
            timeout: rules.deadline(),
            connect_timeout: rules.connect_deadline(),
            connection: Connection::New,
        }
    }
}

impl From<&ApiRequest> for Terms {
    fn from(request: &ApiRequest) -> Self {
        Self {
            connection: request.connection(),
            ..Self::from(request.rules())
        }
    }
}

/// Sends a request to its URL and nowhere else. No redirect is followed, no status is an error, and
/// plain http goes through no proxy.
pub(crate) fn send<S: AsSendBody>(
    agent: &HttpAgent,
    request: Request<S>,
    terms: &Terms,
) -> Result<Response<Body>, Error> {
    let is_direct = !terms.https_only || agent.is_direct(request.uri());
    let agent = agent.as_ref();
    let mut config = agent
        .configure_request(request)
        .http_status_as_error(false)
        .max_redirects(0)
        .redirect_auth_headers(RedirectAuthHeaders::Never)
        .https_only(terms.https_only)
        .timeout_global(Some(terms.timeout))
        .timeout_resolve(Some(terms.connect_timeout))
        .timeout_connect(Some(terms.connect_timeout))
        .max_response_header_size(RAW_HEAD_LIMIT)
        .allow_non_standard_methods(true);
    if let Connection::New = terms.connection {
        config = config.max_idle_age(Duration::ZERO);
    }
    if terms.https_only {
        tls::ready()?;
    }
    if is_direct {
        config = config.proxy(None);
    }
    let sent = agent.run(config.build());
    let response = sent.map_err(|error| with_proxy(error, agent))?;
    match TransportRules::check_head(response.headers()) {
        Ok(()) => Ok(response),
        Err(failure) => Err(Error::Other(TransportError::from(failure).into())),
    }
}

/// Names the proxy that did not connect, without its user name and password.
fn with_proxy(error: Error, agent: &Agent) -> Error {
    match (error, agent.config().proxy()) {
        (Error::ConnectProxyFailed(reason), Some(proxy)) => {
            let (host, port) = (proxy.host(), proxy.port());
            Error::ConnectProxyFailed(format!("{host}:{port}: {reason}"))
        }
        (error, _) => error,
    }
}

/// ureq's limit for a response head. It is a little larger than ours, because ureq counts the status line
/// and every blank too.
pub(crate) const RAW_HEAD_LIMIT: usize = TransportRules::HEAD_LIMIT + 1024;
