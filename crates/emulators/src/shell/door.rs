//! The platform's public API over HTTP: a request goes to the machine, unless a fault says otherwise.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;

use super::Shell;
use super::faults::CallFault;

/// No vendor's call is larger.
const BODY_MAX: usize = 16 * 1024 * 1024;

/// Answers one call of the platform's API.
pub(super) async fn call(State(shell): State<Arc<Shell>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if shell.api_latency_ms > 0 {
        tokio::time::sleep(Duration::from_millis(shell.api_latency_ms)).await;
    }
    if *shell.stalled.borrow() {
        return hang(&shell).await;
    }
    answer(&shell, &http::Request::from_parts(parts, body))
}

/// Holds a call until the stall is over, then cuts it off: it was never looked at. A caller that loses patience first
/// closes the connection, and the waiting ends with it.
async fn hang(shell: &Shell) -> Response {
    let mut stalled = shell.stalled.subscribe();
    // The sender lives as long as the shell, which is borrowed here.
    let _ = stalled.wait_for(|stalled| !stalled).await;
    shell.lock().fault_calls.errors += 1;
    hang_up()
}

fn answer(shell: &Shell, request: &http::Request<Bytes>) -> Response {
    let mut inner = shell.lock();
    let state = &mut *inner;
    let fault = state.faults.on_call(&mut state.fault_dice);
    let response = match fault {
        CallFault::None => inner.call(request).map(Body::from),
        CallFault::TooMany => {
            inner.fault_calls.throttled += 1;
            inner.machine.throttled(request).map(Body::from)
        }
        CallFault::BrokenBefore | CallFault::SilentBefore => fail(fault),
        CallFault::BrokenAfter | CallFault::SilentAfter => {
            inner.call(request);
            fail(fault)
        }
    };
    if !matches!(fault, CallFault::None | CallFault::TooMany) {
        inner.fault_calls.errors += 1;
    }
    drop(inner);
    shell.wake.notify_one();
    response
}

fn fail(fault: CallFault) -> Response {
    match fault {
        CallFault::SilentBefore | CallFault::SilentAfter => hang_up(),
        CallFault::None | CallFault::TooMany | CallFault::BrokenBefore | CallFault::BrokenAfter => {
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Closes the connection without a usable answer: the caller cannot know whether its call took effect. It stands for
/// an answer that comes after the caller's time limit, without holding a test up for that long.
fn hang_up() -> Response {
    let cut = tokio_stream::once(Err::<Bytes, _>(io::Error::other("the connection is cut on purpose")));
    Response::new(Body::from_stream(cut))
}
