"""Mailboxes on an Exchange server, through Exchange Web Services (EWS).

Only `manifest` and `config` may be imported at start: everything else imports exchangelib, which takes its time.
"""
