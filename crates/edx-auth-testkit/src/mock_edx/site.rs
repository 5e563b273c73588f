use std::net::IpAddr;
use std::time::Duration;

use super::arrival::Arrival;
use super::clients::{Client, Clients};
use super::clock::Clock;
use super::jwt::SigningKey;
use super::log::RequestLog;
use super::performance::Performance;
use super::playlist::Playlist;
use super::rate_limit::RateLimit;
use super::reply::Reply;
use super::request::Request;
use super::reuse::Reuse;
use super::{MockEdx, catalogs, claims, django, token_endpoint};

/// Everything that the connections of one server share.
#[derive(Debug)]
pub(crate) struct Site {
    url: String,
    clients: Clients,
    rules: SiteRules,
    signing_key: SigningKey,
    playlist: Playlist,
    reuse: Reuse,
    log: RequestLog,
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

/// What a client gets that asks for a JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFormat {
    Jwt,
    Opaque,
}

impl Site {
    pub(crate) fn new(url: String, clients: Clients, rules: SiteRules) -> Self {
        Self {
            url,
            clients,
            rules,
            signing_key: SigningKey::random(),
            playlist: Playlist::default(),
            reuse: Reuse::default(),
            log: RequestLog::default(),
        }
    }

    /// Notes a request and finds its answer.
    pub(crate) fn receive(&self, request: &Request, arrival: Arrival) -> Performance<'_> {
        let answering = self.log.note(request, arrival);
        self.playlist
            .next(request.path())
            .or(|| self.reuse.play_for(arrival))
            .perform(answering, || {
                django::through_middlewares(self.route(request, arrival.address))
            })
    }

    fn route(&self, request: &Request, from: IpAddr) -> Reply {
        let path = request.path();
        if token_endpoint::is_at(path) {
            return token_endpoint::answer(self, request, from);
        }
        match path {
            MockEdx::CATALOGS_PATH => catalogs::list(self, request),
            STAFF_ONLY_PATH => catalogs::staff_only(self, request),
            "/api/v1/catalogs" | "/api/v1/staff-only" => {
                django::append_slash(path, request.query())
            }
            _ => django::not_found(),
        }
    }

    /// A new JWT for this client.
    pub(crate) fn issue_jwt(&self, client: &Client, scopes: &[&str]) -> String {
        let lifetime = claims::Lifetime {
            issued_at: self.rules.clock.unix_seconds(),
            seconds: self.rules.lifetime_seconds,
        };
        let claims = claims::claims(client, scopes, &self.issuer(), lifetime);
        self.signing_key.sign(&claims)
    }

    /// Whether this site issued the token and it is good now.
    pub(crate) fn accepts_jwt(&self, token: &str) -> bool {
        let now = self.rules.clock.unix_seconds();
        self.signing_key
            .open(token)
            .is_some_and(|claims| claims::are_valid(&claims, &self.issuer(), now))
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn rules(&self) -> &SiteRules {
        &self.rules
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.rules.clock
    }

    pub(crate) fn clients(&self) -> &Clients {
        &self.clients
    }

    pub(crate) fn default_client(&self) -> &Client {
        self.clients.default()
    }

    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.signing_key
    }

    pub(crate) fn playlist(&self) -> &Playlist {
        &self.playlist
    }

    pub(crate) fn reuse(&self) -> &Reuse {
        &self.reuse
    }

    pub(crate) fn log(&self) -> &RequestLog {
        &self.log
    }

    fn issuer(&self) -> String {
        format!("{}/oauth2", self.url)
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

const STAFF_ONLY_PATH: &str = "/api/v1/staff-only/";
