//! The token to replay a call with whose own was refused.

use edx_auth_core::{LiveToken, Refusal};

use super::deadline::Deadline;
use crate::TokenSource;
use crate::alarm::Alarm;

/// The token to replay with; `None` where there is none within the call's time, and the refusal
/// itself is the reply.
pub(super) async fn successor(
    source: &TokenSource,
    refused: &LiveToken,
    deadline: Deadline,
) -> Option<LiveToken> {
    let left = deadline.left();
    match source.invalidate(refused) {
        Refusal::AlreadyReplaced => {
            let patience = left.min(source.patience());
            source.token_within(patience).await.ok()
        }
        Refusal::TooYoung { wait } if wait < left => {
            Alarm::after(wait).await.ok()?;
            Some(refused.clone())
        }
        Refusal::WillRenew { wait } if wait < left => source.newer_within(refused, left).await.ok(),
        Refusal::TooYoung { .. } | Refusal::WillRenew { .. } => None,
    }
}
