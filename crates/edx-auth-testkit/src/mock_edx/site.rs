use std::net::IpAddr;
use std::time::Duration;

use super::admission;
use super::arrival::Arrival;
use super::catalogs;
use super::clients::{Client, Clients};
use super::clock::Clock;
use super::django;
use super::issuer::Issuer;
use super::log::RequestLog;
use super::performance::Performance;
use super::play::Play;
use super::playlist::Playlist;
use super::rate_limit::RateLimit;
use super::reply::Reply;
use super::request::Request;
use super::reuse::Reuse;
use super::routes::{Route, Routes};
use super::token_endpoint::{TokenEndpoint, TokenFormat};
use super::token_path;

/// Everything that the connections of one server share.
#[derive(Debug)]
pub(crate) struct Site {
    url: String,
    issuer: Issuer,
    token_endpoint: TokenEndpoint,
    playlist: Playlist,
    reuse: Reuse,
    routes: Routes,
    log: RequestLog,
    keep_alive: Duration,
}

/// How a site differs from others.
#[derive(Debug)]
pub(crate) struct SiteRules {
    pub(crate) lifetime_seconds: u64,
    pub(crate) token_format: TokenFormat,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) clock: Clock,
    pub(crate) keep_alive: Duration,
}

impl Site {
    pub(crate) fn new(url: String, clients: Clients, rules: SiteRules) -> Self {
        let issuer_name = format!("{url}/oauth2");
        Self {
            url,
            issuer: Issuer::new(issuer_name, rules.clock, rules.lifetime_seconds),
            token_endpoint: TokenEndpoint {
                clients,
                rate_limit: rules.rate_limit,
                format: rules.token_format,
            },
            playlist: Playlist::default(),
            reuse: Reuse::default(),
            routes: Routes::default(),
            log: RequestLog::default(),
            keep_alive: rules.keep_alive,
        }
    }

    /// Notes a request and finds its answer: the play whose turn it is, the one for used
    /// connections, the one of its route, or what the site itself says.
    pub(crate) fn receive(&self, request: &Request, arrival: Arrival) -> Performance<'_> {
        let answering = self.log.note(request, arrival);
        self.playlist
            .next(request.path())
            .or(|| self.reuse.play_for(arrival))
            .or(|| self.routed(request))
            .perform(answering, || self.own_reply(request, arrival.address))
    }

    fn routed(&self, request: &Request) -> Play {
        match self.routes.of(request) {
            Route::Open(play) => play,
            Route::Authorized(play) => match admission::authenticate(request, &self.issuer) {
                Ok(()) => play,
                Err(refusal) => {
                    let allowed = self.routes.allowed_at(request.path());
                    django::through_middlewares(refusal.reply(&allowed)).into()
                }
            },
        }
    }

    fn own_reply(&self, request: &Request, from: IpAddr) -> Reply {
        django::through_middlewares(self.view(request, from))
    }

    fn view(&self, request: &Request, from: IpAddr) -> Reply {
        let path = request.path();
        if token_path::is_one(path) {
            return self.token_endpoint.answer(request, &self.issuer, from);
        }
        match path {
            catalogs::PATH => catalogs::list(request, &self.issuer, &self.url),
            catalogs::STAFF_ONLY_PATH => catalogs::staff_only(request, &self.issuer),
            "/api/v1/catalogs" | "/api/v1/staff-only" => {
                django::append_slash(path, request.query())
            }
            _ => django::not_found(),
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    pub(crate) fn default_client(&self) -> &Client {
        self.token_endpoint.clients.default()
    }

    pub(crate) fn playlist(&self) -> &Playlist {
        &self.playlist
    }

    pub(crate) fn reuse(&self) -> &Reuse {
        &self.reuse
    }

    pub(crate) fn routes(&self) -> &Routes {
        &self.routes
    }

    pub(crate) fn log(&self) -> &RequestLog {
        &self.log
    }

    pub(crate) fn keep_alive(&self) -> Duration {
        self.keep_alive
    }
}

impl Default for SiteRules {
    fn default() -> Self {
        Self {
            lifetime_seconds: 3600,
            token_format: TokenFormat::Jwt,
            rate_limit: None,
            clock: Clock::default(),
            keep_alive: Duration::from_secs(10),
        }
    }
}
