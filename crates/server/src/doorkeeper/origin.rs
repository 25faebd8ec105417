//! Where a request comes from: the other end of the connection, or what a trusted proxy says of it.
//!
//! Whatever an untrusted end says of itself changes nothing, except that somebody who comes through a proxy is not
//! taken for somebody at this machine.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, header};

use super::{Doorkeeper, Forwarding, Proxies};

/// Where from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The client's address; `None` when the server was not told.
    pub address: Option<IpAddr>,
    /// Whether they came by https.
    pub https: bool,
    /// Whether it is somebody at this machine, with nothing in between.
    pub here: bool,
    /// The name they asked for, without what proxies made of it.
    pub host: String,
}

impl Origin {
    /// Of a request that passed [`tell`].
    pub(crate) fn of<B>(request: &http::Request<B>) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// The address as guessing and calling are counted by: whoever has one address of IPv6 has a whole network of them.
    pub(crate) fn subject(&self) -> String {
        match self.address {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

/// Tells every later step where a request comes from.
pub(crate) async fn tell(State(door): State<Arc<Doorkeeper>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let origin = origin(&door.settings.proxies, door.settings.https, peer, request.headers());
    request.extensions_mut().insert(origin);
    next.run(request).await
}

fn origin(proxies: &Proxies, https: bool, peer: Option<IpAddr>, headers: &HeaderMap) -> Origin {
    let peer = peer.map(|peer| peer.to_canonical());
    let host = text(headers, header::HOST.as_str());
    let via_proxy = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via"];
    let between = via_proxy.iter().any(|name| headers.contains_key(*name));
    // Without a connection (a router that is asked in a test) there is nothing in between either.
    let here = !between && peer.is_none_or(|peer| peer.is_loopback());
    let direct = Origin { address: peer, https, here, host };
    let Some(peer) = peer.filter(|peer| proxies.trust(*peer)) else { return direct };
    let hops = match proxies.forwarding {
        Forwarding::XForwarded => x_forwarded(headers),
        Forwarding::Standard => standard(headers),
    };
    // The nearest proxy wrote last. Going back, the first address that is no proxy of ours is the client's.
    let mut address = peer;
    for hop in hops.addresses.iter().rev() {
        match hop.parse::<IpAddr>() {
            Ok(hop) => address = hop.to_canonical(),
            // Hidden or unknown: what stands before it cannot be believed.
            Err(_) => break,
        }
        if !proxies.trust(address) {
            break;
        }
    }
    Origin {
        address: Some(address),
        https: hops.proto.map_or(https, |proto| proto.eq_ignore_ascii_case("https")),
        here: false,
        host: hops.host.unwrap_or(direct.host),
    }
}

#[derive(Default)]
struct Hops {
    addresses: Vec<String>,
    proto: Option<String>,
    host: Option<String>,
}

fn x_forwarded(headers: &HeaderMap) -> Hops {
    let last = |name: &str| list(headers, name).pop().filter(|value| !value.is_empty());
    let addresses = list(headers, "x-forwarded-for").into_iter().map(|hop| without_port(&hop).to_owned()).collect();
    Hops { addresses, proto: last("x-forwarded-proto"), host: last("x-forwarded-host") }
}

/// `Forwarded: for=192.0.2.60;proto=https;host=hub.example, for="[2001:db8::1]:4711"`.
fn standard(headers: &HeaderMap) -> Hops {
    let mut hops = Hops::default();
    for element in list(headers, "forwarded") {
        let mut address = String::new();
        for pair in element.split(';') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "for" => address = without_port(value).to_owned(),
                "proto" => hops.proto = Some(value.to_owned()),
                "host" => hops.host = Some(value.to_owned()),
                _ => {}
            }
        }
        hops.addresses.push(address);
    }
    hops
}

/// The elements of a header that may be sent in several lines.
fn list(headers: &HeaderMap, name: &str) -> Vec<String> {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(|element| element.trim().to_owned()).collect()
}

fn without_port(text: &str) -> &str {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    match text.split_once(':') {
        Some((address, port)) if !port.contains(':') => address,
        _ => text,
    }
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().expect("a header"));
        }
        headers
    }

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    fn kong() -> Proxies {
        Proxies::parse(&["10.0.0.0/24"], Forwarding::XForwarded).expect("a network")
    }

    const SAID: [(&str, &str); 3] =
        [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "hub.example")];

    #[test]
    fn a_trusted_proxy_says_who_came_how_and_under_which_name() {
        let told = origin(&kong(), false, address("10.0.0.5"), &headers(&SAID));
        let expected =
            Origin { address: address("203.0.113.9"), https: true, here: false, host: "hub.example".to_owned() };
        assert_eq!(told, expected);
    }

    #[test]
    fn what_an_untrusted_end_says_of_itself_changes_nothing() {
        let stranger = address("198.51.100.1");
        let plain = origin(&kong(), false, stranger, &headers(&[("host", "hub.example")]));
        let mut lying = SAID.to_vec();
        lying.extend([("host", "hub.example"), ("forwarded", "for=127.0.0.1;proto=https")]);
        assert_eq!(origin(&kong(), false, stranger, &headers(&lying)), plain);
        let none = Proxies::default();
        assert_eq!(origin(&none, false, address("10.0.0.5"), &headers(&SAID)).address, address("10.0.0.5"));
    }

    #[test]
    fn an_address_that_the_client_put_before_the_proxys_own_word_is_not_believed() {
        let chain = headers(&[("x-forwarded-for", "127.0.0.1, 203.0.113.9"), ("x-forwarded-for", "10.0.0.8")]);
        let told = origin(&kong(), false, address("10.0.0.5"), &chain);
        assert_eq!((told.address, told.here), (address("203.0.113.9"), false));
        let hidden = headers(&[("x-forwarded-for", "127.0.0.1, unknown")]);
        assert_eq!(origin(&kong(), false, address("10.0.0.5"), &hidden).address, address("10.0.0.5"));
    }

    #[test]
    fn only_the_headers_that_the_proxies_speak_with_are_read() {
        let standard = Proxies::parse(&["::1"], Forwarding::Standard).expect("an address");
        let both = headers(&[
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "http"),
            ("forwarded", "for=\"[2001:db8::7]:4711\";proto=https;host=\"hub.example\""),
        ]);
        let told = origin(&standard, false, address("::1"), &both);
        assert_eq!((told.address, told.https, told.host.as_str()), (address("2001:db8::7"), true, "hub.example"));
        let ignored =
            origin(&kong(), false, address("10.0.0.5"), &headers(&[("forwarded", "for=1.1.1.1;proto=https")]));
        assert_eq!((ignored.address, ignored.https), (address("10.0.0.5"), false));
    }

    #[test]
    fn somebody_at_this_machine_comes_without_anything_in_between() {
        let none = Proxies::default();
        assert!(origin(&none, false, address("127.0.0.1"), &headers(&[])).here);
        assert!(origin(&none, false, address("::ffff:127.0.0.1"), &headers(&[])).here);
        assert!(!origin(&none, false, address("127.0.0.1"), &headers(&[("x-forwarded-for", "127.0.0.1")])).here);
        assert!(!origin(&none, false, address("127.0.0.1"), &headers(&[("via", "1.1 proxy")])).here);
        assert!(!origin(&none, false, address("192.0.2.1"), &headers(&[])).here);
    }

    #[test]
    fn a_whole_network_of_ipv6_counts_as_one() {
        let of = |text: &str| Origin { address: address(text), ..Origin::default() }.subject();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::9"));
        assert_ne!(of("2001:db8:1:2::9"), of("2001:db8:1:3::9"));
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
    }
}
