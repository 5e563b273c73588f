//! The secret of one run, which a program on the same machine must know to use the proxy's port.

use std::fmt;

use http::{HeaderMap, HeaderName};
use zeroize::Zeroizing;

use super::rejection::Rejection;

/// A random text that is valid while the proxy runs.
pub(super) struct RunSecret(Zeroizing<String>);

impl RunSecret {
    /// The header that has it.
    pub(super) const HEADER: HeaderName = HeaderName::from_static("edx-auth-proxy");

    /// Draws the secret of a new run.
    ///
    /// # Errors
    /// Returns an error if the system has no random bytes.
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        getrandom::fill(&mut *bytes)?;
        let hex = bytes.iter().map(|byte| format!("{byte:02x}"));
        Ok(Self(Zeroizing::new(hex.collect())))
    }

    #[cfg(test)]
    pub(super) fn of(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// Checks that the headers have this secret, once.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Rejection> {
        let mut given = headers.get_all(Self::HEADER).iter();
        match (given.next(), given.next()) {
            (Some(given), None) if self.equals(given.as_bytes()) => Ok(()),
            _ => Err(Rejection::RunSecret),
        }
    }

    /// Returns the line that programs read from the file: the header with its value, as `curl -H @FILE` takes
    /// it.
    pub(super) fn line(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("Edx-Auth-Proxy: {}\n", *self.0))
    }

    /// Compares in a time that tells nothing about where the texts differ.
    fn equals(&self, given: &[u8]) -> bool {
        let own = self.0.as_bytes();
        let differences = own.iter().zip(given).map(|(own, given)| own ^ given);
        own.len() == given.len() && differences.fold(0, |all, one| all | one) == 0
    }
}

impl fmt::Debug for RunSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RunSecret(<redacted>)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::RunSecret;

    #[test]
    fn each_run_has_another_secret() {
        let (first, second) = (RunSecret::random().unwrap(), RunSecret::random().unwrap());

        assert_eq!(first.0.len(), 64);
        assert!(!first.equals(second.0.as_bytes()));
    }

    #[test]
    fn debug_does_not_show_it() {
        let secret = RunSecret::of("planted");

        assert!(!format!("{secret:?}").contains("planted"));
        assert_eq!(*secret.line(), "Edx-Auth-Proxy: planted\n");
    }
}
