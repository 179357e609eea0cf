"""A fake S3-compatible storage on loopback: it checks each request's AWS V4 signature and the hash of its bytes.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
import re
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

ACCESS_KEY, SECRET_KEY, REGION, BUCKET = "AKGOENTESTS", "secret/of+the=tests", "jp-test-1", "goen-tests"
EMPTY = hashlib.sha256(b"").hexdigest()
MUST_BE_SIGNED = {"host", "x-amz-content-sha256", "x-amz-date"}
LISTED_AT_ONCE = 2
"""Amazon lists a thousand; a client must ask for the next ones all the same."""


class Bucket:
    """The stored objects, the address, and the requests that came."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.asked: list[str] = []
        self.refuses = False
        bucket = self

        class Handler(_Handler):
            there = bucket

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    there: Bucket

    def log_message(self, *_: Any) -> None:
        """Log nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        self.there.asked.append(f"{self.command} {parts.path} {self.headers.get('Range', '')}".strip())
        try:
            if self.there.refuses:
                raise _Refused(403, "AccessDenied")
            _check_signature(self.command, parts.path, parts.query, self.headers, body)
            bucket, _, key = parts.path.removeprefix("/").partition("/")
            if bucket != BUCKET:
                raise _Refused(404, "NoSuchBucket")
            self._answer(unquote(key), parse_qs(parts.query, keep_blank_values=True), body)
        except _Refused as refused:
            self._send(
                refused.status, f"<Error><Code>{refused.code}</Code></Error>".encode(), "application/xml"
            )

    def _answer(self, key: str, query: dict[str, list[str]], body: bytes) -> None:
        objects = self.there.objects
        match self.command:
            case "PUT" if "uploadId" in query:
                self.there.parts[query["uploadId"][0]][int(query["partNumber"][0])] = body
                self._send(200)
            case "PUT":
                objects[key] = body, self.headers.get("Content-Type", "")
                self._send(200)
            case "POST" if "uploads" in query:
                self.there.parts[f"upload-{key}"] = {}
                self._upload(key, f"<UploadId>upload-{key}</UploadId>")
            case "POST" if "uploadId" in query:
                parts = self.there.parts.pop(query["uploadId"][0])
                named = [int(number) for number in re.findall(rb"<PartNumber>(\d+)<", body)]
                objects[key] = b"".join(parts[number] for number in named), "multipart"
                self._upload(key, f'<Location>x</Location><ETag>"1"</ETag><Bucket>{BUCKET}</Bucket>')
            case "DELETE":
                objects.pop(key, None)
                self._send(204)
            case "GET" if not key and query.get("list-type") == ["2"]:
                self._list(query)
            case "GET" | "HEAD" if key in objects:
                content, content_type = objects[key]
                ranged = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
                self._send(206 if ranged else 200, content[int(ranged[1]) if ranged else 0 :], content_type)
            case _:
                raise _Refused(404, "NoSuchKey")

    def _list(self, query: dict[str, list[str]]) -> None:
        """One page of ListObjectsV2; the token is the last key of the page before."""
        prefix, after = (query.get(name, [""])[0] for name in ("prefix", "continuation-token"))
        keys = sorted(key for key in self.there.objects if key.startswith(prefix) and key > after)
        page, is_cut = keys[:LISTED_AT_ONCE], len(keys) > LISTED_AT_ONCE
        found = "".join(
            f"<Contents><Key>{quote(key)}</Key><LastModified>2026-04-01T00:00:00.000Z</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(self.there.objects[key][0])}</Size></Contents>'
            for key in page
        )
        more = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if is_cut else ""
        self._send(
            200,
            '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>{BUCKET}</Name><EncodingType>url</EncodingType><KeyCount>{len(page)}</KeyCount>"
            f"<IsTruncated>{str(is_cut).lower()}</IsTruncated>{more}{found}</ListBucketResult>".encode(),
            "application/xml",
        )

    def _upload(self, key: str, more: str) -> None:
        space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
        self._send(200, f"<Result {space}><Key>{key}</Key>{more}</Result>".encode(), "application/xml")

    def _send(self, status: int, content: bytes = b"", content_type: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", content_type)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Wed, 01 Apr 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(content)


for verb in ("GET", "HEAD", "PUT", "DELETE", "POST"):
    setattr(_Handler, f"do_{verb}", _Handler._serve)


def _check_signature(method: str, path: str, query: str, headers: Any, body: bytes) -> None:
    given = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
        r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})",
        headers.get("Authorization", ""),
    )
    if given is None or given[1] != ACCESS_KEY:
        raise _Refused(403, "InvalidAccessKeyId")
    _, day, region, signed, signature = given.groups()
    at = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs(datetime.now(UTC) - at) > timedelta(minutes=15) or day != at.strftime("%Y%m%d"):
        raise _Refused(403, "RequestTimeTooSkewed")
    if region != REGION or not set(signed.split(";")) >= MUST_BE_SIGNED:
        raise _Refused(400, "AuthorizationHeaderMalformed")
    if headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
        raise _Refused(400, "XAmzContentSHA256Mismatch")
    pairs = sorted((quote(n, safe="-_.~"), quote(v, safe="-_.~")) for n, v in parse_qsl(query, True))
    asked = "\n".join(
        [
            *(method, path, "&".join(f"{name}={value}" for name, value in pairs)),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed.split(";")),
            *("", signed, headers["x-amz-content-sha256"]),
        ]
    )
    scope = f"{day}/{region}/s3/aws4_request"
    to_sign = (
        f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    )
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    if not hmac.compare_digest(hmac.digest(key, to_sign.encode(), "sha256").hex(), signature):
        raise _Refused(403, "SignatureDoesNotMatch")
