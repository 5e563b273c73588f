//! The part of `multipart/form-data` (RFC 7578) that HTTP clients use for plain fields.

/// Returns the named parts of a body, or none if the boundary is missing.
pub(super) fn fields(parameters: &str, body: &[u8]) -> Vec<(String, String)> {
    let Some(boundary) = parameter(parameters, "boundary") else {
        return Vec::new();
    };
    // Every delimiter but the first begins with the line break that ends the part before it.
    let body = format!("\r\n{}", String::from_utf8_lossy(body));
    body.split(&format!("\r\n--{boundary}"))
        .filter_map(field)
        .collect()
}

fn field(part: &str) -> Option<(String, String)> {
    let (head, value) = part.split_once("\r\n\r\n")?;
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    let name = parameter(disposition, "name")?;
    Some((name.to_owned(), value.to_owned()))
}

/// Returns the value of `name=value` in a list separated by semicolons, without its quotes.
fn parameter<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.split(';').find_map(|parameter| {
        let (known, value) = parameter.trim().split_once('=')?;
        known
            .eq_ignore_ascii_case(name)
            .then(|| value.trim_matches('"'))
    })
}
