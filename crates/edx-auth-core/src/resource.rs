//! The rules of an API call: where a token may be sent, and what a response means.
//!
//! It sees the status, the headers and the beginning of a body, sends nothing and reads no clock.

mod api_url;
mod challenge;
mod deprecation;
mod login_page;
mod origin;
mod origins;
mod problem;
pub(crate) mod reference;
mod throttle;
mod verdict;

pub use api_url::ApiUrl;
pub use deprecation::Deprecation;
pub(crate) use deprecation::Deprecations;
pub(crate) use login_page::is_login_page;
pub use origins::Origins;
pub use problem::Problem;
pub use verdict::Verdict;
