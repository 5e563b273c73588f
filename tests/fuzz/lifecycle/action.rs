//! The actions of a history: what happens to an agent, in order.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

/// One action. The fields `_byte` are unused; they keep the format in which the seeds are stored.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Action {
    /// Time passes, and both clocks count it.
    Pass(Stretch),
    /// The machine sleeps: only the wall clock counts the time.
    Suspend(Stretch),
    /// The wall clock is set back.
    SetBack(Stretch),
    /// The wall clock is set forward.
    SetForward(Stretch),
    /// The monotonic clock goes back, which it should never do.
    Falter(Stretch),
    /// A caller asks for a token.
    Ask { caller: u8 },
    /// A caller asks for a token that stays valid for this time.
    AskFor { caller: u8, validity: Stretch },
    /// The worker, which sends the agent's token requests, looks for work.
    Poll { _byte: u8 },
    /// The token request in flight ends.
    End {
        _byte: u8,
        outcome: Outcome,
        jitter: u32,
    },
    /// The worker sends its token request, and a token is issued at once.
    Fetch {
        name: u8,
        expires_in: u16,
        jitter: u32,
    },
    /// The worker is lost.
    Lose { _byte: u8, jitter: u32 },
    /// An API rejects the token that a caller got last.
    Reject { caller: u8 },
    /// The program asks for a new token.
    Force,
    /// The program has new credentials.
    ChangeCredentials,
    /// A stored token is restored.
    Restore {
        name: u8,
        life: Stretch,
        age: Stretch,
        jitter: u32,
    },
    /// A stored token is restored that was issued ahead of the wall clock.
    RestoreFromFuture {
        name: u8,
        life: Stretch,
        ahead: Stretch,
        jitter: u32,
    },
    /// The program exports its token, restarts, and restores the token.
    Restart { jitter: u32 },
}

/// The outcome of an attempt.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Issued { name: u8, expires_in: u32 },
    Unavailable { retry_after: Option<u16> },
    Throttled { retry_after: Option<u16> },
    Denied,
    Disconnected,
    UnknownClient,
}

/// A length of time; often one that ends just before, at or just after a [`Mark`].
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Stretch {
    Millis(u16),
    Seconds(u16),
    Hours(u16),
    Until(Mark, Nudge),
}

/// Where a [`Stretch`] ends: exactly at the mark, or this many milliseconds before or after it.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Nudge {
    OnTheDot,
    Before(u8),
    After(u8),
}

/// A moment at which something changes.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Mark {
    /// The token is no longer young: from now on its rejections count.
    Grown,
    Due,
    Unusable,
    Expired,
    /// The lease or the backoff ends: the next attempt may begin.
    NextAttempt,
    /// A rejected token may be renewed again.
    NextRejection,
    /// Rejections are forgotten.
    RejectionsForgotten,
}
