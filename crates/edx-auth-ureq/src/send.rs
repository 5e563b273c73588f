//! Sends one request, by the strict rules for a request that carries a secret.

use std::time::Duration;

use edx_auth_driver::{ApiRequest, Connection, TransportRules};
use http::{Request, Response};
use ureq::config::RedirectAuthHeaders;
use ureq::{Agent, AsSendBody, Body, Error};

use crate::tls;

/// What is applied on top of the settings of any agent, ours or the program's.
pub(crate) struct Terms {
    https_only: bool,
    timeout: Duration,
    connect_timeout: Duration,
    head_limit: usize,
    connection: Connection,
}

impl From<TransportRules> for Terms {
    fn from(rules: TransportRules) -> Self {
        Self {
            https_only: rules.https_only(),
            timeout: rules.deadline(),
            connect_timeout: rules.connect_deadline(),
            head_limit: TOKEN_HEAD_LIMIT,
            connection: Connection::New,
        }
    }
}

impl From<&ApiRequest> for Terms {
    fn from(request: &ApiRequest) -> Self {
        Self {
            https_only: request.is_https(),
            timeout: request.timeout(),
            connect_timeout: TransportRules::CONNECT_TIMEOUT,
            head_limit: API_HEAD_LIMIT,
            connection: request.connection(),
        }
    }
}

/// Sends a request to its URL and nowhere else. No redirect is followed, no status is an error, and
/// plain http passes no proxy.
pub(crate) fn send<S: AsSendBody>(
    agent: &Agent,
    request: Request<S>,
    terms: &Terms,
) -> Result<Response<Body>, Error> {
    let mut config = agent
        .configure_request(request)
        .http_status_as_error(false)
        .max_redirects(0)
        .redirect_auth_headers(RedirectAuthHeaders::Never)
        .https_only(terms.https_only)
        .timeout_global(Some(terms.timeout))
        .timeout_resolve(Some(terms.connect_timeout))
        .timeout_connect(Some(terms.connect_timeout))
        .max_response_header_size(terms.head_limit)
        .allow_non_standard_methods(true);
    if let Connection::New = terms.connection {
        config = config.max_idle_age(Duration::ZERO);
    }
    if terms.https_only {
        tls::ready()?;
    } else {
        config = config.proxy(None);
    }
    agent.run(config.build())
}

/// Room for every header that a proxy may add; a token endpoint needs a fiftieth of it.
pub(crate) const TOKEN_HEAD_LIMIT: usize = 16 * 1024;

/// APIs behind proxies and caches send many headers.
const API_HEAD_LIMIT: usize = 64 * 1024;
