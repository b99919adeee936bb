#include "core/interfaces/device_ioctls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace sockscope {

namespace {

// linux/if_slip.h, which cannot be included beside net/if.h.
constexpr unsigned long kGetKeepalive = 0x89f1;
constexpr unsigned long kGetOutfill = 0x89f3;

// As the kernel has them.
static_assert(sizeof(sockaddr_in) == sizeof(sockaddr) && sizeof(sockaddr) == 16);
static_assert(sizeof(ifmap) == 2 * sizeof(long) + 8 && sizeof(ifreq) == IFNAMSIZ + sizeof(ifmap));
static_assert(sizeof(ifconf) == 2 * sizeof(void*) && offsetof(ifreq, ifr_ifru) == IFNAMSIZ);

constexpr size_t kMostListed = size_t{1} << 24;

ifreq RequestFor(const std::string& name) {
  ifreq request{};
  std::memcpy(request.ifr_name, name.data(), std::min(name.size(), size_t{IFNAMSIZ - 1}));
  return request;
}

uint32_t ToHost(const sockaddr& address) {
  sockaddr_in inet;
  std::memcpy(&inet, &address, sizeof(inet));
  return ntohl(inet.sin_addr.s_addr);
}

sockaddr ToKernel(uint32_t address) {
  sockaddr_in inet{};
  inet.sin_family = AF_INET;
  inet.sin_addr.s_addr = htonl(address);
  sockaddr out;
  std::memcpy(&out, &inet, sizeof(out));
  return out;
}

bool IsSerialLine(uint16_t type) {
  return (type >= ARPHRD_SLIP && type <= ARPHRD_CSLIP6) || type == ARPHRD_ADAPT;
}

// What a serial line keeps, in the first bytes of its answer.
int32_t SerialSetting(const DeviceControl& control, unsigned long request, const std::string& name) {
  ifreq answer = RequestFor(name);
  if (control(request, &answer) != 0) return 0;
  int32_t value;
  std::memcpy(&value, &answer.ifr_ifru, sizeof(value));
  return value;
}

}  // namespace

int ListAddresses(const DeviceControl& control, std::vector<ListedAddress>* listed) {
  std::vector<ifreq> room(64);
  for (;;) {
    ifconf list{};
    list.ifc_len = int(room.size() * sizeof(ifreq));
    list.ifc_req = room.data();
    if (const int error = control(SIOCGIFCONF, &list)) return error;
    const size_t count = size_t(list.ifc_len) / sizeof(ifreq);
    if (count < room.size()) {
      room.resize(count);
      break;
    }
    if (room.size() >= kMostListed) return E2BIG;
    room.assign(room.size() * 4, ifreq{});
  }
  for (const ifreq& entry : room) {
    listed->push_back({std::string(entry.ifr_name, strnlen(entry.ifr_name, IFNAMSIZ)), ToHost(entry.ifr_addr)});
  }
  return 0;
}

DeviceState AskDevice(const DeviceControl& control, const std::string& name) {
  DeviceState device;
  device.name = name;
  if (name.size() >= IFNAMSIZ) {
    device.error = ENODEV;   // cut to its room it might name another
    return device;
  }
  ifreq answer = RequestFor(name);
  device.error = control(SIOCGIFFLAGS, &answer);
  if (device.error != 0) return device;
  device.flags = uint16_t(answer.ifr_flags);

  answer = RequestFor(name);
  if (control(SIOCGIFINDEX, &answer) == 0) device.index = uint32_t(answer.ifr_ifindex);
  answer = RequestFor(name);
  if (control(SIOCGIFHWADDR, &answer) == 0) {
    device.hardware_type = answer.ifr_hwaddr.sa_family;
    std::memcpy(device.hardware_address.data(), answer.ifr_hwaddr.sa_data, device.hardware_address.size());
  }
  answer = RequestFor(name);
  if (control(SIOCGIFMTU, &answer) == 0) device.mtu = answer.ifr_mtu;
  answer = RequestFor(name);
  if (control(SIOCGIFTXQLEN, &answer) == 0) device.tx_queue_length = answer.ifr_qlen;
  answer = RequestFor(name);
  if (control(SIOCGIFMAP, &answer) == 0) {
    device.memory_start = answer.ifr_map.mem_start;
    device.memory_end = answer.ifr_map.mem_end;
    device.base_address = answer.ifr_map.base_addr;
    device.irq = answer.ifr_map.irq;
    device.dma = answer.ifr_map.dma;
    device.port = answer.ifr_map.port;
  }
  if (IsSerialLine(device.hardware_type)) {
    device.outfill = SerialSetting(control, kGetOutfill, name);
    device.keepalive = SerialSetting(control, kGetKeepalive, name);
  }
  return device;
}

int AskFirstAddress(const DeviceControl& control, const std::string& name, uint32_t* address) {
  ifreq answer = RequestFor(name);
  const int error = control(SIOCGIFADDR, &answer);
  if (error == 0) *address = ToHost(answer.ifr_addr);
  return error;
}

DeviceAddress AskAddress(const DeviceControl& control, const std::string& name, uint32_t address) {
  DeviceAddress found;
  found.address = address;
  const auto ask = [&](unsigned long request, DeviceAddress::Told told, uint32_t* into) {
    ifreq answer = RequestFor(name);
    answer.ifr_addr = ToKernel(address);
    if (control(request, &answer) != 0) return;
    found.told |= told;
    *into = ToHost(answer.ifr_addr);
  };
  ask(SIOCGIFNETMASK, DeviceAddress::kNetmask, &found.netmask);
  ask(SIOCGIFBRDADDR, DeviceAddress::kBroadcast, &found.broadcast);
  ask(SIOCGIFDSTADDR, DeviceAddress::kDestination, &found.destination);
  return found;
}

}  // namespace sockscope
