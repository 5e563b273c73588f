//! Some fields of a JSON object, each as often as it occurs.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The raw values of the fields with these names, in the order in which they were read. Values stay
/// raw, so that one of an unexpected type does not hide the others.
pub(super) struct Fields<'a> {
    names: &'static [&'static str],
    found: Vec<(&'static str, &'a RawValue)>,
}

impl<'a> Fields<'a> {
    pub(super) fn named(names: &'static [&'static str]) -> Self {
        Self {
            names,
            found: Vec::new(),
        }
    }

    /// Reads a text that has to be one JSON object. The fields before an error are kept.
    pub(super) fn read(&mut self, text: &'a str) -> Result<(), serde_json::Error> {
        let mut json = serde_json::Deserializer::from_str(text);
        json.deserialize_map(self)?;
        json.end()
    }

    /// Returns every value of this field.
    pub(super) fn all(&self, name: &'static str) -> impl Iterator<Item = &'a RawValue> {
        let named = self.found.iter().filter(move |(own, _)| *own == name);
        named.map(|(_, value)| *value)
    }

    /// Returns every value of this field that is a string, without escapes.
    pub(super) fn texts(&self, name: &'static str) -> impl Iterator<Item = Zeroizing<String>> {
        self.all(name).filter_map(text)
    }
}

impl<'a> Visitor<'a> for &mut Fields<'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((name, value)) = map.next_entry::<&RawValue, _>()? {
            let name = text(name).unwrap_or_default();
            let known = self.names.iter().find(|known| **known == *name);
            self.found.extend(known.map(|known| (*known, value)));
        }
        Ok(())
    }
}

/// Returns the value if it is a string, with its escapes replaced by their characters ([RFC 8259
/// section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7)).
pub(super) fn text(value: &RawValue) -> Option<Zeroizing<String>> {
    serde_json::from_str(value.get()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(json: &str) -> (Vec<Zeroizing<String>>, bool) {
        let mut fields = Fields::named(&["a"]);
        let is_whole = fields.read(json).is_ok();
        (fields.texts("a").collect(), is_whole)
    }

    #[test]
    fn a_field_is_found_as_often_as_it_occurs_and_by_its_characters() {
        let (found, is_whole) = texts(r#"{"a": "x", "b": "-", "\u0061": "\u0079", "a": 5}"#);

        assert_eq!(
            found.iter().map(|text| &**text).collect::<Vec<_>>(),
            ["x", "y"]
        );
        assert!(is_whole);
    }

    #[test]
    fn the_fields_before_an_error_are_kept() {
        for json in [
            r#"{"a": "x""#,
            r#"{"a": "x", "b"#,
            r#"{"a": "x"} x"#,
            r#"{"a": "x",}"#,
        ] {
            let (found, is_whole) = texts(json);
            assert_eq!((found.len(), is_whole), (1, false), "{json}");
        }
        for json in ["", "[]", r#"["x"]"#, "\"x\"", r#"{"a": "x"#] {
            assert_eq!(texts(json), (Vec::new(), false), "{json}");
        }
    }
}
