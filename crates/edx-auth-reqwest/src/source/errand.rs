//! What a source's one thread is at.

use edx_auth_core::Attempt;

/// Whether the source has a thread at work, and which attempt is next for it.
///
/// One thread is enough, since one attempt counts: a second one would only hang where the first
/// does, in a slow look-up or a slow function of the program's.
#[derive(Debug, Default)]
pub(super) enum Errand {
    #[default]
    Nobody,
    AtWork(Option<Attempt>),
}

impl Errand {
    /// The attempt back where nobody is at work: then whoever brought it sets somebody to work.
    pub(super) fn take_up(&mut self, attempt: Attempt) -> Option<Attempt> {
        match self {
            Self::Nobody => {
                *self = Self::AtWork(None);
                Some(attempt)
            }
            // Only the newest counts: another one has lost its lease, or its credentials. Whoever
            // brings one may have been overtaken on the way.
            Self::AtWork(next) => {
                *next = Some(newer(next.take(), attempt));
                None
            }
        }
    }

    /// The attempt to make with the credentials of this one: itself, or what has taken its place.
    /// One after a change of credentials stays for later, when they are asked for anew.
    pub(super) fn newest(&mut self, own: Attempt) -> Attempt {
        match self {
            Self::Nobody => own,
            Self::AtWork(next) => newer(next.take_if(|next| next.has_credentials_of(&own)), own),
        }
    }

    /// What is next when one attempt is done; without any, the work is.
    pub(super) fn go_on(&mut self) -> Option<Attempt> {
        let next = self.next();
        if next.is_none() {
            *self = Self::Nobody;
        }
        next
    }

    /// The work ends in the middle of this one; the attempt that is left.
    pub(super) fn break_off(&mut self, own: Option<Attempt>) -> Option<Attempt> {
        let next = self.next();
        *self = Self::Nobody;
        match own {
            Some(own) => Some(newer(next, own)),
            None => next,
        }
    }

    fn next(&mut self) -> Option<Attempt> {
        match self {
            Self::Nobody => None,
            Self::AtWork(next) => next.take(),
        }
    }
}

fn newer(one: Option<Attempt>, other: Attempt) -> Attempt {
    let newer = one.filter(|one| one.is_newer_than(&other));
    newer.unwrap_or(other)
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test may panic")]
mod tests {
    use edx_auth_core::{Moment, RenewalPolicy, RenewalReason, Step, TokenLifecycle};

    use super::*;

    #[test]
    fn an_attempt_overtaken_on_its_way_displaces_none_that_waits() {
        let [own, overtaken, between, newest] = elected();
        let mut errand = Errand::default();

        let own = errand.take_up(own);
        let waiting = [newest, overtaken].map(|attempt| errand.take_up(attempt));

        assert!(own.is_some());
        assert!(waiting.iter().all(Option::is_none));
        assert!(is_newer(errand.go_on(), &between));
    }

    #[test]
    fn an_attempt_overtaken_on_its_way_displaces_none_that_is_made() {
        let [_, overtaken, between, newest] = elected();
        let mut errand = Errand::AtWork(Some(overtaken));

        assert!(is_newer(Some(errand.newest(newest)), &between));
    }

    #[test]
    fn an_attempt_is_made_with_no_credentials_from_before_it() {
        let [_, own, between, newest] = elected();
        let mut errand = Errand::AtWork(Some(newest));

        assert!(!is_newer(Some(errand.newest(own)), &between));
        assert!(is_newer(errand.go_on(), &between));
    }

    #[test]
    fn the_newer_of_two_attempts_is_left_when_the_work_breaks_off() {
        let [_, overtaken, between, newest] = elected();
        let mut errand = Errand::AtWork(Some(overtaken));

        assert!(is_newer(errand.break_off(Some(newest)), &between));
    }

    /// In this order, each after a change of credentials.
    fn elected() -> [Attempt; 4] {
        let now = Moment::default();
        let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
        [(); 4].map(|()| {
            let _owed = lifecycle.renew_now(RenewalReason::NewCredentials, now);
            match lifecycle.step(now) {
                Step::Fetch(attempt) => attempt,
                step => panic!("{step:?}"),
            }
        })
    }

    fn is_newer(one: Option<Attempt>, other: &Attempt) -> bool {
        one.is_some_and(|one| one.is_newer_than(other))
    }
}
