"""`python -m app` is `firstline`."""

import sys

from app.script_host import ENTRY, main as run_script

if sys.argv[1:2] == [ENTRY]:  # a script of remote help, which needs nothing of the desk and is to start at once
    run_script(sys.argv[2:])
    sys.exit()

from app.main import main

sys.exit(main())
