//! One limit of token requests to a host, for many sources.

mod window;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::TenancyError;
use window::Window;

/// A limit of token requests to each host, for all [sources](crate::TokenSource) that share it. Clones are the
/// same limit.
///
/// A token endpoint counts requests by IP address and not by client: the requests of one tenant can use up
/// the limit of all others. A source that would exceed the limit sends nothing and waits in line, as after a
/// `Retry-After`: its callers wait, or get [`RenewalError::OverLimit`](crate::RenewalError::OverLimit) if
/// that takes longer than they wait. Each host has its own line. Tokens from a [store](crate::TokenStore) do
/// not count.
///
/// Leave room for the other programs behind the same address: api.edx.org and Open edX allow 120 a minute by
/// default.
///
/// ```
/// use edx_auth_driver::{Blocking, RequestLimit, TokenSource};
/// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
/// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
/// # let transport = |_, _| Err(TransportFailure::NotSent.into());
///
/// let limit = RequestLimit::per_minute(60)?;
/// let source = TokenSource::<Blocking>::over(request, transport)
///     .request_limit(&limit)
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RequestLimit(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    requests: usize,
    per: Duration,
    start: Instant,
    hosts: Mutex<HashMap<Arc<str>, Window>>,
}

impl RequestLimit {
    /// Creates a limit of this many token requests to each host in any minute.
    ///
    /// # Errors
    /// Returns [`TenancyError::NoRequests`] for zero.
    pub fn per_minute(requests: usize) -> Result<Self, TenancyError> {
        Self::per(requests, Duration::from_secs(60))
    }

    pub(crate) fn per(requests: usize, per: Duration) -> Result<Self, TenancyError> {
        if requests == 0 {
            return Err(TenancyError::NoRequests);
        }
        Ok(Self(Arc::new(Shared {
            requests,
            per,
            start: Instant::now(),
            hosts: Mutex::default(),
        })))
    }

    /// Counts a token request to this host that is sent now.
    ///
    /// # Errors
    /// Returns how long to wait instead, if the limit is reached.
    pub(crate) fn take(&self, host: &Arc<str>) -> Result<(), Duration> {
        let Shared {
            requests,
            per,
            start,
            hosts,
        } = &*self.0;
        let now = start.elapsed();
        let mut hosts = hosts.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.retain(|_, window| !window.is_idle(*per, now));
        let window = hosts.entry(Arc::clone(host)).or_default();
        window.take(*requests, *per, now)
    }
}
