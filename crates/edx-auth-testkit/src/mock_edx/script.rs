use std::fmt;
use std::time::Duration;

use super::reply::Reply;

/// What is done on a connection for one request.
#[derive(Clone)]
pub(crate) enum Script {
    Reply(Reply),
    ReplyThenClose(Reply),
    Bytes(Vec<u8>),
    Endless { head: Vec<u8>, chunk: Vec<u8> },
    Drip { bytes: Vec<u8>, every: Duration },
    Stall,
    Reset,
}

/// Shows what kind of script it is and none of its bytes: a test may have put a token there.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reply(_) => "Reply",
            Self::ReplyThenClose(_) => "ReplyThenClose",
            Self::Bytes(_) => "Bytes",
            Self::Endless { .. } => "Endless",
            Self::Drip { .. } => "Drip",
            Self::Stall => "Stall",
            Self::Reset => "Reset",
        })
    }
}
