"""What is sent, kind by kind: each function is one round of one kind, from a seeded generator."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Callable
from random import Random

from tests.fuzz import texts
from tests.fuzz.sending import Sender
from tests.fuzz.texts import as_json, changed, text, value
from tests.guidance.govuk_items import BODY, make_item
from tests.processes import TYPED

# What a draft is started from, and the draft that is open; blank for none.
LIVE = """
from guidance.models import Edition
print(Edition.objects.filter(state="published", sections__isnull=False).last().pk)
"""
OPEN = """
from guidance.models import Edition
from guidance.previews import share_url
draft = Edition.objects.open().first()
print(f"{draft.pk} {share_url(draft)}" if draft else "")
"""
# By the command itself. What it says of a mail that is no bounce of ours is an answer.
TAKE_IN = """
import base64, io, sys, time
from django.core.management import call_command
from django.core.management.base import CommandError
given, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(base64.b64decode({raw!r})))
began, fault = time.process_time(), ""
try:
    call_command("take_in_bounce", stdout=io.StringIO())
except CommandError:
    pass
except BaseException as error:
    fault = repr(error)[:300]
finally:
    sys.stdin = given
print(time.process_time() - began, fault)
"""
SOUND_CSV = (
    "track,date,start,end,region,title\r\n"
    "dsl,2030-12-02,17:00,18:00,,\r\ngovernors,3 December 2030,5pm,6pm,London,Spring special\r\n"
)
SOUND_BOUNCE = (
    "From: MAILER-DAEMON@mail.example\n"
    "To: bounces+0123456789abcdef0123456789abcdef@rpec.example\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n\n"
    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n\n"
    "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
)
SOUND_MARKDOWN = (
    "A first line, with a [link](link:prevent-referral).\n\n$CTA\nDo this.\n$CTA\n\n"
    "^Know this.^\n\ns1. One\ns2. Two\n\n| # | b |\n|---|---|\n| # a | b |\n\n"
    "#### More {#more}\n\n- one\n  - two\n\n"
    "*[DSL]: designated safeguarding lead\n\nAsk your DSL.\n"
)

Round = Callable[[Random, Sender, Sender], None]


def enquiry(rng: Random, reader: Sender, editor: Sender) -> None:
    """An enquiry with odd values, an address above all, in any shape that a body can have."""
    fields = {**TYPED, "token": f"{rng.random()}"}
    for name in rng.sample(sorted(fields), rng.randint(1, 3)):
        pieces = texts.ADDRESSES if name == "email" else texts.WORDS + texts.PLACES
        fields[name] = text(rng, pieces, 60_000)
    if rng.random() < 0.5:
        fields["email"] = changed(rng, "sam@school.example", texts.ADDRESSES, 100_000)
    if rng.random() < 0.3:
        del fields["confirm"]
    kind = rng.randrange(8)
    if kind == 0:
        many = {f"f{n}": "1" for n in range(texts.size(rng, 5000))}
        reader.form("/contact/", {**fields, **many})
    elif kind == 1:
        reader.upload(
            "/contact/", "file", text(rng, texts.HTML, 300_000).encode(errors="replace"), {}
        )
    else:
        reader.form("/contact/", fields)


def lookup(rng: Random, reader: Sender, editor: Sender) -> None:
    """One place, as a page and as JSON."""
    query = urllib.parse.quote(text(rng, texts.PLACES, 3000), errors="surrogatepass")
    path = rng.choice(
        (
            "/find-your-coordinator/?q=",
            "/api/regions/lookup?q=",
            "/contact/?place=",
            "/training/?region=",
            "/api/training/sessions?track=",
            "/admin/login/?next=",
        )
    )
    reader.ask("GET", path + query)


def many(rng: Random, reader: Sender, editor: Sender) -> None:
    """Many places at once, in lines or as JSON."""
    lines = [text(rng, texts.PLACES, 150) for _ in range(texts.size(rng, 520))]
    if rng.random() < 0.3:
        lines = [rng.choice(texts.PLACES)] * 500
    if rng.random() < 0.5:
        fields = {"text": "\r\n".join(lines), "format": rng.choice(("", "csv"))}
        reader.form("/find-your-coordinator/many/", fields)
        return
    sent = {"queries": lines} if rng.random() < 0.7 else value(rng, texts.PLACES)
    body = as_json(rng, sent).encode(errors="surrogatepass")
    reader.ask("POST", "/api/regions/lookup", body, {"Content-Type": "application/json"})


def raw(rng: Random, reader: Sender, editor: Sender) -> None:
    """Requests that no client of ours makes: chunks, wrong lengths, bodies where none belongs."""
    path = rng.choice(
        (
            "/contact/",
            "/api/regions/lookup",
            "/find-your-coordinator/many/",
            "/",
            "/admin/login/",
            "/health/live",
            "/get-help/",
        )
    )
    method = rng.choice(("POST", "POST", "GET", "PUT", "HEAD", "DELETE", "OPTIONS"))
    body = urllib.parse.urlencode({**TYPED, "email": "x"}).encode()
    body += b"&message=" + b"x" * texts.size(rng, 400_000)
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\n"
    kind = rng.randrange(4)
    if kind == 0:
        pieces = [body[n : n + 4096] for n in range(0, len(body), 4096)]
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
        end = rng.choice((b"0\r\n\r\n", b"", b"zz\r\n", b"-1\r\n"))
        sent = head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + end
    elif kind == 1:
        length = rng.choice((0, 10, len(body) + 1, 10**12, "x", "-1", "1, 2"))
        sent = f"{head}Content-Length: {length}\r\n\r\n".encode() + body
    elif kind == 2:
        odd = text(rng, texts.BOUNCE, 5000).encode(errors="replace")
        sent = head.encode() + b"X-Odd: " + odd + b"\r\n\r\n"
    else:
        sent = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    reader.send_raw(sent, what=f"{method} {path} raw {kind}")


def markdown(rng: Random, reader: Sender, editor: Sender) -> None:
    """A section of a draft: saved, looked at in every way, shared, and published or discarded."""
    found = editor.running.site.run(OPEN).split()
    if not found:
        live = editor.running.site.run(LIVE).strip()
        token = editor.token(f"/admin/guidance/edition/{live}/change/")
        editor.form(f"/admin/guidance/edition/{live}/draft/", {"csrfmiddlewaretoken": token})
        found = editor.running.site.run(OPEN).split()
    key, shared = found
    form = editor.opened(f"/admin/guidance/edition/{key}/change/", "opened_as")
    if form is None:
        editor.note("the draft cannot be opened", 0, "the draft's form is not there", b"")
        return
    sound = SOUND_MARKDOWN if rng.random() < 0.5 else ""
    source = (
        changed(rng, sound, texts.MARKDOWN, 99_000) if sound else text(rng, texts.MARKDOWN, 99_000)
    )
    if rng.random() < 0.2:
        source = text(rng, texts.HTML, 99_000)
    editor.form(
        f"/admin/guidance/edition/{key}/change/",
        form.sent(**{"sections-0-markdown": source, "_continue": "1"}),
    )
    for step in ("changes", "preview", "whitehall", "govspeak.txt", "publish", "discard"):
        editor.ask("GET", f"/admin/guidance/edition/{key}/{step}/")
    reader.ask("GET", urllib.parse.urlsplit(shared).path)
    publishing = rng.random() < 0.2
    step = "publish" if publishing else "discard"
    asked = editor.opened(f"/admin/guidance/edition/{key}/{step}/", "csrfmiddlewaretoken")
    if asked is not None:
        editor.form(
            f"/admin/guidance/edition/{key}/{step}/",
            asked.sent(update_type="major", change_note=text(rng, texts.WORDS, 300)),
        )
    if publishing:
        page = "/guidance/regional-prevent-education-coordinators/"
        for path in ("", "history/", "updates.atom", "history/3..5/"):
            reader.ask("GET", page + path)
        reader.ask("GET", "/api/content" + page.rstrip("/"))


def csv_file(rng: Random, reader: Sender, editor: Sender) -> None:
    """A file of sessions."""
    path = "/admin/training/session/import/"
    made = (
        changed(rng, SOUND_CSV, texts.CSV, 290_000)
        if rng.random() < 0.6
        else text(rng, texts.CSV, 290_000)
    )
    editor.upload(
        path,
        "file",
        made.encode(rng.choice(("utf-8", "cp1252", "utf-16")), errors="replace"),
        {"csrfmiddlewaretoken": editor.token(path)},
    )


def pasted(rng: Random, reader: Sender, editor: Sender) -> None:
    """Dates as an editor has them."""
    path = "/admin/training/session/paste/"
    line = "Monday 2 December 2030, 5pm to 6pm, DSLs, https://www.eventbrite.co.uk/e/1\n"
    fields = {
        "csrfmiddlewaretoken": editor.token(path),
        "text": changed(rng, line * rng.randint(1, 12), texts.LINES, 400_000)
        if rng.random() < 0.6
        else text(rng, texts.LINES, 400_000),
        "title": text(rng, texts.WORDS, 100) if rng.random() < 0.3 else "",
    }
    editor.form(path, fields)


def content_item(rng: Random, reader: Sender, editor: Sender) -> None:
    """A page of GOV.UK's, looked at before it is imported."""
    path = "/admin/guidance/page/import/"
    body = changed(rng, BODY, texts.HTML, 400_000)
    if rng.random() < 0.3:
        body = text(rng, texts.HTML, 400_000)
    item = make_item(body=body)
    if rng.random() < 0.5:
        item[rng.choice(sorted(item))] = value(rng, texts.HTML)
    written = as_json(rng, item) if rng.random() < 0.4 else json.dumps(item)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"))
    content = written.encode(encoding, errors="replace")
    editor.upload(path, "upload", content, {"csrfmiddlewaretoken": editor.token(path)})


