//! The stored tokens as a table, or as JSON.

use std::path::Path;
use std::str;

use edx_auth_ureq::{AccessToken, TokenType, UnverifiedClaims};
use serde::Serialize;

use super::files;
use crate::failure::Failure;
use crate::output::shown;
use crate::times::{self, Time};

/// What is known of a stored token.
#[derive(Serialize)]
struct Listed {
    file: String,
    issuer: Option<String>,
    username: Option<String>,
    expires: Option<Time>,
}

/// Describes the tokens in this folder.
pub(super) fn describe(folder: &Path, json: bool) -> Result<String, Failure> {
    let tokens = files::tokens(folder)?;
    let tokens: Result<Vec<_>, _> = tokens.iter().map(|path| Listed::of(path)).collect();
    let tokens = tokens?;
    if json {
        return Ok(serde_json::to_string(&tokens).unwrap_or_default() + "\n");
    }
    let lines = tokens.iter().map(Listed::text);
    Ok(lines
        .chain([format!(
            "tokens in {}: {}\n",
            folder.display(),
            tokens.len()
        )])
        .collect())
}

impl Listed {
    fn of(path: &Path) -> Result<Self, Failure> {
        let content = files::read(path)?;
        let claims = str::from_utf8(&content).ok().and_then(claims);
        let claims = claims.as_ref();
        let expires = claims.and_then(UnverifiedClaims::expires_at);
        Ok(Self {
            file: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            issuer: claims.and_then(|claims| claims.issuer().map(str::to_owned)),
            username: claims.and_then(|claims| claims.username().map(str::to_owned)),
            expires: expires.and_then(times::at),
        })
    }

    fn text(&self) -> String {
        let known = |text: &Option<String>| shown(text.as_deref().unwrap_or("unknown"));
        let expires = self
            .expires
            .map_or_else(|| "unknown".to_owned(), |time| time.to_string());
        format!(
            "{}\n  user     {}\n  issuer   {}\n  expires  {expires}\n",
            shown(&self.file),
            known(&self.username),
            known(&self.issuer),
        )
    }
}

/// Returns the claims of the token, which is the last word of its file.
fn claims(content: &str) -> Option<UnverifiedClaims> {
    let token = content.split_whitespace().next_back()?;
    AccessToken::new(TokenType::Jwt, token).ok()?.claims().ok()
}
