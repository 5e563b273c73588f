//! The body of a response of the proxy.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use edx_auth_reqwest::reqwest::Body as ApiBody;
use hyper::body::{Body, Frame, SizeHint};

use super::editing::Editing;

/// A body of the proxy itself, or of the API as it streams.
#[derive(Debug)]
pub(super) enum ProxyBody {
    Own(Bytes),
    Api(ApiBody, Box<Editing>),
    Ended,
}

type BoxError = Box<dyn Error + Send + Sync>;

impl Body for ProxyBody {
    type Data = Bytes;
    type Error = BoxError;

    /// An error of the API's body ends the connection, so that the program does not take half a body for a
    /// whole one.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            let bytes = match &mut *self {
                Self::Ended => return Poll::Ready(None),
                Self::Own(bytes) => std::mem::take(bytes),
                Self::Api(body, editing) => match ready!(Pin::new(body).poll_frame(context)) {
                    Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                    Some(Ok(frame)) => {
                        let bytes = editing.push(&frame.into_data().unwrap_or_default());
                        if bytes.is_empty() {
                            continue;
                        }
                        return Poll::Ready(Some(Ok(Frame::data(bytes.into()))));
                    }
                    None => editing.finish().into(),
                },
            };
            *self = Self::Ended;
            if !bytes.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
        }
    }

    /// After the last bytes of the API's body, some may be held back.
    fn is_end_stream(&self) -> bool {
        match self {
            Self::Ended => true,
            Self::Own(bytes) => bytes.is_empty(),
            Self::Api(..) => false,
        }
    }

    /// An edited body may become longer or shorter.
    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Ended => SizeHint::with_exact(0),
            Self::Own(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Api(..) => SizeHint::default(),
        }
    }
}
