//! The body of a response: exact text, or its shape if it contains a token or a URL of the site.

use serde_json::{Value, json};

use crate::jwt;

/// The body of a response.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// No body.
    Empty,
    /// Exactly this text.
    Exactly(&'static str),
    /// An HTML page.
    Html,
    /// A token.
    Token(Grant),
    /// A page of the list of catalogs.
    Catalogs(Page),
}

/// A successful token response.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// The signing algorithm in the token's header, or `None` for an opaque token.
    pub algorithm: Option<&'static str>,
    /// The number as text, exactly as written.
    pub expires_in: &'static str,
    /// The scopes, separated by spaces.
    pub scope: &'static str,
}

/// One page of a paginated list of edX's `DefaultPagination`.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Path and query of the next page.
    pub next: Option<&'static str>,
    /// Path and query of the previous page.
    pub previous: Option<&'static str>,
    /// Entries per page.
    pub size: u64,
    /// This page, counted from one.
    pub number: u64,
}

impl Body {
    /// Returns a body of this shape.
    pub(super) fn render(&self) -> Vec<u8> {
        let text = match self {
            Self::Empty => String::new(),
            Self::Exactly(text) => (*text).to_owned(),
            Self::Html => HTML_PAGE.to_owned(),
            Self::Token(grant) => grant.render(&grant.sample_token()),
            Self::Catalogs(page) => page.render(SAMPLE_SITE).to_string(),
        };
        text.into_bytes()
    }

    /// Returns how `body`, from the site at `base`, differs from this shape, if it does.
    pub(super) fn difference(&self, body: &[u8], base: &str) -> Option<String> {
        let text = String::from_utf8_lossy(body);
        let alike = match self {
            Self::Empty => text.is_empty(),
            Self::Exactly(expected) => text == *expected,
            Self::Html => text.trim_start().starts_with("<!doctype html>"),
            Self::Token(grant) => grant.is(&text),
            Self::Catalogs(page) => page.is(&text, base),
        };
        (!alike).then(|| format!("body {text:?}, not {self:?}"))
    }
}

impl Grant {
    fn token_type(&self) -> &'static str {
        if self.algorithm.is_some() {
            "JWT"
        } else {
            "Bearer"
        }
    }

    /// Returns the exact bytes of the response except for its token: key order and spaces are recorded.
    fn render(&self, token: &str) -> String {
        format!(
            r#"{{"access_token": "{token}", "expires_in": {}, "token_type": "{}", "scope": "{}"}}"#,
            self.expires_in,
            self.token_type(),
            self.scope
        )
    }

    fn is(&self, text: &str) -> bool {
        let response: Value = serde_json::from_str(text).unwrap_or_default();
        let token = response
            .get("access_token")
            .and_then(Value::as_str)
            .unwrap_or_default();
        text == self.render(token) && self.is_granted_by(token)
    }

    fn is_granted_by(&self, token: &str) -> bool {
        let Some(algorithm) = self.algorithm else {
            return token.len() == 30 && token.chars().all(|c| c.is_ascii_alphanumeric());
        };
        jwt::decode(token).is_some_and(|(header, claims)| {
            header == json!({"alg": algorithm, "typ": "JWT"}) && self.is_told_by(&claims)
        })
    }

    /// Returns whether all claims exist, and match the lifetime and the scopes of the response.
    fn is_told_by(&self, claims: &Value) -> bool {
        let seconds = |name| claims.get(name).and_then(Value::as_u64);
        let (Some(born), Some(dies)) = (seconds("iat"), seconds("exp")) else {
            return false;
        };
        names(claims) == names(&jwt::claims("", 0, 0))
            && claims.get("scopes") == Some(&self.scopes())
            && self
                .expires_in
                .parse()
                .is_ok_and(|life: u64| born + life == dies)
    }

    fn scopes(&self) -> Value {
        self.scope.split(' ').collect()
    }

    fn sample_token(&self) -> String {
        let Some(algorithm) = self.algorithm else {
            return SAMPLE_OPAQUE_TOKEN.to_owned();
        };
        let lifetime = self
            .expires_in
            .parse()
            .expect("a whole number for a JWT's life");
        let mut claims = jwt::claims(&format!("{SAMPLE_SITE}/oauth2"), SAMPLE_MOMENT, lifetime);
        if let Some(scopes) = claims.get_mut("scopes") {
            *scopes = self.scopes();
        }
        match algorithm {
            "HS256" => jwt::sign(&claims, SAMPLE_KEY),
            // As long as an RSA signature; only the site could verify it.
            other => jwt::with_signature(other, &claims, &[0x5a; 256]),
        }
    }
}

fn names(claims: &Value) -> Vec<&String> {
    claims
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys)
        .collect()
}

impl Page {
    fn render(&self, base: &str) -> Value {
        let url = |target: Option<&str>| target.map(|target| format!("{base}{target}"));
        let start = (self.number - 1) * self.size;
        let ids = start + 1..=(start + self.size).min(CATALOGS);
        let catalogs = ids.map(|id| json!({"id": id, "name": format!("Catalog {id}")}));
        json!({
            "next": url(self.next),
            "previous": url(self.previous),
            "count": CATALOGS,
            "num_pages": CATALOGS.div_ceil(self.size),
            "current_page": self.number,
            "start": start,
            "results": catalogs.collect::<Value>(),
        })
    }

    fn is(&self, text: &str, base: &str) -> bool {
        serde_json::from_str::<Value>(text).is_ok_and(|page| page == self.render(base))
    }
}

const SAMPLE_SITE: &str = "http://localhost:18000";
const SAMPLE_KEY: &str = "the signing key of a sample site";
const SAMPLE_MOMENT: u64 = 1_795_280_513;
const SAMPLE_OPAQUE_TOKEN: &str = "Zq3kV0sYb8TnJ5uWc1XfRg7LhP2mDa";
const HTML_PAGE: &str =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>An error</title>\n</head>\n</html>\n";
const CATALOGS: u64 = 25;
