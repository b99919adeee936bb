#pragma once

#include <list>
#include <memory>
#include <span>

#include "core/names/host_lookup.h"
#include "napi/napi_setup.h"
#include "napi/wake_line.h"

namespace sockscope {

// Look-ups of hosts, between their threads and the JavaScript thread of one environment, which is woken when there are
// answers. The session lives as long as its HostLookup object, and no longer than the environment. Nobody waits for its
// threads, which know the line only until Cancel has returned: so it is the JavaScript thread that ends the line. The
// environment is not kept alive: whoever waits for names has a deadline.
//
// All functions belong to the JavaScript thread.
class HostSession final : public WakeLine::Session {
 public:
  // `wake` is called on the JavaScript thread. Throws Napi::Error when the environment refuses, std::bad_alloc.
  static std::shared_ptr<HostSession> Start(Napi::Function wake, int most_threads);

  // Nothing after Cancel. Throws std::bad_alloc.
  void Ask(std::span<const HostAddress> addresses) { lookup_.Ask(addresses); }
  std::list<HostAnswer> Take() { return lookup_.Take(); }
  // Drops what waits, never wakes again. Waits for nothing; idempotent.
  void Cancel() override;
  void Join() override {}

 private:
  explicit HostSession(int most_threads);

  WakeLine line_;
  HostLookup lookup_;
  bool cancelled_ = false;
};

}  // namespace sockscope
