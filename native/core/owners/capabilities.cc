#include "core/owners/capabilities.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sockscope {

bool HasCapability(int capability) {
  __user_cap_header_struct header{};   // pid 0: the calling thread
  header.version = _LINUX_CAPABILITY_VERSION_3;
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3]{};
  if (syscall(SYS_capget, &header, sets) != 0) return false;
  return (sets[capability / 32].effective >> (capability % 32) & 1) != 0;
}

}  // namespace sockscope
