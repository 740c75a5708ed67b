"""How much of one mail is read, so that a hostile one costs no more than a large one.

An ordinary mail stays far below every limit. Past `MAX_PARTS` a mail is refused (quarantine keeps it whole);
past the others it is read up to the limit and says so in its defects.
"""

MAX_PARTS = 2_000
MAX_DEPTH = 40
MAX_HEADERS = 2_000
MAX_HEADER_BYTES = 256 * 1024
"""Of one header's value: a list of some 5,000 recipients."""
MAX_HEADERS_TOTAL = 2 * 1024 * 1024
"""Bytes of header values decoded for one mail or part."""
MAX_ADDRESSES = 5_000
MAX_PARAMETERS = 500
MAX_PARAMETER_TEXT = 128 * 1024
"""Letters of one Content-Type or Content-Disposition: a name of 5,000 letters, each written as `%F0%9F%98%80`."""
MAX_NAME_BYTES = 200
"""Of a file name in UTF-8: file systems stop at 255, and a suffix such as ` (2)` must still fit."""
GUESS_BYTES = 32 * 1024
"""How much of a text without a usable charset label is looked at to guess it."""
