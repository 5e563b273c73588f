//! Links of the API that lead back through the proxy.

/// The origin behind the proxy, and the URL of the proxy that stands in its place.
#[derive(Clone, Debug)]
pub(super) struct Links {
    /// The origin as APIs may write it: also with `http:`, as a site does whose TLS ends in front of it.
    origins: Vec<String>,
    /// `http://` and the host under which the program called the proxy.
    proxy: String,
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To the origin: the same link, through the proxy.
    Inside(String),
    /// To another origin.
    Outside,
}

/// How far the beginning of a link is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// It may still become the origin.
    Open,
    /// It is this origin, up to a character that ends it.
    Origin,
    /// It is something else.
    Other,
}

impl Links {
    /// Creates the links of this origin, for a program that called the proxy under this host.
    pub(super) fn new(origin: &str, host: &str) -> Self {
        let unencrypted = origin
            .strip_prefix("https:")
            .map(|rest| format!("http:{rest}"));
        Self {
            origins: [origin.to_owned()].into_iter().chain(unencrypted).collect(),
            proxy: format!("http://{host}"),
        }
    }

    /// Returns the URL of the proxy, without a path.
    pub(super) fn proxy(&self) -> &str {
        &self.proxy
    }

    /// Returns where a `Location` leads. A reference without an origin is relative to the request.
    pub(super) fn target(&self, location: &str) -> Target {
        match self.after_origin(location) {
            Some(rest) => Target::Inside(format!("{}{rest}", self.proxy)),
            None if is_relative(location) => Target::Inside(location.to_owned()),
            None => Target::Outside,
        }
    }

    /// Returns how far these first bytes of a link are known.
    pub(super) fn beginning(&self, bytes: &[u8]) -> Beginning {
        let starts = |text: &str, with: &[u8]| {
            let start = text.as_bytes().get(..with.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(with))
        };
        let known = std::str::from_utf8(bytes);
        if known.is_ok_and(|known| {
            self.after_origin(known)
                .is_some_and(|rest| !rest.is_empty())
        }) {
            Beginning::Origin
        } else if self.origins.iter().any(|origin| starts(origin, bytes)) {
            Beginning::Open
        } else {
            Beginning::Other
        }
    }

    /// Returns what comes after the origin, which a path, a query or the end may follow.
    fn after_origin<'a>(&self, url: &'a str) -> Option<&'a str> {
        let rest = self.origins.iter().find_map(|origin| {
            let (start, rest) = url.split_at_checked(origin.len())?;
            start.eq_ignore_ascii_case(origin).then_some(rest)
        })?;
        (rest.is_empty() || rest.starts_with(ENDS)).then_some(rest)
    }
}

/// Reports whether a reference has neither a scheme nor a host. Browsers take a backslash for a slash, and
/// leave out tabs and line breaks.
fn is_relative(reference: &str) -> bool {
    let path = reference.split(['?', '#']).next().unwrap_or_default();
    let scheme = path
        .split('/')
        .next()
        .is_some_and(|first| first.contains(':'));
    let is_odd = path.contains(|c: char| c == '\\' || c.is_ascii_control() || c == ' ');
    !(scheme || is_odd || path.starts_with("//"))
}

/// What may follow an origin in a URL, or end a text in JSON.
const ENDS: [char; 4] = ['/', '?', '#', '"'];

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Links {
        Links::new("https://lms.example.org", "127.0.0.1:8080")
    }

    #[test]
    fn a_link_to_the_origin_leads_through_the_proxy() {
        for (location, through) in [
            (
                "https://lms.example.org/a/?page=2",
                "http://127.0.0.1:8080/a/?page=2",
            ),
            ("http://lms.example.org/a/", "http://127.0.0.1:8080/a/"),
            ("HTTPS://LMS.example.org?a", "http://127.0.0.1:8080?a"),
            ("https://lms.example.org", "http://127.0.0.1:8080"),
            ("/a/", "/a/"),
            ("../a:b", "../a:b"),
            ("?page=2", "?page=2"),
        ] {
            let expected = Target::Inside(through.to_owned());
            assert_eq!(links().target(location), expected, "{location}");
        }
    }

    #[test]
    fn a_link_to_another_origin_is_known() {
        for location in [
            "https://evil.example/",
            "https://lms.example.org.evil.example/",
            "https://lms.example.org:8443/",
            "https://lms.example.org@evil.example/",
            "//evil.example/",
            "\\\\evil.example/",
            "/\\evil.example/",
            "/\t/evil.example/",
            "javascript:alert(1)",
            "https:evil.example",
        ] {
            assert_eq!(links().target(location), Target::Outside, "{location}");
        }
    }

    #[test]
    fn a_link_is_open_until_a_character_ends_its_origin() {
        for (bytes, known) in [
            ("", Beginning::Open),
            ("http", Beginning::Open),
            ("https://lms.example.org", Beginning::Open),
            ("https://lms.example.org/", Beginning::Origin),
            ("http://lms.example.org?", Beginning::Origin),
            ("https://lms.example.org.", Beginning::Other),
            ("https://lms.example.net", Beginning::Other),
            ("/api/", Beginning::Other),
        ] {
            assert_eq!(links().beginning(bytes.as_bytes()), known, "{bytes}");
        }
    }
}
