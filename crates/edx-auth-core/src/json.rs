//! JSON objects whose members are read one by one.

use alloc::collections::BTreeMap;
use alloc::string::String;
use core::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The members of a JSON object, each still as text, so that one of an unexpected type does not hide
/// the others. A name that occurs twice, with two values, makes the object unreadable: JSON does not say
/// which counts.
#[derive(Debug, Default)]
pub(crate) struct Members<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    /// Reads a text that is a JSON object, and nothing else.
    pub(crate) fn of(text: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// Returns a member as it is written.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(|value| value.get())
    }

    /// Returns a member if it has this type.
    pub(crate) fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.raw(name)?).ok()
    }

    /// Returns a member that is an object itself.
    pub(crate) fn object(&self, name: &str) -> Option<Self> {
        Self::of(self.raw(name)?.as_bytes())
    }

    /// Returns the names in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<_, &RawValue>()? {
            let other = members.insert(name, value);
            let is_ambiguous = other.is_some_and(|other| other.get() != value.get());
            if is_ambiguous || members.len() > MOST_MEMBERS {
                return Err(A::Error::custom("two values of a name, or too many names"));
            }
        }
        Ok(Members(members))
    }
}

/// Returns a body without its byte order mark and the whitespace before it begins.
pub(crate) fn text(body: &[u8]) -> &[u8] {
    let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    text.trim_ascii_start()
}

/// Returns a body as text, for callers that only classify it and take no token from it. It is read
/// leniently: without its byte order mark, with `\u{fffd}` for bytes that are not UTF-8, and with
/// spaces for control characters, which JSON does not allow in a string.
pub(crate) fn readable(body: &[u8]) -> Zeroizing<String> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let mut text = Zeroizing::new(String::with_capacity(3 * body.len()));
    for chunk in body.utf8_chunks() {
        text.extend(chunk.valid().chars().map(blank_of_control));
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

fn blank_of_control(character: char) -> char {
    if character.is_ascii_control() {
        ' '
    } else {
        character
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How many members an object may have: a hundred times as many as a response of Django REST framework
/// has. A body of 64 MiB with millions of names would take ten times its size in memory.
const MOST_MEMBERS: usize = 1000;

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn a_member_of_an_unexpected_type_hides_no_other() {
        let members = Members::of(br#"{"a": 1e400, "b": "x", "c": {"d": null}}"#).unwrap();

        assert_eq!(members.get::<String>("b").as_deref(), Some("x"));
        assert_eq!(members.get::<String>("a"), None);
        assert_eq!(members.object("b").map(|_| ()), None);
        assert_eq!(members.object("c").unwrap().raw("d"), Some("null"));
        assert_eq!(members.names().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn only_one_object_with_one_value_for_each_name_is_read() {
        let many = |count| {
            let members: Vec<_> = (0..count).map(|name| format!(r#""{name}":1"#)).collect();
            format!("{{{}}}", members.join(","))
        };
        for (text, is_read) in [
            ("{}", true),
            (r#" {"a": [[[]]]} "#, true),
            (r#"{"a": 1, "a": 1}"#, true),
            (r#"{"a": 1, "a": 2}"#, false),
            (r#"{"a": 1} x"#, false),
            (r#"{"a": "#, false),
            ("[]", false),
            ("null", false),
            ("", false),
            (&many(MOST_MEMBERS), true),
            (&many(MOST_MEMBERS + 1), false),
        ] {
            assert_eq!(Members::of(text.as_bytes()).is_some(), is_read, "{text}");
        }
    }
}
