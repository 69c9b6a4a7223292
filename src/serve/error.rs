//! What a caller is told when there is no answer: a closed list of codes, each with a status.

use crate::limits::RETRY_SECONDS;
use crate::wire::PostError;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::sync::Arc;

macro_rules! codes {
    ($($(#[doc = $help:literal])+ $name:ident $id:literal $status:ident)*) => {
        /// Why there is no answer. The names are part of the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $($(#[doc = $help])+ $name,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name, in answers and metrics.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Its status.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// When it is answered, for the reference page.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $(Self::$name => concat!($($help),+),)* }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or not UTF-8.
    BadJson "bad_json" BAD_REQUEST
    /// A post, outcome or event is none; `index` or `line` says which.
    BadPost "bad_post" BAD_REQUEST
    /// A path, query or field says something that doesn't exist.
    BadRequest "bad_request" BAD_REQUEST
    /// The signature of a hook is missing or wrong.
    BadSignature "bad_signature" UNAUTHORIZED
    /// A key is missing or unknown.
    Unauthorized "unauthorized" UNAUTHORIZED
    /// The key is known, and of another role.
    Forbidden "forbidden" FORBIDDEN
    /// This needs keys, and the sidecar runs without.
    KeysNeeded "keys_needed" FORBIDDEN
    /// There is no such path, case or recommendation.
    NotFound "not_found" NOT_FOUND
    /// The path takes another method.
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED
    /// The body took too long to arrive.
    SlowBody "slow_body" REQUEST_TIMEOUT
    /// It can't be done as things stand; the message says why.
    Conflict "conflict" CONFLICT
    /// The body is larger than allowed.
    TooLarge "too_large" PAYLOAD_TOO_LARGE
    /// There are more posts or outcomes in it than allowed.
    TooMany "too_many" PAYLOAD_TOO_LARGE
    /// The body is of a type that isn't taken.
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE
    /// The policies have mistakes, told under `diagnostics`; the former ones go on judging.
    BadPolicies "bad_policies" UNPROCESSABLE_ENTITY
    /// A mistake of ours. It was counted; nothing of the request was taken in, unless it says so.
    Internal "internal" INTERNAL_SERVER_ERROR
    /// Too much at once. Try again after `Retry-After` seconds.
    Overloaded "overloaded" SERVICE_UNAVAILABLE
    /// The sidecar is being stopped.
    Draining "draining" SERVICE_UNAVAILABLE
    /// It wasn't durable in time. It may have been taken in: told again with the same id and revision,
    /// it counts once.
    Deadline "deadline" SERVICE_UNAVAILABLE
    /// The decision log can't be written, so nothing is taken in.
    Storage "storage" SERVICE_UNAVAILABLE
}

/// Whose shape an error takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Ours.
    #[default]
    Vigie,
    /// Google's, as Perspective answers.
    Google,
    /// OpenAI's.
    OpenAi,
}

impl Shape {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Vigie, Self::Google, Self::OpenAi];
}

/// No answer, and why. Holds no word of a post.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Which kind.
    pub code: Code,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// What more there is to say: places, diagnostics.
    more: Option<Arc<Map<String, Value>>>,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            more: None,
        }
    }

    /// With a further field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        let mut more = self.more.as_deref().cloned().unwrap_or_default();
        more.insert(field.to_owned(), value.into());
        self.more = Some(Arc::new(more));
        self
    }

    /// A post that is none.
    #[must_use]
    pub fn bad_post(wrong: &PostError) -> Self {
        Self::new(Code::BadPost, &*wrong.what).with("column", wrong.column)
    }

    /// As JSON, in a shape.
    #[must_use]
    pub fn json(&self, shape: Shape) -> Value {
        let status = self.code.status();
        match shape {
            Shape::Vigie => {
                let mut error = Map::new();
                error.insert("code".to_owned(), self.code.id().into());
                error.insert("message".to_owned(), self.message.as_str().into());
                error.extend(self.more.as_deref().cloned().unwrap_or_default());
                json!({ "error": error })
            }
            Shape::Google => json!({"error": {
                "code": status.as_u16(), "message": self.message, "status": google(self.code),
                "details": [{
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": self.code.id(), "domain": "vigie",
                }],
            }}),
            Shape::OpenAi => json!({"error": {
                "message": self.message, "type": openai(self.code), "param": null,
                "code": self.code.id(),
            }}),
        }
    }

    /// The answer, in a shape.
    #[must_use]
    pub fn response(&self, shape: Shape) -> Response {
        self.answer(Body::from(self.json(shape).to_string()))
    }

    /// The answer, when its body is written already.
    pub(super) fn answer(&self, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() = self.code.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, JSON);
        if self.code.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_SECONDS.into());
        }
        if self.code == Code::Unauthorized {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The type of every answer but streams and metrics.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

impl IntoResponse for Refusal {
    /// Travels inside of the response: whose shape it takes is known further out.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.code.status();
        response.extensions_mut().insert(self);
        response
    }
}

/// Google's names of statuses.
fn google(code: Code) -> &'static str {
    match code.status() {
        StatusCode::UNAUTHORIZED => "UNAUTHENTICATED",
        StatusCode::FORBIDDEN => "PERMISSION_DENIED",
        StatusCode::NOT_FOUND => "NOT_FOUND",
        StatusCode::CONFLICT => "ABORTED",
        StatusCode::INTERNAL_SERVER_ERROR => "INTERNAL",
        StatusCode::SERVICE_UNAVAILABLE => "UNAVAILABLE",
        StatusCode::REQUEST_TIMEOUT => "DEADLINE_EXCEEDED",
        _ => "INVALID_ARGUMENT",
    }
}

/// OpenAI's types of errors.
fn openai(code: Code) -> &'static str {
    match code.status() {
        StatusCode::UNAUTHORIZED => "authentication_error",
        StatusCode::FORBIDDEN => "permission_error",
        status if status.is_server_error() => "server_error",
        _ => "invalid_request_error",
    }
}
