"""``python -m gaussfilt``: version, CPU target, threads."""

import platform

import gaussfilt


def main() -> None:
    print(f"gaussfilt {gaussfilt.__version__} on Python {platform.python_version()}")
    print(f"CPU target: {gaussfilt.active_cpu_target()} (of {', '.join(gaussfilt.cpu_targets())})")
    print(f"threads: {gaussfilt.get_num_threads()}")


if __name__ == "__main__":
    main()
