use super::page::{Page, Shape};
use super::refusal::Refusal;
use super::reply::Reply;
use super::request::Request;

/// A Django REST framework view of many things, for reading and in pages.
#[derive(Debug)]
pub(crate) struct List {
    name: &'static str,
    /// JSON, each.
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

    /// The methods it allows.
    pub(crate) const ALLOWED: &str = "GET, HEAD, OPTIONS";

    /// The reply to somebody who may read it; `url` is the list's own as the client knows it.
    pub(crate) fn reply(&self, request: &Request, url: &str, shape: Shape) -> Reply {
        match request.method() {
            "GET" | "HEAD" => self.page(request, url, shape),
            "OPTIONS" => Reply::json(200, self.metadata()).header("Allow", Self::ALLOWED),
            _ => Refusal::method(request.method()).reply(Self::ALLOWED),
        }
    }

    fn page(&self, request: &Request, url: &str, shape: Shape) -> Reply {
        match Page::asked_by(request, self.items.len()) {
            Some(page) => {
                let json = page.json(&self.items, url, shape);
                Reply::json(200, json).header("Allow", Self::ALLOWED)
            }
            None => Refusal::InvalidPage.reply(Self::ALLOWED),
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
