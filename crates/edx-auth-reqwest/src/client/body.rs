//! A reply's body: within its call's time, and with its beginning put back.

use std::error::Error as StdError;
use std::future::poll_fn;
use std::io;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use edx_auth_core::ApiCall;
use http_body::{Body, Frame, SizeHint};

use crate::alarm::Alarm;

/// A body that ends with its call's time at the latest.
///
/// The time is kept here and not by reqwest, whose timers are the runtime's: under a test's paused
/// clock they ring at once.
#[derive(Debug)]
pub(super) struct ReplyBody {
    beginning: Bytes,
    rest: Rest,
    alarm: Alarm,
}

/// What comes after the beginning.
#[derive(Debug)]
enum Rest {
    More(reqwest::Body),
    Broken(Fault),
    Nothing,
}

type Fault = Box<dyn StdError + Send + Sync>;

impl ReplyBody {
    pub(super) fn new(body: reqwest::Body, left: Duration) -> Self {
        Self {
            beginning: Bytes::new(),
            rest: Rest::More(body),
            alarm: Alarm::after(left),
        }
    }

    /// Looks at its beginning: as much as a verdict needs, or all there is.
    pub(super) async fn peek(&mut self) {
        let mut beginning = Vec::new();
        while beginning.len() < ApiCall::PEEK {
            match poll_fn(|context| self.poll_rest(context)).await {
                Some(Ok(frame)) => beginning.extend(frame.into_data().unwrap_or_default()),
                Some(Err(fault)) => {
                    self.rest = Rest::Broken(fault);
                    break;
                }
                None => break,
            }
        }
        self.beginning = beginning.into();
    }

    /// What was looked at.
    pub(super) fn beginning(&self) -> &[u8] {
        let peeked = self.beginning.get(..ApiCall::PEEK);
        peeked.unwrap_or(&self.beginning)
    }

    fn poll_rest(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        let Rest::More(body) = &mut self.rest else {
            return Poll::Ready(self.end());
        };
        // A server that never pauses would outlast an alarm that is only waited for.
        if self.alarm.is_over() {
            return self.break_off(too_late());
        }
        match Pin::new(body).poll_frame(context) {
            Poll::Ready(Some(frame)) => Poll::Ready(Some(frame.map_err(Fault::from))),
            Poll::Ready(None) => {
                self.rest = Rest::Nothing;
                Poll::Ready(None)
            }
            Poll::Pending => match ready!(Pin::new(&mut self.alarm).poll(context)) {
                Ok(()) => self.break_off(too_late()),
                Err(no_clock) => self.break_off(no_clock.into()),
            },
        }
    }

    fn break_off(&mut self, fault: Fault) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        self.rest = Rest::Nothing;
        Poll::Ready(Some(Err(fault)))
    }

    fn end(&mut self) -> Option<Result<Frame<Bytes>, Fault>> {
        match mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Broken(fault) => Some(Err(fault)),
            Rest::More(_) | Rest::Nothing => None,
        }
    }
}

fn too_late() -> Fault {
    io::Error::from(io::ErrorKind::TimedOut).into()
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        if self.beginning.is_empty() {
            self.poll_rest(context)
        } else {
            let beginning = mem::take(&mut self.beginning);
            Poll::Ready(Some(Ok(Frame::data(beginning))))
        }
    }

    fn size_hint(&self) -> SizeHint {
        let beginning = self.beginning.len() as u64;
        match &self.rest {
            Rest::Nothing => SizeHint::with_exact(beginning),
            Rest::Broken(_) => SizeHint::default(),
            Rest::More(body) => {
                let rest = body.size_hint();
                let mut hint = SizeHint::default();
                hint.set_lower(rest.lower() + beginning);
                if let Some(upper) = rest.upper() {
                    hint.set_upper(upper + beginning);
                }
                hint
            }
        }
    }
}
