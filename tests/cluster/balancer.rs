//! What a Service is to an API server: one address, and connections to whoever is ready behind it.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A TCP balancer that goes round.
#[derive(Clone)]
pub(crate) struct Balancer {
    pub(crate) address: SocketAddr,
    ready: Arc<Mutex<Vec<SocketAddr>>>,
}

impl Balancer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let balancer = Self { address: listener.local_addr().unwrap(), ready: Arc::default() };
        let ready = balancer.ready.clone();
        thread::spawn(move || {
            for (number, client) in listener.incoming().flatten().enumerate() {
                let backends = ready.lock().unwrap().clone();
                // Nobody is ready: the connection is closed, as a Service without endpoints refuses it.
                let Some(backend) = backends.get(number % backends.len().max(1)).copied() else { continue };
                thread::spawn(move || join(client, backend));
            }
        });
        balancer
    }

    /// New connections go to these from now on; open ones stay where they are.
    pub(crate) fn set(&self, backends: Vec<SocketAddr>) {
        *self.ready.lock().unwrap() = backends;
    }
}

fn join(client: TcpStream, backend: SocketAddr) {
    let Ok(server) = TcpStream::connect(backend) else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (Ok(from_client), Ok(from_server)) = (client.try_clone(), server.try_clone()) else { return };
    let back = thread::spawn(move || pass(from_server, client));
    pass(from_client, server);
    let _ = back.join();
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
