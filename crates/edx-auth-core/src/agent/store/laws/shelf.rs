//! The store of the search: what Redis does with the token and the claim of one request, as a value.

use core::hash::{Hash, Hasher};
use core::time::Duration;

use crate::lifecycle::StoredToken;
use crate::time::Moment;

/// A token and a claim.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    saved: Option<Saved>,
    claim: Option<Claim>,
    last_fence: u64,
}

/// A token in the store, or on its way there.
#[derive(Clone)]
pub(super) struct Saved {
    pub(super) token: StoredToken,
    pub(super) number: u64,
    /// The number of the client credentials that it was issued for.
    pub(super) key: usize,
    /// The fence of the claim under which it was requested; 0 without one.
    pub(super) fence: u64,
}

/// The right to request a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Claim {
    pub(super) fence: u64,
    until: Duration,
}

impl Shelf {
    /// Returns the token, unless it has expired.
    pub(super) fn load(&self, now: Moment) -> Option<&Saved> {
        let saved = self.saved.as_ref();
        saved.filter(|saved| !saved.token.left(now).is_zero())
    }

    /// Gives the claim, unless another process has it, and says whether the one before has expired.
    pub(super) fn claim(&mut self, lasts: Duration, now: Moment) -> Option<(Claim, bool)> {
        let is_held = |claim: Claim| now.monotonic < claim.until;
        if self.claim.is_some_and(is_held) {
            return None;
        }
        self.last_fence += 1;
        let claim = Claim {
            fence: self.last_fence,
            until: now.monotonic + lasts,
        };
        Some((claim, self.claim.replace(claim).is_some()))
    }

    /// Saves a token that was requested under no earlier claim than the stored one. Without a claim it counts
    /// as the latest, if it outlives the stored one.
    pub(super) fn save(&mut self, mut new: Saved, now: Moment) {
        let old = self.load(now);
        let is_older = old.is_some_and(|old| match new.fence {
            0 => new.token.left(now) <= old.token.left(now),
            fence => fence < old.fence,
        });
        if is_older {
            return;
        }
        if new.fence == 0 {
            self.last_fence += 1;
            new.fence = self.last_fence;
        }
        self.saved = Some(new);
    }

    pub(super) fn release(&mut self, claim: Claim) {
        self.claim.take_if(|held| held.fence == claim.fence);
    }

    /// Hashes everything that matters from now on.
    pub(super) fn project(&self, into: &mut impl Hasher) {
        let saved = self.saved.as_ref().map(|saved| (saved.number, saved.fence));
        (saved, self.claim, self.last_fence).hash(into);
    }
}
