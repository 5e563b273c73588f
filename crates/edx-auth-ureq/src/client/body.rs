//! The body of an API response, whose beginning is put back after it was inspected.

use std::io::{self, Cursor, Read};

use edx_auth_driver::ApiCall;
use ureq::{Body, BodyReader};

use crate::read_limit;

/// A body whose beginning may have been read.
pub(super) enum PeekedBody {
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

impl PeekedBody {
    /// Reads the beginning of a body: this many bytes, or all there are. Over an agent of this crate, it stops
    /// after [`ApiCall::PEEK_TIME`], so that a slow body does not hold the status back for long.
    pub(super) fn peek(body: Body, length: usize) -> Self {
        if length == 0 {
            return Self::Untouched(body);
        }
        let mime_type = body.mime_type().map(String::from);
        let mut beginning = Vec::new();
        let rest = peek(body.into_reader(), length, &mut beginning);
        Self::Peeked {
            mime_type,
            beginning,
            rest,
        }
    }

    /// Returns the whole body.
    pub(super) fn into_body(self) -> Body {
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
        // Without its charset: if ureq's feature of that name is on, it was decoded already.
        match rest {
            Rest::Nothing => body.data(beginning),
            Rest::More(rest) => body.reader(Cursor::new(beginning).chain(rest)),
            Rest::Broken(error) => body.reader(Cursor::new(beginning).chain(Broken(Some(error)))),
        }
    }
}

/// Returns the beginning, as far as it was read.
impl AsRef<[u8]> for PeekedBody {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Untouched(_) => &[],
            Self::Peeked { beginning, .. } => beginning,
        }
    }
}

fn peek(mut body: BodyReader<'static>, length: usize, beginning: &mut Vec<u8>) -> Rest {
    let mut prefix = (&mut body).take(length as u64);
    match read_limit::limited(ApiCall::PEEK_TIME, || prefix.read_to_end(beginning)) {
        Ok(read) if read < length => Rest::Nothing,
        Ok(_) => Rest::More(body),
        Err(error) if read_limit::has_passed(&error) => Rest::More(body),
        Err(error) => Rest::Broken(error),
    }
}

/// A reader that returns the error with which a body ended.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        let error = self.0.take();
        Err(error.unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()))
    }
}
