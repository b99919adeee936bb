#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/status.h"

namespace sockscope {

// A network device, or an alias label, as ioctls tell of it. What one of them refuses stays as it is here: netstat,
// too, goes by the flags alone.
struct DeviceState {
  std::string name;
  int error = 0;   // what SIOCGIFFLAGS said: ENODEV where nothing has that name. Nothing else was asked then.
  uint32_t index = 0;
  uint16_t flags = 0;   // IFF_*, the lower half
  uint16_t hardware_type = 0xffff;   // ARPHRD_*; the largest is ARPHRD_VOID: nothing is known
  std::array<uint8_t, 14> hardware_address{};   // zeros behind its end; longer ones are cut by the kernel
  int32_t mtu = 0;
  int32_t tx_queue_length = -1;   // -1: not told
  // struct ifmap.
  uint64_t memory_start = 0;
  uint64_t memory_end = 0;
  uint16_t base_address = 0;
  uint8_t irq = 0;
  uint8_t dma = 0;
  uint8_t port = 0;
  // Serial lines alone; 0 where it is not told.
  int32_t outfill = 0;
  int32_t keepalive = 0;
};

// An IPv4 address of a device or label. Numbers in host order.
struct DeviceAddress {
  enum Told : uint8_t { kNetmask = 1, kBroadcast = 2, kDestination = 4 };

  uint32_t device = 0;   // its place in DeviceList::devices
  uint32_t told = 0;     // which of the following the kernel gave
  uint32_t address = 0;
  uint32_t netmask = 0;
  uint32_t broadcast = 0;
  uint32_t destination = 0;
};

struct DeviceList {
  Status status;              // not ok: no socket may be made, or no memory; nothing else is there then
  int list_error = 0;         // what SIOCGIFCONF said: 0 when it gave the names that have an IPv4 address
  bool inet = false;          // a socket of IPv4 may be made: without one there are no addresses
  // The names asked for, in that order, then others that have an IPv4 address; no name twice.
  std::vector<DeviceState> devices;
  std::vector<DeviceAddress> addresses;   // those of a device together; first the one that SIOCGIFADDR tells
};

}  // namespace sockscope
