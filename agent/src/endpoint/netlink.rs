//! The little of rtnetlink that is needed to join two network namespaces by a pair of interfaces.

use std::io;
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket};

// Kinds of messages, as the kernel numbers them.
const NEW_LINK: u16 = 16;
const DELETE_LINK: u16 = 17;
const GET_LINK: u16 = 18;
const NEW_ADDRESS: u16 = 20;
const NEW_ROUTE: u16 = 24;
const ERROR: u16 = 2;

// Flags of messages.
const REQUEST: u16 = 0x1;
const ACKNOWLEDGE: u16 = 0x4;
const CREATE: u16 = 0x400;
const EXCLUSIVE: u16 = 0x200;

// Attributes of interfaces.
const NAME: u16 = 3;
const LINK_INFO: u16 = 18;
const LINK_KIND: u16 = 1;
const LINK_DATA: u16 = 2;
const PEER: u16 = 1;
const NAMESPACE: u16 = 28;
/// The flag of an interface that is up.
const UP: u32 = 1;

// Attributes of addresses and routes.
const ADDRESS: u16 = 1;
const LOCAL: u16 = 2;
const INTERFACE: u16 = 4;
const GATEWAY: u16 = 5;

const IPV4: u8 = 2;
/// No answer to one request is longer.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// A socket that configures the namespace in which it was opened, wherever its thread goes.
#[derive(Debug)]
pub(super) struct Netlink(OwnedFd);

impl Netlink {
    /// Opens one in the thread's namespace.
    pub(super) fn open() -> io::Result<Self> {
        let kind = (AddressFamily::Netlink, SockType::Raw, SockFlag::SOCK_CLOEXEC, SockProtocol::NetlinkRoute);
        Ok(Self(socket(kind.0, kind.1, kind.2, kind.3)?))
    }

    /// Makes a pair of interfaces, `peer` of them in another namespace.
    pub(super) fn make_pair(&self, name: &str, peer: &str, namespace: RawFd) -> io::Result<()> {
        let peer = [link(0, 0), attribute(NAME, &text(peer)), attribute(NAMESPACE, &namespace.to_ne_bytes())].concat();
        let data = attribute(LINK_DATA, &attribute(PEER, &peer));
        let info = attribute(LINK_INFO, &[attribute(LINK_KIND, b"veth"), data].concat());
        let body = [link(0, 0), attribute(NAME, &text(name)), info].concat();
        self.ask(NEW_LINK, ACKNOWLEDGE | CREATE | EXCLUSIVE, &body).map(drop)
    }

    /// Removes an interface. One that is not there is fine.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        match self.ask(DELETE_LINK, ACKNOWLEDGE, &[link(0, 0), attribute(NAME, &text(name))].concat()) {
            Err(error) if error.raw_os_error() != Some(nix::libc::ENODEV) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Gives an interface its address in a network of `prefix` bits, and brings it up. Gives its index.
    pub(super) fn bring_up(&self, name: &str, address: Ipv4Addr, prefix: u8) -> io::Result<u32> {
        let answer = self.ask(GET_LINK, 0, &[link(0, 0), attribute(NAME, &text(name))].concat())?;
        // Behind family, padding and type.
        let index = answer.get(4..8).and_then(|bytes| bytes.try_into().ok()).map(u32::from_ne_bytes);
        let index = index.ok_or_else(|| io::Error::other("an interface without an index"))?;
        let octets = address.octets();
        let body = [
            vec![IPV4, prefix, 0, 0],
            index.to_ne_bytes().to_vec(),
            attribute(LOCAL, &octets),
            attribute(ADDRESS, &octets),
        ];
        self.ask(NEW_ADDRESS, ACKNOWLEDGE | CREATE, &body.concat())?;
        self.ask(NEW_LINK, ACKNOWLEDGE, &link(index, UP))?;
        Ok(index)
    }

    /// Sends everything that has no other way to `gateway`.
    pub(super) fn route_all(&self, gateway: Ipv4Addr, index: u32) -> io::Result<()> {
        // Family, lengths of destination, source and service; the main table, made at boot, everywhere, unicast; flags.
        let route = vec![IPV4, 0, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0];
        let via = [attribute(GATEWAY, &gateway.octets()), attribute(INTERFACE, &index.to_ne_bytes())];
        self.ask(NEW_ROUTE, ACKNOWLEDGE | CREATE, &[route, via.concat()].concat()).map(drop)
    }

    /// Sends a message and takes the answer to it: empty if it is only an acknowledgement.
    fn ask(&self, kind: u16, flags: u16, body: &[u8]) -> io::Result<Vec<u8>> {
        let length = u32::try_from(16 + body.len()).map_err(io::Error::other)?;
        let mut message = length.to_ne_bytes().to_vec();
        message.extend([kind, flags | REQUEST].map(u16::to_ne_bytes).concat());
        message.extend([0; 8]); // its number, and who sends it: there is one at a time
        message.extend(body);
        send(self.0.as_raw_fd(), &message, MsgFlags::empty())?;
        let mut answer = vec![0; ANSWER_BYTES_MAX];
        let bytes = recv(self.0.as_raw_fd(), &mut answer, MsgFlags::empty())?;
        answer.truncate(bytes);
        let number = |at: usize| answer.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(i32::from_ne_bytes);
        let is_error = answer.get(4..6) == Some(&ERROR.to_ne_bytes());
        match number(16) {
            Some(0) if is_error => Ok(Vec::new()),
            Some(error) if is_error => Err(io::Error::from_raw_os_error(-error)),
            Some(_) => Ok(answer.split_off(16)),
            None => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
        }
    }
}

/// What a message about an interface begins with: any family and type, its index, and flags that are to be set.
fn link(index: u32, flags: u32) -> Vec<u8> {
    [[0; 4], index.to_ne_bytes(), flags.to_ne_bytes(), flags.to_ne_bytes()].concat()
}

/// An attribute with its length, filled up to whole words.
fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(4 + value.len()).unwrap_or(u16::MAX);
    let mut bytes = [length, kind].map(u16::to_ne_bytes).concat();
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A text as the kernel reads it.
fn text(text: &str) -> Vec<u8> {
    [text.as_bytes(), &[0]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_fill_whole_words() {
        assert_eq!(attribute(3, b"ab\0"), [7, 0, 3, 0, b'a', b'b', 0, 0]);
        assert_eq!(attribute(1, &[]), [4, 0, 1, 0]);
    }
}
