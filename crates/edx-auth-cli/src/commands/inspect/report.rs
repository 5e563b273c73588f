//! What a token says about itself, for people and for programs.

use std::time::Duration;

use edx_auth_ureq::{AccessToken, UnverifiedClaims};
use serde::Serialize;

use crate::output::shown;
use crate::times::{self, Time};

/// The claims of a token. Nothing is verified.
#[derive(Serialize)]
pub(super) struct Report {
    verified: bool,
    token_type: &'static str,
    #[serde(flatten)]
    claims: Option<Claims>,
}

#[derive(Serialize)]
struct Claims {
    issuer: Option<String>,
    username: Option<String>,
    user_id: Option<u64>,
    email: Option<String>,
    issued: Option<Time>,
    expires: Option<Time>,
    scopes: Vec<String>,
    filters: Vec<String>,
    roles: Vec<String>,
    restricted: bool,
    administrator: bool,
    superuser: bool,
}

impl Report {
    pub(super) fn of(token: &AccessToken) -> Self {
        Self {
            verified: false,
            token_type: token.token_type().scheme(),
            claims: token.claims().ok().map(Claims::from),
        }
    }

    pub(super) fn json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec(self).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// Returns one fact to a line.
    pub(super) fn text(&self) -> String {
        let facts = match &self.claims {
            Some(claims) => claims.facts(self.token_type),
            None => vec![("type", format!("{}, opaque", self.token_type))],
        };
        let lines = facts.iter().filter(|(_, value)| !value.is_empty());
        let lines = lines.map(|(name, value)| format!("{name:<14} {value}\n"));
        let end = if self.claims.is_some() {
            "Nothing was verified: only the site has the key.\n"
        } else {
            "The token has no readable claims: only the site that issued it can read it.\n"
        };
        lines.chain([format!("\n{end}")]).collect()
    }
}

impl Claims {
    /// Returns the names and values of what is shown.
    fn facts(&self, token_type: &str) -> Vec<(&'static str, String)> {
        let text = |value: &Option<String>| shown(value.as_deref().unwrap_or_default());
        vec![
            ("type", format!("{token_type}, readable")),
            ("issuer", text(&self.issuer)),
            ("user", text(&self.username)),
            (
                "user ID",
                self.user_id.map_or_else(String::new, |id| id.to_string()),
            ),
            ("email", text(&self.email)),
            (
                "issued",
                self.issued
                    .as_ref()
                    .map_or_else(String::new, Time::to_string),
            ),
            (
                "expires",
                self.expires
                    .as_ref()
                    .map_or_else(String::new, Time::to_string),
            ),
            ("scopes", list(&self.scopes)),
            ("filters", list(&self.filters)),
            ("roles", list(&self.roles)),
            ("restricted", yes_or_no(self.restricted)),
            ("administrator", yes_or_no(self.administrator)),
            ("superuser", yes_or_no(self.superuser)),
        ]
    }
}

impl From<UnverifiedClaims> for Claims {
    fn from(claims: UnverifiedClaims) -> Self {
        let time = |since_epoch: Option<Duration>| since_epoch.and_then(times::at);
        Self {
            issuer: claims.issuer().map(str::to_owned),
            username: claims.username().map(str::to_owned),
            user_id: claims.user_id(),
            email: claims.email().map(str::to_owned),
            issued: time(claims.issued_at()),
            expires: time(claims.expires_at()),
            scopes: claims.scopes().to_vec(),
            filters: claims.filters().to_vec(),
            roles: claims.roles().to_vec(),
            restricted: claims.is_restricted(),
            administrator: claims.is_administrator(),
            superuser: claims.is_superuser(),
        }
    }
}

fn list(items: &[String]) -> String {
    shown(&items.join(" "))
}

fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
