//! The state of an agent without absolute times, for tests that search all states.

use core::hash::{Hash as _, Hasher};
use core::mem;

use super::{Supply, TokenAgent, Worker};
use crate::lifecycle::RenewalReason;
use crate::time::Moment;

impl TokenAgent {
    /// Hashes everything that matters from now on, without absolute times.
    pub(super) fn project(&self, now: Moment, into: &mut impl Hasher) {
        self.lifecycle.project(now, into);
        if let Supply::Endpoint(request) = &self.supply {
            request.credentials().client_id().hash(into);
        }
        self.rejected.project(into);
        (self.origin, self.is_change_announced).hash(into);
        self.elected.is_some().hash(into);
        if let Some(elected) = &self.elected {
            (elected.credentials, elected.store_step).hash(into);
            self.lifecycle.project_attempt(&elected.attempt, into);
        }
        mem::discriminant(&self.worker).hash(into);
        match &self.worker {
            Worker::Idle | Worker::Asking => {}
            Worker::Looking(look) => look.left(now).hash(into),
            Worker::Sending(running, provision) => {
                provision.hash(into);
                self.lifecycle.project_running(running, now, into);
            }
            Worker::Rejected(rejected) | Worker::AskingAgain(rejected) => {
                let (running, _) = &**rejected;
                self.lifecycle.project_running(running, now, into);
            }
        }
    }

    /// Returns how many attempts were elected so far, and the reason of the last one if its token
    /// request is not yet sent.
    pub(super) fn elections(&self) -> (u64, Option<RenewalReason>) {
        let elected = self.elected.as_ref();
        let reason = elected.map(|elected| elected.attempt.reason());
        (self.lifecycle.elections(), reason)
    }
}
