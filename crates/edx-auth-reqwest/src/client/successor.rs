//! The token to replay a call with whose own was refused.

use edx_auth_core::{Invalidation, LiveToken, TokenError};

use super::deadline::Deadline;
use crate::alarm::Alarm;
use crate::{Error, TokenSource};

/// The token to replay with. Where there is none within the call's time the refusal itself is the
/// reply, and this is why, as far as it is known.
pub(super) async fn successor(
    source: &TokenSource,
    refused: &LiveToken,
    deadline: Deadline,
) -> Result<LiveToken, Option<TokenError>> {
    let left = deadline.left();
    match source.invalidate(refused) {
        Invalidation::AlreadyReplaced => {
            let timeout = left.min(source.token_timeout());
            source.token_within(timeout).await.map_err(why)
        }
        Invalidation::TooYoung { wait } if wait < left => {
            Alarm::after(wait).await.map_err(|_| None)?;
            Ok(refused.clone())
        }
        Invalidation::WillRenew { wait } if wait < left => {
            source.newer_within(refused, left).await.map_err(why)
        }
        Invalidation::TooYoung { .. } | Invalidation::WillRenew { .. } => Err(None),
    }
}

fn why(error: Error) -> Option<TokenError> {
    match error {
        Error::Token(error) => Some(error),
        _ => None,
    }
}
