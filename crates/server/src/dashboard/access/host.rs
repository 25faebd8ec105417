//! Host names: an open page answers only to names of this machine, so that a foreign site whose name was pointed here
//! (DNS rebinding) reads nothing.

/// Whether a `Host` header names this machine, or is one of the names that were allowed.
pub(super) fn is_ours(host: &str, allowed: &[String]) -> bool {
    let name = name_of(host);
    let loopback = name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    loopback || name.eq_ignore_ascii_case("localhost") || allowed.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The name without its port and without the brackets of IPv6.
fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split_once(']').map_or(rest, |(name, _)| name);
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_ours() {
        for ours in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "127.9.9.9", "till.lan:80"] {
            assert!(is_ours(ours, &["till.lan".into()]), "{ours}");
        }
        for foreign in ["evil.example", "127.0.0.1.evil.example:80", "", "192.168.0.7", "localhost.evil.example"] {
            assert!(!is_ours(foreign, &["till.lan".into()]), "{foreign}");
        }
    }
}
