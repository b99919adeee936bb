#pragma once

#include <memory>
#include <mutex>

#include "core/owners/owner_scan.h"
#include "napi/napi_setup.h"
#include "napi/wake_line.h"

namespace sockscope {

// One owner scan, between its threads and the JavaScript thread of one environment, which is woken once: at the end.
// The session lives as long as its Owners object or its scan, whichever lasts longer; the rest of its life is WakeLine's.
//
// All functions belong to the JavaScript thread but that of OwnerSink, which belongs to the scan.
class OwnerSession final : public WakeLine::Session, public OwnerSink {
 public:
  // `wake` is called on the JavaScript thread. Throws Napi::Error when the environment refuses, std::bad_alloc.
  static std::shared_ptr<OwnerSession> Start(Napi::Function wake, std::unique_ptr<OwnerWalk> walk,
                                             OwnerQuestion question);

  // What was found, or how the scan failed; null while it runs. Lives as long as the session, and does not change.
  const OwnerAnswer* Answer();
  // Ends the scan soon, never wakes again. Waits for nothing; idempotent. What a running scan has found is freed by its
  // thread; an answer that is there stays.
  void Cancel() override;
  void Join() override { scan_.reset(); }

  void OnOwners(OwnerAnswer answer) override;

 private:
  OwnerSession() = default;

  void Run(std::unique_ptr<OwnerWalk> walk, OwnerQuestion question);

  WakeLine line_;
  std::unique_ptr<OwnerScan> scan_;

  std::mutex mutex_;   // guards what follows
  bool cancelled_ = false;
  bool ended_ = false;
  OwnerAnswer answer_;   // written once, before `ended_`
};

}  // namespace sockscope
