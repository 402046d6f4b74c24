// Floor 0. Exceptions, one for each party whose fault it can be.
//
// Every message is one sentence: the argument, its value, the rule and, where there is one, the corrected
// call. A function that throws has written nothing.
#pragma once

#include <gaussfilt/export.h>

#include <stdexcept>

namespace gaussfilt::inline v0 {

// The base of all of them; what() is the sentence.
class GAUSSFILT_API Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ~Error() override;
};

// The caller's fault: an argument breaks a stated rule.
class GAUSSFILT_API InvalidArgument : public Error {
 public:
  using Error::Error;
  ~InvalidArgument() override;
};

// Nobody's fault: the request makes sense but this filter has no meaning for it (a dtype, say).
class GAUSSFILT_API Unsupported : public Error {
 public:
  using Error::Error;
  ~Unsupported() override;
};

// The world's fault: a file that is missing, broken, too large or cannot be written.
class GAUSSFILT_API IoError : public Error {
 public:
  using Error::Error;
  ~IoError() override;
};

}  // namespace gaussfilt::inline v0
