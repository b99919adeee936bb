#pragma once

#include <string>

namespace sockscope {

// A file of /proc, whole; empty with errno where it cannot be read. Throws std::bad_alloc.
std::string ReadProcText(const char* path);

}  // namespace sockscope
