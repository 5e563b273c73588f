//! Reads some fields of a JSON object, with every value of a field that occurs more than once.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// The raw values of the fields with these names, in the order in which they were read. Values stay
/// raw, so that one of an unexpected type does not hide the others.
pub(super) struct Fields<'a, const N: usize> {
    names: [&'static str; N],
    /// The first value of each field.
    first: [Option<&'a RawValue>; N],
    /// Further values, each with the place of its name in `names`. Nearly always empty, and then without an
    /// allocation.
    repeated: Vec<(usize, &'a RawValue)>,
}

impl<'a, const N: usize> Fields<'a, N> {
    pub(super) fn named(names: [&'static str; N]) -> Self {
        Self {
            names,
            first: [None; N],
            repeated: Vec::new(),
        }
    }

    /// Reads a text that has to be one JSON object. The fields before an error are kept.
    pub(super) fn read(&mut self, text: &'a str) -> Result<(), serde_json::Error> {
        let mut json = serde_json::Deserializer::from_str(text);
        json.deserialize_map(self)?;
        json.end()
    }

    /// Returns every value of the field whose name is at this place in the list of names.
    pub(super) fn all(&self, place: usize) -> impl Iterator<Item = &'a RawValue> {
        let first = self.first.get(place).copied().flatten();
        let repeated = self.repeated.iter().filter(move |(own, _)| *own == place);
        first.into_iter().chain(repeated.map(|(_, value)| *value))
    }

    /// Like [`all`](Self::all), but returns only values that are strings.
    pub(super) fn texts(&self, place: usize) -> impl Iterator<Item = Text<'a>> {
        self.all(place).filter_map(text)
    }
}

impl<'a, const N: usize> Visitor<'a> for &mut Fields<'a, N> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(place) = map.next_key_seed(Place(&self.names))? {
            let value: &RawValue = map.next_value()?;
            match place.and_then(|place| Some((place, self.first.get_mut(place)?))) {
                Some((_, first @ None)) => *first = Some(value),
                Some((place, _)) => self.repeated.push((place, value)),
                None => {}
            }
        }
        Ok(())
    }
}

/// Finds the place of a name in a list.
struct Place<'a>(&'a [&'static str]);

impl<'a> DeserializeSeed<'a> for Place<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'a>>(self, name: D) -> Result<Self::Value, D::Error> {
        name.deserialize_str(self)
    }
}

impl Visitor<'_> for Place<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| *known == name))
    }
}

/// The text of a JSON string. It is a copy only if escapes had to be replaced by their characters
/// ([RFC 8259 section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7)).
pub(super) enum Text<'a> {
    Plain(&'a str),
    Unescaped(Zeroizing<String>),
}

/// Returns the text of a value that is a string.
pub(super) fn text(value: &RawValue) -> Option<Text<'_>> {
    let inner = value.get().strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_some() {
        let unescaped = serde_json::from_str(value.get()).ok();
        unescaped.map(Zeroizing::new).map(Text::Unescaped)
    } else {
        Some(Text::Plain(inner))
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Unescaped(text) => text,
        }
    }
}

impl Default for Text<'_> {
    fn default() -> Self {
        Self::Plain("")
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(json: &str) -> (Vec<String>, bool) {
        let mut fields = Fields::named(["a"]);
        let is_whole = fields.read(json).is_ok();
        let texts = fields.texts(0).map(|text| String::from(&*text));
        (texts.collect(), is_whole)
    }

    #[test]
    fn every_value_of_a_field_is_found_even_if_its_name_has_escapes() {
        let (found, is_whole) = texts(r#"{"a": "x", "b": "-", "\u0061": "\u0079", "a": 5}"#);

        assert_eq!(found, ["x", "y"]);
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
