#pragma once

#include <cstdint>
#include <string>

#include "core/owners/bpf_owners.h"
#include "core/status.h"

namespace sockscope {

// Whether the open file is of a bpffs; false where that cannot be told.
bool IsOnBpfFs(int fd);

// Makes the object a file of bpffs, owned by root and the group, mode 0440: pinned beside under another name, readable
// by root alone, and renamed over `path` once it is as it shall be. kNotSupported where the directory is of no bpffs.
Status PinForGroup(BpfCall call, int object, const std::string& path, uint32_t gid);

}  // namespace sockscope
