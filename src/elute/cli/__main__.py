"""``python -m elute.cli``, where the script is not on the path."""

import sys

from elute.cli import main

sys.exit(main())
