//! A snapshot of the token's state.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::error::Error as _;
use core::fmt;
use core::iter::successors;
use core::time::Duration;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use super::error::RenewalError;
use super::token::{Generation, TokenState};

/// A snapshot of the token's state, for logs and health checks. `Display` is one line:
/// `fresh, 51m left, generation 14, issued 14, rejected 0`, after the label of its source if it has one.
///
/// For a health endpoint it is serialized, with words and numbers that stay as they are:
///
/// ```
/// # use edx_auth_core::{AccessToken, Moment, TokenAgent, TokenType};
/// # let agent = TokenAgent::fixed(AccessToken::new(TokenType::Jwt, "a.b.c")?);
/// let health = serde_json::to_value(agent.health(Moment::default()))?;
/// assert_eq!(health, serde_json::json!({
///     "label": null,           // which source it is
///     "ready": true,           // whether a caller gets a token without waiting
///     "token": "fresh",        // or "empty", "due", "expired"
///     "age_seconds": null,     // null without a token, and for one that is fixed
///     "usable_for_seconds": null, // null if it is fixed and does not say when it ends
///     "generation": 1,         // null without a token
///     "renewing": false,
///     "backoff_seconds": null, // how long no token is requested
///     "error": null,           // why the last renewal failed, with its cause, until one brings a token
///     "advice": null,
///     "issued": 0,
///     "failures": 0,
///     "rejected": 0,
///     "deprecated": 0,
/// }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Health {
    /// What its source is called, which the driver sets.
    pub label: Option<Arc<str>>,
    /// The state of the cached token.
    pub token: TokenState,
    /// How old the cached token is, counted from its token request; `None` if there is none, or it is fixed.
    pub age: Option<Duration>,
    /// How much longer the cached token may be used, zero if there is none; `None` if its end is unknown,
    /// because it is fixed and does not say.
    pub usable_for: Option<Duration>,
    /// The number of the cached token; `None` if there is none.
    pub generation: Option<Generation>,
    /// Whether a renewal is in progress.
    pub is_renewing: bool,
    /// How long no token is requested.
    pub backoff: Option<Duration>,
    /// Why the last renewal failed; `None` as soon as one brings a token.
    pub error: Option<RenewalError>,
    /// How many tokens were issued and accepted.
    pub issued: u64,
    /// How many attempts failed.
    pub failures: u64,
    /// How often an API rejected the cached token. Tokens within the skew grace are not counted.
    pub rejected: u64,
    /// How many responses announced that their API is [deprecated](crate::Deprecation).
    pub deprecated: u64,
}

impl Health {
    /// Reports whether a caller gets a valid token without waiting. No token is requested before the
    /// first call, so a program that uses this for readiness must request a token when it starts.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.usable_for != Some(Duration::ZERO)
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(label) = &self.label {
            write!(f, "{label}: ")?;
        }
        f.write_str(self.token.as_str())?;
        if let Some(left) = self.usable_for.filter(|left| !left.is_zero()) {
            write!(f, ", {} left", HumanDuration(left))?;
        }
        if let Some(generation) = self.generation {
            write!(f, ", generation {generation}")?;
        }
        write!(f, ", issued {}, rejected {}", self.issued, self.rejected)?;
        if self.failures > 0 {
            write!(f, ", failures {}", self.failures)?;
        }
        if self.deprecated > 0 {
            write!(f, ", deprecated {}", self.deprecated)?;
        }
        if self.is_renewing {
            f.write_str(", renewing")?;
        }
        if let Some(wait) = self.backoff {
            write!(f, ", retry in {}", HumanDuration(wait))?;
        }
        match &self.error {
            Some(error) => write!(f, ": {}", with_cause(error)),
            None => Ok(()),
        }
    }
}

impl Serialize for Health {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let error = self.error.as_ref();
        let mut map = serializer.serialize_struct("Health", 14)?;
        map.serialize_field("label", &self.label.as_deref())?;
        map.serialize_field("ready", &self.is_ready())?;
        map.serialize_field("token", self.token.as_str())?;
        let age = self.age.map(|age| age.as_secs_f64());
        map.serialize_field("age_seconds", &age)?;
        let usable_for = self.usable_for.map(|left| left.as_secs_f64());
        map.serialize_field("usable_for_seconds", &usable_for)?;
        map.serialize_field("generation", &self.generation)?;
        map.serialize_field("renewing", &self.is_renewing)?;
        let backoff = self.backoff.map(|wait| wait.as_secs_f64());
        map.serialize_field("backoff_seconds", &backoff)?;
        map.serialize_field("error", &error.map(with_cause))?;
        map.serialize_field("advice", &error.map(RenewalError::advice))?;
        map.serialize_field("issued", &self.issued)?;
        map.serialize_field("failures", &self.failures)?;
        map.serialize_field("rejected", &self.rejected)?;
        map.serialize_field("deprecated", &self.deprecated)?;
        map.end()
    }
}

/// Returns one line of the error and its innermost cause, unless the error quotes that already.
fn with_cause(error: &RenewalError) -> String {
    let line = error.to_string();
    let innermost = successors(error.source(), |cause| (*cause).source()).last();
    let line = match innermost.map(ToString::to_string) {
        Some(cause) if !line.contains(&cause) => format!("{line}: {cause}"),
        _ => line,
    };
    line.replace(['\r', '\n'], " ")
}

/// A duration in its largest whole unit.
struct HumanDuration(Duration);

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            0 => write!(f, "{}ms", self.0.as_millis()),
            seconds @ 1..60 => write!(f, "{seconds}s"),
            seconds @ 60..3600 => write!(f, "{}m", seconds / 60),
            seconds @ 3600..86_400 => write!(f, "{}h", seconds / 3600),
            seconds => write!(f, "{}d", seconds / 86_400),
        }
    }
}
