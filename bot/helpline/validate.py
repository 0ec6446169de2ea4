"""Check the training data: `python -m helpline.validate`. Any warning of Rasa is a failure."""

from __future__ import annotations

import sys

from helpline import launcher, paths
from helpline.build import BuildError, build


def main() -> int:
    """0 when topics, phrases, domain and rules fit together."""
    try:
        build()
    except BuildError as error:
        print(f"not valid: {error}")
        return 1
    result = launcher.run(
        [
            *("data", "validate", "--fail-on-warnings"),
            *("--domain", paths.DOMAIN, "--config", paths.CONFIG),
            *("--data", paths.RULES, *paths.TRAINING),
        ]
    )
    if result.returncode != 0:
        print(result.stdout)
        print("not valid: see the warnings above")
        return 1
    print("valid: topics, phrases, domain and rules fit together")
    return 0


if __name__ == "__main__":
    sys.exit(main())
