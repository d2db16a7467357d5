//! An HTTP/2 client that costs little: it shares the server's cores, and what it takes is missing there.
//!
//! It speaks just enough of RFC 9113 for one request over and over: a head that is written once, a body of one frame, the server's windows
//! and settings. A general client (hyper) took 27 us for a request here, three times as much.

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Instant;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const FRAME: usize = 9;
/// The largest window there is.
const WINDOW: u32 = 0x7fff_ffff;
/// Received bytes after which the server is told that there is room again.
const REFILL: u32 = 1 << 30;

/// How a request ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ended {
    Judged,
    Overloaded,
    Failed,
}

/// A connection, and what is under way on it.
pub(crate) struct Connection {
    /// Who writes holds this first, so that records leave in the order in which they were made.
    socket: Mutex<TcpStream>,
    state: Mutex<State>,
    reader: TcpStream,
    /// A whole request but for the number of its stream, and where that stands.
    request: Vec<u8>,
    body: u32,
}

struct State {
    tls: ClientConnection,
    next: u32,
    /// Bytes that may be sent.
    window: i64,
    /// What waits for that, or for others to end, by when it was due.
    waiting: std::collections::VecDeque<Instant>,
    streams: HashMap<u32, (Instant, Option<Ended>)>,
    most_streams: usize,
    received: u32,
    /// Answers to the server's own frames, not sent yet.
    replies: Vec<u8>,
}

fn frame(out: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    out.extend_from_slice(&(payload.len() as u32).to_be_bytes()[1..]);
    out.extend_from_slice(&[kind, flags]);
    out.extend_from_slice(&stream.to_be_bytes());
    out.extend_from_slice(payload);
}

/// A header of the static table with a value of its own, kept in no table (RFC 7541, 6.2.2).
fn header(out: &mut Vec<u8>, name: u8, value: &str) {
    if name < 15 {
        out.push(name);
    } else {
        out.extend([15, name - 15]);
    }
    out.push(value.len() as u8);
    out.extend_from_slice(value.as_bytes());
}

impl Connection {
    /// Connects; `tls` must offer `h2` alone.
    pub(crate) fn open(address: SocketAddr, tls: Arc<ClientConfig>, path: &str, body: &[u8]) -> Self {
        assert!(body.len() <= 16 << 10, "the body must fit a frame");
        let socket = TcpStream::connect(address).unwrap();
        socket.set_nodelay(true).unwrap();
        let tls = ClientConnection::new(tls, ServerName::try_from("localhost").unwrap()).unwrap();
        // POST, https; the others by name.
        let mut head = vec![0x83, 0x87];
        for (name, value) in [(4, path), (1, "localhost"), (31, "application/json"), (28, &*body.len().to_string())] {
            header(&mut head, name, value);
        }
        let mut request = vec![];
        frame(&mut request, HEADERS, END_HEADERS, 0, &head);
        frame(&mut request, DATA, END_STREAM, 0, body);
        let mut replies = PREFACE.to_vec();
        frame(&mut replies, SETTINGS, 0, 0, &[&[0, 4][..], &WINDOW.to_be_bytes()].concat());
        frame(&mut replies, WINDOW_UPDATE, 0, 0, &(WINDOW - 65_535).to_be_bytes());
        let reader = socket.try_clone().unwrap();
        let state = State {
            tls,
            next: 1,
            window: 65_535,
            waiting: std::collections::VecDeque::new(),
            streams: HashMap::new(),
            most_streams: 100,
            received: 0,
            replies,
        };
        Self { socket: Mutex::new(socket), state: Mutex::new(state), reader, request, body: body.len() as u32 }
    }

    /// Asks once for each of these times, as far as the server lets it; the others go out once it does.
    pub(crate) fn ask(&self, due: impl IntoIterator<Item = Instant>) {
        let mut socket = self.socket.lock().unwrap();
        let mut state = self.state.lock().unwrap();
        state.waiting.extend(due);
        let mut out = std::mem::take(&mut state.replies);
        let head = FRAME + u32::from_be_bytes([0, self.request[0], self.request[1], self.request[2]]) as usize;
        while !state.tls.is_handshaking() && state.window >= i64::from(self.body) && state.streams.len() < state.most_streams {
            let Some(due) = state.waiting.pop_front() else { break };
            let (start, stream) = (out.len(), state.next);
            out.extend_from_slice(&self.request);
            for at in [start + 5, start + head + 5] {
                out[at..at + 4].copy_from_slice(&stream.to_be_bytes());
            }
            state.next += 2;
            state.window -= i64::from(self.body);
            state.streams.insert(stream, (due, None));
        }
        let mut records = vec![];
        let mut rest = &out[..];
        while !rest.is_empty() || state.tls.wants_write() {
            rest = &rest[state.tls.writer().write(rest).unwrap()..];
            while state.tls.wants_write() {
                state.tls.write_tls(&mut records).unwrap();
            }
            if state.tls.is_handshaking() {
                break;
            }
        }
        drop(state);
        if !records.is_empty() {
            let _ = socket.write_all(&records);
        }
    }

