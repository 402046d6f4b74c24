"""Hypothesis profiles: the same examples in every run by default, fresh and many with --hypothesis-profile=campaign."""
import hypothesis

hypothesis.settings.register_profile("default", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("campaign", derandomize=False, deadline=None, max_examples=5000, print_blob=True)
hypothesis.settings.load_profile("default")
