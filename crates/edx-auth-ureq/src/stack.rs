//! The HTTP stack as this crate sets it up for itself.

use std::time::Duration;

use edx_auth_core::ClientName;
use ureq::Agent;

use crate::tls;

/// An agent for token requests: the system's roots, no connection kept, and its name.
pub(crate) fn agent(name: Option<&ClientName>) -> Agent {
    let config = Agent::config_builder()
        .user_agent(user_agent(name))
        .max_idle_connections(0);
    tls::with_system_roots(config).build().new_agent()
}

/// An agent for API calls, which keeps connections for the next ones: for a shorter time than the
/// servers known do.
pub(crate) fn api_agent(name: Option<&ClientName>) -> Agent {
    let config = Agent::config_builder()
        .user_agent(user_agent(name))
        .max_idle_age(KEPT_FOR);
    tls::with_system_roots(config).build().new_agent()
}

fn user_agent(name: Option<&ClientName>) -> String {
    match name {
        Some(name) => name.user_agent(LIBRARY),
        None => String::from(LIBRARY),
    }
}

const LIBRARY: &str = concat!("edx-auth-ureq/", env!("CARGO_PKG_VERSION"));

const KEPT_FOR: Duration = Duration::from_secs(10);
