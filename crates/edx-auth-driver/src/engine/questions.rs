//! When the program is asked again for client credentials, after the token endpoint rejected its last ones.

use std::time::Duration;

use edx_auth_core::{Event, Moment};

/// The next question to a program whose client credentials were rejected. Its new ones are then in use soon
/// after it has them: the backoff of rejected ones may last ten minutes.
///
/// Only a caller leads to a question, and unchanged credentials lead to no token request.
#[derive(Debug, Default)]
pub(super) struct Questions(Option<Question>);

#[derive(Clone, Copy, Debug)]
struct Question {
    /// On the monotonic clock.
    due: Duration,
    /// The wait before it.
    wait: Duration,
}

impl Questions {
    /// Takes in what a report to the agent changed.
    pub(super) fn on_event(&mut self, event: &Event, now: Moment) {
        match event {
            // After a shorter backoff, the program is asked before the next token request in any case.
            Event::Failed { error, backoff, .. } if !error.is_retryable() && *backoff > FIRST => {
                self.0.get_or_insert_with(|| Question::after(FIRST, now));
            }
            Event::Renewed { .. } | Event::Restored { .. } | Event::CredentialsChanged => {
                self.0 = None;
            }
            _ => {}
        }
    }

    /// Reports whether the program is to be asked now. The wait before the next question is twice as long.
    pub(super) fn is_due(&mut self, now: Moment) -> bool {
        let due = self.0.filter(|question| question.due <= now.monotonic);
        let Some(question) = due else {
            return false;
        };
        let wait = question.wait.saturating_mul(2).min(LONGEST);
        self.0 = Some(Question::after(wait, now));
        true
    }
}

impl Question {
    fn after(wait: Duration, now: Moment) -> Self {
        Self {
            due: now.monotonic.saturating_add(wait),
            wait,
        }
    }
}

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use edx_auth_core::{Jitter, Need, RenewalPolicy, TokenAgent, Work};
    use http::Response;

    use super::*;
    use crate::testing::Site;

    fn at(seconds: u64) -> Moment {
        Moment {
            monotonic: Duration::from_secs(seconds),
            wall: Duration::from_secs(seconds),
        }
    }

    /// Returns the event of a token request with this response.
    fn responded(status: u16) -> Event {
        let site = Site::new();
        let mut agent = TokenAgent::new(site.request(), RenewalPolicy::DEFAULT);
        let budget = agent.wait_budget(at(0));
        let _waits = agent.acquire(Need::any(), &budget, at(0));
        let Some(Work::Exchange(ticket, _)) = agent.poll_work(at(0)) else {
            unreachable!("a caller waits")
        };
        let body = br#"{"access_token": "a.b.c", "expires_in": 3600, "token_type": "JWT", "error": "invalid_client"}"#;
        let response = Response::builder().status(status).body(&body[..]);
        agent.on_response(ticket, response.unwrap(), at(0), Jitter::NONE)
    }

    /// Returns the seconds at which the program is asked, if a caller comes each second.
    fn questions(after: &[Event]) -> Vec<u64> {
        let mut questions = Questions::default();
        for event in after {
            questions.on_event(event, at(0));
        }
        (0..240)
            .filter(|second| questions.is_due(at(*second)))
            .collect()
    }

    #[test]
    fn a_program_with_rejected_credentials_is_asked_less_and_less_often() {
        let rejected = [responded(401), responded(401)];

        assert_eq!(questions(&rejected), [1, 3, 7, 15, 31, 63, 123, 183]);
    }

    #[test]
    fn a_failure_that_passes_by_itself_leads_to_no_question() {
        assert!(questions(&[responded(503)]).is_empty());
    }

    #[test]
    fn a_token_and_other_credentials_end_the_questions() {
        for end in [responded(200), Event::CredentialsChanged] {
            assert!(questions(&[responded(401), end]).is_empty());
        }
    }
}
