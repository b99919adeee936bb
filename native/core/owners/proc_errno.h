#pragma once

#include <cerrno>

namespace sockscope {

// What an errno under /proc means to a walk.
inline bool IsGone(int error) { return error == ENOENT || error == ESRCH; }
inline bool IsDenied(int error) { return error == EACCES || error == EPERM; }
// The walk's own want: what it cannot open now it would leave out without a word.
inline bool IsExhausted(int error) { return error == EMFILE || error == ENFILE || error == ENOMEM; }

}  // namespace sockscope
