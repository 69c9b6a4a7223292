//! The least that a server of the same kind does: it reads a body and sends it back.

use crate::http::Address;
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use tokio::net::{TcpListener, UnixListener};

/// Serves until it is killed.
pub async fn serve(listen: &Address) -> Result<(), String> {
    let app = Router::new().route("/v1/decisions", post(|body: Bytes| async { body }));
    let served = match listen {
        Address::Tcp(address) => {
            let listener = TcpListener::bind(address).await;
            let listener = listener.map_err(|error| format!("{address}: {error}"))?;
            axum::serve(listener, app).await
        }
        Address::Unix(path) => {
            let listener = UnixListener::bind(path);
            let listener = listener.map_err(|error| format!("{}: {error}", path.display()))?;
            axum::serve(listener, app).await
        }
    };
    served.map_err(|error| error.to_string())
}
