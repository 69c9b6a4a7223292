//! TLS over real sockets: handshakes, protocols, a certificate that is replaced while it is used.

use super::program::{Program, post, read};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const HELLO: &str = r#"{"id":"p1","text":"hello"}"#;

const LISTEN: [&str; 6] = [
    "--listen",
    "127.0.0.1:0",
    "--tls-cert",
    "{}/cert.pem",
    "--tls-key",
    "{}/key.pem",
];

/// Makes a certificate and its key, puts them into the folder, and gives the certificate.
fn certificate(folder: &Path) -> CertificateDer<'static> {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["vigie.example.org".to_owned()]).unwrap();
    fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    cert.der().clone()
}

fn started() -> (Program, CertificateDer<'static>) {
    let folder = tempfile::tempdir().unwrap();
    let trusted = certificate(folder.path());
    (Program::start_in(folder, &LISTEN), trusted)
}

/// Shakes hands, trusting one certificate and offering these protocols.
fn connect(
    program: &Program,
    trusted: &CertificateDer<'static>,
    protocols: &[&str],
) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
    let name = ServerName::try_from("vigie.example.org").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(&program.listen)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut tls = StreamOwned::new(connection, stream);
    while tls.conn.is_handshaking() {
        tls.conn.complete_io(&mut tls.sock)?;
    }
    Ok(tls)
}

/// Tries until it goes well: files are seen to change after a moment.
fn soon(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..200 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{what}");
}

#[test]
fn the_protocol_is_the_one_that_both_speak() {
    let (program, trusted) = started();
    for (offered, chosen) in [
        (&["h2", "http/1.1"][..], Some(&b"h2"[..])),
        (&["http/1.1"], Some(b"http/1.1")),
        (&[], None),
    ] {
        let tls = connect(&program, &trusted, offered).unwrap();
        assert_eq!(tls.conn.alpn_protocol(), chosen, "{offered:?}");
    }
    let mut tls = connect(&program, &trusted, &["http/1.1"]).unwrap();
    tls.write_all(&post(HELLO)).unwrap();
    assert!(read(tls).starts_with("HTTP/1.1 200"));
    let mut tls = connect(&program, &trusted, &["h2"]).unwrap();
    tls.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .unwrap();
    let mut frame = [0; 9];
    std::io::Read::read_exact(&mut tls, &mut frame).unwrap();
    assert_eq!(frame[3], 4, "settings come first: {frame:?}");
    // Whoever speaks without TLS is let go, and others are still answered.
    assert!(!program.send(&post(HELLO)).contains("200 OK"));
    let other = tempfile::tempdir().unwrap();
    let unknown = certificate(other.path());
    assert!(connect(&program, &unknown, &[]).is_err());
    assert!(connect(&program, &trusted, &[]).is_ok());
}

#[test]
fn a_certificate_is_replaced_and_a_bad_one_is_not_taken() {
    let (program, first) = started();
    let folder = program.folder.path().to_owned();
    let mut open = connect(&program, &first, &["http/1.1"]).unwrap();
    let second = certificate(&folder);
    program.signal("-HUP");
    soon("the new certificate is not used", || {
        connect(&program, &second, &[]).is_ok()
    });
    assert!(connect(&program, &first, &[]).is_err());
    // Connections that are open go on.
    open.write_all(&post(HELLO)).unwrap();
    assert!(read(open).starts_with("HTTP/1.1 200"));
    // A key that isn't the certificate's, and a file that is cut short.
    let key = fs::read(folder.join("key.pem")).unwrap();
    let other = tempfile::tempdir().unwrap();
    certificate(other.path());
    fs::copy(other.path().join("key.pem"), folder.join("key.pem")).unwrap();
    let refused = program.admin("POST", "/reload");
    assert!(refused.starts_with("HTTP/1.1 422"), "{refused}");
    assert!(
        refused.contains("cert.pem` doesn't go with its key"),
        "{refused}"
    );
    assert!(
        connect(&program, &second, &[]).is_ok(),
        "the former one stays"
    );
    fs::write(folder.join("key.pem"), &key[..key.len() / 2]).unwrap();
    let refused = program.admin("POST", "/reload");
    assert!(
        refused.contains("key.pem` holds no private key"),
        "{refused}"
    );
    assert!(
        connect(&program, &second, &[]).is_ok(),
        "the former one stays"
    );
    // Without a signal: the files are watched.
    let third = certificate(&folder);
    soon("the change was not seen", || {
        connect(&program, &third, &[]).is_ok()
    });
    program.signal("-TERM");
    let (code, log, _folder) = program.end();
    assert_eq!(code, Some(0));
    assert!(log.contains("what was read before stays"), "{log}");
}
