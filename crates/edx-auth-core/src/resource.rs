//! The API call, as values: where a token may go, what a reply means, what to do next.
//!
//! Knows HTTP as far as an API call does: status, headers, the beginning of a body. It sends
//! nothing, and time it knows as a number of its caller's.

mod api_call;
mod api_url;
mod challenge;
mod detail;
mod origin;
mod origins;
mod page;
mod page_error;
mod page_walk;
mod redirect;
mod reference;
mod throttle;
mod verdict;

pub use api_call::{ApiCall, CallStep};
pub use api_url::ApiUrl;
pub use origins::Origins;
pub use page_error::PageError;
pub use page_walk::PageWalk;
pub use redirect::Redirect;
pub use verdict::Verdict;
