//! TLS, whose certificate may be replaced while it is used.

use crate::limits::PEM_BYTES_MAX;
use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// A certificate, and what is needed to read it again.
#[derive(Clone)]
pub(super) struct Tls {
    cert: PathBuf,
    key: PathBuf,
    config: Arc<ArcSwap<ServerConfig>>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls")
            .field("cert", &self.cert)
            .finish_non_exhaustive()
    }
}

impl Tls {
    /// Reads a certificate chain and its key.
    pub(super) fn read(cert: &Path, key: &Path) -> io::Result<Self> {
        Ok(Self {
            cert: cert.to_owned(),
            key: key.to_owned(),
            config: Arc::new(ArcSwap::new(config(cert, key)?)),
        })
    }

    /// Reads both again. Bad ones change nothing.
    pub(super) fn reload(&self) -> io::Result<()> {
        self.config.store(config(&self.cert, &self.key)?);
        Ok(())
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.config.load_full())
            .accept(stream)
            .await
    }
}

fn config(cert: &Path, key: &Path) -> io::Result<Arc<ServerConfig>> {
    let wrong = |what: &str, path: &Path| {
        let what = format!("`{}` {what}", path.display());
        io::Error::new(io::ErrorKind::InvalidData, what)
    };
    let chain: Result<Vec<CertificateDer<'static>>, _> =
        CertificateDer::pem_slice_iter(&pem(cert)?).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| wrong("holds no certificate in PEM", cert))?;
    let secret = PrivateKeyDer::from_pem_slice(&pem(key)?);
    let secret = secret.map_err(|_| wrong("holds no private key in PEM", key))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(chain, secret)
        })
        .map_err(|error| wrong(&format!("doesn't go with its key: {error}"), cert))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[expect(clippy::disallowed_methods, reason = "reads a certificate")]
fn pem(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let wrong = |error: io::Error| {
        io::Error::new(
            error.kind(),
            format!("cannot read `{}`: {error}", path.display()),
        )
    };
    File::open(path)
        .and_then(|file| file.take(PEM_BYTES_MAX as u64).read_to_end(&mut bytes))
        .map_err(wrong)?;
    Ok(bytes)
}
