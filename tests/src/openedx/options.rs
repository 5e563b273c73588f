//! How one site differs from another.

/// What a site is started with; the default is an LMS as it is installed, without a rate limit.
#[derive(Clone, Debug)]
pub struct Options {
    issue_bearer: bool,
    rate_limit: Option<String>,
    signing_key: String,
    token_lifetime: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            issue_bearer: false,
            rate_limit: None,
            signing_key: Self::SIGNING_KEY.to_owned(),
            token_lifetime: 3600,
        }
    }
}

impl Options {
    /// The key that tokens are signed with unless another one is chosen.
    pub const SIGNING_KEY: &str = "the-signing-key-of-a-real-open-edx";

    /// Ignores `token_type=jwt`, as a site does that grants opaque tokens only.
    #[must_use]
    pub fn issue_bearer(mut self) -> Self {
        self.issue_bearer = true;
        self
    }

    /// Token requests allowed per address, such as `120/m`.
    #[must_use]
    pub fn rate_limit(mut self, rate: &str) -> Self {
        self.rate_limit = Some(rate.to_owned());
        self
    }

    /// Signs and verifies with `key`.
    #[must_use]
    pub fn signing_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.signing_key);
        self
    }

    /// How many seconds a JWT lives.
    #[must_use]
    pub fn token_lifetime(mut self, seconds: u32) -> Self {
        self.token_lifetime = seconds;
        self
    }

    /// The same for the command line of `open_edx.py`.
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
