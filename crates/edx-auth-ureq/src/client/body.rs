//! A reply's body, with its beginning put back.

use std::io::{self, Cursor, Read};

use edx_auth_core::ApiCall;
use ureq::{Body, BodyReader};

/// A body that may have been looked at.
pub(super) enum ReplyBody {
    Untouched(Body),
    Peeked {
        mime_type: Option<String>,
        beginning: Vec<u8>,
        rest: Rest,
    },
}

/// What comes after the beginning.
pub(super) enum Rest {
    More(BodyReader<'static>),
    Broken(io::Error),
    Nothing,
}

impl ReplyBody {
    pub(super) fn new(body: Body) -> Self {
        Self::Untouched(body)
    }

    /// Looks at its beginning: as much as a verdict needs, or all there is.
    pub(super) fn peek(&mut self) {
        let Self::Untouched(body) = self else {
            return;
        };
        let body = std::mem::replace(body, Body::builder().data(""));
        let mime_type = body.mime_type().map(String::from);
        let mut beginning = Vec::new();
        let rest = peek(body.into_reader(), &mut beginning);
        *self = Self::Peeked {
            mime_type,
            beginning,
            rest,
        };
    }

    /// What was looked at.
    pub(super) fn beginning(&self) -> &[u8] {
        match self {
            Self::Untouched(_) => &[],
            Self::Peeked { beginning, .. } => beginning,
        }
    }

    /// The whole body, as if nobody had looked.
    pub(super) fn put_back(self) -> Body {
        let (mime_type, beginning, rest) = match self {
            Self::Untouched(body) => return body,
            Self::Peeked {
                mime_type,
                beginning,
                rest,
            } => (mime_type, beginning, rest),
        };
        let mut body = Body::builder();
        if let Some(mime_type) = mime_type {
            body = body.mime_type(mime_type);
        }
        // Without its charset: where ureq's feature of that name is on, it was decoded already.
        match rest {
            Rest::Nothing => body.data(beginning),
            Rest::More(rest) => body.reader(Cursor::new(beginning).chain(rest)),
            Rest::Broken(fault) => body.reader(Cursor::new(beginning).chain(Break(Some(fault)))),
        }
    }
}

fn peek(mut body: BodyReader<'static>, beginning: &mut Vec<u8>) -> Rest {
    let read = (&mut body)
        .take(ApiCall::PEEK as u64)
        .read_to_end(beginning);
    match read {
        Ok(read) if read < ApiCall::PEEK => Rest::Nothing,
        Ok(_) => Rest::More(body),
        Err(fault) => Rest::Broken(fault),
    }
}

/// The place where a body broke off.
struct Break(Option<io::Error>);

impl Read for Break {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        let fault = self.0.take();
        Err(fault.unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()))
    }
}
