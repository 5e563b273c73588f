//! The site that all sources of a scenario ask: it answers as it is told to, and counts.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic;
use std::time::Duration;

use edx_auth_core::{ExchangeError, IssuedToken, TokenRequest};
use http::Response;
use machine::thread;

/// What a token request comes to; a token where nothing else is said.
#[derive(Clone, Copy, Debug, Default)]
pub enum Answer {
    /// A token of an hour, never the same.
    #[default]
    Token,
    /// The same, after so long.
    Late(Duration),
    /// The site does not know the pair.
    Refused,
    /// The site is in trouble.
    Unavailable,
    /// The exchange itself panics.
    Panic,
}

/// All threads of a scenario are one of the system's, so this needs no lock.
#[derive(Default)]
struct Site {
    asked_by: Vec<String>,
    answers: VecDeque<Answer>,
    forgotten: Option<&'static str>,
    under_way: usize,
    most_under_way: usize,
    room: usize,
}

/// A new run begins: nobody has asked.
pub(crate) fn begin() {
    with(|site| {
        *site = Site {
            room: 1,
            ..Site::default()
        }
    });
}

/// It no longer knows this client.
pub fn forgets(client: &'static str) {
    with(|site| site.forgotten = Some(client));
}

/// So many exchanges may be under way at once: one, for there is one source.
pub fn has_room_for(exchanges: usize) {
    with(|site| site.room = exchanges);
}

/// Never were more exchanges under way than there was room for.
pub(crate) fn had_room() {
    with(|site| assert!(site.most_under_way <= site.room, "{}", site.most_under_way));
}

/// Answers the next requests in this order.
pub fn answers(answers: impl IntoIterator<Item = Answer>) {
    with(|site| site.answers.extend(answers));
}

/// How many requests have come.
#[must_use]
pub fn requests() -> usize {
    with(|site| site.asked_by.len())
}

/// The clients of all requests.
#[must_use]
pub fn asked_by() -> Vec<String> {
    with(|site| site.asked_by.clone())
}

/// One exchange, as a driver has it over HTTP.
///
/// # Errors
/// As the scenario says.
pub fn answer(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    let client = request.credentials().client_id();
    let (token, answer, _visit) = enter(client);
    thread::yield_now();
    match answer {
        Answer::Token => finish(request, 200, &token),
        Answer::Late(time) => {
            thread::sleep(time);
            finish(request, 200, &token)
        }
        Answer::Refused => finish(request, 401, r#"{"error": "invalid_client"}"#),
        Answer::Unavailable => finish(request, 503, ""),
        // Without a word on standard error, ten thousand times.
        Answer::Panic => panic::resume_unwind(Box::new("the exchange breaks")),
    }
}

fn enter(client: &str) -> (String, Answer, Visit) {
    with(|site| {
        site.asked_by.push(client.to_owned());
        site.under_way += 1;
        site.most_under_way = site.most_under_way.max(site.under_way);
        let answer = match site.forgotten {
            Some(forgotten) if forgotten == client => Answer::Refused,
            _ => site.answers.pop_front().unwrap_or_default(),
        };
        (token(site.asked_by.len(), client), answer, Visit)
    })
}

/// One exchange that is under way.
struct Visit;

impl Drop for Visit {
    fn drop(&mut self) {
        with(|site| site.under_way -= 1);
    }
}

/// A token of an hour that tells whose it is.
fn token(number: usize, client: &str) -> String {
    let token = format!("opaque{number}-of-{client}");
    format!(r#"{{"access_token": "{token}", "token_type": "JWT", "expires_in": 3600}}"#)
}

fn finish(request: &TokenRequest, status: u16, body: &str) -> Result<IssuedToken, ExchangeError> {
    let (_, exchange) = request.begin();
    let reply = Response::builder().status(status).body(body.as_bytes());
    exchange.finish(reply.unwrap())
}

fn with<T>(work: impl FnOnce(&mut Site) -> T) -> T {
    SITE.with_borrow_mut(work)
}

thread_local! {
    static SITE: RefCell<Site> = RefCell::default();
}
