//! Addresses whose word counts: gateways and load balancers in front of the hub, and which header they speak with.

use std::net::IpAddr;

/// Which headers the proxies set. One, because a proxy passes on the others as a stranger sent them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forwarding {
    /// `X-Forwarded-For`, `-Proto`, `-Host`: Kong, MuleSoft, nginx, most load balancers.
    #[default]
    XForwarded,
    /// `Forwarded` (RFC 7239).
    Standard,
}

impl Forwarding {
    /// Reads the word of the configuration.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "x-forwarded" => Some(Self::XForwarded),
            "forwarded" => Some(Self::Standard),
            _ => None,
        }
    }
}

/// The trusted proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    networks: Vec<Network>,
    pub(super) forwarding: Forwarding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    bits: u128,
    prefix: u32,
}

impl Proxies {
    /// From addresses (`10.0.0.7`) and networks (`10.0.0.0/8`, `fd00::/8`).
    ///
    /// # Errors
    /// The one that is neither.
    pub fn parse<T: AsRef<str>>(texts: &[T], forwarding: Forwarding) -> Result<Self, String> {
        let read = |text: &T| network(text.as_ref()).ok_or_else(|| text.as_ref().to_owned());
        Ok(Self { networks: texts.iter().map(read).collect::<Result<_, _>>()?, forwarding })
    }

    pub(super) fn trust(&self, address: IpAddr) -> bool {
        let bits = bits(address);
        self.networks.iter().any(|network| (bits ^ network.bits).checked_shr(128 - network.prefix).unwrap_or(0) == 0)
    }
}

fn network(text: &str) -> Option<Network> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse::<u32>().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.trim().parse().ok()?;
    let (whole, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
    let prefix = prefix.unwrap_or(whole);
    (prefix <= whole).then(|| Network { bits: bits(address), prefix: before + prefix })
}

/// Every address as one of IPv6, so that there is one comparison.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_of_both_kinds_are_trusted_and_their_neighbours_are_not() {
        let texts = ["10.1.0.0/16", "192.168.0.7", "fd00::/8", "0.0.0.0/32"];
        let proxies = Proxies::parse(&texts, Forwarding::XForwarded).expect("networks");
        for ours in ["10.1.255.1", "192.168.0.7", "fd12::1", "::ffff:10.1.0.9"] {
            assert!(proxies.trust(ours.parse().expect("an address")), "{ours}");
        }
        for foreign in ["10.2.0.1", "192.168.0.8", "fe80::1", "::1", "127.0.0.1"] {
            assert!(!proxies.trust(foreign.parse().expect("an address")), "{foreign}");
        }
        assert!(!Proxies::default().trust("127.0.0.1".parse().expect("an address")));
        let all = Proxies::parse(&["::/0"], Forwarding::XForwarded).expect("a network");
        assert!(all.trust("8.8.8.8".parse().expect("an address")));
        for wrong in ["10.0.0.0/33", "host", "", "10.0.0/8"] {
            assert_eq!(Proxies::parse(&[wrong], Forwarding::XForwarded), Err(wrong.to_owned()));
        }
    }
}
