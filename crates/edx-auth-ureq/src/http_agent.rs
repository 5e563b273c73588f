//! ureq's agents as this crate configures them.

use edx_auth_driver::http_clients::{MAX_IDLE_AGE, user_agent};
use edx_auth_driver::{ClientName, EnvConfigError};
use http::Uri;
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::typestate::AgentScope;

use crate::connector::StrictConnector;
use crate::env_proxy::EnvProxy;
use crate::resolver::DeferredResolver;
use crate::send::RAW_HEAD_LIMIT;
use crate::tls;

/// An agent, and the proxy that it was given from the environment.
#[derive(Clone)]
pub(crate) struct HttpAgent {
    agent: Agent,
    proxy: Option<EnvProxy>,
}

impl HttpAgent {
    /// Reports whether the environment exempts this URL's host from its proxy.
    pub(crate) fn is_direct(&self, uri: &Uri) -> bool {
        self.proxy.as_ref().is_some_and(|proxy| proxy.exempts(uri))
    }
}

/// An agent that was handed in has its own proxy.
impl From<Agent> for HttpAgent {
    fn from(agent: Agent) -> Self {
        Self { agent, proxy: None }
    }
}

impl AsRef<Agent> for HttpAgent {
    fn as_ref(&self) -> &Agent {
        &self.agent
    }
}

/// Returns the proxy of the environment if https is needed: plain http goes through none.
pub(crate) fn env_proxy(needs_https: bool) -> Result<Option<EnvProxy>, EnvConfigError> {
    if needs_https {
        EnvProxy::read()
    } else {
        Ok(None)
    }
}

/// Creates an agent for token requests: the system's roots, no connection kept, the program's name,
/// and buffers no larger than needed.
pub(crate) fn for_tokens(name: Option<&ClientName>, proxy: Option<EnvProxy>) -> HttpAgent {
    let config = ours(name)
        .input_buffer_size(INPUT_BUFFER)
        .output_buffer_size(OUTPUT_BUFFER)
        .max_idle_connections(0);
    agent(config, proxy)
}

/// Creates an agent for API calls.
pub(crate) fn for_calls(name: Option<&ClientName>, proxy: Option<EnvProxy>) -> HttpAgent {
    agent(ours(name).max_idle_age(MAX_IDLE_AGE), proxy)
}

fn agent(config: ConfigBuilder<AgentScope>, proxy: Option<EnvProxy>) -> HttpAgent {
    let config = config.proxy(proxy.as_ref().map(EnvProxy::proxy)).build();
    let agent = Agent::with_parts(config, StrictConnector, DeferredResolver);
    HttpAgent { agent, proxy }
}

/// Returns the settings of this crate's own agents. They ask for no compression, even if another crate of the
/// program has enabled ureq's decoders.
fn ours(name: Option<&ClientName>) -> ConfigBuilder<AgentScope> {
    let config = Agent::config_builder()
        .user_agent(user_agent(LIBRARY, name))
        .accept_encoding("");
    tls::with_system_roots(config)
}

const LIBRARY: &str = concat!("edx-auth-ureq/", env!("CARGO_PKG_VERSION"));

/// The longest response head and a little more: ureq takes a head that fills its buffer for the end
/// of the connection. Its default is 128 KiB, zeroed for each request.
const INPUT_BUFFER: usize = RAW_HEAD_LIMIT + 1024;

/// The longest header line that servers take; a body is sent in pieces.
const OUTPUT_BUFFER: usize = 8 * 1024;
