//! Secrets that no line may contain, in every encoding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use edx_auth_tests::openedx::AWKWARD_CLIENT;

use crate::listener::Line;

/// The secrets of one run.
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    pub(crate) fn of(secret: &str, tokens: &[String]) -> Self {
        let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let id: String = form_urlencoded::byte_serialize(AWKWARD_CLIENT.id.as_bytes()).collect();
        let basic = STANDARD.encode(format!("{id}:{encoded}"));
        let mut secrets = vec![secret.to_owned(), encoded, basic];
        secrets.extend_from_slice(tokens);
        assert!(!tokens.is_empty(), "a run without a token shows nothing");
        Self(secrets)
    }

    /// Returns whether a line contains a secret, in its text or in a hex dump.
    pub(crate) fn are_told_by(&self, lines: &[&Line]) -> bool {
        let dump: Vec<_> = lines.iter().flat_map(|line| line.dump()).collect();
        let dump = String::from_utf8_lossy(&dump);
        self.are_in(&dump) || lines.iter().any(|line| self.are_in(&line.text))
    }

    /// Returns whether the line contains a secret, as text or in the `Debug` form of text.
    pub(crate) fn are_in(&self, line: &str) -> bool {
        let mut secrets = self.0.iter();
        secrets.any(|secret| {
            let escaped = secret.escape_debug().to_string();
            line.contains(secret.as_str()) || line.contains(&escaped)
        })
    }
}
