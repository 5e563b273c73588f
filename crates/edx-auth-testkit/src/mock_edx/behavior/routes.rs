use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::Behavior;
use crate::mock_edx::http::request::Request;

/// The behaviors that a test has routed, by method and path.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    routes: Mutex<BTreeMap<(String, String), Route>>,
}

/// A behavior, and which requests get it.
#[derive(Clone, Debug)]
pub(crate) enum Route {
    /// Every request gets it.
    Open(Behavior),
    /// Requests with a valid token get it.
    Authorized(Behavior),
}

impl Routes {
    pub(crate) fn set(&self, method: &str, path: String, route: Route) {
        let key = (method.to_ascii_uppercase(), path);
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.insert(key, route);
    }

    /// Returns the route of this request, or one that passes it through.
    pub(crate) fn of(&self, request: &Request) -> Route {
        let key = (request.method().to_owned(), request.path().to_owned());
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes
            .get(&key)
            .cloned()
            .unwrap_or_else(|| Route::Open(Behavior::pass_through()))
    }

    /// Returns the methods that the routes of this path allow, in the format of Django REST
    /// framework.
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
    use super::{Behavior, Route, Routes};

    #[test]
    fn a_view_allows_what_it_has_a_route_for() {
        let routes = Routes::default();
        for (method, path) in [("POST", "/a"), ("get", "/a"), ("PUT", "/b"), ("GET", "/c")] {
            routes.set(
                method,
                path.to_owned(),
                Route::Open(Behavior::pass_through()),
            );
        }

        assert_eq!(routes.allowed_at("/a"), "GET, POST, HEAD, OPTIONS");
        assert_eq!(routes.allowed_at("/b"), "PUT, OPTIONS");
        assert_eq!(routes.allowed_at("/c"), "GET, HEAD, OPTIONS");
    }
}
