#pragma once

#include <functional>

namespace sockscope {

// Starts a detached thread with a stack as large as a program's own. Throws std::system_error when the system refuses a
// thread, std::bad_alloc. The body must not throw.
void StartHostThread(std::function<void()> body);

}  // namespace sockscope
