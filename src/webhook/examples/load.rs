//! Load on the webhook: starts the real binary, finds where it saturates, and offers fixed loads up to that and twice it.
//!
//! `benches/admission` runs this. Loads are open: requests go out when they are due, whether or not earlier ones were answered, and their time
//! counts from when they were due, so that a slow server cannot hide what it makes others wait. TLS and HTTP/2, over as many connections as
//! API servers would bring. Only answers that were judged count.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench: it prints, and what goes wrong ends it")]

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use plimsoll_cluster::Authority;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};
use tokio_rustls::TlsConnector;

const REVIEW: &str = include_str!("review.json");

struct Args {
    binary: PathBuf,
    seconds: u64,
    connections: usize,
    soak: u64,
    config: Option<PathBuf>,
    serve: Vec<String>,
}

fn args() -> Args {
    let mut args = Args { binary: "target/release/plimsoll".into(), seconds: 10, connections: 4, soak: 0, config: None, serve: vec![] };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let mut value = || given.next().unwrap_or_else(|| panic!("{name} needs a value"));
        match name.as_str() {
            "--binary" => args.binary = value().into(),
            "--seconds" => args.seconds = value().parse().unwrap(),
            "--connections" => args.connections = value().parse().unwrap(),
            "--soak" => args.soak = value().parse().unwrap(),
            "--config" => args.config = Some(value().into()),
            "--" => args.serve = given.by_ref().collect(),
            other => panic!("unknown argument {other}"),
        }
    }
    args
}

struct Server {
    child: Child,
    address: SocketAddr,
    ops: SocketAddr,
    authority: Authority,
    ready: Duration,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start(args: &Args) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::make(SystemTime::now()).unwrap();
    let material = authority.sign(&["localhost".to_owned()], SystemTime::now(), Duration::from_hours(24)).unwrap();
    std::fs::write(folder.path().join("tls.crt"), material.certificate).unwrap();
    std::fs::write(folder.path().join("tls.key"), material.key).unwrap();
    std::fs::write(folder.path().join("plimsoll.toml"), "").unwrap();
    let local = || SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (address, ops) = (local(), local());
    let mut command = Command::new(std::fs::canonicalize(&args.binary).unwrap());
    command
        .args(["serve", "--no-cluster", "--tls-cert", "tls.crt", "--tls-key", "tls.key"])
        .args(["--listen", &address.to_string(), "--ops-listen", &ops.to_string()])
        .args(&args.serve)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        // What is logged is written; reading it is another's work.
        .stderr(Stdio::null());
    if let Some(config) = &args.config {
        command.arg("--config").arg(std::fs::canonicalize(config).unwrap());
    }
    let started = Instant::now();
    let child = command.spawn().unwrap();
    while !is_ready(ops) {
        assert!(started.elapsed() < Duration::from_mins(1), "it is not ready");
        std::thread::sleep(Duration::from_millis(1));
    }
    Server { child, address, ops, authority, ready: started.elapsed(), _folder: folder }
}

fn is_ready(ops: SocketAddr) -> bool {
    get(ops, "/readyz").is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn get(address: SocketAddr, path: &str) -> Option<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address).ok()?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// Memory that is resident, in MB.
fn resident(server: &Server) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// Processor time that the server used, in seconds.
fn processor(server: &Server) -> f64 {
    processor_of(&server.child.id().to_string())
}

