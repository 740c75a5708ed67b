"""How a domain in letters of any language is written in the domain name system."""


def ascii_domain(domain: str) -> str:
    """In ASCII, by IDNA 2008 (RFC 5891, UTS 46); what is ASCII stays as it is. `UnicodeError` for what is no domain.

    Python's own codec is of 2003 and takes `ß` for `ss`: that is another domain, of somebody else.
    """
    if domain.isascii():
        return domain
    import idna  # noqa: PLC0415 - few domains need it, and it has large tables

    return idna.encode(domain, uts46=True).decode()
