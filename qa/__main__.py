"""`python -m qa` is the command `wence`."""

import sys

from qa.cli import main

sys.exit(main())
