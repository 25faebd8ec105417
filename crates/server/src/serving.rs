//! Serves the doors on a socket. The roof calls it.
//!
//! As axum's own, with two bounds more: a client has so long to send its request's head, and so many connections are
//! open at a time. Otherwise a few hundred clients that send one byte now and then would keep everybody else out.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// Connections at a time; further ones wait to be taken.
const CONNECTIONS_MAX: usize = 8_192;
/// Pause after the system refused a connection, because there are no descriptors left for example.
const REFUSED: Duration = Duration::from_millis(100);

/// Answers on a socket until the future is dropped; connections that are open then end with their answers. A request's
/// head must have come within `head` of the connection's or the last answer's end.
pub async fn serve(listener: TcpListener, router: Router, head: Duration) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, peer)) => {
                let router = router.clone();
                tokio::spawn(async move {
                    connection(stream, peer, router, head).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(REFUSED).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, peer: std::net::SocketAddr, router: Router, head: Duration) {
    // Answers are small and somebody waits for each.
    let _ = stream.set_nodelay(true);
    let told = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(told));
    if let Err(error) = served.await {
        tracing::debug!(%error, %peer, "a connection ended early");
    }
}
