//! One API call with the token.

use edx_auth_ureq::{
    AuthorizedClient, EnvConfig, Error, IssuedToken, RequireSuccess as _, TokenSource,
};

use super::report::Finding;
use crate::failure::Failure;

/// Calls an API of the site. A site without the default one is no fault.
pub(super) fn call(config: &EnvConfig, token: &IssuedToken, url: Option<&str>) -> Finding {
    let origin = origin(config);
    let target = url.unwrap_or_else(|| default_path(&origin));
    let target = if target.starts_with('/') {
        format!("{origin}{target}")
    } else {
        target.to_owned()
    };
    match get(config, token, &target) {
        Ok(status) => Finding::passed(format!("{target} responded with status {status}")),
        Err(Error::Status { status, .. }) if url.is_none() && status.as_u16() == 404 => {
            Finding::skipped(format!("the site has no {target}: name one with --url"))
        }
        Err(error) => Finding::fault(&Failure::Edx(error)),
    }
}

fn get(config: &EnvConfig, token: &IssuedToken, url: &str) -> Result<u16, Error> {
    let source = TokenSource::fixed(token.token().clone(), config.origins().clone());
    let response = AuthorizedClient::new(source)?.get(url).send()?;
    Ok(response.require_success()?.status().as_u16())
}

fn origin(config: &EnvConfig) -> String {
    let uri = config.token_request().endpoint().uri();
    let scheme = uri.scheme_str().unwrap_or("https");
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!("{scheme}://{authority}")
}

/// Returns the path of an API that accepts every client: the catalogs at edX, the user at an LMS.
fn default_path(origin: &str) -> &'static str {
    match origin {
        "https://api.edx.org" | "https://api.stage.edx.org" => "/catalog/v1/catalogs",
        _ => "/api/user/v1/me",
    }
}
