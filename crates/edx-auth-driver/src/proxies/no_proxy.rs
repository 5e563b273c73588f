//! The hosts that are reached without a proxy.

use std::net::{IpAddr, Ipv6Addr};

use super::url::host_and_port;

/// The entries of `NO_PROXY`. An invalid entry is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NoProxy(Vec<Entry>);

/// An entry: hosts, and the port if it exempts them only for one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    All,
    /// A domain and its subdomains.
    Domain(String),
    /// The addresses with the same first bits as this one; the number says how many.
    Network(IpAddr, u8),
}

impl NoProxy {
    pub(super) fn parse(list: &str) -> Self {
        let entries = list.split([',', ' ', '\t']);
        Self(entries.filter_map(Entry::parse).collect())
    }

    pub(super) fn contains(&self, host: &str, port: u16) -> bool {
        let host = bare(host);
        self.0.iter().any(|entry| entry.contains(&host, port))
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        if let Some(hosts) = Hosts::parse(text) {
            return Some(Self { hosts, port: None });
        }
        let (host, port) = host_and_port(text)?;
        let hosts = Hosts::parse(host)?;
        Some(Self { hosts, port })
    }

    fn contains(&self, host: &str, port: u16) -> bool {
        self.port.is_none_or(|only| only == port) && self.hosts.contain(host)
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        if let Some((address, bits)) = text.split_once('/') {
            return Self::network(bare(address).parse().ok()?, bits.parse().ok()?);
        }
        let host = bare(text);
        if let Ok(address) = host.parse() {
            return Self::network(address, bits_of(address));
        }
        let domain = host.strip_prefix('*').unwrap_or(&host);
        let domain = domain.strip_prefix('.').unwrap_or(domain);
        let is_name = !domain.is_empty() && !domain.contains(':');
        is_name.then(|| Self::Domain(domain.to_owned()))
    }

    /// Returns the addresses that share these first bits; `None` if an address has fewer bits.
    fn network(address: IpAddr, bits: u8) -> Option<Self> {
        let mapped = bits_of(address) - bits_of(address.to_canonical());
        let is_network = bits <= bits_of(address) && bits >= mapped;
        is_network.then(|| Self::Network(address.to_canonical(), bits - mapped))
    }

    fn contain(&self, host: &str) -> bool {
        let address = host.parse().map(|address: IpAddr| address.to_canonical());
        match (self, address) {
            (Self::All, _) => true,
            (Self::Network(network, bits), Ok(address)) => begins_with(address, *network, *bits),
            (Self::Domain(domain), Err(_)) => is_within(host, domain),
            (Self::Network(..), Err(_)) | (Self::Domain(_), Ok(_)) => false,
        }
    }
}

/// Returns a host in lower case, without brackets and without the dot at its end.
fn bare(host: &str) -> String {
    let host = host.strip_suffix('.').unwrap_or(host);
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    address.unwrap_or(host).to_ascii_lowercase()
}

fn is_within(host: &str, domain: &str) -> bool {
    let before = host.strip_suffix(domain);
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn begins_with(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let differing = number(address) ^ number(network);
    let rest = u32::from(bits_of(network) - bits);
    let is_same = differing.checked_shr(rest).unwrap_or_default() == 0;
    is_same && address.is_ipv4() == network.is_ipv4()
}

fn bits_of(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u32::from(address).into(),
        IpAddr::V6(address) => Ipv6Addr::to_bits(address),
    }
}
