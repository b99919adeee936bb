#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "core/interfaces/device_reader.h"
#include "core/interfaces/device_state.h"
#include "napi/napi_setup.h"
#include "napi/wake_line.h"

namespace sockscope {

// The asking about interfaces on a thread of its own: an ioctl waits where the kernel's lock for devices is held, and
// hosts have tens of thousands of them. The JavaScript thread of one environment is woken once: at the end. The session
// lives as long as its Interfaces object or its thread, whichever lasts longer; the rest of its life is WakeLine's.
//
// All functions belong to the JavaScript thread but OnEnd, which is called on the session's own where there is one.
class InterfaceSession final : public WakeLine::Session {
 public:
  // `wake` is called on the JavaScript thread. Throws Napi::Error when the environment refuses, std::bad_alloc.
  static std::shared_ptr<InterfaceSession> Start(Napi::Function wake, DeviceQuestion question);

  // What was told; null while it is asked for. Lives as long as the session, and does not change.
  const DeviceList* Answer();
  // Ends the asking soon, never wakes again. Waits for nothing; idempotent.
  void Cancel() override;
  void Join() override;

 private:
  InterfaceSession() = default;

  void OnEnd(DeviceList list);

  WakeLine line_;
  std::thread thread_;
  std::atomic<bool> cancelled_ = false;

  std::mutex mutex_;   // guards what follows
  bool ended_ = false;
  DeviceList list_;   // written once, before `ended_`
};

}  // namespace sockscope
