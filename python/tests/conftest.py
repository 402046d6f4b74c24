"""Profiles of hypothesis: the default run is the same every time; `--hypothesis-profile=campaign` searches on, with
GAUSSFILT_EXAMPLES examples a test."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("steady", derandomize=True, max_examples=150, deadline=None, database=None, print_blob=True,
                          suppress_health_check=list(HealthCheck))
settings.register_profile("campaign", derandomize=False, deadline=None, print_blob=True,
                          max_examples=int(os.environ.get("GAUSSFILT_EXAMPLES", "20000")),
                          suppress_health_check=list(HealthCheck))
settings.load_profile("steady")
