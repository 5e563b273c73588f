//! The HTTP stack as this crate sets it up for itself.

use ureq::Agent;

use crate::tls;

/// An agent of ours: the system's roots, no connection kept, and its name.
pub(crate) fn agent() -> Agent {
    let config = Agent::config_builder()
        .user_agent(USER_AGENT)
        .max_idle_connections(0);
    tls::with_system_roots(config).build().new_agent()
}

const USER_AGENT: &str = concat!("edx-auth-ureq/", env!("CARGO_PKG_VERSION"));
