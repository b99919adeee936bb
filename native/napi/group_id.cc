#include "napi/group_id.h"

#include <errno.h>
#include <grp.h>

#include <vector>

namespace sockscope {

namespace {

constexpr size_t kMostNameBytes = 1024;
constexpr size_t kMostBytes = size_t{1} << 24;   // an entry names every member

}  // namespace

std::optional<gid_t> GroupId(const std::string& name) {
  if (name.size() > kMostNameBytes || name.find('\0') != std::string::npos) return std::nullopt;
  for (std::vector<char> buffer(1024); buffer.size() <= kMostBytes; buffer.resize(buffer.size() * 4)) {
    group entry;
    group* found = nullptr;
    int error;
    do {
      error = getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    } while (error == EINTR);
    if (error == ERANGE) continue;
    if (error != 0 || found == nullptr) return std::nullopt;
    return found->gr_gid;
  }
  return std::nullopt;
}

}  // namespace sockscope
