// Floor 4. Parts of a page.
#pragma once

#include <gaussfilt/plan.h>

namespace gaussfilt::pictures {

// The pixels of a window; strides are those of the whole.
MutableView part(const MutableView& whole, const Window& window);
View part(const View& whole, const Window& window);

// Copies pixels; same shape and dtype.
void put(const View& from, const MutableView& to);

}  // namespace gaussfilt::pictures
