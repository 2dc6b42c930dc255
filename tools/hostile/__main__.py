"""``python -m tools.hostile [ATTACK ...]``"""

import sys

from .run import main

sys.exit(main(sys.argv[1:]))
