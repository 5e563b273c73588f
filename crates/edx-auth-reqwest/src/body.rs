//! The body of an API response. It ends with its call's timeout, and its beginning is put back after it was
//! inspected.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use edx_auth_driver::{ApiCall, Timer, TimerError};
use http_body::{Body, Frame, SizeHint};

use crate::tls::BoxError;

/// The body of an API response. It ends with an error when its call's timeout has passed, in real time: an HTTP
/// client's timers may be the runtime's, and under a test's paused clock those complete at once.
#[cfg_attr(
    not(feature = "tower"),
    expect(unreachable_pub, reason = "it is public for the layer")
)]
pub struct PeekedBody<B> {
    beginning: Bytes,
    rest: Rest<B>,
    timer: Timer,
}

/// What comes after the beginning.
enum Rest<B> {
    More(B),
    Broken(BoxError),
    Nothing,
}

impl<B> PeekedBody<B>
where
    B: Body<Error: Into<BoxError>> + Unpin,
{
    pub(crate) fn new(body: B, timer: Timer) -> Self {
        Self {
            beginning: Bytes::new(),
            rest: Rest::More(body),
            timer,
        }
    }

    /// Reads the beginning of the body: at least this many bytes, or all there are. Stops after
    /// [`ApiCall::PEEK_TIME`], so that a slow body does not hold the status back for long.
    pub(crate) async fn peek(&mut self, length: usize) -> Result<(), TimerError> {
        if length == 0 {
            return Ok(());
        }
        let mut beginning = Vec::new();
        let read = self.read(length, &mut beginning);
        Timer::after(ApiCall::PEEK_TIME).limit(read).await?;
        self.beginning = beginning.into();
        Ok(())
    }

    async fn read(&mut self, length: usize, beginning: &mut Vec<u8>) {
        while beginning.len() < length {
            match poll_fn(|context| self.poll_rest(context)).await {
                Some(Ok(frame)) => beginning.extend(frame.into_data().unwrap_or_default()),
                Some(Err(error)) => {
                    self.rest = Rest::Broken(error);
                    break;
                }
                None => break,
            }
        }
    }

    fn poll_rest(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Rest::More(body) = &mut self.rest else {
            return Poll::Ready(self.end());
        };
        // While a server sends without a pause, the timer below is never polled.
        if self.timer.has_passed() {
            return self.abort(timed_out());
        }
        match Pin::new(body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => Poll::Ready(Some(Ok(frame.map_data(into_bytes)))),
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => {
                self.rest = Rest::Nothing;
                Poll::Ready(None)
            }
            Poll::Pending => match ready!(Pin::new(&mut self.timer).poll(context)) {
                Ok(()) => self.abort(timed_out()),
                Err(error) => self.abort(error.into()),
            },
        }
    }

    fn abort(&mut self, error: BoxError) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.rest = Rest::Nothing;
        Poll::Ready(Some(Err(error)))
    }

    fn end(&mut self) -> Option<Result<Frame<Bytes>, BoxError>> {
        match mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Broken(error) => Some(Err(error)),
            Rest::More(_) | Rest::Nothing => None,
        }
    }
}

/// Returns the beginning, as far as it was read.
impl<B> AsRef<[u8]> for PeekedBody<B> {
    fn as_ref(&self) -> &[u8] {
        &self.beginning
    }
}

fn timed_out() -> BoxError {
    io::Error::from(io::ErrorKind::TimedOut).into()
}

/// Returns the bytes of a frame. They are not copied if they are `Bytes`.
fn into_bytes(mut data: impl Buf) -> Bytes {
    data.copy_to_bytes(data.remaining())
}

impl<B> Body for PeekedBody<B>
where
    B: Body<Error: Into<BoxError>> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
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

/// Omits the bytes, which may hold personal data.
impl<B> fmt::Debug for PeekedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeekedBody").finish_non_exhaustive()
    }
}
