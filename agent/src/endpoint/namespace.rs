//! A listener that only one network namespace can reach, at the address that all programs for ECS know.
//!
//! The listener is in a namespace of its own, which a pair of interfaces joins with the container's. So it takes no port
//! of the container's, is out of reach of every other container and of the machine, and needs nothing in the machine's own
//! namespace. The namespace has no name and no process: it lasts as long as the listener, and with it go both
//! interfaces, also when the agent is killed.

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::os::fd::AsRawFd;
use std::time::Duration;

use nix::sched::{CloneFlags, setns, unshare};
use tokio::sync::oneshot;

use super::netlink::Netlink;

/// Where programs look for their credentials if their environment only says a path.
pub(super) const ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 2);
const PORT: u16 = 80;
/// The container's end of the pair, in the same network of four addresses.
const PEER_ADDRESS: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 1);
const PREFIX: u8 = 30;
/// The container's interface, named as the ECS agent names it.
const PEER: &str = "ecs-eth0";
const NAME: &str = "endpoint";

/// How often to try again, and how long to wait before: the interface of an agent that was just killed may be on its
/// way out.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(20);

/// Opens a listener for the network namespace of a process of this container.
pub(super) async fn listen(pid: i32, runtime_id: String) -> io::Result<TcpListener> {
    in_thread(move || {
        let namespace = namespace_of(pid, &runtime_id)?;
        setns(&namespace, CloneFlags::CLONE_NEWNET)?;
        let container = Netlink::open()?;
        unshare(CloneFlags::CLONE_NEWNET)?;
        let own = Netlink::open()?;
        join(&own, &container, &namespace)?;
        TcpListener::bind(SocketAddrV4::new(ADDRESS, PORT))
    })
    .await
}

/// Says why no such listener can be opened by this process, if so.
pub(super) async fn check() -> io::Result<()> {
    in_thread(|| {
        // All of it is gone with this thread.
        unshare(CloneFlags::CLONE_NEWNET)?;
        let own = Netlink::open()?;
        own.make_pair(NAME, PEER, File::open("/proc/thread-self/ns/net")?.as_raw_fd())?;
        own.bring_up(NAME, ADDRESS, PREFIX)?;
        TcpListener::bind(SocketAddrV4::new(ADDRESS, PORT)).map(drop)
    })
    .await
}

/// Does something in a thread that ends with it, since it changes the namespace that its thread is in.
async fn in_thread<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    let (sender, result) = oneshot::channel();
    // If nobody waits for it any more, the listener goes.
    std::thread::Builder::new().name("namespace".to_owned()).spawn(move || drop(sender.send(work())))?;
    result.await.map_err(io::Error::other)?
}

/// The network namespace of a process, if that is one of the container's: its number may be another's by now, or that of
/// a process on another machine.
fn namespace_of(pid: i32, runtime_id: &str) -> io::Result<File> {
    let namespace = File::open(format!("/proc/{pid}/ns/net"))?;
    let groups = std::fs::read_to_string(format!("/proc/{pid}/cgroup"))?;
    if !groups.contains(runtime_id) {
        return Err(io::Error::other(format!("process {pid} is none of the container's")));
    }
    let is_own = same_file(&namespace, &File::open("/proc/thread-self/ns/net")?)?;
    if is_own { Err(io::Error::other("the container has the machine's own network")) } else { Ok(namespace) }
}

fn same_file(a: &File, b: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (a, b) = (a.metadata()?, b.metadata()?);
    Ok((a.dev(), a.ino()) == (b.dev(), b.ino()))
}

/// Joins the listener's namespace with the container's.
#[expect(clippy::disallowed_methods, reason = "it has a thread for itself, of no runtime")]
fn join(own: &Netlink, container: &Netlink, namespace: &File) -> io::Result<()> {
    let mut tries = 1;
    loop {
        // Of an agent before, or of one that was just killed.
        container.remove(PEER)?;
        match own.make_pair(NAME, PEER, namespace.as_raw_fd()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < TRIES => {
                tries += 1;
                std::thread::sleep(PAUSE);
            }
            made => break made?,
        }
    }
    let index = own.bring_up(NAME, ADDRESS, PREFIX)?;
    container.bring_up(PEER, PEER_ADDRESS, PREFIX)?;
    // A connection that was begun before the interface was there comes from another address of the container's.
    own.route_all(PEER_ADDRESS, index)
}
