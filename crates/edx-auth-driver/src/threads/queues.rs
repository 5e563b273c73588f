//! The jobs that wait for a place: one queue for each host, and the hosts take turns.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::Job;

/// A job that waits for a place.
pub(super) struct Waiting {
    pub(super) host: Arc<str>,
    pub(super) job: Box<dyn Job>,
}

/// The jobs of a host are taken in their order. However many one host has, the next job of another waits
/// for one of them at most.
pub(super) struct Queues {
    /// No queue is empty.
    of_hosts: BTreeMap<Arc<str>, VecDeque<Box<dyn Job>>>,
    /// Each of these hosts once, the next one first.
    turns: VecDeque<Arc<str>>,
}

impl Queues {
    pub(super) const fn new() -> Self {
        Self {
            of_hosts: BTreeMap::new(),
            turns: VecDeque::new(),
        }
    }

    /// Adds a job behind the others of its host.
    pub(super) fn add(&mut self, Waiting { host, job }: Waiting) {
        if let Some(queue) = self.of_hosts.get_mut(&host) {
            queue.push_back(job);
        } else {
            self.turns.push_back(Arc::clone(&host));
            self.of_hosts.insert(host, VecDeque::from([job]));
        }
    }

    /// Puts a job back before all others.
    pub(super) fn put_back(&mut self, Waiting { host, job }: Waiting) {
        self.turns.retain(|other| *other != host);
        self.turns.push_front(Arc::clone(&host));
        self.of_hosts.entry(host).or_default().push_front(job);
    }

    /// Takes the first job of the first host that has room. Then the others have their turn.
    pub(super) fn take(&mut self, has_room: impl Fn(&str) -> bool) -> Option<Waiting> {
        let turn = self.turns.iter().position(|host| has_room(host))?;
        let host = self.turns.remove(turn)?;
        let queue = self.of_hosts.get_mut(&host)?;
        let job = queue.pop_front()?;
        if queue.is_empty() {
            self.of_hosts.remove(&host);
        } else {
            self.turns.push_back(Arc::clone(&host));
        }
        Some(Waiting { host, job })
    }

    /// Takes all jobs.
    pub(super) fn take_all(&mut self) -> Vec<Box<dyn Job>> {
        self.turns.clear();
        let queues = std::mem::take(&mut self.of_hosts);
        queues.into_values().flatten().collect()
    }

    #[cfg(test)]
    pub(super) fn length_of(&self, host: &str) -> usize {
        self.of_hosts.get(host).map_or(0, VecDeque::len)
    }
}
