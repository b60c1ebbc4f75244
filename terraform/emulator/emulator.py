"""moto_server with what it lacks of what Parley's Terraform modules ask for.

    python3 emulator.py -H 127.0.0.1 -p 4599

The arguments are moto_server's. README.md says which answers are ours.
"""

import os
import sys

sys.dont_write_bytecode = True
# The modules attach AWS's own policy for the gateway's log to a role.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

import parts  # noqa: E402, F401
from moto.server import main  # noqa: E402

if __name__ == "__main__":
    main(sys.argv[1:])
