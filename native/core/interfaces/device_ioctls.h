#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/interfaces/device_state.h"

namespace sockscope {

// ioctl(2) on a socket: 0, or the errno. A seam for tests.
using DeviceControl = std::function<int(unsigned long request, void* argument)>;

// A name that has an IPv4 address, as SIOCGIFCONF lists it.
struct ListedAddress {
  std::string name;
  uint32_t address;
};

// Every IPv4 address, its label in front; gives an errno. Throws std::bad_alloc.
int ListAddresses(const DeviceControl& control, std::vector<ListedAddress>* listed);

// All of a device but its addresses.
DeviceState AskDevice(const DeviceControl& control, const std::string& name);

// The name's first address, as SIOCGIFADDR tells it; gives an errno.
int AskFirstAddress(const DeviceControl& control, const std::string& name, uint32_t* address);

// What belongs to an address: the kernel looks for the label, and for the address where one is named. `device` stays 0.
DeviceAddress AskAddress(const DeviceControl& control, const std::string& name, uint32_t address);

}  // namespace sockscope
