//! What happens to one source and its callers, in whatever order: one table for both drivers.
//!
//! Time stands still unless a scenario lets it pass, and then it passes at any moment. So whoever is
//! not woken when it should be hangs, and the scheduler says so.

mod callers;
mod error;
mod explore;
mod plan;
pub mod site;
mod table;

pub use callers::{Callers, callers, no_token};
pub use error::Error;
pub use explore::{Scenario, explore};
pub use plan::{BRISK, HOUR, PATIENCE, Places, Plan, STEADY, Source, pair};
pub use table::{common, end};

/// What a caller comes back with.
pub type Asked = Result<edx_auth_core::LiveToken, Error>;
