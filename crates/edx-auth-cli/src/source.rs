//! The token source of one run.

use edx_auth_ureq::{Event, TokenSource};

use crate::arguments::Options;
use crate::credentials::Variables;
use crate::failure::Failure;

/// Opens the token source that the options and the variables describe.
pub(crate) fn open(options: &Options) -> Result<TokenSource, Failure> {
    let variables = variables(options)?;
    if let Some(file) = variables.token_file()? {
        return Ok(TokenSource::from_file(file.path(), file.origins().clone()));
    }
    let mut builder = TokenSource::builder_from_config(&variables.config()?).on_event(warn);
    if let Some(timeout) = options.timeout {
        builder = builder.token_timeout(timeout);
    }
    Ok(builder.build()?)
}

/// Reads the variables, with the token store that the options ask for.
pub(crate) fn variables(options: &Options) -> Result<Variables, Failure> {
    let variables = options.credentials.variables()?;
    Ok(if options.no_store {
        variables.without_store()
    } else {
        variables.with_store()
    })
}

/// Says that the store failed: the command works without it, at the price of a token request.
fn warn(event: &Event) {
    if let Event::StoreFailed { error, .. } = event {
        eprintln!("edx-auth: no token is shared between runs: {error}");
    }
}
