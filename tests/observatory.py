"""What Mozilla's HTTP Observatory would say of an answer: its published rules, version 5.

An answer begins with 100 points and loses or wins some for each rule; what is won counts only where
90 are left without it (https://github.com/mdn/mdn-http-observatory, `src/grader`). Left out are the
rules that look at more than one answer: whether HTTP leads to HTTPS (the proxy's), and whether the
name is on the browsers' list of HSTS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import Morsel, SimpleCookie

BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
GOOD_REFERRERS = {
    "no-referrer",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
}
HALF_A_YEAR = 15768000
ENOUGH_FOR_BONUS = 90


@dataclass
class Answer:
    """An answer over HTTPS: its headers by their names in small letters, cookies apart."""

    status: int
    headers: Mapping[str, str]
    cookies: Sequence[str]
    body: bytes


def points(answer: Answer) -> dict[str, int]:
    """The points that each rule gives or takes."""
    return {
        "content-security-policy": of_policy(answer),
        "cookies": of_cookies(answer.cookies),
        "cross-origin-resource-sharing": of_sharing(answer),
        "cross-origin-resource-policy": of_resource_policy(answer),
        "referrer-policy": of_referrer(answer),
        "strict-transport-security": of_transport(answer),
        "subresource-integrity": of_scripts(answer),
        "x-content-type-options": 0
        if header(answer, "x-content-type-options") == "nosniff"
        else -5,
        "x-frame-options": of_frames(answer),
    }


def score(answer: Answer) -> int:
    given = points(answer).values()
    base = 100 + sum(each for each in given if each < 0)
    bonus = sum(each for each in given if each > 0)
    return max(base + bonus if base >= ENOUGH_FOR_BONUS else base, 0)


def header(answer: Answer, name: str) -> str:
    return answer.headers.get(name, "").strip().lower()


def directives(answer: Answer) -> dict[str, set[str]]:
    """The directives of the policy. Raises ValueError where one is named twice."""
    found: dict[str, set[str]] = {}
    for part in filter(None, map(str.strip, header(answer, "content-security-policy").split(";"))):
        name, *sources = part.split()
        if name in found:
            raise ValueError(f"{name} is there twice.")
        found[name] = set(sources) or {"'none'"}
    return found


def of_policy(answer: Answer) -> int:
    try:
        policy = directives(answer)
    except ValueError:
        return -25
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    script, style = policy.get("script-src", default), policy.get("style-src", default)
    active = set().union(
        script, *(policy[name] for name in policy if name not in {"img-src", "media-src"})
    )
    passive = policy.get("img-src", default) | policy.get("media-src", default)
    if script & (BROAD | INLINE) or policy.get("object-src", default) & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for source in active):
        return -20
    if "'unsafe-eval'" in script | style:
        return -10
    if any(source.startswith(("http:", "ftp:")) for source in passive):
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def of_cookies(cookies: Sequence[str]) -> int:
    worst = 5 if cookies else 0
    for cookie in cookies:
        for name, morsel in SimpleCookie(cookie).items():
            worst = min(worst, of_cookie(name.lower(), morsel))
    return worst


def of_cookie(name: str, cookie: Morsel[str]) -> int:
    """Session cookies are told by their names, as those against forged requests are."""
    is_session = "sess" in name or "login" in name
    if cookie["samesite"].lower() not in {"", "strict", "lax"}:
        return -20
    if not cookie["secure"]:
        return -10 if is_session else -5
    if is_session and not cookie["httponly"]:
        return -30
    if "csrf" in name and not cookie["samesite"]:
        return -20
    return 5 if cookie["samesite"] else 0


def of_sharing(answer: Answer) -> int:
    allowed = header(answer, "access-control-allow-origin")
    with_cookies = header(answer, "access-control-allow-credentials") == "true"
    return -50 if allowed not in {"", "*"} and with_cookies else 0


def of_resource_policy(answer: Answer) -> int:
    policy = header(answer, "cross-origin-resource-policy")
    if policy in {"same-origin", "same-site"}:
        return 10
    return 0 if policy in {"", "cross-origin"} else -5


def of_referrer(answer: Answer) -> int:
    policy = header(answer, "referrer-policy")
    if not policy:
        return 0
    return 5 if policy.rpartition(",")[2].strip() in GOOD_REFERRERS else -5


def of_transport(answer: Answer) -> int:
    value = header(answer, "strict-transport-security")
    age = re.fullmatch(r"max-age=(\d+)(; *(includesubdomains|preload))*", value)
    if not age:
        return -20
    return 0 if int(age[1]) >= HALF_A_YEAR else -10


def of_scripts(answer: Answer) -> int:
    """Scripts of other hosts; each must be hashed and come over HTTPS. Ours need no hash."""
    if "html" not in header(answer, "content-type"):
        return 0
    scripts = re.findall(r"<script\b[^>]*\bsrc=\"([^\"]*)\"[^>]*>", answer.body.decode())
    insecure = [script for script in scripts if script.startswith(("http:", "//"))]
    external = [script for script in scripts if script.startswith("https:")]
    if insecure:
        return -50
    return -5 if external else 0


def of_frames(answer: Answer) -> int:
    ancestors = directives(answer).get("frame-ancestors", {"*"})
    if not ancestors & BROAD:
        return 5
    return 0 if header(answer, "x-frame-options") in {"deny", "sameorigin"} else -20
