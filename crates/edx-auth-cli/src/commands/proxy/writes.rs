//! Where programs may write.

use std::str::FromStr;

use http::Method;

use super::admission::leads_upwards;

/// The paths below which programs may do more than read.
#[derive(Debug, Default)]
pub(super) struct WritablePaths(Vec<WritablePath>);

/// A path, and all paths below it.
#[derive(Clone, Debug)]
pub(super) struct WritablePath(String);

/// A path that does not begin with a slash, has a query, or can be read in more than one way.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a path begins with a slash and has neither a query, `%`, `//` nor dot segments, such as /api/enrollment/v1"
)]
pub(super) struct WritablePathError;

impl WritablePaths {
    /// Reports whether this method may be sent to this path.
    pub(super) fn allow(&self, method: &Method, path: &str) -> bool {
        WRITES.contains(method) && self.0.iter().any(|writable| writable.contains(path))
    }
}

impl FromIterator<WritablePath> for WritablePaths {
    fn from_iter<T: IntoIterator<Item = WritablePath>>(paths: T) -> Self {
        Self(paths.into_iter().collect())
    }
}

impl WritablePath {
    fn contains(&self, path: &str) -> bool {
        let below = path.strip_prefix(&self.0);
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }
}

/// A slash at the end changes nothing: the path itself is included.
impl FromStr for WritablePath {
    type Err = WritablePathError;

    fn from_str(path: &str) -> Result<Self, WritablePathError> {
        let is_plain = !path.contains(['?', '#', '%']) && !path.contains("//");
        if path.starts_with('/') && is_plain && !leads_upwards(path) {
            Ok(Self(path.trim_end_matches('/').to_owned()))
        } else {
            Err(WritablePathError)
        }
    }
}

const WRITES: [Method; 4] = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writable_path_is_a_path() {
        for path in [
            "",
            "api",
            "https://lms.example.org/api",
            "/api?a=b",
            "/api#a",
            "/api/../admin",
            "/api/%61",
            "/api//a",
        ] {
            assert!(path.parse::<WritablePath>().is_err(), "{path}");
        }
        let all = WritablePaths::from_iter("/".parse());
        assert!(all.allow(&Method::POST, "/api/"));
    }
}
