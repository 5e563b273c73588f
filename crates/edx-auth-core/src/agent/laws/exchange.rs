//! Token requests, responses and client credentials for the laws.

use alloc::boxed::Box;
use alloc::string::String;
use core::error::Error;

use http::Response;

use super::history::{CREDENTIALS, Outcome};
use crate::agent::{CredentialsTicket, ExchangeTicket, StoreTicket, TokenAgent, Work};
use crate::error::TransportFailure;
use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};
use crate::jitter::Jitter;
use crate::lifecycle::{Event, RenewalPolicy, StoredToken};
use crate::time::Moment;
use crate::token::{AccessToken, TokenType};

/// What the program or the site reports about one piece of work.
#[derive(Clone, Debug)]
pub(in crate::agent) enum Report {
    /// The program provides these client credentials.
    Provided(usize),
    /// The program has none.
    NotProvided,
    /// The store has this token or none, or fails.
    Found(Result<Option<StoredToken>, &'static str>),
    /// The token request ends like this; a token that it brings has this serial number.
    Ended(Outcome, u64),
}

/// The ticket of a piece of work.
#[derive(Clone, Debug)]
pub(in crate::agent) enum Ticket {
    Credentials(CredentialsTicket),
    Store(StoreTicket),
    Exchange(ExchangeTicket),
}

impl Ticket {
    /// Reports the end of this work. A report about another kind of work is replaced by one that
    /// fits.
    pub(super) fn report(
        self,
        agent: &mut TokenAgent,
        report: Report,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        match (self, report) {
            (Self::Credentials(ticket), Report::Provided(which)) => {
                agent.on_credentials(ticket, Ok(credentials(which)), now, jitter)
            }
            (Self::Credentials(ticket), _) => {
                let error = Box::<dyn Error + Send + Sync>::from("the vault is sealed");
                agent.on_credentials(ticket, Err(error), now, jitter)
            }
            (Self::Store(ticket), Report::Found(found)) => {
                agent.on_stored(ticket, found.map_err(Box::from), now, jitter)
            }
            (Self::Store(ticket), _) => agent.on_stored(ticket, Ok(None), now, jitter),
            (Self::Exchange(ticket), Report::Ended(outcome, serial)) => {
                match response(outcome, serial) {
                    Some(response) => agent.on_response(ticket, response, now, jitter),
                    None => agent.on_failure(ticket, TransportFailure::MaybeSent, now, jitter),
                }
            }
            (Self::Exchange(ticket), _) => {
                agent.on_failure(ticket, TransportFailure::TimedOut, now, jitter)
            }
        }
    }
}

/// Returns the client credentials with this number.
pub(in crate::agent) fn credentials(which: usize) -> ClientCredentials {
    ClientCredentials::new(IDS[which], "secret").unwrap()
}

/// Returns the number of these client credentials.
pub(super) fn number_of(credentials: &ClientCredentials) -> usize {
    let mut ids = IDS.iter();
    ids.position(|id| *id == credentials.client_id()).unwrap()
}

const IDS: [&str; CREDENTIALS] = ["id-0", "id-1", "id-2", "id-3"];

/// Returns a token request with the first client credentials.
pub(in crate::agent) fn request() -> TokenRequest {
    TokenRequest::new(TokenEndpoint::edx(), credentials(0))
}

/// Returns a token that differs from those with other serial numbers.
pub(in crate::agent) fn token(serial: u64) -> AccessToken {
    AccessToken::new(TokenType::Jwt, &std::format!("opaque{serial}")).unwrap()
}

/// Returns tickets of two other agents: one for credentials, one for a token request.
pub(super) fn foreign_tickets() -> [Ticket; 2] {
    [true, false].map(|is_provided| {
        let agent = TokenAgent::new(request(), RenewalPolicy::DEFAULT);
        let mut agent = if is_provided {
            agent.with_provided_credentials()
        } else {
            agent
        };
        let now = Moment::default();
        let _wait = agent.acquire(crate::Need::any(), &agent.wait_budget(now), now);
        match agent.poll_work(now).unwrap() {
            Work::Credentials(ticket) => Ticket::Credentials(ticket),
            Work::Store(ticket) => Ticket::Store(ticket),
            Work::Exchange(ticket, _) => Ticket::Exchange(ticket),
        }
    })
}

/// Returns the response of a token request that ends like this; `None` if there is none.
pub(in crate::agent) fn response(outcome: Outcome, serial: u64) -> Option<Response<String>> {
    let (status, retry_after, body) = match outcome {
        Outcome::Issued { life } => (200, 0, issued(life, serial)),
        Outcome::InvalidClient => (401, 0, String::from(r#"{"error": "invalid_client"}"#)),
        Outcome::Denied => (400, 0, String::from(r#"{"error": "unauthorized_client"}"#)),
        Outcome::Throttled { retry_after } => (429, retry_after, String::new()),
        Outcome::Unavailable => (503, 0, String::new()),
        Outcome::Disconnected => return None,
    };
    let response = Response::builder()
        .status(status)
        .header("retry-after", retry_after);
    response.body(body).ok()
}

fn issued(life: u64, serial: u64) -> String {
    std::format!(
        r#"{{"access_token": "opaque{serial}", "token_type": "JWT", "expires_in": {life}}}"#
    )
}
