//! The token source of one run.

use edx_auth_driver::adapter::{Event, Origins};
use edx_auth_driver::{HttpStack, TokenSource, TokenSourceBuilder};

use crate::arguments::Options;
use crate::credentials::Variables;
use crate::failure::Failure;

/// Opens the token source that the options and the variables describe.
pub(crate) fn open(options: &Options) -> Result<edx_auth_ureq::TokenSource, Failure> {
    let variables = variables(options)?;
    if let Some(file) = variables.token_file()? {
        return Ok(TokenSource::from_file(file.path(), file.origins().clone()));
    }
    build(
        TokenSource::builder_from_config(&variables.config()?),
        options,
    )
}

/// Opens a token source like [`open`], whose token may be sent to one origin alone.
pub(crate) fn open_for<W, S: HttpStack>(
    options: &Options,
    origin: &str,
) -> Result<TokenSource<W, S>, Failure> {
    let variables = variables(options)?;
    let only = Origins::none();
    if let Some(file) = variables.token_file()? {
        return Ok(TokenSource::from_file(file.path(), only.allow(origin)?));
    }
    let config = variables.config()?;
    let only = only.allow_with(origin, config.plaintext_hosts())?;
    build(
        TokenSource::builder_from_config(&config).origins(only),
        options,
    )
}

fn build<W, S: HttpStack>(
    builder: TokenSourceBuilder<W, S>,
    options: &Options,
) -> Result<TokenSource<W, S>, Failure> {
    let builder = builder.on_event(warn);
    Ok(match options.timeout {
        Some(timeout) => builder.token_timeout(timeout).build()?,
        None => builder.build()?,
    })
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
