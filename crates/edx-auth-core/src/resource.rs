//! What the pure half of an API call needs: where a token may go, and what a response means.
//!
//! Knows HTTP as far as an API call does: status, headers, the beginning of a body. It sends
//! nothing and knows no time.

mod api_url;
mod challenge;
mod detail;
mod origin;
mod origins;
pub(crate) mod reference;
mod throttle;
mod verdict;

pub use api_url::ApiUrl;
pub use origins::Origins;
pub use verdict::Verdict;
