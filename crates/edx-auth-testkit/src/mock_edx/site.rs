use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::api::Api;
use super::arrival::Arrival;
use super::backend::{Backend, Front};
use super::clients::{Client, Clients};
use super::clock::Clock;
use super::issuer::Issuer;
use super::log::RequestLog;
use super::page::Shape;
use super::performance::Performance;
use super::play::Play;
use super::playlist::Playlist;
use super::rate_limit::RateLimit;
use super::request::Request;
use super::reuse::Reuse;
use super::routes::{Route, Routes};
use super::throttle::Throttle;
use super::token_endpoint::{TokenEndpoint, TokenFormat};

/// Everything that the connections of one server share.
#[derive(Debug)]
pub(crate) struct Site {
    url: String,
    backend: Backend,
    playlist: Playlist,
    reuse: Reuse,
    routes: Routes,
    log: RequestLog,
    turn: Mutex<()>,
    keep_alive: Duration,
}

/// How a site differs from others.
#[derive(Debug)]
pub(crate) struct SiteRules {
    pub(crate) lifetime_seconds: u64,
    pub(crate) token_format: TokenFormat,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) throttle: Option<Throttle>,
    pub(crate) clock: Clock,
    pub(crate) keep_alive: Duration,
    pub(crate) front: Front,
}

impl Site {
    pub(crate) fn new(url: String, clients: Clients, rules: SiteRules) -> Self {
        let keep_alive = rules.keep_alive;
        Self {
            backend: backend(&url, clients, rules),
            url,
            playlist: Playlist::default(),
            reuse: Reuse::default(),
            routes: Routes::default(),
            log: RequestLog::default(),
            turn: Mutex::default(),
            keep_alive,
        }
    }

    /// Finds a request's answer and notes it. The answer is the play whose turn it is, the one for
    /// used connections, the one of its route, or what the site itself says.
    ///
    /// One request has its turn at a time: plays, limits and the log agree on their order, and
    /// nothing that a test does after it has seen a request in the log changes that one's answer.
    pub(crate) fn receive(&self, request: &Request, arrival: Arrival) -> Performance<'_> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.playlist
            .next(request.path())
            .or(|| self.reuse.play_for(arrival))
            .or(|| self.routed(request))
            .perform(
                || self.backend.reply(request, arrival.address),
                || self.log.note(request, arrival),
            )
    }

    fn routed(&self, request: &Request) -> Play {
        match self.routes.of(request) {
            Route::Open(play) => play,
            Route::Authorized(play) => {
                let allowed = self.routes.allowed_at(request.path());
                match self.backend.authorize(request, &allowed) {
                    Ok(()) => play,
                    Err(refused) => refused.into(),
                }
            }
        }
    }

    pub(crate) fn front(&self) -> Front {
        self.backend.front
    }

    pub(crate) fn api(&self) -> &Api {
        &self.backend.api
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn issuer(&self) -> &Issuer {
        &self.backend.issuer
    }

    pub(crate) fn default_client(&self) -> &Client {
        self.backend.token_endpoint.clients.default()
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

fn backend(url: &str, clients: Clients, rules: SiteRules) -> Backend {
    let shape = match rules.front {
        Front::Middlewares => Shape::Whole,
        Front::Gateway => Shape::OfGateway,
    };
    Backend {
        front: rules.front,
        issuer: Issuer::new(format!("{url}/oauth2"), rules.clock, rules.lifetime_seconds),
        token_endpoint: TokenEndpoint {
            clients,
            rate_limit: rules.rate_limit,
            format: rules.token_format,
        },
        api: Api::new(url.to_owned(), shape, rules.throttle),
    }
}

impl Default for SiteRules {
    fn default() -> Self {
        Self {
            lifetime_seconds: 3600,
            token_format: TokenFormat::Jwt,
            rate_limit: None,
            throttle: None,
            clock: Clock::default(),
            keep_alive: Duration::from_secs(10),
            front: Front::Middlewares,
        }
    }
}
