//! One response of Redis, in its protocol RESP2.

use std::str;

use zeroize::Zeroizing;

use crate::RedisError;

/// A response. Its text may be a token.
pub(crate) enum Response {
    Text(Zeroizing<Vec<u8>>),
    Number(i64),
    Nothing,
    List(Vec<Self>),
}

/// Why these bytes are no response.
enum Lack {
    /// The rest is still to come.
    Rest,
    Failed(RedisError),
}

impl Response {
    /// Reads a response; `None` if these bytes are only a part of one.
    ///
    /// # Errors
    /// Returns an error if they do not begin as a response, or if the response is an error.
    pub(crate) fn read(mut bytes: &[u8]) -> Result<Option<Self>, RedisError> {
        let read = match line(&mut bytes) {
            Ok((b'*', length)) => list(length, &mut bytes),
            Ok((kind, text)) => one(kind, text, &mut bytes),
            Err(lack) => Err(lack),
        };
        match read {
            Ok(response) => Ok(Some(response)),
            Err(Lack::Rest) => Ok(None),
            Err(Lack::Failed(error)) => Err(error),
        }
    }
}

/// Takes the elements of a list. No response that is expected here has a list in a list.
fn list(length: &[u8], bytes: &mut &[u8]) -> Result<Response, Lack> {
    let elements = (0..size(length)?).map(|_| {
        let (kind, text) = line(bytes)?;
        one(kind, text, bytes)
    });
    elements.collect::<Result<_, _>>().map(Response::List)
}

fn one(kind: u8, text: &[u8], bytes: &mut &[u8]) -> Result<Response, Lack> {
    match kind {
        b'+' => Ok(Response::Text(text.to_vec().into())),
        b'-' => Err(Lack::Failed(RedisError::of_server(text))),
        b':' => Ok(Response::Number(number(text)?)),
        b'$' if text == b"-1" => Ok(Response::Nothing),
        b'$' => Ok(Response::Text(take(size(text)?, bytes)?.to_vec().into())),
        _ => Err(DAMAGED),
    }
}

/// Takes a line: its first byte, and the text after it.
fn line<'a>(bytes: &mut &'a [u8]) -> Result<(u8, &'a [u8]), Lack> {
    let end = bytes.iter().position(|byte| *byte == b'\r');
    let line = take(end.ok_or(Lack::Rest)?, bytes)?;
    let (kind, text) = line.split_first().ok_or(DAMAGED)?;
    Ok((*kind, text))
}

/// Takes this many bytes, and the end of a line after them.
fn take<'a>(length: usize, bytes: &mut &'a [u8]) -> Result<&'a [u8], Lack> {
    let (taken, after) = bytes.split_at_checked(length).ok_or(Lack::Rest)?;
    *bytes = match after {
        [b'\r', b'\n', rest @ ..] => rest,
        [] | [b'\r'] => return Err(Lack::Rest),
        _ => return Err(DAMAGED),
    };
    Ok(taken)
}

fn size(text: &[u8]) -> Result<usize, Lack> {
    usize::try_from(number(text)?).map_err(|_| DAMAGED)
}

fn number(text: &[u8]) -> Result<i64, Lack> {
    let text = str::from_utf8(text).map_err(|_| DAMAGED)?;
    text.parse().map_err(|_| DAMAGED)
}

const DAMAGED: Lack = Lack::Failed(RedisError::NotRedis);

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows a response in one line.
    fn shown(response: &Response) -> String {
        match response {
            Response::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Response::Number(number) => number.to_string(),
            Response::Nothing => "nothing".to_owned(),
            Response::List(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        }
    }

    #[test]
    fn every_kind_of_response_is_read_and_a_part_of_it_is_not_enough() {
        for (bytes, expected) in [
            ("+OK\r\n", "OK"),
            (":-2\r\n", "-2"),
            ("$-1\r\n", "nothing"),
            ("$4\r\na\r\nb\r\n", "a\r\nb"),
            ("$0\r\n\r\n", ""),
            ("*2\r\n$3\r\na.b\r\n:7\r\n", "a.b, 7"),
        ] {
            let response = Response::read(bytes.as_bytes()).unwrap();
            assert_eq!(shown(&response.unwrap()), expected);
            for end in 0..bytes.len() {
                let part = Response::read(&bytes.as_bytes()[..end]);
                assert!(matches!(part, Ok(None)), "{bytes:?} {end}");
            }
        }
    }

    #[test]
    fn what_is_no_response_is_named() {
        for bytes in [
            "HTTP/1.1 400 Bad Request\r\n",
            "\r\n",
            "+OK\r+",
            ":many\r\n",
            "$-2\r\n",
            "$1\r\nab\r\n",
            "$99999999999999999999\r\n",
            "*1\r\n*1\r\n",
            "*-1\r\n",
        ] {
            let read = Response::read(bytes.as_bytes());
            assert!(matches!(read, Err(RedisError::NotRedis)), "{bytes:?}");
        }
    }

    #[test]
    fn an_error_is_an_error_in_a_list_too() {
        for bytes in ["-OOM full\r\n", "*1\r\n-OOM full\r\n"] {
            let read = Response::read(bytes.as_bytes());
            assert!(matches!(read, Err(RedisError::Full("OOM"))));
        }
    }

    #[test]
    fn a_list_of_many_elements_takes_no_room_before_they_come() {
        let read = Response::read(b"*9223372036854775807\r\n:1\r\n");
        assert!(matches!(read, Ok(None)));
    }
}
