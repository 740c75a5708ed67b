"""A mailbox in Microsoft 365 by Microsoft Graph. What it does over HTTP is in `transport`; the rest speaks of mail."""
