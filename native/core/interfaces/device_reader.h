#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/interfaces/device_ioctls.h"
#include "core/interfaces/device_state.h"
#include "core/netlink/transport.h"

namespace sockscope {

// The sockets that devices are asked through.
struct DeviceControls {
  DeviceControl any;    // of any family
  DeviceControl inet;   // of IPv4; empty where there is none
  // Opens a NETLINK_ROUTE socket; empty, or null, where there is none.
  std::function<std::unique_ptr<Transport>()> open_route;
};

struct DeviceQuestion {
  std::vector<std::string> names;   // bytes; at most 15 can be a device's
  // Every address of each name: through netlink, or, where that is refused, through ioctls, each of which walks the
  // device's addresses, so that many take their square's time. Else the first one alone, through ioctls, as netstat
  // asks.
  bool all_addresses = false;
};

// Asks about the names of the question, and about every name that has an IPv4 address. Ends early, with kCancelled,
// once `cancelled` is set. Throws std::bad_alloc.
DeviceList ReadDevices(const DeviceControls& controls, const DeviceQuestion& question,
                       const std::atomic<bool>& cancelled);

// As above, with sockets of its own. Any thread; throws nothing.
DeviceList ReadDevices(const DeviceQuestion& question, const std::atomic<bool>& cancelled) noexcept;

}  // namespace sockscope
