use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::play::Play;
use super::request::Request;

/// The test's own answers, by method and path.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    routes: Mutex<BTreeMap<(String, String), Route>>,
}

/// Who gets the test's own answer.
#[derive(Clone, Debug)]
pub(crate) enum Route {
    Open(Play),
    Authorized(Play),
}

impl Routes {
    pub(crate) fn set(&self, method: &str, path: String, route: Route) {
        let place = (method.to_ascii_uppercase(), path);
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.insert(place, route);
    }

    /// The route of this request, or else one that leaves it to the site.
    pub(crate) fn of(&self, request: &Request) -> Route {
        let place = (request.method().to_owned(), request.path().to_owned());
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes
            .get(&place)
            .cloned()
            .unwrap_or_else(|| Route::Open(Play::as_usual()))
    }

    /// The methods that a view with the routes of this path allows, as Django REST framework lists
    /// them.
    pub(crate) fn allowed_at(&self, path: &str) -> String {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |method: &str| routes.contains_key(&(method.to_owned(), path.to_owned()));
        let allowed = METHODS.into_iter().filter(|method| match *method {
            "OPTIONS" => true,
            "HEAD" => has("HEAD") || has("GET"),
            method => has(method),
        });
        allowed.collect::<Vec<_>>().join(", ")
    }
}

/// `View.http_method_names`, in its order.
const METHODS: [&str; 8] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
];

#[cfg(test)]
mod tests {
    use super::{Play, Route, Routes};

    #[test]
    fn a_view_allows_what_it_has_a_route_for() {
        let routes = Routes::default();
        for (method, path) in [("POST", "/a"), ("get", "/a"), ("PUT", "/b"), ("GET", "/c")] {
            routes.set(method, path.to_owned(), Route::Open(Play::as_usual()));
        }

        assert_eq!(routes.allowed_at("/a"), "GET, POST, HEAD, OPTIONS");
        assert_eq!(routes.allowed_at("/b"), "PUT, OPTIONS");
        assert_eq!(routes.allowed_at("/c"), "GET, HEAD, OPTIONS");
    }
}
