//! One request, sent as strictly as something secret has to be.

use std::time::Duration;

use edx_auth_core::TransportRules;
use http::{Request, Response};
use ureq::config::RedirectAuthHeaders;
use ureq::{Agent, AsSendBody, Body, Error};

use crate::tls;

/// What is laid over an agent's own settings, whoever made the agent.
pub(crate) struct Terms {
    pub(crate) https_only: bool,
    pub(crate) deadline: Duration,
    pub(crate) connect_deadline: Duration,
    pub(crate) head_limit: usize,
    pub(crate) connection: Connection,
}

/// Which connection a request may take.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Connection {
    /// One that the agent has kept, if it has any.
    Kept,
    /// A new one.
    New,
}

impl From<TransportRules> for Terms {
    fn from(rules: TransportRules) -> Self {
        Self {
            https_only: rules.https_only(),
            deadline: rules.deadline(),
            connect_deadline: rules.connect_deadline(),
            head_limit: HEAD_LIMIT,
            connection: Connection::New,
        }
    }
}

/// Sends a request to its URL and nowhere else: no redirect is followed, no status is an error,
/// and what goes in plain text goes past no proxy.
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
        .timeout_global(Some(terms.deadline))
        .timeout_resolve(Some(terms.connect_deadline))
        .timeout_connect(Some(terms.connect_deadline))
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
pub(crate) const HEAD_LIMIT: usize = 16 * 1024;
