// Floor 0. The one macro of the public interface: what the shared library shows.
#pragma once

#if defined(__GNUC__)
#define GAUSSFILT_API __attribute__((visibility("default")))
#else
#define GAUSSFILT_API
#endif