def bounce(rng: Random, reader: Sender, editor: Sender) -> None:
    """A mail to the address for bounces, by the command that mail servers call."""
    made = (
        changed(rng, SOUND_BOUNCE, texts.BOUNCE, 900_000)
        if rng.random() < 0.7
        else text(rng, texts.BOUNCE, 900_000)
    )
    sent = made.encode(errors="surrogatepass")
    said = reader.running.site.run(TAKE_IN.format(raw=base64.b64encode(sent)))
    seconds, _, fault = said.strip().partition(" ")
    reader.note("take_in_bounce", float(seconds), fault, sent)


def listed(rng: Random, reader: Sender, editor: Sender) -> None:
    """The admin's lists and keys, asked for by odd values."""
    odd = urllib.parse.quote(
        rng.choice(("9" * 20, "-1", "1_0", text(rng, texts.WORDS, 500))), errors="surrogatepass"
    )
    model = rng.choice(
        (
            "guidance/edition",
            "guidance/link",
            "training/session",
            "training/track",
            "regions/region",
            "guidance/page",
            "regions/post",
        )
    )
    path = rng.choice(
        (
            f"{model}/?q={odd}",
            f"{model}/{odd}/change/",
            f"{model}/?page__id__exact={odd}",
            f"{model}/?o={odd}",
            f"{model}/?p={odd}",
            f"{model}/?e={odd}",
            f"{model}/{odd}/history/",
        )
    )
    editor.ask("GET", f"/admin/{path}")


ROUNDS: tuple[Round, ...] = (
    *(enquiry, lookup, many, raw, markdown, csv_file, pasted, content_item, bounce, listed),
)
