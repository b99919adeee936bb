#pragma once

#include <memory>

#include "core/owners/owner_scan.h"
#include "core/owners/owner_walk.h"
#include "napi/napi_setup.h"

namespace sockscope {

// The NativeOwnersRequest of src/addon/native-binding.ts: what is asked, and the walk that answers it.
struct OwnersRequest {
  OwnerQuestion question;
  std::unique_ptr<OwnerWalk> walk;
};

// Copies the arrays. Throws Napi::Error: a TypeError that names the field where JavaScript gave a wrong one.
OwnersRequest ToOwnersRequest(Napi::Value value);

}  // namespace sockscope
