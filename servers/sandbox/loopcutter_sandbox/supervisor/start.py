"""What is started: ``python -I -S start.py SPECIFICATION``. Makes this folder a package, and imports no other."""

import os
import sys

package = type(sys)("_loopcutter_supervisor")
package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
sys.modules[package.__name__] = package

from _loopcutter_supervisor.watch import main  # type: ignore[import-not-found]  # noqa: E402

main()
