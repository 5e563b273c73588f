use super::error::ApiError;
use super::page::{Page, PageFormat};
use crate::mock_edx::http::request::Request;
use crate::mock_edx::http::response::MockResponse;

/// A read-only, paginated list view of Django REST framework.
#[derive(Debug)]
pub(crate) struct List {
    name: &'static str,
    /// Each item is a JSON text.
    items: Vec<String>,
}

impl List {
    pub(crate) fn of(items: Vec<String>) -> Self {
        Self {
            name: "List",
            items,
        }
    }

    pub(crate) fn of_catalogs() -> Self {
        Self {
            name: "Catalogs",
            items: (1..=25).map(catalog).collect(),
        }
    }

    /// The allowed methods.
    pub(crate) const ALLOWED: &str = "GET, HEAD, OPTIONS";

    /// Returns the response to an authorized request. `url` is the URL of the list as the client knows
    /// it.
    pub(crate) fn response(
        &self,
        request: &Request,
        url: &str,
        format: PageFormat,
    ) -> MockResponse {
        match request.method() {
            "GET" | "HEAD" => self.page(request, url, format),
            "OPTIONS" => MockResponse::json(200, self.metadata()).header("Allow", Self::ALLOWED),
            _ => ApiError::method(request.method()).response(Self::ALLOWED),
        }
    }

    fn page(&self, request: &Request, url: &str, format: PageFormat) -> MockResponse {
        match Page::requested_by(request, self.items.len()) {
            Some(page) => {
                let json = page.json(&self.items, url, format);
                MockResponse::json(200, json).header("Allow", Self::ALLOWED)
            }
            None => ApiError::InvalidPage.response(Self::ALLOWED),
        }
    }

    fn metadata(&self) -> String {
        format!(
            r#"{{"name":"{}","description":"","renders":["application/json"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}}"#,
            self.name
        )
    }
}

fn catalog(id: usize) -> String {
    format!(r#"{{"id":{id},"name":"Catalog {id}"}}"#)
}
