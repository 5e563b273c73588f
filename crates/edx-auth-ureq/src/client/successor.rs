//! The token to replay a call with whose own was refused.

use std::thread;

use edx_auth_core::{LiveToken, Refusal};

use super::deadline::Deadline;
use crate::TokenSource;

/// The token to replay with; `None` where there is none within the call's time, and the refusal
/// itself is the reply.
pub(super) fn successor(
    source: &TokenSource,
    refused: &LiveToken,
    deadline: Deadline,
) -> Option<LiveToken> {
    let left = deadline.left();
    match source.invalidate(refused) {
        Refusal::AlreadyReplaced => source.token_within(left.min(source.patience())).ok(),
        Refusal::TooYoung { wait } if wait < left => {
            thread::sleep(wait);
            Some(refused.clone())
        }
        Refusal::WillRenew { wait } if wait < left => source.newer_within(refused, left).ok(),
        Refusal::TooYoung { .. } | Refusal::WillRenew { .. } => None,
    }
}
