#pragma once

#include "core/start_thread.h"

namespace sockscope {

// What a scan does on its threads.
class ScanWork {
 public:
  virtual ~ScanWork() = default;
  // The first thread's whole life; the sink's OnEnd is its last act. `start_thread` is used for a second thread, and only
  // during the call.
  virtual void Execute(const StartThread& start_thread) noexcept = 0;
  // Any thread: Execute ends soon. Returns at once; idempotent.
  virtual void Cancel() = 0;
};

}  // namespace sockscope
