//! The client credentials that the token endpoint rejected.

#[cfg(test)]
use core::hash::{Hash as _, Hasher};

use crate::exchange::ClientCredentials;

/// The client credentials that the token endpoint rejected last. If a program alternates between two of
/// them, each is tried once.
#[derive(Clone, Debug, Default)]
pub(super) struct RejectedCredentials([Option<ClientCredentials>; REMEMBERED]);

impl RejectedCredentials {
    pub(super) fn record(&mut self, credentials: &ClientCredentials) {
        if !self.contains(credentials) {
            self.0.rotate_right(1);
            if let Some(oldest) = self.0.first_mut() {
                *oldest = Some(credentials.clone());
            }
        }
    }

    /// Removes these: the token endpoint has issued a token for them since.
    pub(super) fn forget(&mut self, credentials: &ClientCredentials) {
        for rejected in &mut self.0 {
            rejected.take_if(|rejected| rejected.is_same_pair(credentials));
        }
        // The free place is the one that is used next.
        self.0.sort_by_key(Option::is_none);
    }

    pub(super) fn contains(&self, credentials: &ClientCredentials) -> bool {
        let mut rejected = self.0.iter().flatten();
        rejected.any(|rejected| rejected.is_same_pair(credentials))
    }
}

/// How many are remembered: credentials usually alternate because two configuration sources disagree.
const REMEMBERED: usize = 2;

#[cfg(test)]
impl RejectedCredentials {
    /// Hashes which credentials these are.
    pub(super) fn project(&self, into: &mut impl Hasher) {
        self.0.iter().flatten().count().hash(into);
        for credentials in self.0.iter().flatten() {
            credentials.client_id().hash(into);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_two_are_remembered_even_if_another_was_accepted_meanwhile() {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|id| ClientCredentials::new(id, "s").unwrap());
        let mut rejected = RejectedCredentials::default();
        rejected.record(&a);
        rejected.record(&b);
        rejected.forget(&b);

        rejected.record(&c);

        assert!(rejected.contains(&a) && rejected.contains(&c));
        assert!(!rejected.contains(&b));
        rejected.record(&d);
        assert!(!rejected.contains(&a) && rejected.contains(&c) && rejected.contains(&d));
    }
}
