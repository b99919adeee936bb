#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace sockscope {

// The user's name from the system's database (getpwuid_r), or nothing when there is none or it cannot be asked.
// May wait for the network, as any look-up of users may. Throws std::bad_alloc.
std::optional<std::string> UserName(uid_t uid);

}  // namespace sockscope
