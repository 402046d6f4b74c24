// Floor 0. The exceptions' home: one vtable for all who catch them.
#include <gaussfilt/error.h>

namespace gaussfilt::inline v0 {

Error::~Error() = default;
InvalidArgument::~InvalidArgument() = default;
Unsupported::~Unsupported() = default;
IoError::~IoError() = default;

}  // namespace gaussfilt::inline v0
