//! One API call with the token.

use edx_auth_ureq::{AuthorizedClient, Error, RequireSuccess as _, TokenSource};

use super::report::Finding;
use crate::credentials::Variables;
use crate::failure::Failure;

/// Calls an API of the site. A site without the default one is no fault.
pub(super) fn call(source: TokenSource, variables: &Variables, url: Option<&str>) -> Finding {
    let target = match target(variables, url) {
        Ok(target) => target,
        Err(failure) => return Finding::fault(&failure),
    };
    match get(source, &target) {
        Ok(status) => Finding::passed(format!("{target} responded with status {status}")),
        Err(Error::Status { status, .. }) if url.is_none() && status.as_u16() == 404 => {
            Finding::skipped(format!("the site has no {target}: name one with --url"))
        }
        Err(error) => Finding::fault(&Failure::Edx(error)),
    }
}

/// Returns the URL to call.
fn target(variables: &Variables, url: Option<&str>) -> Result<String, Failure> {
    let origin = variables.url_of_path("")?;
    let target = url.unwrap_or_else(|| default_path(&origin));
    if target.starts_with('/') {
        return Ok(format!("{origin}{target}"));
    }
    Ok(target.to_owned())
}

fn get(source: TokenSource, url: &str) -> Result<u16, Error> {
    let response = AuthorizedClient::new(source)?.get(url).send()?;
    Ok(response.require_success()?.status().as_u16())
}

/// Returns the path of an API that accepts every client: the catalogs at edX, the user at an LMS.
fn default_path(origin: &str) -> &'static str {
    match origin {
        "https://api.edx.org" | "https://api.stage.edx.org" => "/catalog/v1/catalogs",
        _ => "/api/user/v1/me",
    }
}
