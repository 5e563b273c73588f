//! Laws that need no model: the real events, and what must never follow from them.
//!
//! An attempt to renew a token starts with an election: the agent picks the caller that asks. The attempt has
//! a lease, the time in which no other may start.

use std::collections::BTreeMap;

use crate::model::{Clocks, Time, since};

/// What is known outside of the agent.
#[derive(Default)]
pub(crate) struct Facts {
    /// The time that has really passed, even if no clock counted it.
    pub(crate) real: Time,
    /// Whether the monotonic clock went back, which it should never do.
    pub(crate) faltered: bool,
    lives: BTreeMap<u64, Life>,
    /// The election whose attempt is in flight, and the end of its lease.
    on_its_way: Option<(u64, Time)>,
    /// The backoff, if there is one.
    backoff: Option<Backoff>,
    /// How often the client credentials changed.
    changes: u64,
}

/// A backoff: it ends when one of the clocks has counted it.
#[derive(Clone, Copy)]
struct Backoff {
    began: Clocks,
    lasts: Time,
    ends_with_credentials: bool,
}

/// The life of a token, as its server knows it: when its age was known, by real time and by the agent's
/// clocks, its age then, and the length of its life.
#[derive(Clone, Copy)]
pub(crate) struct Life {
    pub(crate) real: Time,
    pub(crate) clocks: Clocks,
    pub(crate) age: Time,
    pub(crate) length: Time,
}

impl Facts {
    pub(crate) fn born(&mut self, generation: u64, life: Life) {
        self.lives.insert(generation, life);
    }

    /// Checks that the served token is neither expired, if one clock counted all the time since its age was
    /// known, nor one that this caller knows to be rejected.
    pub(crate) fn served(&self, generation: u64, rejected: Option<u64>, now: Clocks) {
        let life = self.lives[&generation];
        let passed = self.real - life.real;
        let is_expired = life.age + passed >= life.length;
        let is_counted = since(life.clocks, now) >= passed;
        assert!(!(is_expired && is_counted), "an expired token was served");
        assert!(rejected < Some(generation), "a rejected token came back");
    }

    /// Checks that an elected attempt is the only one, and that no backoff lasts.
    pub(crate) fn elected(&mut self, election: u64, now: Clocks, lease: Time) {
        let monotonic = now.monotonic;
        let is_alone = self.on_its_way.is_none_or(|(_, until)| monotonic >= until);
        assert!(is_alone, "two attempts at a time");
        let is_rested = |backoff: Backoff| since(backoff.began, now) >= backoff.lasts;
        assert!(
            self.backoff.is_none_or(is_rested),
            "an attempt during a backoff"
        );
        self.backoff = None;
        self.on_its_way = Some((election, monotonic + lease));
    }

    pub(crate) fn begun(&mut self, election: u64, until: Time) {
        self.on_its_way = Some((election, until));
    }

    pub(crate) fn ended(&mut self, election: u64) {
        self.on_its_way = self.on_its_way.filter(|(other, _)| *other != election);
    }

    pub(crate) fn backed_off(&mut self, began: Clocks, lasts: Time, ends_with_credentials: bool) {
        self.backoff = Some(Backoff {
            began,
            lasts,
            ends_with_credentials,
        });
    }

    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    pub(crate) fn credentials_changed(&mut self) {
        self.changes += 1;
        self.on_its_way = None;
        self.backoff
            .take_if(|backoff| backoff.ends_with_credentials);
    }

    /// Checks that a caller's wait is neither zero, or it would spin, nor longer than the longest.
    pub(crate) fn check_wait(&self, wait: Time, longest: Time) {
        assert!(wait > 0, "a wait of zero");
        assert!(wait <= longest || self.faltered, "a wait without end");
    }
}
