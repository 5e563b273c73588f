//! Laws that need no model: what really happened, and what must never come of it.

use std::collections::BTreeMap;

use crate::model::{Clocks, Time, since};

/// What is known of the world outside of the agent.
#[derive(Default)]
pub(crate) struct Facts {
    /// How much time has really passed.
    pub(crate) real: Time,
    /// Whether the monotonic clock went back, as it never should.
    pub(crate) faltered: bool,
    lives: BTreeMap<u64, Life>,
    /// The election whose attempt is on its way, and until when its lease holds.
    on_its_way: Option<(u64, Time)>,
    /// Until when nobody may ask, and whether new credentials end that.
    pause: (Time, bool),
    /// How often the client credentials changed.
    changes: u64,
}

/// A token's life as its server has it.
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

    /// No token is served when its life is over, where one and the same clock counted all of it;
    /// and none that this caller was told will be replaced.
    pub(crate) fn served(&self, generation: u64, refused: Option<u64>, now: Clocks) {
        let life = self.lives[&generation];
        let passed = self.real - life.real;
        let is_over = life.age + passed >= life.length;
        let is_counted = since(life.clocks, now) >= passed;
        assert!(!(is_over && is_counted), "an expired token was served");
        assert!(refused < Some(generation), "a refused token came back");
    }

    /// One attempt at a time, and none in a pause.
    pub(crate) fn elected(&mut self, election: u64, now: Time, lease: Time) {
        let is_alone = self.on_its_way.is_none_or(|(_, until)| now >= until);
        assert!(is_alone, "two attempts at a time");
        assert!(now >= self.pause.0, "an attempt in a pause");
        self.pause = (0, false);
        self.on_its_way = Some((election, now + lease));
    }

    pub(crate) fn begun(&mut self, election: u64, until: Time) {
        self.on_its_way = Some((election, until));
    }

    pub(crate) fn ended(&mut self, election: u64) {
        self.on_its_way = self.on_its_way.filter(|(other, _)| *other != election);
    }

    pub(crate) fn paused(&mut self, until: Time, lasting: bool) {
        self.pause = (until, lasting);
    }

    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    pub(crate) fn credentials_changed(&mut self) {
        self.changes += 1;
        self.on_its_way = None;
        if self.pause.1 {
            self.pause = (0, false);
        }
    }

    /// Nobody spins, and nobody sleeps for ever.
    pub(crate) fn told_to_wait(&self, wait: Time, longest: Time) {
        assert!(wait > 0, "a wait of nothing");
        assert!(wait <= longest || self.faltered, "a wait without end");
    }
}
