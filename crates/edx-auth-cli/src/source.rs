//! The token source of one run.

use std::time::Duration;

use edx_auth_driver::{HttpStack, TokenSourceBuilder};
use edx_auth_ureq::{
    EnvStore, EnvTokenFile, Event, FileStore, LiveToken, Origins, StoreError, TokenSource,
    TokenStore as _,
};

use crate::arguments::Options;
use crate::credentials::Variables;
use crate::failure::{self, Failure};

/// Opens the token source that the options and the variables describe.
pub(crate) fn open(options: &Options) -> Result<TokenSource, Failure> {
    of(&variables(options)?, options)
}

/// Opens the token source that these variables describe.
pub(crate) fn of(variables: &Variables, options: &Options) -> Result<TokenSource, Failure> {
    if let Some(file) = variables.token_file()? {
        let origins = file.origins().clone();
        return build(
            TokenSource::builder_from_file(file.path(), origins),
            options,
        );
    }
    build(
        TokenSource::builder_from_config(&variables.config()?),
        options,
    )
}

/// Opens a token source over either HTTP client, whose token may be sent to one origin alone.
pub(crate) fn open_for<W, S: HttpStack>(
    options: &Options,
    origin: &str,
) -> Result<edx_auth_driver::TokenSource<W, S>, Failure> {
    let (variables, only) = (variables(options)?, Origins::none());
    if let Some(file) = variables.token_file()? {
        let only = only.allow(origin)?;
        return build(over_file(&file, only), options);
    }
    let config = variables.config()?;
    let only = only.allow_with(origin, config.plaintext_hosts())?;
    let builder = edx_auth_driver::TokenSource::builder_from_config(&config);
    build(builder.origins(only), options)
}

fn over_file<W, S: HttpStack>(file: &EnvTokenFile, origins: Origins) -> TokenSourceBuilder<W, S> {
    let builder = edx_auth_driver::TokenSource::builder_from_file(file.path(), origins);
    match file.client_name() {
        Some(name) => builder.client_name(name.clone()),
        None => builder,
    }
}

fn build<W, S: HttpStack>(
    builder: TokenSourceBuilder<W, S>,
    options: &Options,
) -> Result<edx_auth_driver::TokenSource<W, S>, Failure> {
    let builder = builder.on_event(warn);
    Ok(match options.timeout {
        Some(timeout) => builder.token_timeout(timeout).build()?,
        None => builder.build()?,
    })
}

/// Returns a token that may be used for at least this time, or a new one. The first token that a source
/// returns may be one of an earlier run. A new token is in the store when this returns.
pub(crate) fn token(
    source: &TokenSource,
    variables: &Variables,
    min_validity: Duration,
    fresh: bool,
) -> Result<LiveToken, Failure> {
    let first = source.token()?;
    let is_new = source.health().issued > 0;
    let lasts = first.usable_for() >= min_validity;
    let token = if is_new || (lasts && !fresh) {
        first
    } else {
        source.renew_now()?
    };
    save(source, variables);
    Ok(token)
}

/// Saves the token of this run unless it is in the store. The source saves it too, on a thread that may be
/// slower than this process, and reports if that fails.
pub(crate) fn save(source: &TokenSource, variables: &Variables) {
    if source.health().issued == 0 {
        return;
    }
    let Ok(config) = variables.config() else {
        return;
    };
    let (Some(place), Some(token)) = (config.token_store(), source.export()) else {
        return;
    };
    let (store, request, now) = (file_store(place), config.token_request(), source.now());
    let stored = store.load(request).ok().flatten();
    if stored.is_none_or(|stored| stored.left(now) + SECOND < token.left(now)) {
        let _reported = store.save(request, &token, None);
    }
}

/// Returns the token store at this place.
pub(crate) fn file_store(place: &EnvStore) -> FileStore {
    match place {
        EnvStore::Folder(path) => FileStore::new(path),
        _ => FileStore::in_cache(),
    }
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
    if let Event::StoreFailed { error } = event {
        let error = &**error;
        let advice = error.downcast_ref().map_or("", StoreError::advice);
        failure::warn("no token is shared between runs", error, advice);
    }
}

/// Two readings of a token's age differ by less.
const SECOND: Duration = Duration::from_secs(1);
