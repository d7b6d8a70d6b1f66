"""Webhooks: signed as Standard Webhooks says, tried over a day, and never on the way to a private network."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from sharing.errors import InvalidInput
from sharing.webhooks import MAX_ATTEMPTS, headers, is_public, pause_after, payload, read_url, secret_of, signature


def test_a_signature_is_that_of_the_convention():
    """The example that Standard Webhooks gives for its verifiers."""
    body = b'{"test": 2432232314}'
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers([secret, secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)["webhook-signature"] == (
        f"{signed} {signed}"
    )


def test_a_secret_is_shown_by_its_kind():
    assert secret_of(bytes(24)) == "whsec_" + "A" * 32


def test_what_is_sent_names_all_and_is_the_same_every_time():
    said = (datetime(2027, 1, 2, 3, 4, 5, 6, UTC), "north", "QQ==", "UA==", "custom:shoe", None, "42.5")
    assert payload(*said) == payload(*said)
    assert json.loads(payload(*said)) == {
        "type": "automation.fired",
        "timestamp": "2027-01-02T03:04:05.000006Z",
        "data": {
            "nation": "north",
            "automationId": "QQ==",
            "profileId": "UA==",
            "field": "CUSTOM_FIELDS",
            "customField": "shoe",
            "from": None,
            "to": "42.5",
        },
    }
    assert json.loads(payload(*said[:4], "first_name", "Ann", "Änn"))["data"]["field"] == "FIRST_NAME"


def test_ten_attempts_are_made_within_about_a_day_ever_more_slowly():
    pauses = [pause_after(attempts) for attempts in range(1, MAX_ATTEMPTS)]
    known = [pause for pause in pauses if pause is not None]
    assert len(known) == 9
    assert known == sorted(known)
    assert timedelta(hours=18) < sum(known, timedelta()) < timedelta(hours=30)
    assert known[0] == timedelta(seconds=30)
    assert pause_after(MAX_ATTEMPTS) is None
    assert pause_after(MAX_ATTEMPTS + 1) is None


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1",
    ],
)  # fmt: skip
def test_what_is_local_private_or_reserved_is_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_the_internet_is_public(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("example.org/hook", "no URL"),
        ("https://", "no URL"),
        ("https://example.org:0/", "no URL"),
        ("https://example.org:port/", "no URL"),
        ("https://[::1/", "no URL"),
        ("http://example.org/hook", "https"),
        ("ftp://example.org/hook", "https"),
        ("file:///etc/passwd", "no URL"),
        ("https://ann:secret@example.org/", "user"),
        ("https://example.org/#there", "fragment"),
        ("https://exämple.org/", "ASCII"),
        ("https://example.org/a b", "ASCII"),
        ("https://example.org\\@10.0.0.1/", "ASCII"),
        ("https://example.org/\r\nX-Evil: 1", "ASCII"),
        ("https://example.org/" + "x" * 2_000, "longer"),
    ],
)
def test_what_is_no_url_for_a_webhook_is_refused(url: str, reason: str):
    with pytest.raises(InvalidInput, match=reason) as info:
        read_url(url, anywhere=False)
    assert info.value.path == ("webhookUrl",)


def test_http_will_do_only_where_anything_does():
    assert read_url(" https://example.org:8443/hook?key=1 ", anywhere=False) == "https://example.org:8443/hook?key=1"
    assert read_url("http://127.0.0.1:9000/", anywhere=True) == "http://127.0.0.1:9000/"
    with pytest.raises(InvalidInput, match="https"):
        read_url("ftp://example.org/", anywhere=True)
