//! A stand-in for the exchange: it notes every request, and answers when the test says so.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use edx_auth_core::{
    ClientCredentials, ExchangeError, IssuedToken, RenewalPolicy, TokenEndpoint, TokenRequest,
};
use http::Response;

use super::hang_guard::HangGuard;
use super::policies::PATIENCE;
use crate::TokenSource;
use crate::source::credentials::Credentials;
use crate::source::{Shared, builder};

/// What a token request comes to.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// A token of an hour, never the same.
    Token,
    /// The site does not know the pair.
    Refused,
    /// The site is in trouble.
    Unavailable,
    /// The exchange itself panics.
    Panic,
}

/// Whoever still waits for an answer when the test is over finds the site in trouble.
pub(super) struct Issuer {
    desk: Arc<Desk>,
    _guard: HangGuard,
}

/// Where requests and answers meet.
#[derive(Default)]
struct Desk {
    papers: Mutex<Papers>,
    changed: Condvar,
}

#[derive(Default)]
struct Papers {
    asked_by: Vec<String>,
    answers: VecDeque<Answer>,
    is_closed: bool,
}

impl Issuer {
    pub(super) fn new() -> Self {
        Self {
            desk: Arc::default(),
            _guard: HangGuard::new(),
        }
    }

    /// A source of one pair that asks here.
    pub(super) fn source(&self, policy: RenewalPolicy) -> TokenSource {
        self.source_for(Credentials::Fixed(request("acme-api")), policy)
    }

    pub(super) fn source_for(
        &self,
        credentials: Credentials,
        policy: RenewalPolicy,
    ) -> TokenSource {
        TokenSource {
            shared: Arc::new(self.shared(credentials, policy)),
        }
    }

    pub(super) fn shared(&self, credentials: Credentials, policy: RenewalPolicy) -> Shared {
        let desk = Arc::clone(&self.desk);
        let exchange = move |request: &TokenRequest| desk.serve(request);
        Shared {
            token_timeout: PATIENCE,
            ..builder::shared(credentials, Box::new(exchange), policy)
        }
    }

    /// Answers so many requests in this order: those that wait, and those to come.
    pub(super) fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.desk.papers().answers.extend(answers);
        self.desk.changed.notify_all();
    }

    /// Waits until so many requests have come.
    pub(super) fn is_asked(&self, requests: usize) {
        let are_missing = |papers: &mut Papers| papers.asked_by.len() < requests;
        drop(self.desk.wait_while(are_missing));
    }

    pub(super) fn requests(&self) -> usize {
        self.desk.papers().asked_by.len()
    }

    /// The client ids of all requests.
    pub(super) fn asked_by(&self) -> Vec<String> {
        self.desk.papers().asked_by.clone()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.desk.papers().is_closed = true;
        self.desk.changed.notify_all();
    }
}

impl Desk {
    fn serve(&self, request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
        let client_id = request.credentials().client_id().to_owned();
        let number = self.note(client_id);
        match self.next_answer() {
            Answer::Token => finish(request, 200, &token(number)),
            Answer::Refused => finish(request, 401, r#"{"error": "invalid_client"}"#),
            Answer::Unavailable => finish(request, 503, ""),
            Answer::Panic => panic!("the exchange breaks"),
        }
    }

    fn note(&self, client_id: String) -> usize {
        let mut papers = self.papers();
        papers.asked_by.push(client_id);
        self.changed.notify_all();
        papers.asked_by.len()
    }

    fn next_answer(&self) -> Answer {
        let is_open = |papers: &mut Papers| papers.answers.is_empty() && !papers.is_closed;
        let answer = self.wait_while(is_open).answers.pop_front();
        answer.unwrap_or(Answer::Unavailable)
    }

    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap()
    }

    fn wait_while(&self, waits: impl FnMut(&mut Papers) -> bool) -> MutexGuard<'_, Papers> {
        self.changed.wait_while(self.papers(), waits).unwrap()
    }
}

/// A token request of this client.
pub(super) fn request(client_id: &str) -> TokenRequest {
    TokenRequest::new(TokenEndpoint::edx(), pair(client_id))
}

/// A pair of this client.
pub(super) fn pair(client_id: &str) -> ClientCredentials {
    ClientCredentials::new(client_id, SECRET).unwrap()
}

fn token(number: usize) -> String {
    format!(r#"{{"access_token": "opaque{number}", "token_type": "JWT", "expires_in": 3600}}"#)
}

fn finish(request: &TokenRequest, status: u16, body: &str) -> Result<IssuedToken, ExchangeError> {
    let (_, exchange) = request.begin();
    let reply = Response::builder().status(status).body(body.as_bytes());
    exchange.finish(reply.unwrap())
}

pub(super) const SECRET: &str = "s3cret";
