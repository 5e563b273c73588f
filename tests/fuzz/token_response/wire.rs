//! A response as text that people can read and libFuzzer can change.
//!
//! ```text
//! 401
//! retry-after: 7
//!
//! {"error": "invalid_client", "error_description": "not $SECRET"}
//! ```

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::canary;

/// Reads a response from any text: without a status it is the body of a success.
pub(crate) fn read(text: &[u8]) -> Response<Vec<u8>> {
    let text = canary::planted(text);
    let (head, body) = halves(&text);
    let (status, headers) = parts(head, b'\n');
    let Ok(status) = StatusCode::from_bytes(status) else {
        return Response::new(text);
    };
    let mut response = Response::new(body.to_vec());
    *response.status_mut() = status;
    *response.headers_mut() = read_headers(headers);
    response
}

fn halves(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.windows(2).position(|two| two == b"\n\n");
    end.map_or((text, &[]), |end| (&text[..end], &text[end + 2..]))
}

/// Returns the headers; lines that are none are left out.
fn read_headers(lines: &[u8]) -> HeaderMap {
    let lines = lines.split(|byte| *byte == b'\n').take(MOST_HEADERS);
    lines.filter_map(read_header).collect()
}

fn read_header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = parts(line, b':');
    let value = HeaderValue::from_bytes(value.trim_ascii()).ok()?;
    Some((HeaderName::from_bytes(name).ok()?, value))
}

fn parts(text: &[u8], between: u8) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == between);
    end.map_or((text, &[]), |end| (&text[..end], &text[end + 1..]))
}

const MOST_HEADERS: usize = 64;
