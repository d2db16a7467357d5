//! What receives OpenTelemetry traces over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Head and body of a request.
pub(crate) type Received = (String, Vec<u8>);

pub(crate) struct Collector {
    /// As `OTEL_EXPORTER_OTLP_ENDPOINT` wants it.
    pub(crate) address: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let collector = Self { address: format!("http://{}", listener.local_addr().unwrap()), received: Arc::default() };
        let received = collector.received.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let received = received.clone();
                thread::spawn(move || serve(stream, &received));
            }
        });
        collector
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

/// Takes requests for as long as the connection stays.
fn serve(stream: TcpStream, received: &Mutex<Vec<Received>>) {
    let mut answer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or_default() == 0 {
                return;
            }
        }
        let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned));
        let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
        reader.read_exact(&mut body).unwrap();
        received.lock().unwrap().push((head, body));
        answer.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n").unwrap();
    }
}
