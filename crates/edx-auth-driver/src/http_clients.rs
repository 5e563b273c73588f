//! What the adapters' own HTTP clients have in common.

use std::time::Duration;

use edx_auth_core::ClientName;

/// How long a connection for API calls is kept idle: for a shorter time than the known servers keep it.
pub const MAX_IDLE_AGE: Duration = Duration::from_secs(10);

/// The first words of rustls-platform-verifier's error on a system without roots. It has no separate type.
pub const NO_ROOTS: &str = "No CA certificates";

/// OpenSSL's words for an untrusted certificate. The system's TLS on macOS and on Windows has other words for
/// each reason, and those are not known here.
pub const DISTRUSTED: &str = "certificate verify failed";

/// Why there is no https with the feature `rustls-no-provider` alone.
pub const NO_PROVIDER: &str =
    "rustls has no crypto provider: install one in the process, or use the feature `rustls`";

/// Why there is no https without any feature for it.
pub const NO_TLS: &str = "built without TLS: use the feature `rustls` or `native-tls`";

/// Returns the `User-Agent` of a program of this name over this library.
#[must_use]
pub fn user_agent(library: &str, name: Option<&ClientName>) -> String {
    name.map_or_else(|| library.to_owned(), |name| name.user_agent(library))
}
