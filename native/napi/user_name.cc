#include "napi/user_name.h"

#include <errno.h>
#include <pwd.h>

#include <vector>

namespace sockscope {

namespace {

constexpr size_t kMostBytes = size_t{1} << 20;   // no entry of a user is larger

}  // namespace

std::optional<std::string> UserName(uid_t uid) {
  for (std::vector<char> buffer(1024); buffer.size() <= kMostBytes; buffer.resize(buffer.size() * 4)) {
    passwd entry;
    passwd* found = nullptr;
    int error;
    do {
      error = getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
    } while (error == EINTR);
    if (error == ERANGE) continue;
    if (error != 0 || found == nullptr) return std::nullopt;
    return std::string(found->pw_name);
  }
  return std::nullopt;
}

}  // namespace sockscope
