#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/interfaces/device_reader.h"

// The ioctls of a kernel that there is not.
namespace sockscope::test {

inline constexpr uint32_t kOne = 0x0a000001;   // 10.0.0.1
inline constexpr uint32_t kTwo = 0x0a000002;

inline void SetAddress(sockaddr* into, uint32_t address) {
  sockaddr_in inet{};
  inet.sin_family = AF_INET;
  inet.sin_addr.s_addr = htonl(address);
  std::memcpy(into, &inet, sizeof(inet));
}

inline uint32_t GetAddress(const sockaddr& from) {
  sockaddr_in inet;
  std::memcpy(&inet, &from, sizeof(inet));
  return ntohl(inet.sin_addr.s_addr);
}

// A kernel with one device, `eth0`, and some addresses on it.
struct MadeUpKernel {
  std::vector<std::pair<std::string, uint32_t>> listed;
  std::map<unsigned long, int> refusals;
  uint16_t type = ARPHRD_ETHER;
  std::multiset<unsigned long> asked;
  std::function<void()> on_flags = [] {};
  std::function<void()> on_netmask = [] {};

  DeviceControl control() {
    return [this](unsigned long request, void* argument) {
      asked.insert(request);
      const auto refusal = refusals.find(request);
      if (refusal != refusals.end()) return refusal->second;
      if (request == SIOCGIFCONF) return List(static_cast<ifconf*>(argument));
      auto* answer = static_cast<ifreq*>(argument);
      if (std::strncmp(answer->ifr_name, "eth0", 4) != 0) return ENODEV;
      return Answer(request, answer);
    };
  }

  int List(ifconf* list) {
    const size_t room = size_t(list->ifc_len) / sizeof(ifreq);
    const size_t count = std::min(room, listed.size());
    for (size_t i = 0; i < count; ++i) {
      list->ifc_req[i] = ifreq{};
      std::strncpy(list->ifc_req[i].ifr_name, listed[i].first.c_str(), IFNAMSIZ - 1);
      SetAddress(&list->ifc_req[i].ifr_addr, listed[i].second);
    }
    list->ifc_len = int(count * sizeof(ifreq));
    return 0;
  }

  int Answer(unsigned long request, ifreq* answer) {
    switch (request) {
      case SIOCGIFFLAGS:
        on_flags();
        answer->ifr_flags = short(IFF_UP | IFF_DYNAMIC);
        return 0;
      case SIOCGIFINDEX: answer->ifr_ifindex = 7; return 0;
      case SIOCGIFHWADDR:
        answer->ifr_hwaddr.sa_family = type;
        answer->ifr_hwaddr.sa_data[13] = char(0xee);
        return 0;
      case SIOCGIFMTU: answer->ifr_mtu = 1400; return 0;
      case SIOCGIFTXQLEN: answer->ifr_qlen = 77; return 0;
      case SIOCGIFMAP:
        answer->ifr_map = {.mem_start = 1, .mem_end = 2, .base_addr = 3, .irq = 4, .dma = 5, .port = 6};
        return 0;
      case SIOCGIFADDR: SetAddress(&answer->ifr_addr, kOne); return 0;
      case SIOCGIFNETMASK:
        on_netmask();
        SetAddress(&answer->ifr_addr, GetAddress(answer->ifr_addr) + 0x100);
        return 0;
      case SIOCGIFBRDADDR: SetAddress(&answer->ifr_addr, GetAddress(answer->ifr_addr) + 0x200); return 0;
      case SIOCGIFDSTADDR: SetAddress(&answer->ifr_addr, GetAddress(answer->ifr_addr) + 0x300); return 0;
      case 0x89f1: answer->ifr_ifindex = 11; return 0;
      case 0x89f3: answer->ifr_ifindex = 22; return 0;
      default: return EINVAL;
    }
  }

  // Netlink is refused, where no `route` is given.
  DeviceList Read(const std::vector<std::string>& names, bool inet = true, bool all = true,
                  std::function<std::unique_ptr<Transport>()> route = {}) {
    const std::atomic<bool> cancelled(false);
    return ReadDevices({control(), inet ? control() : DeviceControl(), std::move(route)}, {names, all}, cancelled);
  }
};

}  // namespace sockscope::test