    /// Reads until the connection ends, and tells of every request that ended: when it was due, and how. Asks again for each for which
    /// `ended` gives a time.
    pub(crate) fn read(&self, mut ended: impl FnMut(Instant, Ended) -> Option<Instant>) {
        let (mut buffer, mut plain) = (vec![0; 64 << 10], vec![]);
        self.ask([]);
        while let Some(length) = (&self.reader).read(&mut buffer).ok().filter(|length| *length > 0) {
            let more = {
                let mut state = self.state.lock().unwrap();
                let mut bytes = &buffer[..length];
                while !bytes.is_empty() {
                    state.tls.read_tls(&mut bytes).unwrap();
                    let known = state.tls.process_new_packets().unwrap().plaintext_bytes_to_read();
                    let start = plain.len();
                    plain.resize(start + known, 0);
                    state.tls.reader().read_exact(&mut plain[start..]).unwrap();
                }
                let mut at = 0;
                while let Some(head) = plain.get(at..at + FRAME) {
                    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
                    let Some(payload) = plain.get(at + FRAME..at + FRAME + length) else { break };
                    let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
                    if let Some((due, how)) = state.frame(head[3], head[4], stream, payload) {
                        let again = ended(due, how).map(|_| Instant::now());
                        state.waiting.extend(again);
                    }
                    at += FRAME + length;
                }
                plain.drain(..at);
                !state.replies.is_empty() || !state.waiting.is_empty() || state.tls.wants_write()
            };
            if more {
                self.ask([]);
            }
        }
    }

    /// Ends it.
    pub(crate) fn close(&self) {
        let _ = self.reader.shutdown(std::net::Shutdown::Both);
    }

    /// Requests that have not ended.
    pub(crate) fn open_requests(&self) -> usize {
        let state = self.state.lock().unwrap();
        state.streams.len() + state.waiting.len()
    }
}

impl State {
    fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Option<(Instant, Ended)> {
        match kind {
            DATA => {
                self.received += payload.len() as u32;
                if self.received >= REFILL {
                    frame(&mut self.replies, WINDOW_UPDATE, 0, 0, &self.received.to_be_bytes());
                    self.received = 0;
                }
                if let Some((_, how)) = self.streams.get_mut(&stream) {
                    // What tells is near the start; no more of an answer is read than is needed.
                    let has = |text: &[u8]| payload.windows(text.len()).any(|part| part == text);
                    *how = how.or_else(|| {
                        if has(b"\"code\":429") {
                            Some(Ended::Overloaded)
                        } else if has(b"\"policy\":") {
                            Some(Ended::Judged)
                        } else {
                            None
                        }
                    });
                }
            }
            SETTINGS if flags & ACK == 0 => {
                for setting in payload.chunks_exact(6) {
                    let value = u32::from_be_bytes([setting[2], setting[3], setting[4], setting[5]]);
                    match u16::from_be_bytes([setting[0], setting[1]]) {
                        3 => self.most_streams = value as usize,
                        4 => assert!(value >= 16 << 10, "a stream's window holds no body"),
                        _ => {}
                    }
                }
                frame(&mut self.replies, SETTINGS, ACK, 0, &[]);
            }
            PING if flags & ACK == 0 => frame(&mut self.replies, PING, ACK, 0, payload),
            WINDOW_UPDATE if stream == 0 => self.window += i64::from(u32::from_be_bytes([payload[0], payload[1], payload[2], payload[3]])),
            GOAWAY => panic!("the server says goodbye: {}", String::from_utf8_lossy(payload.get(8..).unwrap_or_default())),
            _ => {}
        }
        let last = kind == RESET || (matches!(kind, DATA | HEADERS) && flags & END_STREAM != 0);
        let (due, how) = if last { self.streams.remove(&stream)? } else { return None };
        Some((due, how.unwrap_or(Ended::Failed)))
    }
}