fn processor_of(process: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

async fn connect(server: &Server) -> SendRequest<Full<Bytes>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.authority.certificate.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
    let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    builder.initial_max_send_streams(2_048).max_concurrent_streams(2_048);
    let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

/// How requests ended.
#[derive(Default)]
struct Counts {
    judged: AtomicU64,
    overloaded: AtomicU64,
    failed: AtomicU64,
}

async fn ask(mut sender: SendRequest<Full<Bytes>>, body: Bytes, counts: &Counts) {
    let request = Request::post("https://localhost/validate?timeout=10s").header("content-type", "application/json");
    let answer = async {
        let response = sender.send_request(request.body(Full::new(body)).unwrap()).await.ok()?;
        Some(response.into_body().collect().await.ok()?.to_bytes())
    };
    let body = answer.await.unwrap_or_default();
    // This client shares the server's cores, so it reads no more of an answer than it needs.
    let text = std::str::from_utf8(&body).unwrap_or_default();
    let counter = if text.contains("\"policy\":") {
        &counts.judged
    } else if text.contains("\"code\":429") {
        &counts.overloaded
    } else {
        &counts.failed
    };
    counter.fetch_add(1, Ordering::Relaxed);
}

/// As many requests at once as these; gives reviews per second.
async fn saturate(server: &Server, connections: usize, at_once: usize, time: Duration) -> f64 {
    let counts = Arc::new(Counts::default());
    let end = Instant::now() + time;
    let mut tasks = vec![];
    let body = Bytes::from_static(REVIEW.as_bytes());
    let senders: Vec<_> = futures_of(server, connections).await;
    for number in 0..at_once {
        let (sender, body, counts) = (senders[number % senders.len()].clone(), body.clone(), counts.clone());
        tasks.push(tokio::spawn(async move {
            while Instant::now() < end {
                ask(sender.clone(), body.clone(), &counts).await;
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    counts.judged.load(Ordering::Relaxed) as f64 / time.as_secs_f64()
}

async fn futures_of(server: &Server, connections: usize) -> Vec<SendRequest<Full<Bytes>>> {
    let mut senders = vec![];
    for _ in 0..connections {
        senders.push(connect(server).await);
    }
    senders
}

/// Requests at a fixed rate; prints a line, and gives reviews per second.
async fn offer(server: &Server, connections: usize, rate: f64, time: Duration, saturation: f64) -> f64 {
    let counts = Arc::new(Counts::default());
    let total = (rate * time.as_secs_f64()) as u64;
    let times = Arc::new(std::sync::Mutex::new(Vec::with_capacity(total as usize)));
    let senders = futures_of(server, connections).await;
    let body = Bytes::from_static(REVIEW.as_bytes());
    let (used, own) = (processor(server), processor_of("self"));
    let begin = Instant::now();
    let runtime = tokio::runtime::Handle::current();
    // A thread of its own keeps time: the runtime's timers are exact to a millisecond only.
    let (shared_counts, shared_times) = (counts.clone(), times.clone());
    let pace = std::thread::spawn(move || {
        let mut tasks = Vec::with_capacity(total as usize);
        for number in 0..total {
            let due = begin + Duration::from_secs_f64(number as f64 / rate);
            // What is due within half a millisecond goes out together: a sleep for each request would cost as much as the request.
            let early = due.saturating_duration_since(Instant::now());
            if early > Duration::from_micros(500) {
                std::thread::sleep(early);
            }
            let sender = senders[number as usize % senders.len()].clone();
            let (body, counts, times) = (body.clone(), shared_counts.clone(), shared_times.clone());
            tasks.push(runtime.spawn(async move {
                ask(sender, body, &counts).await;
                let took = due.elapsed().as_secs_f64() * 1e3;
                times.lock().unwrap().push(took);
            }));
        }
        tasks
    });
    for task in tokio::task::spawn_blocking(|| pace.join().unwrap()).await.unwrap() {
        task.await.unwrap();
    }
    let elapsed = begin.elapsed().as_secs_f64();
    let (used, own) = (processor(server) - used, processor_of("self") - own);
    let mut times = std::mem::take(&mut *times.lock().unwrap());
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
    let judged = count(&counts.judged);
    println!(
        "| {rate:>7.0} ({:>4.0} %) | {:>8.0} | {:>6.0} | {:>6.0} | {:>7.2} | {:>7.2} | {:>7.2} | {:>7.2} | {:>6.1} | {:>8.0} | {:>6.2} | {:>6.2} |",
        100.0 * rate / saturation,
        judged / elapsed,
        count(&counts.overloaded),
        count(&counts.failed),
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0),
        resident(server),
        judged / used.max(0.01),
        used / elapsed,
        own / elapsed,
    );
    judged / elapsed
}

/// What others publish, to be read beside: other machines, other rules, and in Kyverno's case a whole API server before the webhook.
const OTHERS: &str = "published by others: Kubewarden, one user's two policy servers: 300 requests/s on up to 120 reserved cores; \
Kyverno 1.18.1, 16 policies, one replica, through the API server: p99 1,247 ms at 500 users, 107 ms at 10";

#[tokio::main(worker_threads = 1)]
async fn main() {
    let args = args();
    let mut starts: Vec<f64> = (0..5).map(|_| start(&args).ready.as_secs_f64() * 1e3).collect();
    starts.sort_by(f64::total_cmp);
    let server = start(&args);
    let time = Duration::from_secs(args.seconds);
    println!("start to ready: median {:.0} ms of 5 (least {:.0}, most {:.0})", starts[2], starts[0], starts[4]);
    println!("resident after start: {:.1} MB", resident(&server));
    println!("one review is {} bytes; {} rules in force", REVIEW.len(), rules(&server));
    saturate(&server, args.connections, 16, Duration::from_secs(2)).await;
    println!("resident when idle after warming up: {:.1} MB", resident(&server));
    let (used, own) = (processor(&server), processor_of("self"));
    let saturation = saturate(&server, args.connections, 32, time).await;
    let (used, own) = ((processor(&server) - used) / time.as_secs_f64(), (processor_of("self") - own) / time.as_secs_f64());
    println!(
        "saturation, client and server on the same cores: {saturation:.0} reviews/s; the server used {used:.2} cores, the client {own:.2}: {:.0} reviews/s per core of the server",
        saturation / used
    );
    println!();
    println!(
        "| offered/s | judged/s | 429 | failed | p50 ms | p95 ms | p99 ms | most ms | RSS MB | judged per core and second | server cores | client cores |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    let mut judged = 0.0;
    for share in [0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 2.0] {
        judged = offer(&server, args.connections, saturation * share, time, saturation).await;
    }
    println!("at twice saturation {:.0} % of saturation are judged", 100.0 * judged / saturation);
    println!("{OTHERS}");
    if args.soak > 0 {
        println!();
        println!("soak at half of saturation, {} s", args.soak);
        let begin = Instant::now();
        while begin.elapsed().as_secs() < args.soak {
            offer(&server, args.connections, saturation * 0.5, Duration::from_secs(30), saturation).await;
        }
    }
}

fn rules(server: &Server) -> String {
    let text = get(server.ops, "/metrics").unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix("plimsoll_rules ")).unwrap_or("?").to_owned()
}
