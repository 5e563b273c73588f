//! The simulated Open edX site: the responses that a request gets without any behavior of a test.

use std::net::IpAddr;

pub(crate) mod api;
pub(crate) mod clock;
pub(crate) mod django;
mod gateway;
pub(crate) mod issuer;
mod random;
pub(crate) mod token_endpoint;

use super::http::request::Request;
use super::http::response::MockResponse;
use api::page::PageFormat;
use api::throttle::Throttle;
use api::{Api, View};
use clock::Clock;
use issuer::Issuer;
use token_endpoint::clients::{Client, Clients};
use token_endpoint::rate_limit::RateLimit;
use token_endpoint::{TokenEndpoint, TokenFormat};

/// An Open edX site.
#[derive(Debug)]
pub(crate) struct OpenEdx {
    pub(crate) deployment: Deployment,
    pub(crate) issuer: Issuer,
    pub(crate) token_endpoint: TokenEndpoint,
    pub(crate) api: Api,
}

/// How the clients reach the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deployment {
    /// They talk to the LMS itself.
    Lms,
    /// They talk to a gateway as at api.edx.org.
    Gateway,
}

/// The settings of a site.
#[derive(Debug)]
pub(crate) struct OpenEdxConfig {
    pub(crate) clients: Vec<Client>,
    pub(crate) lifetime_seconds: u64,
    pub(crate) token_format: TokenFormat,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) throttle: Option<Throttle>,
    pub(crate) clock: Clock,
    pub(crate) deployment: Deployment,
}

impl OpenEdx {
    /// Creates the site at the URL `root`.
    pub(crate) fn new(root: &str, config: OpenEdxConfig) -> Self {
        let page_format = match config.deployment {
            Deployment::Lms => PageFormat::Full,
            Deployment::Gateway => PageFormat::Gateway,
        };
        Self {
            deployment: config.deployment,
            issuer: Issuer::new(
                format!("{root}/oauth2"),
                config.clock,
                config.lifetime_seconds,
            ),
            token_endpoint: TokenEndpoint {
                clients: Clients::new(config.clients),
                rate_limit: config.rate_limit,
                format: config.token_format,
            },
            api: Api::new(root.to_owned(), page_format, config.throttle),
        }
    }

    /// Revokes a client: it gets no token, and those that it has are not valid.
    pub(crate) fn revoke(&self, client_id: &str) {
        self.token_endpoint.clients.remove(client_id);
        self.issuer.revoke(client_id);
    }

    /// Gives a client another secret. A revoked client is accepted again.
    pub(crate) fn set_secret(&self, client_id: &str, secret: &str) {
        self.token_endpoint.clients.set_secret(client_id, secret);
        self.issuer.restore(client_id);
    }

    /// Returns the response to a request from this address.
    pub(crate) fn response(&self, request: &Request, from: IpAddr) -> MockResponse {
        match self.deployment {
            Deployment::Lms => self.forwarded(self.lms_response(request, from)),
            Deployment::Gateway => self.gateway_response(request, from),
        }
    }

    /// Checks that a request has a valid token, for a route that a test defines. Returns the error response
    /// if it has none; `allowed` is the value of its header `Allow`.
    pub(crate) fn authorize(&self, request: &Request, allowed: &str) -> Result<(), MockResponse> {
        self.api.authorize(request, &self.issuer).map_err(|error| {
            let response = error.response(allowed);
            self.forwarded(self.api.in_format_of(request.path(), response))
        })
    }

    fn lms_response(&self, request: &Request, from: IpAddr) -> MockResponse {
        let path = request.path();
        if token_endpoint::is_token_path(path) {
            return self.token_endpoint.respond(request, &self.issuer, from);
        }
        if let Some(view) = self.api.view_at(path) {
            return self.api.response(&view, request, &self.issuer);
        }
        match self.api.view_at(&format!("{path}/")) {
            Some(_) => django::append_slash(path, request.query()),
            None => django::not_found(),
        }
    }

    fn gateway_response(&self, request: &Request, from: IpAddr) -> MockResponse {
        let path = gateway::without_slash(request.path());
        let upstream = match request.method() {
            "POST" if path == token_endpoint::GATEWAY_PATH => {
                let call = request.with_content_type_alone();
                Some(self.token_endpoint.respond(&call, &self.issuer, from))
            }
            "GET" => self
                .view_behind_gateway(path)
                .map(|view| self.api.response(&view, request, &self.issuer)),
            _ => None,
        };
        match upstream {
            Some(response) => self.forwarded(response),
            None => gateway::unknown_route(request),
        }
    }

    /// Returns the view at this path. The gateway adds the slash that the view needs.
    fn view_behind_gateway(&self, path: &str) -> Option<View> {
        self.api
            .view_at(path)
            .or_else(|| self.api.view_at(&format!("{path}/")))
    }

    /// Changes a response of the views as the middlewares or the gateway do.
    fn forwarded(&self, response: MockResponse) -> MockResponse {
        match self.deployment {
            Deployment::Lms => django::through_middlewares(response),
            Deployment::Gateway => response.through_gateway(),
        }
    }
}

impl Default for OpenEdxConfig {
    fn default() -> Self {
        Self {
            clients: Vec::new(),
            lifetime_seconds: 3600,
            token_format: TokenFormat::Jwt,
            rate_limit: None,
            throttle: None,
            clock: Clock::default(),
            deployment: Deployment::Lms,
        }
    }
}
