use std::net::IpAddr;

use super::api::{Api, View};
use super::django;
use super::gateway;
use super::issuer::Issuer;
use super::reply::Reply;
use super::request::Request;
use super::token_endpoint::TokenEndpoint;
use super::token_path;

/// What a site says by itself, with no test in between.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) front: Front,
    pub(crate) issuer: Issuer,
    pub(crate) token_endpoint: TokenEndpoint,
    pub(crate) api: Api,
}

/// What stands between a site and its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Front {
    Middlewares,
    Gateway,
}

impl Backend {
    pub(crate) fn reply(&self, request: &Request, from: IpAddr) -> Reply {
        match self.front {
            Front::Middlewares => self.passed_on(self.by_django(request, from)),
            Front::Gateway => self.by_gateway(request, from),
        }
    }

    /// Whether the request may see what a route of the test's own has, on a path that allows these
    /// methods.
    pub(crate) fn authorize(&self, request: &Request, allowed: &str) -> Result<(), Reply> {
        self.api
            .authorize(request, &self.issuer)
            .map_err(|refusal| self.passed_on(refusal.reply(allowed)))
    }

    fn by_django(&self, request: &Request, from: IpAddr) -> Reply {
        let path = request.path();
        if token_path::is_one(path) {
            return self.token_endpoint.answer(request, &self.issuer, from);
        }
        if let Some(view) = self.api.view_at(path) {
            return self.api.reply(&view, request, &self.issuer);
        }
        match self.api.view_at(&format!("{path}/")) {
            Some(_) => django::append_slash(path, request.query()),
            None => django::not_found(),
        }
    }

    fn by_gateway(&self, request: &Request, from: IpAddr) -> Reply {
        let path = gateway::trimmed(request.path());
        let upstream = match request.method() {
            "POST" if path == token_path::GATEWAY => {
                let call = request.with_content_type_alone();
                Some(self.token_endpoint.answer(&call, &self.issuer, from))
            }
            "GET" => self
                .view_below_gateway(path)
                .map(|view| self.api.reply(&view, request, &self.issuer)),
            _ => None,
        };
        match upstream {
            Some(reply) => self.passed_on(reply),
            None => gateway::unknown_route(request),
        }
    }

    /// The gateway calls upstream by the right path, whichever way it was called itself.
    fn view_below_gateway(&self, path: &str) -> Option<View> {
        self.api
            .view_at(path)
            .or_else(|| self.api.view_at(&format!("{path}/")))
    }

    fn passed_on(&self, reply: Reply) -> Reply {
        match self.front {
            Front::Middlewares => django::through_middlewares(reply),
            Front::Gateway => reply.through_gateway(),
        }
    }
}
