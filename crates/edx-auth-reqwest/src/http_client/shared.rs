//! The clients for token requests that sources with the same settings share. A client keeps no connection, and
//! holds nothing of a source; thousands of clients would cost memory.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::{ReadyClient, Settings, build};
use crate::timekeeper::Timekeeper;
use crate::tls::NoClient;

/// The clients in use, each with its settings.
static SHARED: Mutex<Vec<(Settings, Weak<ReadyClient>)>> = Mutex::new(Vec::new());

/// Returns the client with these settings. The first source creates it, and it is dropped with the last one.
pub(super) fn for_tokens(settings: Settings) -> Result<Arc<ReadyClient>, NoClient> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let mut same = shared.iter().filter(|(others, _)| *others == settings);
    if let Some(client) = same.find_map(|(_, client)| client.upgrade()) {
        return Ok(client);
    }
    let (builder, proxy) = settings.begin()?;
    let builder = builder.pool_max_idle_per_host(0);
    let client = build(builder, settings.reach, Timekeeper::Runtime, proxy)?;
    let client = Arc::new(client);
    shared.retain(|(_, client)| client.strong_count() > 0);
    shared.push((settings, Arc::downgrade(&client)));
    Ok(client)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use edx_auth_driver::ClientName;

    use super::*;
    use crate::tls::Reach;

    #[test]
    fn sources_with_the_same_settings_share_a_client_while_there_are_any() {
        let [first, same, other] = ["acme", "acme", "umbrella"].map(client);

        assert!(Arc::ptr_eq(&first, &same));
        assert!(!Arc::ptr_eq(&first, &other));
        let dropped = Arc::downgrade(&first);
        drop((first, same));
        assert!(dropped.upgrade().is_none());
    }

    fn client(name: &str) -> Arc<ReadyClient> {
        let name = Some(ClientName::new(name).unwrap());
        for_tokens(Settings::new(name, Reach::Plaintext).unwrap()).unwrap()
    }
}
