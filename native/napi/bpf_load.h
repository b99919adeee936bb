#pragma once

#include <memory>
#include <mutex>
#include <thread>

#include "core/owners/bpf_owners.h"
#include "core/status.h"
#include "napi/napi_setup.h"
#include "napi/wake_line.h"

namespace sockscope {

// The loading of the BPF iterator on a thread of its own, and the iterator once it is there. The JavaScript thread of
// one environment is woken once: at the end. The session lives as long as its Bpf object or its thread, whichever lasts
// longer; the rest of its life is WakeLine's. Loading cannot be called back: the environment's end waits for it, some
// milliseconds.
//
// All functions belong to the JavaScript thread.
class BpfLoad final : public WakeLine::Session {
 public:
  // `wake` is called on the JavaScript thread. Throws Napi::Error when the environment refuses.
  static std::shared_ptr<BpfLoad> Start(Napi::Function wake);

  // How the loading went; null while it runs. Lives as long as the session, and does not change.
  const Status* Outcome();
  // The iterator; null while it is being loaded, when it was refused, and after Cancel.
  std::shared_ptr<const BpfOwners> Owners();
  // Lets go of the iterator, and never wakes again. Waits for nothing; idempotent. What is still being loaded is let go
  // of by the loading thread.
  void Cancel() override;
  void Join() override;

 private:
  BpfLoad() = default;

  void Load() noexcept;
  void OnEnd(const Status& status, std::shared_ptr<const BpfOwners> owners);

  WakeLine line_;
  std::thread thread_;

  std::mutex mutex_;   // guards what follows
  std::shared_ptr<const BpfOwners> owners_;
  bool cancelled_ = false;
  bool ended_ = false;
  Status outcome_;   // written once, before `ended_`
};

}  // namespace sockscope
