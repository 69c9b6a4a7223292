//! Connections: accepted, bounded, and let go in good order.

use super::config::Address;
use super::entrance::Entrance;
use super::sidecar::Sidecar;
use super::tls::Tls;
use crate::limits::{
    HANDSHAKE_SECONDS, HEAD_BYTES_MAX, HEAD_SECONDS, HTTP2_STREAMS_MAX, WAITING_CONNECTIONS,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixSocket, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

/// Who may connect to a Unix socket: its owner and its group, such as the forum's.
const SOCKET_RIGHTS: u32 = 0o660;

/// An open port.
#[derive(Debug)]
pub(super) enum Port {
    Tcp(TcpListener),
    /// The file is removed when the port is closed.
    Unix(UnixListener, SocketFile),
}

/// A socket's file, which goes with the socket.
#[derive(Debug)]
pub(super) struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Whoever removed it before did the same.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Port {
    /// Opens a port.
    pub(super) async fn open(address: &Address) -> io::Result<Self> {
        match address {
            Address::Tcp(address) => TcpListener::bind(address).await.map(Self::Tcp),
            Address::Unix(path) => {
                forget_dead(path).await?;
                let socket = UnixSocket::new_stream()?;
                socket.bind(path)?;
                let file = SocketFile(path.clone());
                // Nobody gets in before it listens, whatever rights the umask left.
                std::fs::set_permissions(path, Permissions::from_mode(SOCKET_RIGHTS))?;
                Ok(Self::Unix(socket.listen(WAITING_CONNECTIONS)?, file))
            }
        }
    }

    /// Where it is, once the system has chosen.
    pub(super) fn address(&self) -> io::Result<Address> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Address::Tcp),
            Self::Unix(_, file) => Ok(Address::Unix(file.0.clone())),
        }
    }

    async fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Answers are small, and written whole.
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
            Self::Unix(listener, _) => Ok(Stream::Unix(listener.accept().await?.0)),
        }
    }
}

/// A socket file that nobody listens at is left over from a crash, and goes; a file of another kind
/// stays.
async fn forget_dead(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt;
    let Ok(kind) = std::fs::symlink_metadata(path) else {
        return Ok(());
    };
    let is_dead = kind.file_type().is_socket() && UnixStream::connect(path).await.is_err();
    match is_dead {
        true => std::fs::remove_file(path),
        // Binding tells what is wrong.
        false => Ok(()),
    }
}

enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

/// What a port serves.
#[derive(Clone, Debug)]
pub(super) struct Service {
    pub(super) sidecar: Arc<Sidecar>,
    pub(super) entrance: Entrance,
    pub(super) tls: Option<Tls>,
    /// Whether requests may go on for a while after SIGTERM, before the connection is closed.
    pub(super) ends: watch::Receiver<bool>,
}

impl Service {
    /// Accepts connections until `ends` says so, then waits until all are done.
    pub(super) async fn run(mut self, port: Port) {
        let most = self.sidecar.config.connections_max;
        let places = Arc::new(Semaphore::new(most));
        loop {
            let place = tokio::select! {
                biased;
                _ = ended(&mut self.ends) => break,
                place = Arc::clone(&places).acquire_owned() => place,
            };
            // The semaphore is never closed.
            let Ok(place) = place else { break };
            let accepted = tokio::select! {
                biased;
                _ = ended(&mut self.ends) => break,
                accepted = port.accept() => accepted,
            };
            match accepted {
                Ok(stream) => {
                    let service = self.clone();
                    self.sidecar.metrics.connections.inc();
                    tokio::spawn(async move {
                        service.connection(stream).await;
                        service.sidecar.metrics.connections.dec();
                        drop(place);
                    });
                }
                Err(error) => {
                    // No more files, most likely: others will be closed.
                    tracing::warn!(%error, "a connection can't be accepted");
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
        drop(port);
        // Every place given back: every connection is over.
        let all = u32::try_from(most).unwrap_or(u32::MAX);
        let _ = places.acquire_many(all).await;
    }

    async fn connection(&self, stream: Stream) {
        match (stream, &self.tls) {
            (Stream::Unix(stream), _) => self.serve(stream).await,
            (Stream::Tcp(stream), None) => self.serve(stream).await,
            (Stream::Tcp(stream), Some(tls)) => {
                let within = Duration::from_secs(HANDSHAKE_SECONDS);
                match timeout(within, tls.accept(stream)).await {
                    Ok(Ok(stream)) => self.serve(stream).await,
                    Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
                    Err(_) => tracing::debug!("a handshake took too long"),
                }
            }
        }
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(&self, stream: S) {
        let (entrance, begun) = self.entrance.of_connection();
        let builder = http();
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), entrance));
        let mut ends = self.ends.clone();
        let ended_by = tokio::select! {
            biased;
            result = connection.as_mut() => Some(result),
            () = ended(&mut ends) => None,
            // Nothing of HTTP measures how long the first bytes take.
            () = idle(&begun) => return,
        };
        let result = match ended_by {
            Some(result) => result,
            None => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = result {
            // Callers hang up all the time. What hyper says holds no part of a request.
            tracing::debug!(error = %kind(&*error), "a connection ended badly");
        }
    }
}

/// Comes to an end when no request has come in the time that its head may take.
async fn idle(begun: &AtomicBool) {
    sleep(Duration::from_secs(HEAD_SECONDS)).await;
    if begun.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

fn kind(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    match error.downcast_ref::<hyper::Error>() {
        Some(error) if error.is_timeout() => "too slow".to_owned(),
        Some(error) if error.is_parse() => "not HTTP".to_owned(),
        Some(_) | None => "broken off".to_owned(),
    }
}

async fn ended(ends: &mut watch::Receiver<bool>) {
    // Whoever could say so is gone: that is an end too.
    let _ = ends.wait_for(|is| *is).await;
}

/// HTTP/1.1 and HTTP/2, told apart by their first bytes.
fn http() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEAD_SECONDS))
        .max_buf_size(HEAD_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(HEAD_BYTES_MAX).unwrap_or(u32::MAX))
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .keep_alive_interval(Duration::from_secs(HEAD_SECONDS));
    builder
}
