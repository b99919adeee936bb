#pragma once

#include <functional>
#include <list>
#include <memory>
#include <span>

#include "core/names/host_address.h"

namespace sockscope {

struct HostAnswer {
  HostAddress address;
  HostName name;
  bool asked = false;   // false: its name could not be asked for, for want of a thread or memory
};

// Starts a thread that nobody will ever join; throws std::system_error or std::bad_alloc when that is refused. A seam:
// for tests, and for those who want other threads than std::thread's.
using StartDetached = std::function<void(std::function<void()>)>;

class HostWork;

// Looks up the names of many hosts at a time. A thread that waits for a name server cannot be called back, so nobody
// waits for it: threads are detached, and what they share lives as long as the last of them. The program, or the shared
// object, that this code is part of must not be unloaded.
//
// Threads are started when there is something to do, and end when there is not. All functions belong to one thread.
class HostLookup {
 public:
  // `wake` is called when Take has something new to say: on any thread, also from within Ask; never once Close has
  // returned. It must not throw, and not call back.
  HostLookup(FindHost find, int most_threads, std::function<void()> wake, StartDetached start = {});
  ~HostLookup();   // closes
  HostLookup(const HostLookup&) = delete;
  HostLookup& operator=(const HostLookup&) = delete;

  // Asks for names, each of which is given once by Take, in any order. Where no thread can be started they are not
  // asked for.
  // Throws std::bad_alloc, having asked for nothing.
  void Ask(std::span<const HostAddress> addresses);
  // What has been found since the last call.
  std::list<HostAnswer> Take();
  // What waits is dropped, and so is what is being looked up. Waits for nothing; idempotent.
  void Close();

 private:
  std::shared_ptr<HostWork> work_;
  StartDetached start_;
};

}  // namespace sockscope
