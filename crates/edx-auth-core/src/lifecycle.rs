//! The life of a token: when to use it, when to renew it, how long to wait.
//!
//! The lifecycle takes the time as an argument and knows nothing of HTTP. The token request and the
//! reading of its response are in [`exchange`](crate::exchange); handing the request out to be sent is
//! in [`agent`](crate::agent).
//!
//! ```text
//! machine ─┬─> single_flight   which caller may request a token, and until when
//!          ├─> backoff         how long no caller may, after failures and after rejections
//!          ├─> token           the cached token and its age
//!          ├─> policy          every duration
//!          └─> step, event, error, health, wait: the results for callers
//! ```

mod backoff;
mod error;
mod event;
mod health;
mod machine;
mod policy;
mod single_flight;
mod step;
mod token;
mod wait;

#[cfg(test)]
mod tests;

pub use error::{RenewalError, TokenError};
pub use event::{Event, RenewalReason};
pub use health::Health;
pub(crate) use policy::Backoff;
pub use policy::{PolicyError, RenewalPolicy, RenewalPolicyBuilder};
pub use step::{Invalidation, Need};
pub use token::{Generation, LiveToken, StoredToken, StoredTokenError, TokenState};
pub use wait::WaitBudget;

pub(crate) use machine::TokenLifecycle;
pub(crate) use step::{Attempt, RunningAttempt, Step};
