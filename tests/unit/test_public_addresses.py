"""What is public, told of every block that is not."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.feishu.public_addresses import is_allowed, is_numeric, is_public

INSIDE = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:2::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]
METADATA = [
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::a9fe:a9fe",
    "::ffff:169.254.169.254",
    "::ffff:0:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2001:200::1",
    "2003::1",
    "2400:3200::1",
    "2606:4700:4700::1111",
]
NO_ADDRESSES = ["", "example.com", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "1.2.3.4.5"]


@pytest.mark.parametrize("block", INSIDE)
def test_no_address_of_a_special_block_is_public(block: str) -> None:
    network = ip_network(block)

    places = (0, 1, network.num_addresses // 2, network.num_addresses - 1)

    assert not any(is_public(str(network[place])) for place in places)


@pytest.mark.parametrize("address", METADATA)
def test_metadata_of_no_cloud_are_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_neighbours_of_special_blocks_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_in_its_usual_notation_is_not_public(text: str) -> None:
    assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_no_other_notation_of_an_address_is_public(address: IPv4Address) -> None:
    low = int(address)
    standing_for = [
        IPv6Address(low),
        IPv6Address(0xFFFF << 32 | low),
        IPv6Address(0x64_FF9B << 96 | low),
        IPv6Address(0x2002 << 112 | low << 80 | 1),
        IPv6Address(0x2001_0000 << 96 | low ^ 0xFFFF_FFFF),
    ]

    assert not any(is_public(str(each)) for each in standing_for)


@given(st.text())
def test_any_text_is_public_or_not(text: str) -> None:
    assert is_public(text) in (True, False)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "017700000001", "0x7f000001", "1.0x1.", "::1"]
)
def test_every_notation_of_an_address_is_numeric(host: str) -> None:
    assert is_numeric(host)


@pytest.mark.parametrize(
    "host", ["example.com", "1.example.com", "0x7f.example", "a1", "127.0.0.a"]
)
def test_names_are_not_numeric(host: str) -> None:
    assert not is_numeric(host)


@pytest.mark.parametrize(("port", "allowed"), [(80, True), (443, True), (6379, False), (22, False)])
def test_only_the_webs_ports_are_allowed(port: int, *, allowed: bool) -> None:
    assert is_allowed("8.8.8.8", port) is allowed
    assert not is_allowed("10.0.0.1", port)
