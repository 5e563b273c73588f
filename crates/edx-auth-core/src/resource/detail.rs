//! Reads the error bodies of Open edX: `detail`, or a nested `developer_message`.

use alloc::string::String;

use serde::Deserialize;
use serde_json::value::RawValue;

/// The text and the error code of an error body; empty if they are missing.
///
/// REST framework sends `{"detail": ".."}`. The LMS's own views send `{"developer_message": ..,
/// "error_code": ".."}`, where the message may be such an object again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) text: String,
    pub(super) error_code: String,
}

/// Fields stay raw, so that one of an unexpected type does not hide the others.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
    #[serde(borrow)]
    developer_message: Option<&'a RawValue>,
    #[serde(borrow)]
    error_code: Option<&'a RawValue>,
}

impl Detail {
    /// Reads a body. One that is truncated or not JSON gives empty fields.
    pub(super) fn of(body: &[u8]) -> Self {
        match serde_json::from_slice::<Fields<'_>>(body) {
            Ok(fields) => fields.outer(),
            Err(_) => Self::default(),
        }
    }
}

impl Fields<'_> {
    fn outer(&self) -> Detail {
        let nested = self.developer_message.and_then(object);
        match nested {
            Some(nested) => nested.own(),
            None => self.own(),
        }
    }

    fn own(&self) -> Detail {
        let message = self.detail.or(self.developer_message);
        Detail {
            text: message.and_then(text).unwrap_or_default(),
            error_code: self.error_code.and_then(text).unwrap_or_default(),
        }
    }
}

fn object(value: &RawValue) -> Option<Fields<'_>> {
    serde_json::from_str(value.get()).ok()
}

fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_format_of_open_edx_is_read() {
        for (body, text, error_code) in [
            (r#"{"detail":"Invalid token."}"#, "Invalid token.", ""),
            (
                r#"{"developer_message":"Invalid token."}"#,
                "Invalid token.",
                "",
            ),
            (
                r#"{"developer_message":"expired","error_code":"token_expired"}"#,
                "expired",
                "token_expired",
            ),
            (
                r#"{"developer_message":{"error_code":"token_expired","developer_message":"x"}}"#,
                "x",
                "token_expired",
            ),
            (
                r#"{"developer_message":{"detail":"Invalid token."}}"#,
                "Invalid token.",
                "",
            ),
            (r#"{"detail":["Invalid token."]}"#, "", ""),
            (r#"{"detail":5,"error_code":"x"}"#, "", "x"),
            (r#"{"message":"Forbidden"}"#, "", ""),
            (r#"{"detail":"Invalid tok"#, "", ""),
            ("<html>", "", ""),
            ("[]", "", ""),
            ("", "", ""),
        ] {
            let detail = Detail::of(body.as_bytes());
            assert_eq!(
                (&*detail.text, &*detail.error_code),
                (text, error_code),
                "{body}"
            );
        }
    }
}
