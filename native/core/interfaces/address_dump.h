#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "core/interfaces/device_state.h"
#include "core/netlink/transport.h"
#include "core/status.h"

namespace sockscope {

// An IPv4 address as rtnetlink tells of it.
struct DumpedAddress {
  uint32_t index = 0;      // of its device
  std::string label;       // the device's name, an alias of it, or any other word, be it another device's name
  DeviceAddress address;   // `device` is not set
};

// Reads every IPv4 address of the network namespace of `transport`, a NETLINK_ROUTE socket on which nothing was asked
// yet. A list that the kernel says has changed meanwhile is read again, some times; messages that make no sense are
// left out. Ends early, with kCancelled, once `cancelled` is set; else as Dump::Next, with no addresses unless it went
// well. Throws std::bad_alloc.
Status DumpAddresses(Transport* transport, const std::atomic<bool>& cancelled, std::vector<DumpedAddress>* addresses);

}  // namespace sockscope
