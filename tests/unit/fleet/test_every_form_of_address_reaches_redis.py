"""Sockets, TLS, users of the ACL and Sentinels: what `REDIS_URL` may say, against servers that insist on it."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import trustme

from openposterdb.fleet.address import connect
from openposterdb.fleet.link import Link, RedisAway
from tests.servers.process import free_port, listens, program, running
from tests.servers.redis import RedisServer, running_redis
from tests.unit.fleet.conftest import until_up

PASSWORD = "a:b@c/d"
QUOTED = "a%3Ab%40c%2Fd"


@pytest.fixture
def certificates(tmp_path, monkeypatch) -> tuple[str, ...]:
    """Options for a server with TLS; its authority is the one that this process believes."""
    authority = trustme.CA()
    server = authority.issue_cert("localhost", "127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server.private_key_pem.write_to_path(tmp_path / "key.pem")
    for number, pem in enumerate(server.cert_chain_pems):
        pem.write_to_path(tmp_path / "cert.pem", append=number > 0)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    files = {"--tls-cert-file": "cert.pem", "--tls-key-file": "key.pem", "--tls-ca-cert-file": "ca.pem"}
    options = [part for option, name in files.items() for part in (option, str(tmp_path / name))]
    return (*options, "--tls-auth-clients", "no")


async def works(link: Link) -> bool:
    """Whether commands, scripts and news go through it, with names as the product uses them."""
    key = link.key("test", "k")
    await link.call("set", lambda client: client.set(key, b"v", ex=60))
    heard = link.client.pubsub()
    await heard.subscribe(link.key("test", "news"))
    await heard.aclose()
    return await link.script("return redis.call('get', KEYS[1])").run("get", [key], []) == b"v"


async def test_a_socket(replica_of, tmp_path):
    with running_redis("--unixsocket", str(tmp_path / "redis.sock")):
        assert await works(replica_of(f"unix://{tmp_path}/redis.sock").link)


async def test_tls_with_an_authority_that_is_known_and_no_other(replica_of, certificates, monkeypatch, tmp_path):
    port = free_port()
    with running_redis("--tls-port", str(port), *certificates):
        assert await works(replica_of(f"rediss://localhost:{port}/0").link)
        other = trustme.CA()
        other.cert_pem.write_to_path(tmp_path / "other.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "other.pem"))
        with pytest.raises(RedisAway):
            await works(replica_of(f"rediss://localhost:{port}/0").link)
        assert await works(replica_of(f"rediss://localhost:{port}/0?ssl_ca_certs={tmp_path}/ca.pem").link)


async def test_a_user_with_no_more_rights_than_the_manual_asks_for(replica_of):
    rights = ("on", f">{PASSWORD}", "~openposterdb:*", "&openposterdb:*", "+@all")
    with running_redis("--user", "default", "off", "--user", "posters", *rights) as redis:
        link = replica_of(f"redis://posters:{QUOTED}@127.0.0.1:{redis.port}/0").link
        link.prefix = "openposterdb"
        assert await works(link)
        with pytest.raises(RedisAway) as refused:
            await works(replica_of(f"redis://posters:wrong@127.0.0.1:{redis.port}/0").link)
        assert "wrong" not in str(refused.value)


@pytest.fixture
def watched() -> Iterator[tuple[RedisServer, RedisServer]]:
    """A master and its replica, either of which wants a password."""
    with ExitStack() as opened:
        login = ("--requirepass", PASSWORD, "--masterauth", PASSWORD)
        master = opened.enter_context(running_redis(*login))
        replica = opened.enter_context(running_redis(*login, "--replicaof", "127.0.0.1", str(master.port)))
        yield master, replica


@pytest.fixture
def sentinel(watched, tmp_path) -> Iterator[int]:
    """The port of a Sentinel that knows the master as `posters` and takes a second to miss it."""
    master, _ = watched
    port = free_port()
    lines = (
        f"port {port}",
        "bind 127.0.0.1",
        f"dir {tmp_path}",
        f'requirepass "{PASSWORD}"',
        f"sentinel monitor posters 127.0.0.1 {master.port} 1",
        f'sentinel auth-pass posters "{PASSWORD}"',
        "sentinel down-after-milliseconds posters 1000",
        "sentinel failover-timeout posters 3000",
    )
    file = tmp_path / "sentinel.conf"
    file.write_text("\n".join(lines) + "\n")
    command = [program("redis-server", package="redis-server"), str(file), "--sentinel"]
    with running(command, answers=lambda: listens(port), log=tmp_path / "sentinel.log"):
        yield port


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of one that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


async def test_the_master_that_sentinels_name_and_the_next_one_when_it_is_lost(
    replica_of, watched, sentinel, silent_server
):
    master, replica = watched
    link = replica_of(f"redis+sentinel://:{QUOTED}@127.0.0.1:{silent_server},127.0.0.1:{sentinel}/posters/0").link
    sentinels = connect(f"redis://:{QUOTED}@127.0.0.1:{sentinel}")
    async with asyncio.timeout(60):  # it has to know of the replica before it can make it the master
        while not await sentinels.sentinel_slaves("posters"):
            await asyncio.sleep(0.05)
    await sentinels.aclose()
    await link.open()
    await until_up(link)
    assert await works(link)
    master.kill()
    with pytest.raises(RedisAway):
        await works(link)
    await until_up(link)
    assert await works(link)
    assert (await link.call("info", lambda client: client.info("server")))["tcp_port"] == replica.port


async def test_sentinels_with_a_user_and_an_authority_of_their_own(replica_of, certificates, monkeypatch, tmp_path):
    monkeypatch.delenv("SSL_CERT_FILE")  # the address itself names the authority
    data, port = free_port(), free_port()
    master = ("--tls-port", str(data), *certificates, "--requirepass", PASSWORD)
    tls = [f"{certificates[n].removeprefix('--')} {certificates[n + 1]}" for n in range(0, len(certificates), 2)]
    lines = (
        "port 0",
        f"tls-port {port}",
        "tls-replication yes",
        *tls,
        f"dir {tmp_path}",
        "user default off",
        'user watcher on ">theirs" +@all ~* &*',
        f"sentinel monitor posters 127.0.0.1 {data} 1",
        f'sentinel auth-pass posters "{PASSWORD}"',
    )
    file = tmp_path / "sentinel.conf"
    file.write_text("\n".join(lines) + "\n")
    command = [program("redis-server", package="redis-server"), str(file), "--sentinel"]
    with running_redis(*master), running(command, answers=lambda: listens(port), log=tmp_path / "sentinel.log"):
        address = f"rediss+sentinel://:{QUOTED}@localhost:{port}/posters/0?ssl_ca_certs={tmp_path}/ca.pem"
        login = "&sentinel_username=watcher&sentinel_password="
        assert await works(replica_of(f"{address}{login}theirs").link)
        for refused in (address, f"{address}{login}wrong", f"{address}{login}theirs".replace("ca.pem", "key.pem")):
            with pytest.raises(RedisAway):
                await works(replica_of(refused).link)


def test_a_parameter_that_there_is_not_is_named_and_no_value_is_told():
    with pytest.raises(ValueError, match="sentinel_user:") as told:
        connect("redis+sentinel://:secret@one/posters?sentinel_user=hidden")
    assert "secret" not in str(told.value)
    assert "hidden" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://:open?secret@one/posters",
        "redis+sentinel://:p@one/posters?sentinel_password=open&secret",
        "redis+sentinel://:p@one/posters?sentinel_password=open@secret",
    ],
)
async def test_no_piece_of_a_password_that_is_written_wrong_is_told(url):
    try:
        client = connect(url)
    except ValueError as told:
        assert "secret" not in str(told)  # noqa: PT017 - some of these are taken as they are
    else:
        await client.aclose()
