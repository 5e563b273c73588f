//! The forms in which a token is printed.

use std::time::Duration;

use clap::ValueEnum;
use edx_auth_ureq::{LiveToken, TokenSource};
use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::times;

/// How a token is written to standard output.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Format {
    /// The token alone.
    #[default]
    Plain,
    /// The whole header, as `curl -H @-` reads it.
    Header,
    /// An object with the token, its type and its expiry.
    Json,
    /// A config for `curl --config -`.
    Curl,
    /// Lines of NAME=value, for a shell or an env file.
    Env,
}

/// A token and when it expires.
#[derive(Serialize)]
pub(super) struct Printed<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_at: Timestamp,
    expires_at_epoch: i64,
    expires_in: u64,
}

impl<'a> Printed<'a> {
    pub(super) fn new(token: &'a LiveToken, source: &TokenSource) -> Self {
        let left = left(token, source);
        let expires_at = times::after(left);
        Self {
            access_token: token.token().expose(),
            token_type: token.token().token_type().scheme(),
            expires_at,
            expires_at_epoch: expires_at.as_second(),
            expires_in: left.as_secs(),
        }
    }

    /// Returns the token in this form. No character of a token has a meaning in any of them
    /// ([RFC 6750 section 2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1)).
    pub(super) fn text(&self, format: Format) -> Zeroizing<String> {
        let (scheme, token) = (self.token_type, self.access_token);
        Zeroizing::new(match format {
            Format::Plain => format!("{token}\n"),
            Format::Header => format!("Authorization: {scheme} {token}\n"),
            Format::Json => serde_json::to_string(self).unwrap_or_default() + "\n",
            Format::Curl => format!("header = \"Authorization: {scheme} {token}\"\n"),
            Format::Env => format!(
                "EDX_ACCESS_TOKEN={token}\nEDX_TOKEN_TYPE={scheme}\nEDX_TOKEN_EXPIRES_AT={}\n",
                self.expires_at_epoch,
            ),
        })
    }
}

/// Returns how long the token lasts. A source that requests no tokens knows only how long it may be used.
fn left(token: &LiveToken, source: &TokenSource) -> Duration {
    let stored = source.export();
    stored.map_or_else(|| token.usable_for(), |stored| stored.left(source.now()))
}
