//! Platforms for the courier's tests: real listeners on loopback that answer well, badly or not at all.

use bytes::Bytes;
use courier::{Courier, CourierConfig};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A listener that counts its connections and treats each by a script.
pub struct Platform {
    /// Where it listens.
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Platform {
    /// Reads a request's head, then sends `bytes` as they are and closes.
    pub async fn that_sends(bytes: &'static [u8]) -> Self {
        Self::with(move |mut socket| async move {
            read_head(&mut socket).await;
            // A client that has read enough may have hung up: that is its right.
            let _ = socket.write_all(bytes).await;
            let _ = socket.shutdown().await;
        })
        .await
    }

    /// Sends `bytes`, then keeps the connection open and is silent for ever.
    pub async fn that_stops_after(bytes: &'static [u8]) -> Self {
        Self::with(move |mut socket| async move {
            read_head(&mut socket).await;
            let _ = socket.write_all(bytes).await;
            std::future::pending::<()>().await;
        })
        .await
    }

    /// Says `bytes` at once, without waiting to be asked, and closes.
    pub async fn that_speaks_first(bytes: &'static [u8]) -> Self {
        Self::with(move |mut socket| async move {
            let _ = socket.write_all(bytes).await;
            // Reading on keeps what was sent from being cut off by a reset.
            read_head(&mut socket).await;
        })
        .await
    }

    /// An ordinary web server.
    pub async fn serving(router: axum::Router) -> SocketAddr {
        let listener = listener().await;
        let address = listener.local_addr().expect("a bound listener has an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    async fn with<F, T>(treat: F) -> Self
    where
        F: Fn(TcpStream) -> T + Send + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        let listener = listener().await;
        let address = listener.local_addr().expect("a bound listener has an address");
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(treat(socket));
            }
        });
        Self { address, connections }
    }
}

/// A port on loopback where nobody listens.
pub async fn nobody() -> SocketAddr {
    listener().await.local_addr().expect("a bound listener has an address")
}

/// A courier with short limits: 300 ms and 1,000 bytes.
pub fn courier(change: impl FnOnce(&mut CourierConfig)) -> Courier {
    let mut config =
        CourierConfig { total_timeout: Duration::from_millis(300), reply_bytes_max: 1000, ..Default::default() };
    change(&mut config);
    Courier::new(config).expect("the test's settings are sound")
}

/// A request with a small body.
pub fn post(address: SocketAddr, path: &str) -> http::Request<Bytes> {
    http::Request::post(format!("http://{address}{path}"))
        .header("authorization", "Bearer hush")
        .body(Bytes::from_static(b"{\"n\":1}"))
        .expect("a well-formed request")
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port")
}

async fn read_head(socket: &mut TcpStream) {
    let mut seen = Vec::new();
    let mut piece = [0; 1024];
    while !seen.windows(4).any(|end| end == b"\r\n\r\n") {
        match socket.read(&mut piece).await {
            Ok(0) | Err(_) => return,
            Ok(count) => seen.extend_from_slice(&piece[..count]),
        }
    }
}
