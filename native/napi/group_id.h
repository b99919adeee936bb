#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace sockscope {

// The group's number from the system's database (getgrnam_r), or nothing when there is none or it cannot be asked; a
// name with a NUL, or of more than 1,024 bytes, is nobody's. May wait for the network. Throws std::bad_alloc.
std::optional<gid_t> GroupId(const std::string& name);

}  // namespace sockscope
