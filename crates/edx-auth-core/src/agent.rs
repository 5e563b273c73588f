//! The token agent: lifecycle, token request, client credentials and the one renewal in flight, as
//! one value. Each of its modules has the methods for one kind of work.

// Documentation lists the methods in the order of these modules.
mod creation;

mod callers;
mod credentials;
mod exchange;
mod look;
mod worker;

mod fixed;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod projection;
mod rejected;
#[cfg(test)]
mod search;
mod store;
mod work;

#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use core::fmt;
use core::time::Duration;

use crate::exchange::TokenRequest;
use crate::lifecycle::{Attempt, TokenLifecycle};
use crate::resource::Deprecations;

pub use callers::Acquire;
pub use work::{CredentialsTicket, ExchangeTicket, StoreTicket, Work, WorkKind};

use credentials::{CredentialsOrigin, Provision};
use fixed::FixedToken;
use rejected::RejectedCredentials;
use store::StoreStep;
use work::Tickets;
use worker::Worker;

/// Gets a token, caches it and renews it. The clock, the network and the waiting are left to its driver.
///
/// Keep it behind a lock that is never held across I/O. Every method takes the time as an argument and
/// returns at once. `poll_*` hands out work, `on_*` takes in its result.
///
/// 1. A caller calls [`acquire`](Self::acquire). The result is a token, a time to wait, or an error.
/// 2. After each use of the agent, ask [`poll_work`](Self::poll_work) for the next piece of work. Do it
///    on any thread, task or event loop, and report the result.
/// 3. After each report, let the callers that wait call [`acquire`](Self::acquire) again.
///
/// The agent hands out one piece of work at a time, so there is never more than one token request
/// under way.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_core::{Acquire, Jitter, Moment, Need, RenewalPolicy, TokenAgent, Work};
/// # use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
/// # fn send(_: http::Request<edx_auth_core::FormBody>) -> http::Response<&'static [u8]> {
/// #     let body = br#"{"access_token": "a.b.c", "expires_in": 3600, "token_type": "JWT"}"#;
/// #     http::Response::new(&body[..])
/// # }
/// # let credentials = ClientCredentials::new("id", "secret")?;
/// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
///
/// let mut agent = TokenAgent::new(request, RenewalPolicy::DEFAULT);
/// let now = Moment::default(); // from your clocks
/// let budget = agent.wait_budget(now);
///
/// // Nothing is cached yet: the caller waits ..
/// let Acquire::Wait(_) = agent.acquire(Need::any(), &budget, now) else { panic!() };
///
/// // .. while the work is done ..
/// while let Some(work) = agent.poll_work(now) {
///     let Work::Exchange(ticket, request) = work else { panic!() };
///     agent.on_response(ticket, send(request), now, Jitter::NONE);
/// }
///
/// // .. and from now on every caller gets the token.
/// let Acquire::Ready(token) = agent.acquire(Need::any(), &budget, now) else { panic!() };
/// assert_eq!(token.authorization(), "JWT a.b.c");
/// assert_eq!(token.usable_for(), Duration::from_secs(3569));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc = include_str!("agent/states.md")]
#[cfg_attr(test, derive(Clone))]
pub struct TokenAgent {
    supply: Supply,
    /// Empty and idle while the token is fixed.
    lifecycle: TokenLifecycle,
    token_timeout: Option<Duration>,
    /// What each attempt does first where other processes leave tokens.
    first_store_step: StoreStep,
    origin: CredentialsOrigin,
    rejected: RejectedCredentials,
    /// The program said that its credentials changed, and was not asked for them since.
    is_change_announced: bool,
    /// The elected attempt, until its token request is sent.
    elected: Option<Elected>,
    worker: Worker,
    tickets: Tickets,
    /// Exist from the first one on: most programs meet none.
    deprecations: Option<Box<Deprecations>>,
}

/// Where tokens come from.
#[cfg_attr(test, derive(Clone))]
enum Supply {
    /// From the program: this one, and no other.
    Fixed(Box<FixedToken>),
    /// From another process, which keeps it fresh.
    Process,
    /// From the token endpoint.
    Endpoint(TokenRequest),
}

/// An elected attempt whose token request is not yet sent.
#[cfg_attr(test, derive(Clone))]
struct Elected {
    attempt: Attempt,
    credentials: Provision,
    store_step: StoreStep,
}

impl Supply {
    fn request(&self) -> Option<&TokenRequest> {
        match self {
            Self::Endpoint(request) => Some(request),
            Self::Fixed(_) | Self::Process => None,
        }
    }

    /// Returns the token if it is fixed. Then nothing replaces it, and there is no work.
    fn fixed(&self) -> Option<&FixedToken> {
        match self {
            Self::Fixed(token) => Some(token),
            Self::Process | Self::Endpoint(_) => None,
        }
    }
}

impl fmt::Debug for TokenAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAgent")
            .field("request", &self.request())
            .field("lifecycle", &self.lifecycle)
            .finish_non_exhaustive()
    }
}
