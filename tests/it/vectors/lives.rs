//! Lives of a token on a virtual clock. `lives.json` is itself the table of them.

use std::collections::BTreeMap;
use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, Invalidation, Jitter, LiveToken, Need, RenewalError, RenewalPolicy,
    TokenError,
};
use edx_auth_testkit::{MockResponse, Timeline};
use serde::{Deserialize, Serialize};

use super::table::{Vector, inputs, name_of};

/// What happens to one source of tokens, in order.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Life {
    #[serde(default, skip_serializing_if = "Policy::is_default")]
    policy: Policy,
    events: Vec<Event>,
}

/// The durations of the policy that are not the default, in seconds.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Policy {
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_margin: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal_margin: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skew_grace: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transient_backoff: Option<(f64, f64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    throttled_backoff: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permanent_backoff: Option<(f64, f64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejection_backoff: Option<(f64, f64)>,
}

/// What happens at a second of the monotonic clock, or as soon after it as the event before has ended.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Event {
    at: f64,
    #[serde(flatten)]
    what: What,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    SiteIssues {
        expires_in: u64,
    },
    SiteResponds {
        status: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
        body: String,
    },
    SiteTakes {
        seconds: f64,
    },
    Jitter {
        part: f64,
    },
    Suspended {
        seconds: f64,
    },
    WallClockBack {
        seconds: f64,
    },
    Asks {
        waits: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        newer_than: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_for: Option<f64>,
    },
    Rejects {
        token: u64,
    },
    CredentialsChange {
        secret: String,
    },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lived {
    /// What each caller got, and what became of each rejection, in order.
    outcomes: Vec<Outcome>,
    /// When each token request was sent.
    token_requests: Vec<f64>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Outcome {
    Token {
        at: f64,
        token: u64,
        usable_for: f64,
    },
    Error {
        at: f64,
        error: String,
        retryable: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<f64>,
    },
    Rejection {
        at: f64,
        rejection: String,
        wait: f64,
    },
}

impl Vector for Life {
    const FILE: &'static str = "lives.json";

    type Meaning = Lived;

    fn rows() -> Vec<(String, Self)> {
        inputs()
    }

    fn meaning(&self) -> Lived {
        let mut living = Living {
            timeline: Timeline::with_policy(self.policy.build()),
            given: BTreeMap::new(),
        };
        let outcomes = self
            .events
            .iter()
            .filter_map(|event| living.happen(event))
            .collect();
        let requests = living.timeline.token_requests().iter();
        Lived {
            outcomes,
            token_requests: requests.map(Duration::as_secs_f64).collect(),
        }
    }
}

/// A life under way, and the tokens that callers were given.
struct Living {
    timeline: Timeline,
    given: BTreeMap<u64, LiveToken>,
}

impl Living {
    fn happen(&mut self, event: &Event) -> Option<Outcome> {
        let early = seconds(event.at).checked_sub(self.timeline.now().monotonic);
        self.timeline.advance(early.unwrap_or_default());
        match &event.what {
            What::SiteIssues { expires_in } => self.timeline.set_token_lifetime(*expires_in),
            What::SiteResponds {
                status,
                retry_after,
                body,
            } => {
                let response = MockResponse::json(*status, body.as_str());
                let wait = retry_after.iter();
                let response = wait.fold(response, |response, wait| {
                    response.header("Retry-After", wait)
                });
                self.timeline.set_response(response);
            }
            What::SiteTakes { seconds: time } => self.timeline.set_latency(seconds(*time)),
            What::Jitter { part } => self.timeline.set_jitter(jitter(*part)),
            What::Suspended { seconds: time } => self.timeline.suspend(seconds(*time)),
            What::WallClockBack { seconds: time } => {
                self.timeline.rewind_wall_clock(seconds(*time));
            }
            What::Asks {
                waits,
                newer_than,
                valid_for,
            } => {
                return Some(self.ask(self.need(*newer_than, *valid_for), *waits));
            }
            What::Rejects { token } => return Some(self.reject(*token)),
            What::CredentialsChange { secret } => {
                let changed = ClientCredentials::new("timeline", secret).unwrap();
                let _event = self.timeline.change_credentials(changed);
            }
        }
        None
    }

    fn need(&self, newer_than: Option<u64>, valid_for: Option<f64>) -> Need {
        let need = Need::any().valid_for(seconds(valid_for.unwrap_or_default()));
        let older = newer_than.map(|token| self.given[&token].generation());
        older.map_or(need, |older| need.newer_than(older))
    }

    fn ask(&mut self, need: Need, waits: f64) -> Outcome {
        match self.timeline.token_for(need, seconds(waits)) {
            Ok(token) => {
                let number = token.token().expose().trim_start_matches("token");
                let number = number.parse().unwrap();
                let usable_for = token.usable_for().as_secs_f64();
                self.given.insert(number, token);
                Outcome::Token {
                    at: self.now(),
                    token: number,
                    usable_for,
                }
            }
            Err(error) => Outcome::Error {
                at: self.now(),
                error: reason(&error),
                retryable: error.is_retryable(),
                retry_after: error.retry_after().map(|wait| wait.as_secs_f64()),
            },
        }
    }

    fn reject(&mut self, token: u64) -> Outcome {
        let invalidation = self.timeline.invalidate(&self.given[&token]);
        let wait = match invalidation {
            Invalidation::TooYoung { wait } | Invalidation::WillRenew { wait } => wait,
            _ => Duration::ZERO,
        };
        Outcome::Rejection {
            at: self.now(),
            rejection: name_of(&invalidation),
            wait: wait.as_secs_f64(),
        }
    }

    fn now(&self) -> f64 {
        self.timeline.now().monotonic.as_secs_f64()
    }
}

/// Returns why the last attempt failed, or that none has ended in time.
fn reason(error: &TokenError) -> String {
    match error.renewal_error() {
        Some(RenewalError::Exchange(error)) => name_of(&error.kind()),
        Some(other) => name_of(other),
        None => "timed_out".to_owned(),
    }
}

impl Policy {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }

    fn build(&self) -> RenewalPolicy {
        let mut policy = RenewalPolicy::builder();
        let range = |(first, longest)| (seconds(first), seconds(longest));
        if let Some(margin) = self.expiry_margin {
            policy = policy.expiry_margin(seconds(margin));
        }
        if let Some(margin) = self.renewal_margin {
            policy = policy.renewal_margin(seconds(margin));
        }
        if let Some(grace) = self.skew_grace {
            policy = policy.skew_grace(seconds(grace));
        }
        if let Some((first, longest)) = self.transient_backoff.map(range) {
            policy = policy.transient_backoff(first, longest);
        }
        if let Some(backoff) = self.throttled_backoff {
            policy = policy.throttled_backoff(seconds(backoff));
        }
        if let Some((first, longest)) = self.permanent_backoff.map(range) {
            policy = policy.permanent_backoff(first, longest);
        }
        if let Some((first, longest)) = self.rejection_backoff.map(range) {
            policy = policy.rejection_backoff(first, longest);
        }
        policy.build().unwrap()
    }
}

fn jitter(part: f64) -> Jitter {
    match part {
        0.0 => Jitter::NONE,
        1.0 => Jitter::FULL,
        other => panic!("a part that the vectors do not use: {other}"),
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}
