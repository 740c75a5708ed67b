"""Makes a domain, for the Python that Samba's own modules belong to: `python3 provision.py FOLDER ADDRESS PASSWORD`.

What `samba-tool domain provision` does, without what needs a file system with access control lists, and with no look at
the system's own smb.conf. Then the organisational units, and the two accounts that the desk signs in by.
"""

import logging
import sys
from pathlib import Path

from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.param import LoadParm
from samba.provision import provision
from samba.samdb import SamDB

folder, address, password = sys.argv[1:]
first = Path(folder, "first.conf")
first.write_text(f"[global]\nlog file = {folder}/log\ninterfaces = {address}/8\nbind interfaces only = yes\n")
settings = LoadParm()
settings.load(str(first))
provision(
    logging.getLogger(),
    system_session(),
    smbconf=str(first),
    targetdir=folder,
    realm="CORP.EXAMPLE",
    domain="CORP",
    hostname="dc1",
    hostip=address,
    adminpass=password,
    dns_backend="NONE",
    serverrole="active directory domain controller",
    base_schema="2008_R2",
    dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
    lp=settings,
    skip_sysvolacl=True,
    batch_mode=True,
)
samdb = SamDB(str(Path(folder, "private", "sam.ldb")), session_info=system_session(), lp=settings)
root = "DC=corp,DC=example"
for unit in ("Staff", "Groups", "Elsewhere"):
    samdb.create_ou(f"OU={unit},{root}")
for account in ("helpdesk", "engineer"):
    samdb.newuser(account, password)
