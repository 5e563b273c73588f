//! Options of a site.

use super::Release;

/// The options that a site starts with. The default is an LMS as installed, without a rate limit.
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) release: Release,
    issue_bearer: bool,
    rate_limit: Option<String>,
    signing_key: String,
    token_lifetime: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            release: Release::Platform,
            issue_bearer: false,
            rate_limit: None,
            signing_key: Self::SIGNING_KEY.to_owned(),
            token_lifetime: 3600,
        }
    }
}

impl Options {
    /// The default signing key.
    pub const SIGNING_KEY: &str = "the-signing-key-of-a-real-open-edx";

    /// Runs these releases.
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.release = release;
        self
    }

    /// Ignores `token_type=jwt`, like a site that issues only opaque tokens.
    #[must_use]
    pub fn issue_bearer(mut self) -> Self {
        self.issue_bearer = true;
        self
    }

    /// Limits token requests per address, for example `120/m`.
    #[must_use]
    pub fn rate_limit(mut self, rate: &str) -> Self {
        self.rate_limit = Some(rate.to_owned());
        self
    }

    /// Sets the signing key.
    #[must_use]
    pub fn signing_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.signing_key);
        self
    }

    /// Sets the lifetime of a JWT in seconds.
    #[must_use]
    pub fn token_lifetime(mut self, seconds: u32) -> Self {
        self.token_lifetime = seconds;
        self
    }

    /// Returns the options as command-line arguments of `open_edx.py`.
    pub(super) fn arguments(&self) -> Vec<String> {
        let mut arguments = vec![
            format!("--signing-key={}", self.signing_key),
            format!("--token-lifetime={}", self.token_lifetime),
        ];
        arguments.extend(
            self.rate_limit
                .as_ref()
                .map(|rate| format!("--rate-limit={rate}")),
        );
        arguments.extend(self.issue_bearer.then(|| "--issue-bearer".to_owned()));
        arguments
    }
}
