//! Processes, a store for each of their client credentials, and the network in between.

use core::hash::{Hash as _, Hasher as _};
use core::time::Duration;
use std::vec;
use std::vec::Vec;

use super::super::super::laws::world::mix::Mix;
use super::Law;
use super::process::{Process, Using};
use super::shelf::{Saved, Shelf};
use crate::time::Moment;

/// How many processes there are, and how much happens to them.
#[derive(Clone, Copy, Hash)]
pub(super) struct Size {
    pub(super) processes: usize,
    pub(super) seconds: u8,
    /// How often something fails.
    pub(super) faults: u8,
    /// How often a program forces a renewal or changes its client credentials.
    pub(super) changes: u8,
}

#[derive(Clone)]
pub(super) struct Fleet {
    pub(super) now: Moment,
    pub(super) processes: Vec<Process>,
    /// The store of each client credentials.
    pub(super) shelves: [Shelf; KEYS],
    /// What still travels to a store, and no process waits for.
    pub(super) late: Vec<(usize, Message)>,
    pub(super) left: Size,
    /// The number of the last token.
    pub(super) last: u64,
    /// How many tokens may be requested from now on.
    pub(super) allowed: [i8; KEYS],
    /// When the tokens that were issued become due.
    pub(super) due: Vec<(usize, Duration)>,
    pub(super) broken: Vec<Law>,
}

/// Something that a store learns.
#[derive(Clone)]
pub(super) enum Message {
    Claim,
    Save(Saved),
}

/// One thing that happens, to the process of this number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// A second passes.
    Pass,
    /// A message arrives that was late.
    Arrive(usize),
    /// A caller asks for the token.
    Acquire(usize),
    /// The store does what the process asks for.
    Serve(usize),
    /// The process learns what the store has returned.
    Deliver(usize),
    /// It has waited for the claim for as long as it may.
    GiveUp(usize),
    /// It learns that the store failed, which may have done its part before.
    Fail(usize),
    /// The same, and the store does its part later.
    Delay(usize),
    /// The store does its part, and again later.
    Repeat(usize),
    /// The site issues a token.
    Issue(usize),
    /// The site is down.
    Break(usize),
    /// The process ends, and another takes its place.
    Crash(usize),
    /// The program forces a renewal.
    Force(usize),
    /// The program changes its client credentials.
    Change(usize),
}

impl Fleet {
    pub(super) fn new(size: Size) -> Self {
        Self {
            now: Moment {
                monotonic: Duration::ZERO,
                wall: Duration::from_secs(1_000_000_000),
            },
            processes: vec![Process::new(); size.processes],
            shelves: Default::default(),
            late: Vec::new(),
            left: size,
            last: 0,
            allowed: [1; KEYS],
            due: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// Returns what can happen next.
    pub(super) fn possible(&self) -> Vec<Action> {
        let mut actions: Vec<Action> = (0..self.late.len()).map(Action::Arrive).collect();
        if self.left.seconds > 0 {
            actions.push(Action::Pass);
        }
        let hashes: Vec<u64> = self.processes.iter().map(|one| self.hash_of(one)).collect();
        for (id, hash) in hashes.iter().enumerate() {
            // Processes in the same state are interchangeable: only the first of them acts.
            if !hashes[..id].contains(hash) {
                actions.extend(self.possible_for(id));
            }
        }
        actions
    }

    fn possible_for(&self, id: usize) -> Vec<Action> {
        let mut actions = vec![Action::Acquire(id)];
        let process = &self.processes[id];
        actions.extend(process.requesting.as_ref().map(|_| Action::Issue(id)));
        actions.extend(match &process.using {
            Using::Nothing => None,
            Using::Looking(look) if look.seen.is_some() => Some(Action::Deliver(id)),
            Using::Looking(look) if look.has_waited(self.now) => Some(Action::GiveUp(id)),
            Using::Looking(_) | Using::Saving(..) => Some(Action::Serve(id)),
        });
        if self.left.faults > 0 {
            actions.extend(self.faults(id));
        }
        if self.left.changes > 0 {
            actions.extend([Action::Force(id), Action::Change(id)]);
        }
        actions
    }

    fn faults(&self, id: usize) -> Vec<Action> {
        let process = &self.processes[id];
        let mut faults = vec![Action::Crash(id)];
        faults.extend(process.requesting.as_ref().map(|_| Action::Break(id)));
        if process.uses_store() {
            faults.push(Action::Fail(id));
        }
        if process.tells_the_store() {
            faults.extend([Action::Delay(id), Action::Repeat(id)]);
        }
        faults
    }

    /// Returns a hash of everything that decides what can happen next.
    pub(super) fn digest(&self) -> u64 {
        let mut processes: Vec<u64> = self.processes.iter().map(|one| self.hash_of(one)).collect();
        processes.sort_unstable();
        let mut hasher = Mix::default();
        (processes, self.now.monotonic, self.left, self.allowed).hash(&mut hasher);
        (self.last, &self.due).hash(&mut hasher);
        for shelf in &self.shelves {
            shelf.project(&mut hasher);
        }
        let mut late: Vec<u64> = self.late.iter().map(hash_of_message).collect();
        late.sort_unstable();
        late.hash(&mut hasher);
        hasher.finish()
    }

    /// Returns a hash of what matters to this process while all others have stopped.
    pub(super) fn digest_alone(&self, id: usize) -> u64 {
        let process = &self.processes[id];
        let mut hasher = Mix::default();
        (self.hash_of(process), self.now.monotonic).hash(&mut hasher);
        self.shelves[process.key].project(&mut hasher);
        hasher.finish()
    }

    fn hash_of(&self, process: &Process) -> u64 {
        let mut hasher = Mix::default();
        process.project(self.now, &mut hasher);
        hasher.finish()
    }

    pub(super) fn check(&mut self, law: Law, holds: bool) {
        if !holds {
            self.broken.push(law);
        }
    }
}

fn hash_of_message((key, message): &(usize, Message)) -> u64 {
    let (kind, number) = match message {
        Message::Claim => (0_u8, 0),
        Message::Save(saved) => (1, saved.number),
    };
    let mut hasher = Mix::default();
    (key, kind, number).hash(&mut hasher);
    hasher.finish()
}

pub(super) const KEYS: usize = 2;

/// How long a token request may take.
pub(super) const REQUEST: Duration = Duration::from_secs(1);
