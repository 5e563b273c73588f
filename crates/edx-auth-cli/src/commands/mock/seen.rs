//! What the checks of a client look at.

use edx_auth_testkit::{MockEdx, ReceivedRequest};

/// A request to the site or to the other origin.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) what: What,
    pub(super) status: u16,
    /// Whether it has a token or a client secret.
    pub(super) has_secret: bool,
}

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A token.
    Token,
    /// A page of the list, counted from 1.
    Page(usize),
    /// Something that leads to the other origin.
    WayOut,
    /// Anything at the other origin.
    OtherOrigin,
    /// Anything else at the site.
    Else,
}

impl Seen {
    /// Reads a request to the site that is examined.
    pub(super) fn at_site(request: &ReceivedRequest, list: &str, ways_out: &[&str]) -> Self {
        let what = match request.path() {
            MockEdx::TOKEN_PATH => What::Token,
            path if path == list => What::Page(page(request.query().unwrap_or_default())),
            path if ways_out.contains(&path) => What::WayOut,
            _ => What::Else,
        };
        Self::of(request, what)
    }

    /// Reads a request to the other origin.
    pub(super) fn elsewhere(request: &ReceivedRequest) -> Self {
        Self::of(request, What::OtherOrigin)
    }

    fn of(request: &ReceivedRequest, what: What) -> Self {
        Self {
            what,
            status: request.status().unwrap_or_default(),
            has_secret: request.client_secret().is_some()
                || request.token().is_some()
                || request.header("authorization").is_some(),
        }
    }
}

/// Returns the number of the page that a query names: the first without one.
fn page(query: &str) -> usize {
    let mut fields = query.rsplit('&');
    let number = fields.find_map(|field| field.strip_prefix("page="));
    number.and_then(|number| number.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_query_names_a_page_or_means_the_first() {
        for (query, number) in [
            ("", 1),
            ("page=3", 3),
            ("page_size=5&page=2", 2),
            ("page=x", 1),
        ] {
            assert_eq!(page(query), number, "{query}");
        }
    }
}
