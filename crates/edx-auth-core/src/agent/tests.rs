//! Tests of the agent: each rule at its limits.
#![expect(
    clippy::unchecked_time_subtraction,
    reason = "the moment just before a deadline, which is a constant"
)]

mod credentials;
mod fixed;
mod lost;
mod provided;
mod renewal;
mod shared;
mod stored;
mod supplied;
mod tickets;
mod work;

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::error::Error;

use http::Response;

use super::*;
use crate::error::TransportFailure;
use crate::exchange::{ClientCredentials, FormBody, TokenEndpoint};
use crate::jitter::Jitter;
use crate::lifecycle::{
    Event, Invalidation, LiveToken, Need, RenewalError, RenewalPolicy, RenewalReason, StoredToken,
    TokenError, TokenState, WaitBudget,
};
use crate::time::Moment;
use crate::token::{AccessToken, TokenType};

const MILLI: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The default lease: the deadline of a token request, 20 s, and 5 s more.
const LEASE: Duration = Duration::from_secs(25);

/// The first backoff after rejected credentials.
const BLOCKED: Duration = Duration::from_secs(30);

/// Returns the moment this long after the beginning, by both clocks.
fn after(passed: Duration) -> Moment {
    Moment {
        monotonic: passed,
        wall: 1000 * HOUR + passed,
    }
}

fn credentials(client_id: &str) -> ClientCredentials {
    ClientCredentials::new(client_id, format!("secret of {client_id}")).unwrap()
}

fn request() -> TokenRequest {
    TokenRequest::new(TokenEndpoint::edx(), credentials("first"))
}

fn agent() -> TokenAgent {
    TokenAgent::new(request(), RenewalPolicy::DEFAULT)
}

/// Returns an agent that asks the program for its credentials.
fn asking() -> TokenAgent {
    agent().with_provided_credentials()
}

/// Returns an agent with a token of one hour that was requested at the beginning.
fn holding() -> TokenAgent {
    let mut agent = agent();
    elect(&mut agent, Duration::ZERO);
    let event = renew(&mut agent, Duration::ZERO);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    agent
}

/// Returns what a new caller with the default budget has to do.
fn acquire(agent: &mut TokenAgent, passed: Duration) -> Acquire {
    acquire_for(agent, Need::any(), passed)
}

fn acquire_for(agent: &mut TokenAgent, need: Need, passed: Duration) -> Acquire {
    let budget = agent.wait_budget(after(passed));
    agent.acquire(need, &budget, after(passed))
}

/// Lets a caller acquire a token, for which it has to wait: it is elected, or joins the attempt in flight.
fn elect(agent: &mut TokenAgent, passed: Duration) {
    let acquired = acquire(agent, passed);
    assert!(matches!(acquired, Acquire::Wait(_)), "{acquired:?}");
}

fn ready(acquired: Acquire) -> LiveToken {
    match acquired {
        Acquire::Ready(token) => token,
        other => panic!("there is no token: {other:?}"),
    }
}

fn failed(acquired: Acquire) -> TokenError {
    match acquired {
        Acquire::Failed(error) => error,
        other => panic!("the caller does not leave: {other:?}"),
    }
}

/// Takes the token request that is next. Returns its client ID too.
fn sent(agent: &mut TokenAgent, passed: Duration) -> (ExchangeTicket, String) {
    match agent.poll_work(after(passed)) {
        Some(Work::Exchange(ticket, request)) => (ticket, client_id(&request)),
        other => panic!("no token request is next: {other:?}"),
    }
}

fn exchange(agent: &mut TokenAgent, passed: Duration) -> ExchangeTicket {
    sent(agent, passed).0
}

fn client_id(request: &http::Request<FormBody>) -> String {
    let form = core::str::from_utf8(request.body().as_ref()).unwrap();
    let mut fields = form.split('&');
    let id = fields.find_map(|field| field.strip_prefix("client_id="));
    id.unwrap().to_owned()
}

/// Takes the next work, which asks for credentials.
fn question(agent: &mut TokenAgent, passed: Duration) -> CredentialsTicket {
    match agent.poll_work(after(passed)) {
        Some(Work::Credentials(ticket)) => ticket,
        other => panic!("no question is next: {other:?}"),
    }
}

/// Provides the credentials that the agent asks for next.
fn provide(agent: &mut TokenAgent, client_id: &str, passed: Duration) -> Event {
    let ticket = question(agent, passed);
    agent.on_credentials(
        ticket,
        Ok(credentials(client_id)),
        after(passed),
        Jitter::NONE,
    )
}

fn respond(
    agent: &mut TokenAgent,
    ticket: ExchangeTicket,
    (status, body): (u16, &str),
    passed: Duration,
) -> Event {
    let response = Response::builder().status(status).body(body).unwrap();
    agent.on_response(ticket, response, after(passed), Jitter::NONE)
}

fn issue(agent: &mut TokenAgent, ticket: ExchangeTicket, passed: Duration) -> Event {
    let millis = passed.as_millis();
    let body =
        format!(r#"{{"access_token": "a.{millis}.c", "expires_in": 3600, "token_type": "JWT"}}"#);
    respond(agent, ticket, (200, &body), passed)
}

/// Rejects the client credentials.
fn deny(agent: &mut TokenAgent, ticket: ExchangeTicket, passed: Duration) -> Event {
    let body = r#"{"error": "invalid_client"}"#;
    respond(agent, ticket, (401, body), passed)
}

/// Sends the next token request, which returns a token.
fn renew(agent: &mut TokenAgent, passed: Duration) -> Event {
    let ticket = exchange(agent, passed);
    issue(agent, ticket, passed)
}

/// Sends the token request that is next, whose credentials are rejected.
fn reject(agent: &mut TokenAgent, passed: Duration) -> Event {
    let ticket = exchange(agent, passed);
    deny(agent, ticket, passed)
}

/// Returns the backoff of a failed attempt.
fn backoff(event: Event) -> Duration {
    match event {
        Event::Failed { backoff, .. } => backoff,
        other => panic!("it did not fail: {other:?}"),
    }
}

fn is_changed(event: &Event) -> bool {
    matches!(event, Event::CredentialsChanged)
}

fn is_unchanged(event: &Event) -> bool {
    matches!(event, Event::CredentialsUnchanged)
}

fn is_stale(event: &Event) -> bool {
    matches!(event, Event::Stale)
}
