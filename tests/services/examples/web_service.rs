//! A web service with axum that searches the courses of edX for its own callers.
//!
//! ```text
//! cargo run -p edx-auth-services --example web_service
//! curl 'http://localhost:8080/courses?keyword=rust'
//! ```
//!
//! It reads the `EDX_*` variables, and the list of courses from `COURSES_URL`. The guide
//! `edx_auth_reqwest::web_services` explains its settings.

use std::error::Error as StdError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{env, io};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use edx_auth_reqwest::{AuthorizedClient, Error, Event, Health, RequireSuccess, TokenSource};
use serde::Deserialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tracing_subscriber::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    log_to_stderr();
    let source = TokenSource::builder_from_env()?
        .on_event(on_change(|line| tracing::warn!("{line}")))
        .build()?;
    let courses = env::var("COURSES_URL").unwrap_or_else(|_| COURSES.into());
    let listener = TcpListener::bind("0.0.0.0:8080").await?;
    serve(listener, router(client(source)?, courses), stopped()).await?;
    Ok(())
}

/// Creates the one client of the service. A call ends before the service's own callers give up.
pub(crate) fn client(source: TokenSource) -> Result<AuthorizedClient, Error> {
    source.prefetch(); // returns at once: a start never waits for edX
    AuthorizedClient::builder(source)
        .timeout(Duration::from_millis(2500))
        .token_timeout(Duration::from_secs(2))
        .retry_for(Duration::from_secs(2))
        .build()
}

/// Creates the routes of the service, over this list of courses.
pub(crate) fn router(edx: AuthorizedClient, courses: String) -> Router {
    Router::new()
        .route("/courses", get(search))
        .route("/health", get(health))
        .with_state(Service { edx, courses })
}

/// Serves until `stopped` completes, and then responds to the requests that it has begun.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let server = axum::serve(listener, router);
    server.with_graceful_shutdown(stopped).await
}

#[derive(Clone)]
struct Service {
    edx: AuthorizedClient,
    courses: String,
}

#[derive(Deserialize)]
struct Search {
    keyword: String,
}

async fn search(
    State(service): State<Service>,
    Query(search): Query<Search>,
) -> Result<Json<Value>, Failed> {
    let query = [("keyword", search.keyword)];
    let sent = service.edx.get(&service.courses).query(&query).send().await;
    let response = sent.and_then(RequireSuccess::require_success)?;
    Ok(Json(response.json().await.map_err(Error::request)?))
}

/// Responds 200 while edX is down too: a restart of this service would not help.
async fn health(State(service): State<Service>) -> Json<Health> {
    Json(service.edx.source().health())
}

/// A call that failed. The service's callers learn whether another try is worth it, and when.
struct Failed(Error);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let Self(error) = self;
        tracing::info!("{}", error.report());
        if !error.is_retryable() {
            return StatusCode::BAD_GATEWAY.into_response();
        }
        let wait = error.retry_after().unwrap_or(Duration::from_secs(1));
        // Rounded up: a caller that comes a moment early would get the same response.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let seconds = seconds.max(1).to_string();
        (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, seconds)]).into_response()
    }
}

/// Returns a listener that logs one line when renewals begin to fail, and one when a token comes again.
pub(crate) fn on_change(log: impl Fn(String) + Send + Sync) -> impl Fn(&Event) + Send + Sync {
    let fails = AtomicBool::new(false);
    move |event| match event {
        Event::Failed { error, .. } if !fails.swap(true, Ordering::Relaxed) => {
            log(format!("no newer token: {error}; {}", error.advice()));
        }
        Event::Renewed { .. } if fails.swap(false, Ordering::Relaxed) => {
            log("tokens are renewed again".into());
        }
        _ => {}
    }
}

/// Logs from `INFO` on; of the library only what has to be fixed, because [`on_change`] logs the rest.
fn log_to_stderr() {
    let levels = tracing_subscriber::filter::Targets::new()
        .with_default(tracing::Level::INFO)
        .with_target("edx_auth", tracing::Level::ERROR);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    tracing_subscriber::registry()
        .with(lines.with_filter(levels))
        .init();
}

/// Completes when the service is told to stop: by Ctrl-C, or by the SIGTERM of a container.
async fn stopped() {
    #[cfg(unix)]
    let mut terminated =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let terminated = async {
        #[cfg(unix)]
        match &mut terminated {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
        #[cfg(not(unix))]
        std::future::pending::<()>().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

const COURSES: &str = "https://discovery.edx.org/api/v1/courses/";
