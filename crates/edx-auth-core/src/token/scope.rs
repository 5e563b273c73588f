//! The scope of a token.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use core::{fmt, mem};

use thiserror::Error;

/// A set of scope names ([RFC 6749 section 3.3][rfc]). Their order does not matter.
///
/// ```
/// use edx_auth_core::Scope;
///
/// let scope = Scope::new("email read")?;
/// assert!(scope.contains("read"));
/// assert_eq!(scope, Scope::new("read email")?);
/// # Ok::<(), edx_auth_core::ScopeError>(())
/// ```
///
/// [rfc]: https://www.rfc-editor.org/rfc/rfc6749#section-3.3
#[derive(Clone, Debug)]
pub struct Scope(Box<str>);

/// The error for a text that is not a scope: it is empty, or a name contains a character that is
/// not allowed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the scope is empty or contains a character that is not allowed in a scope name")]
#[non_exhaustive]
pub struct ScopeError;

impl ScopeError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        "Write ASCII scope names separated by single spaces, such as `read email`, or request no \
         scope to get the application's default."
    }
}

impl Scope {
    /// Parses scope names that are separated by spaces.
    ///
    /// # Errors
    /// Returns an error if there is no name, or if a name contains a quote, a backslash, a control
    /// character or a non-ASCII character.
    pub fn new(names: &str) -> Result<Self, ScopeError> {
        let scope = Self::readable(names);
        let complete = names
            .split(' ')
            .all(|name| name.is_empty() || is_name(name));
        if scope.0.is_empty() || !complete {
            return Err(ScopeError);
        }
        Ok(scope)
    }

    /// Parses the scope of a response and drops invalid names, so that the token can still be used.
    pub(crate) fn readable(names: &str) -> Self {
        if are_names(names) {
            return Self(names.into());
        }
        let mut kept = String::with_capacity(names.len());
        for name in names.split(' ').filter(|name| is_name(name)) {
            if !kept.is_empty() {
                kept.push(' ');
            }
            kept.push_str(name);
        }
        Self(kept.into())
    }

    /// Returns the names in their original order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_terminator(' ')
    }

    /// Reports whether the scope contains this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|own| own == name)
    }

    /// Returns the names separated by single spaces.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        have_same_items(self.iter(), other.iter())
    }
}

impl Eq for Scope {}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reports whether both have the same items, in any order and number. A site chooses how many there are, so
/// they are sorted, and not each compared with each.
fn have_same_items<T: Ord>(one: impl Iterator<Item = T>, other: impl Iterator<Item = T>) -> bool {
    let [one, other] = [one.collect(), other.collect::<BTreeSet<_>>()];
    one == other
}

/// Reports whether the text is names separated by single spaces.
fn are_names(text: &str) -> bool {
    let mut last = b' ';
    let mut fits = |byte| {
        let before = mem::replace(&mut last, byte);
        is_in_name(byte) || byte == b' ' && before != b' '
    };
    text.bytes().all(&mut fits) && last != b' '
}

/// Reports whether the text is `1*( %x21 / %x23-5B / %x5D-7E )`.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_in_name)
}

fn is_in_name(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'"' && byte != b'\\'
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;
    use core::cmp::Ordering;

    use super::*;

    /// A number that counts how often one is compared.
    struct Counted<'a>(u32, &'a Cell<u32>);

    impl Ord for Counted<'_> {
        fn cmp(&self, other: &Self) -> Ordering {
            self.1.set(self.1.get() + 1);
            self.0.cmp(&other.0)
        }
    }

    impl PartialOrd for Counted<'_> {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }

    impl PartialEq for Counted<'_> {
        fn eq(&self, other: &Self) -> bool {
            self.cmp(other).is_eq()
        }
    }

    impl Eq for Counted<'_> {}

    #[test]
    fn a_thousand_names_are_not_each_compared_with_each() {
        let comparisons = Cell::new(0);
        let names = (0..1000).map(|name| Counted(name, &comparisons));

        assert!(have_same_items(names.clone(), names.rev()));

        assert!(comparisons.get() < 100_000, "{}", comparisons.get());
    }

    #[test]
    fn the_order_of_the_names_does_not_matter() {
        let guide = Scope::new("read write profile email").unwrap();
        let server = Scope::new("read write email profile").unwrap();

        assert_eq!(guide, server);
        assert_ne!(guide, Scope::new("read write").unwrap());
    }

    #[test]
    fn a_repeated_name_counts_once() {
        let twice = Scope::new("read email read").unwrap();

        assert_eq!(twice, Scope::new("email read").unwrap());
        assert_ne!(twice, Scope::new("read read read").unwrap());
    }

    #[test]
    fn an_invalid_name_is_rejected_in_a_request() {
        for names in ["", " ", "re\"ad", "re\\ad", "read\nwrite", "läsen"] {
            assert_eq!(Scope::new(names).err(), Some(ScopeError), "{names:?}");
        }
    }

    #[test]
    fn an_invalid_name_is_left_out_of_a_response() {
        assert_eq!(
            Scope::readable("read  \u{1b}[31m write").as_str(),
            "read write"
        );
        assert_eq!(Scope::readable("").iter().count(), 0);
    }

    #[test]
    fn names_are_separated_by_single_spaces() {
        for names in ["read write", "read  write", " read write", "read write "] {
            assert_eq!(Scope::readable(names).as_str(), "read write", "{names:?}");
        }
    }

    #[test]
    fn the_error_says_what_to_do() {
        assert!(ScopeError.advice().contains("such as `read email`"));
    }
}
