"""Profiles of hypothesis: the default run is the same every time; `--hypothesis-profile=campaign` searches on."""

from hypothesis import HealthCheck, settings

settings.register_profile("steady", derandomize=True, max_examples=80, deadline=None, database=None, print_blob=True,
                          suppress_health_check=list(HealthCheck))
settings.register_profile("campaign", derandomize=False, deadline=None, max_examples=20000, print_blob=True,
                          suppress_health_check=list(HealthCheck))
settings.load_profile("steady")
