//! Load on the webhook: starts the real binary, finds where it saturates, and offers fixed loads up to that and twice it.
//!
//! `benches/admission` runs this. Loads are open: requests go out when they are due, whether or not earlier ones were answered, and their time
//! counts from when they were due, so that a slow server cannot hide what it makes others wait. TLS and HTTP/2, over as many connections as
//! API servers would bring. Only answers that were judged count.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench: it prints, and what goes wrong ends it")]

mod client;

use client::{Connection, Ended};
use plimsoll_cluster::Authority;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

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

fn connect(server: &Server, connections: usize) -> Vec<Arc<Connection>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(server.authority.certificate.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let config = Arc::new(config);
    let open = |_| Arc::new(Connection::open(server.address, config.clone(), "/validate?timeout=10s", REVIEW.as_bytes()));
    (0..connections).map(open).collect()
}

/// Reads a connection on a thread of its own; gives what ended: milliseconds since it was due, and how. `again` asks once more for each.
fn follow(connection: &Arc<Connection>, again: Option<Instant>) -> JoinHandle<Vec<(f64, Ended)>> {
    let connection = connection.clone();
    std::thread::spawn(move || {
        let mut all = vec![];
        connection.read(|due, how| {
            let now = Instant::now();
            all.push(((now - due).as_secs_f64() * 1e3, how));
            again.filter(|end| now < *end)
        });
        all
    })
}

/// As many requests at once as these; gives reviews per second.
fn saturate(server: &Server, connections: usize, at_once: usize, time: Duration) -> f64 {
    let connections = connect(server, connections);
    let begin = Instant::now();
    let end = begin + time;
    let readers: Vec<_> = connections.iter().map(|connection| follow(connection, Some(end))).collect();
    for connection in &connections {
        connection.ask(vec![begin; (at_once / connections.len()).max(1)]);
    }
    let all = drain(&connections, readers, end);
    all.iter().filter(|(_, how)| *how == Ended::Judged).count() as f64 / begin.elapsed().as_secs_f64()
}

/// Waits for what is under way and gives what ended.
fn drain(connections: &[Arc<Connection>], readers: Vec<JoinHandle<Vec<(f64, Ended)>>>, end: Instant) -> Vec<(f64, Ended)> {
    std::thread::sleep(end.saturating_duration_since(Instant::now()));
    while connections.iter().any(|connection| connection.open_requests() > 0) && end.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(1));
    }
    for connection in connections {
        connection.close();
    }
    readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect()
}

/// Requests at a fixed rate; prints a line, and gives reviews per second.
fn offer(server: &Server, connections: usize, rate: f64, time: Duration, saturation: f64) -> f64 {
    let total = (rate * time.as_secs_f64()) as u64;
    let connections = connect(server, connections);
    let readers: Vec<_> = connections.iter().map(|connection| follow(connection, None)).collect();
    let (used, own) = (processor(server), processor_of("self"));
    let begin = Instant::now();
    let due = |number: u64| begin + Duration::from_secs_f64(number as f64 / rate);
    let (mut number, mut turn) = (0, 0);
    while number < total {
        let early = due(number).saturating_duration_since(Instant::now());
        std::thread::sleep(early);
        // What is due within half a millisecond goes out together, over one connection after the other: a sleep and a write for each request
        // would cost as much as the request.
        let until = Instant::now() + Duration::from_micros(500);
        let next = (number..total).find(|number| due(*number) > until).unwrap_or(total).max(number + 1);
        connections[turn % connections.len()].ask((number..next).map(due));
        (number, turn) = (next, turn + 1);
    }
    let all = drain(&connections, readers, Instant::now());
    let elapsed = begin.elapsed().as_secs_f64();
    let (used, own) = (processor(server) - used, processor_of("self") - own);
    let mut times: Vec<f64> = all.iter().map(|(took, _)| *took).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let count = |wanted: Ended| all.iter().filter(|(_, how)| *how == wanted).count() as f64;
    let judged = count(Ended::Judged);
    println!(
        "| {rate:>7.0} ({:>4.0} %) | {:>8.0} | {:>6.0} | {:>6.0} | {:>7.2} | {:>7.2} | {:>7.2} | {:>7.2} | {:>6.1} | {:>8.0} | {:>6.2} | {:>6.2} |",
        100.0 * rate / saturation,
        judged / elapsed,
        count(Ended::Overloaded),
        total as f64 - judged - count(Ended::Overloaded),
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

fn main() {
    let args = args();
    let mut starts: Vec<f64> = (0..5).map(|_| start(&args).ready.as_secs_f64() * 1e3).collect();
    starts.sort_by(f64::total_cmp);
    let server = start(&args);
    let time = Duration::from_secs(args.seconds);
    println!("start to ready: median {:.0} ms of 5 (least {:.0}, most {:.0})", starts[2], starts[0], starts[4]);
    println!("resident after start: {:.1} MB", resident(&server));
    println!("one review is {} bytes; {} rules in force", REVIEW.len(), rules(&server));
    saturate(&server, args.connections, 16, Duration::from_secs(2));
    println!("resident when idle after warming up: {:.1} MB", resident(&server));
    let (used, own) = (processor(&server), processor_of("self"));
    let saturation = saturate(&server, args.connections, 32, time);
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
    for share in [0.1, 0.25, 0.5, 0.75, 0.9, 1.0, 2.0] {
        offer(&server, args.connections, saturation * share, time, saturation);
    }
    println!();
    println!("saturation and twice that in turn, for a machine's speed changes while it is measured");
    let mut shares: Vec<f64> = (0..5)
        .map(|_| {
            let saturation = saturate(&server, args.connections, 32, time);
            offer(&server, args.connections, saturation * 2.0, time, saturation) / saturation
        })
        .collect();
    shares.sort_by(f64::total_cmp);
    println!(
        "at twice saturation {:.0} % of saturation are judged ({:.0} to {:.0})",
        100.0 * shares[2],
        100.0 * shares[0],
        100.0 * shares[4]
    );
    println!("{OTHERS}");
    if args.soak > 0 {
        println!();
        println!("soak at half of saturation, {} s", args.soak);
        let begin = Instant::now();
        while begin.elapsed().as_secs() < args.soak {
            offer(&server, args.connections, saturation * 0.5, Duration::from_secs(30), saturation);
        }
    }
}

fn rules(server: &Server) -> String {
    let text = get(server.ops, "/metrics").unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix("plimsoll_rules ")).unwrap_or("?").to_owned()
}
