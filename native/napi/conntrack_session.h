#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/conntrack/nat_dump.h"
#include "core/netlink/transport.h"
#include "napi/napi_setup.h"
#include "napi/wake_line.h"

namespace sockscope {

// One reading of the kernel's NAT table on a thread of its own. The JavaScript thread of one environment is woken once:
// at the end. The session lives as long as its Conntrack object or its thread, whichever lasts longer; the rest of its
// life is WakeLine's.
//
// All functions belong to the JavaScript thread but OnEnd, which is called on the session's own where there is one.
class ConntrackSession final : public WakeLine::Session {
 public:
  struct End {
    Status status;
    NatTally tally;
    size_t records = 0;
  };

  // `wake` is called on the JavaScript thread. A null `transport` ends the session with `opened`. Throws Napi::Error
  // when the environment refuses.
  static std::shared_ptr<ConntrackSession> Start(Napi::Function wake, std::unique_ptr<Transport> transport,
                                                 const Status& opened, size_t max_bytes);

  // How the reading went; nothing while it runs. Does not change.
  std::optional<End> Outcome();
  // The next batch of what was read, up to kNatBatch records; empty when there is none, or none any more.
  std::vector<NatRecord> Take();
  // Ends the reading soon, drops what was read, and never wakes again. Waits for nothing; idempotent.
  void Cancel() override;
  void Join() override;

 private:
  ConntrackSession() = default;

  void OnEnd(NatAnswer answer);

  WakeLine line_;
  std::unique_ptr<Transport> transport_;
  std::thread thread_;

  std::mutex mutex_;   // guards what follows
  bool cancelled_ = false;
  bool ended_ = false;
  End end_;            // written once, before `ended_`
  NatAnswer answer_;   // what was not taken yet
};

}  // namespace sockscope
