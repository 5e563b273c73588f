"""Hard cases of application/x-www-form-urlencoded, as Python encodes and decodes them: Open edX is
written in Python, so Python decodes our forms there.

    python3 form_encoding.py > form_encoding.json

The output is one JSON object with two lists:

    "values": [{"value": .., "encoded": .., "decoded_again": ..}, ..]
        one value, `urllib.parse.quote_plus` of it, and `unquote_plus` of that again
    "forms": [{"form": .., "fields": [[name, value], ..]}, ..]
        a form as the WHATWG URL standard serializes it, and the fields that
        `urllib.parse.parse_qsl` finds in it

`encoded` is not what a WHATWG serializer writes: Python leaves `~` as it is and encodes `*`, the
standard does the opposite. Each decodes what the other encodes, so a test of an encoder has to show
that Python reads the value back, not that both write the same characters.
"""

import json
import string
from urllib.parse import parse_qsl, quote_plus, unquote_plus

WHATWG_KEEPS = set(f"{string.ascii_letters}{string.digits}*-._".encode())

PUNCTUATION = list(string.punctuation)
CONTROLS = [chr(code) for code in [*range(0x20), 0x7F, 0x80, 0x85, 0x9F]]

BLANKS = [
    "",
    " ",
    "  ",
    " leading",
    "trailing ",
    "in between",
    "two  spaces",
    "\u00a0",
    "\u2003",
    "\u2028",
    "\u3000",
    "\ufeffmark",
]

LINES = [
    "line\n",
    "line\r",
    "line\r\n",
    "\r\n",
    "a\r\nb",
    "secret\r\nX-Injected: yes",
    "tab\tbed",
    "nul\0inside",
    "\0",
]

ENCODED_ALREADY = [
    "%",
    "%%",
    "%2",
    "%20",
    "%2B",
    "%2b",
    "%25",
    "%252B",
    "%zz",
    "%u00fc",
    "%ff",
    "%C3%BC",
    "100%",
    "a+b",
    "a%20b",
    "a%2520b",
    "+",
    "++",
    "&amp;",
    "&#38;",
    "\\u0026",
]

STRUCTURE = [
    "&",
    "=",
    "&=",
    "a=b",
    "a&b=c",
    "&client_id=other",
    "secret&grant_type=password",
    "a;b",
    "?query",
    "#fragment",
    "id:secret",
    "//host/path",
    "[0]",
    "==",
    "dGVzdA==",
    "a/b+c==",
    "-_.~*",
    "~",
    "*",
    "~*~*",
]

UNICODE = [
    "ü",
    "é",
    "e\u0301",
    "\u1e9e",
    "ß",
    "ñ",
    "Ω",
    "Я",
    "ж",
    "שלום",
    "سلام",
    "हिन्दी",
    "日本語",
    "漢字",
    "한국어",
    "€",
    "…",
    "\u200b",
    "\u200d",
    "\u202e",
    "\u2060",
    "\ue000",
    "\ufffd",
    "\ufffe",
    "\uffff",
    "😀",
    "👩\u200d🚀",
    "🇪🇺",
    "𝒜",
    "\U00010000",
    "\U000e0001",
    "\U0010ffff",
]

MIXTURES = [
    "id+/ü &=%",
    "sécret:+/ &=%",
    "p@ss w0rd!",
    "pbkdf2_sha256$600000$salt$aGFzaA==",
    "Tr0ub4dor&3",
    "correct horse battery staple",
    "\"quoted\" and 'quoted'",
    "<script>alert(1)</script>",
    "${jndi:ldap://x}",
    "../../etc/passwd",
    "ключ+секрет=100%",
    "😀 + 😀 = 😀😀 & 100%",
    "".join(PUNCTUATION),
    string.printable,
]

LONG = [
    string.ascii_letters + string.digits,
    "x" * 2000,
    " " * 300,
    "%" * 300,
    "ü" * 300,
    "😀" * 200,
]

VALUES = list(
    dict.fromkeys(
        PUNCTUATION
        + CONTROLS
        + BLANKS
        + LINES
        + ENCODED_ALREADY
        + STRUCTURE
        + UNICODE
        + MIXTURES
        + LONG
    )
)


def serialize(value):
    """Encodes a form's name or value as the WHATWG URL standard does."""
    kept = {byte: chr(byte) for byte in WHATWG_KEEPS} | {0x20: "+"}
    return "".join(kept.get(byte, f"%{byte:02X}") for byte in value.encode())


def value_case(value):
    encoded = quote_plus(value)
    return {"value": value, "encoded": encoded, "decoded_again": unquote_plus(encoded)}


def form_case(client_id, client_secret):
    fields = [
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("client_secret", client_secret),
    ]
    form = "&".join(f"{serialize(name)}={serialize(value)}" for name, value in fields)
    read = parse_qsl(form, keep_blank_values=True, strict_parsing=True)
    return {"form": form, "fields": read}


def print_list(name, cases, end):
    """Prints one case per line, so that a change of one case is a change of one line."""
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    print(f'  "{name}": [\n{lines}\n  ]{end}')


print("{")
print_list("values", [value_case(value) for value in VALUES], end=",")
print_list("forms", [form_case(*pair) for pair in zip(VALUES, reversed(VALUES))], end="")
print("}")
