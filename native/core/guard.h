#pragma once

#include <cerrno>
#include <new>
#include <system_error>

#include "core/status.h"

namespace sockscope {

// Runs `body`, which returns a Status, and turns whatever it throws into one: nothing leaves a thread.
template <typename Body>
Status Guard(Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Status::From(Status::Code::kNoMemory, "scan");
  } catch (const std::system_error& error) {
    return Status::FromErrno("scan", error.code().value());
  } catch (...) {
    return Status::From(Status::Code::kSystem, "scan", EFAULT);
  }
}

}  // namespace sockscope
