//! Just enough of an HTTP/1.1 client: requests are prepared bytes, answers a status and a body.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

/// Where a server listens: `127.0.0.1:8080` or `unix:/run/vigie.sock`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    Tcp(String),
    Unix(PathBuf),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some(path) => Ok(Self::Unix(path.into())),
            None if text.starts_with("127.0.0.1:") => Ok(Self::Tcp(text.to_owned())),
            None => Err("only this machine is loaded: 127.0.0.1:PORT or unix:PATH".to_owned()),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The id of a post in a request that is not numbered yet.
pub const UNNUMBERED: &str = "p0000000000";
const DIGITS: usize = UNNUMBERED.len() - 1;

/// A request as it goes over the wire, and where the ids of posts stand in it.
pub struct Request {
    bytes: Vec<u8>,
    ids: Vec<usize>,
}

impl Request {
    pub fn new(method: &str, path: &str, body: &[u8]) -> Self {
        let mut bytes = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        let found = bytes.windows(UNNUMBERED.len()).enumerate();
        let found = found.filter(|(_, window)| *window == UNNUMBERED.as_bytes());
        let ids = found.map(|(at, _)| at + 1).collect();
        Self { bytes, ids }
    }

    /// How many posts it holds.
    pub fn posts(&self) -> u64 {
        self.ids.len() as u64
    }

    /// Copies it with its posts numbered from `first` on: the same post twice would be one post.
    fn numbered(&self, first: u64, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(&self.bytes);
        for (number, at) in (first..).zip(&self.ids) {
            let mut rest = number;
            for digit in out[*at..at + DIGITS].iter_mut().rev() {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin {}
impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

/// A connection that is kept open.
pub struct Connection {
    stream: Box<dyn Stream>,
    /// What was read; the answer's body lies in it until the next request.
    read: Vec<u8>,
    /// What is sent.
    sent: Vec<u8>,
}

/// What a server answered.
pub struct Answer<'c> {
    pub status: u16,
    pub body: &'c [u8],
    /// Whether a refusal says when to come again.
    pub says_when: bool,
}

/// Headers of an answer, at most.
const HEADERS_MAX: usize = 32;

impl Connection {
    pub async fn open(address: &Address) -> std::io::Result<Self> {
        let stream: Box<dyn Stream> = match address {
            Address::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            Address::Unix(path) => Box::new(UnixStream::connect(path).await?),
        };
        Ok(Self {
            stream,
            read: Vec::with_capacity(1 << 16),
            sent: Vec::with_capacity(1 << 16),
        })
    }

    /// Sends one request, its posts numbered from `first` on, and waits for its answer.
    pub async fn ask(&mut self, request: &Request, first: u64) -> Result<Answer<'_>, String> {
        self.read.clear();
        request.numbered(first, &mut self.sent);
        let written = self.stream.write_all(&self.sent).await;
        written.map_err(|error| error.to_string())?;
        loop {
            let more = self.stream.read_buf(&mut self.read).await;
            if more.map_err(|error| error.to_string())? == 0 {
                return Err("the server hung up".to_owned());
            }
            let Some(head) = Head::of(&self.read)? else {
                continue;
            };
            while self.read.len() < head.end + head.body {
                let more = self.stream.read_buf(&mut self.read).await;
                if more.map_err(|error| error.to_string())? == 0 {
                    return Err("the server hung up in an answer".to_owned());
                }
            }
            return Ok(Answer {
                status: head.status,
                body: &self.read[head.end..head.end + head.body],
                says_when: head.says_when,
            });
        }
    }
}

struct Head {
    status: u16,
    end: usize,
    body: usize,
    says_when: bool,
}

impl Head {
    /// None: it isn't whole yet.
    fn of(read: &[u8]) -> Result<Option<Self>, String> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut answer = httparse::Response::new(&mut headers);
        let parsed = answer.parse(read).map_err(|error| error.to_string())?;
        let httparse::Status::Complete(end) = parsed else {
            return Ok(None);
        };
        let header = |name: &str| {
            let mut headers = answer.headers.iter();
            headers.find(|header| header.name.eq_ignore_ascii_case(name))
        };
        let length = header("content-length").and_then(|it| std::str::from_utf8(it.value).ok());
        let body = length.and_then(|length| length.parse().ok());
        Ok(Some(Self {
            status: answer.code.unwrap_or_default(),
            end,
            body: body.ok_or("an answer doesn't say how long it is")?,
            says_when: header("retry-after").is_some(),
        }))
    }
}

/// One request on a connection of its own: its status and body.
pub async fn ask_once(address: &Address, request: &Request) -> Result<(u16, Vec<u8>), String> {
    let opened = Connection::open(address).await;
    let mut connection = opened.map_err(|error| format!("{address}: {error}"))?;
    let answer = connection.ask(request, 0).await?;
    Ok((answer.status, answer.body.to_vec()))
}
