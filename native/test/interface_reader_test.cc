#include "core/interfaces/device_reader.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/netlink/replay_transport.h"
#include "test/check.h"
#include "test/child_process.h"
#include "test/scripted_transport.h"
#include "test/wire.h"

// Interfaces through ioctls: those of a made-up kernel, and this host's loopback.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

constexpr uint32_t kOne = 0x0a000001;   // 10.0.0.1
constexpr uint32_t kTwo = 0x0a000002;

void SetAddress(sockaddr* into, uint32_t address) {
  sockaddr_in inet{};
  inet.sin_family = AF_INET;
  inet.sin_addr.s_addr = htonl(address);
  std::memcpy(into, &inet, sizeof(inet));
}

uint32_t GetAddress(const sockaddr& from) {
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

TEST(a_device_is_what_the_ioctls_tell) {
  MadeUpKernel kernel;
  const DeviceList list = kernel.Read({"eth0"});
  CHECK(list.status.ok());
  CHECK(list.inet);
  CHECK_EQ(list.devices.size(), size_t{1});
  const DeviceState& device = list.devices[0];
  CHECK_EQ(device.name, "eth0");
  CHECK_EQ(device.error, 0);
  CHECK_EQ(device.index, 7u);
  CHECK_EQ(device.flags, IFF_UP | IFF_DYNAMIC);
  CHECK_EQ(device.hardware_type, ARPHRD_ETHER);
  CHECK_EQ(device.hardware_address[0], 0);
  CHECK_EQ(device.hardware_address[13], 0xee);
  CHECK_EQ(device.mtu, 1400);
  CHECK_EQ(device.tx_queue_length, 77);
  CHECK_EQ(device.memory_start, 1u);
  CHECK_EQ(device.memory_end, 2u);
  CHECK_EQ(device.base_address, 3);
  CHECK_EQ(device.irq, 4);
  CHECK_EQ(device.dma, 5);
  CHECK_EQ(device.port, 6);
  CHECK_EQ(device.outfill, 0);
  CHECK_EQ(kernel.asked.count(0x89f1), size_t{0});
  CHECK_EQ(list.addresses.size(), size_t{1});
  CHECK_EQ(list.addresses[0].told, 7u);
  CHECK_EQ(list.addresses[0].address, kOne);
  CHECK_EQ(list.addresses[0].netmask, kOne + 0x100);
  CHECK_EQ(list.addresses[0].broadcast, kOne + 0x200);
  CHECK_EQ(list.addresses[0].destination, kOne + 0x300);
}

TEST(a_serial_line_keeps_settings) {
  MadeUpKernel kernel;
  kernel.type = ARPHRD_CSLIP;
  const DeviceList list = kernel.Read({"eth0"});
  CHECK_EQ(list.devices[0].outfill, 22);
  CHECK_EQ(list.devices[0].keepalive, 11);
}

TEST(listed_names_come_after_those_asked_for_and_none_comes_twice) {
  MadeUpKernel kernel;
  kernel.listed = {{"eth0", kOne}, {"eth0", kTwo}, {"eth0:1", kTwo}};
  const DeviceList list = kernel.Read({"none", "eth0", "eth0"});
  std::string names;
  for (const DeviceState& device : list.devices) names += device.name + " ";
  CHECK_EQ(names, "none eth0 eth0:1 ");
  CHECK_EQ(list.devices[0].error, ENODEV);
  CHECK_EQ(list.addresses.size(), size_t{4});   // of the label the one it was asked for, and the one listed
  CHECK_EQ(list.addresses[1].device, 1u);
  CHECK_EQ(list.addresses[1].address, kTwo);
  CHECK_EQ(list.addresses[1].netmask, kTwo + 0x100);
  CHECK_EQ(list.addresses[3].device, 2u);
}

TEST(any_number_of_addresses_is_listed) {
  for (const size_t count : {63, 64, 65, 5000}) {
    MadeUpKernel kernel;
    for (size_t i = 0; i < count; ++i) kernel.listed.emplace_back("eth0:" + std::to_string(i), kOne);
    CHECK_EQ(kernel.Read({}).devices.size(), count);
  }
}

TEST(names_that_no_device_can_have_are_not_asked_for) {
  MadeUpKernel kernel;
  const DeviceList list = kernel.Read({"eth0567890123456", "eth056789012345", ""});
  CHECK_EQ(list.devices[0].error, ENODEV);
  CHECK_EQ(list.devices[1].error, 0);
  CHECK_EQ(list.devices[2].error, ENODEV);
  CHECK_EQ(kernel.asked.count(SIOCGIFFLAGS), size_t{2});
}

TEST(what_an_ioctl_refuses_stays_as_it_is) {
  MadeUpKernel kernel;
  kernel.listed = {{"eth0", kTwo}};
  for (const unsigned long request :
       {SIOCGIFCONF, SIOCGIFINDEX, SIOCGIFHWADDR, SIOCGIFMTU, SIOCGIFTXQLEN, SIOCGIFMAP, SIOCGIFNETMASK, SIOCGIFBRDADDR,
        SIOCGIFDSTADDR}) {
    kernel.refusals[request] = EPERM;
  }
  DeviceList list = kernel.Read({"eth0"});
  CHECK(list.status.ok());
  CHECK_EQ(list.list_error, EPERM);
  CHECK_EQ(list.devices[0].error, 0);
  CHECK_EQ(list.devices[0].index, 0u);
  CHECK_EQ(list.devices[0].hardware_type, ARPHRD_VOID);
  CHECK_EQ(list.devices[0].mtu, 0);
  CHECK_EQ(list.devices[0].tx_queue_length, -1);
  CHECK_EQ(list.devices[0].memory_end, 0u);
  CHECK_EQ(list.addresses[0].told, 0u);
  kernel.refusals.erase(SIOCGIFCONF);
  CHECK_EQ(kernel.Read({"eth0"}).addresses.size(), size_t{2});
  kernel.refusals[SIOCGIFADDR] = EADDRNOTAVAIL;
  CHECK_EQ(kernel.Read({"eth0"}).addresses.size(), size_t{0});
  kernel.refusals[SIOCGIFFLAGS] = EACCES;
  list = kernel.Read({"eth0"});
  CHECK_EQ(list.devices[0].error, EACCES);
}

TEST(without_a_socket_of_ipv4_there_are_no_addresses) {
  MadeUpKernel kernel;
  kernel.listed = {{"eth0", kOne}};
  const DeviceList list = kernel.Read({}, false);
  CHECK(!list.inet);
  CHECK_EQ(list.devices.size(), size_t{1});
  CHECK_EQ(list.addresses.size(), size_t{0});
}

TEST(asking_about_interfaces_ends_when_it_is_cancelled) {
  MadeUpKernel kernel;
  std::atomic<bool> cancelled(false);
  kernel.on_flags = [&cancelled] { cancelled = true; };
  const DeviceList list = ReadDevices({kernel.control(), kernel.control(), {}}, {{"eth0", "eth0:1"}, true}, cancelled);
  CHECK_EQ(list.status.code(), Code::kCancelled);
  CHECK_EQ(list.devices.size(), size_t{1});
}

TEST(asking_about_addresses_ends_when_it_is_cancelled) {
  MadeUpKernel kernel;
  for (uint32_t i = 0; i < 100; ++i) kernel.listed.emplace_back("eth0", kOne + i);
  std::atomic<bool> cancelled(false);
  kernel.on_netmask = [&] { cancelled = kernel.asked.count(SIOCGIFNETMASK) == 3; };
  const DeviceList list = ReadDevices({kernel.control(), kernel.control(), {}}, {{"eth0"}, true}, cancelled);
  CHECK_EQ(list.status.code(), Code::kCancelled);
  CHECK_EQ(list.addresses.size(), size_t{3});
}

TEST(first_address_alone_is_asked_for_where_no_other_is_wanted) {
  MadeUpKernel kernel;
  for (uint32_t i = 0; i < 100; ++i) kernel.listed.emplace_back("eth0", kOne + i);
  const auto route = []() -> std::unique_ptr<Transport> { throw std::bad_alloc(); };
  const DeviceList list = kernel.Read({"eth0"}, true, false, route);
  CHECK_EQ(list.addresses.size(), size_t{1});
  CHECK_EQ(list.addresses[0].address, kOne);
  CHECK_EQ(kernel.asked.count(SIOCGIFNETMASK), size_t{1});
}

Buffer Quad(uint32_t address) {
  return Bytes().Be16(address >> 16).Be16(address & 0xffff);
}

Buffer AddressMessage(uint32_t sequence, unsigned prefix_length, const Buffer& attributes, unsigned flags = 0,
                      unsigned family = AF_INET) {
  return NetlinkMessage(20 /* RTM_NEWADDR */, NLM_F_MULTI | flags, sequence,
                        Bytes().U8(family).U8(prefix_length).U8(0).U8(0).U32(7, "ifa_index").Append(attributes));
}

Buffer Attributes(uint32_t local, uint32_t peer, uint32_t broadcast, std::string_view label) {
  Bytes bytes;
  if (peer != 0) bytes.Attribute(1 /* IFA_ADDRESS */, Quad(peer));
  if (local != 0) bytes.Attribute(2 /* IFA_LOCAL */, Quad(local));
  if (broadcast != 0) bytes.Attribute(4 /* IFA_BROADCAST */, Quad(broadcast));
  return bytes.Attribute(3 /* IFA_LABEL */, Bytes().Text(label).Zeros(1)).Attribute(8 /* IFA_FLAGS */, Quad(0));
}

std::function<std::unique_ptr<Transport>()> Answering(std::vector<Buffer> datagrams) {
  return [datagrams] { return std::make_unique<ReplayTransport>(datagrams); };
}

TEST(addresses_are_what_netlink_tells) {
  MadeUpKernel kernel;
  kernel.listed = {{"eth0", kOne}};
  const auto route = Answering({
      Join({AddressMessage(1, 24, Attributes(kOne, kOne, kOne + 9, "eth0")),
            AddressMessage(1, 8, Attributes(kOne, kOne, 0, "eth0"))}),
      Join({AddressMessage(1, 32, Attributes(kTwo, kOne, 0, "eth0:1")),
            AddressMessage(1, 0, Attributes(0, 0, 0, "eth0"))}),
      // What makes no sense.
      Join({AddressMessage(1, 33, Attributes(kTwo, kTwo, 0, "eth0")),
            AddressMessage(1, 24, Attributes(kTwo, kTwo, 0, "eth0"), 0, AF_INET6),
            AddressMessage(1, 24, Bytes().Attribute(2, {1, 2, 3})), NetlinkMessage(20, 0, 1, {2, 24}),
            NetlinkMessage(16 /* RTM_NEWLINK */, 0, 1, Bytes().U8(2).U8(24).Zeros(6)), Done(1)}),
  });
  const DeviceList list = kernel.Read({"eth0"}, true, true, route);
  CHECK(list.status.ok());
  CHECK_EQ(list.devices.size(), size_t{2});
  CHECK_EQ(list.devices[1].name, "eth0:1");
  CHECK_EQ(kernel.asked.count(SIOCGIFADDR), size_t{0});
  CHECK_EQ(list.addresses.size(), size_t{4});
  const uint32_t expected[4][5] = {{0, kOne, 0xffffff00, kOne + 9, kOne},
                                   {0, kOne, 0xff000000, 0, kOne},
                                   {0, 0, 0, 0, 0},
                                   {1, kTwo, 0xffffffff, 0, kOne}};
  for (size_t i = 0; i < 4; ++i) {
    const DeviceAddress& address = list.addresses[i];
    CHECK_EQ(address.told, 7u);
    CHECK_EQ(address.device, expected[i][0]);
    CHECK_EQ(address.address, expected[i][1]);
    CHECK_EQ(address.netmask, expected[i][2]);
    CHECK_EQ(address.broadcast, expected[i][3]);
    CHECK_EQ(address.destination, expected[i][4]);
  }
}

TEST(addresses_that_have_changed_while_they_were_read_are_read_again) {
  MadeUpKernel kernel;
  const auto reading = [](uint32_t sequence, uint32_t address, unsigned flags) {
    return Join({AddressMessage(sequence, 24, Attributes(address, address, 0, "eth0"), flags), Done(sequence)});
  };
  DeviceList list = kernel.Read({"eth0"}, true, true,
                                Answering({reading(1, kOne, NLM_F_DUMP_INTR), reading(2, kTwo, 0)}));
  CHECK_EQ(list.addresses.size(), size_t{1});
  CHECK_EQ(list.addresses[0].address, kTwo);
  std::vector<Buffer> restless;
  for (uint32_t sequence = 1; sequence <= 9; ++sequence) restless.push_back(reading(sequence, kTwo, NLM_F_DUMP_INTR));
  list = kernel.Read({"eth0"}, true, true, Answering(restless));
  CHECK_EQ(list.addresses.size(), size_t{1});
  CHECK_EQ(kernel.asked.count(SIOCGIFADDR), size_t{0});
}

TEST(addresses_come_through_ioctls_where_netlink_refuses) {
  MadeUpKernel kernel;
  kernel.listed = {{"eth0", kOne}, {"eth0", kTwo}};
  const Buffer half = AddressMessage(1, 8, Attributes(7, 7, 0, "eth0"));
  for (const auto& route : {Answering({Error(1, -EPERM)}), Answering({half}), Answering({half, Buffer(5)}),
                            std::function<std::unique_ptr<Transport>()>([] { return nullptr; })}) {
    const DeviceList list = kernel.Read({"eth0"}, true, true, route);
    CHECK(list.status.ok());
    CHECK_EQ(list.addresses.size(), size_t{2});
    CHECK_EQ(list.addresses[1].netmask, kTwo + 0x100);
  }
}

TEST(dump_of_addresses_ends_when_it_is_cancelled) {
  MadeUpKernel kernel;
  std::atomic<bool> cancelled(false);
  std::vector<Step> steps;
  for (int i = 0; i < 9; ++i) {
    Step step = Step::Of(AddressMessage(1, 8, Attributes(kOne, kOne, 0, "eth0")));
    step.before = [&cancelled, i] { cancelled = i == 2; };
    steps.push_back(step);
  }
  const auto route = [&steps] { return Script(steps); };
  const DeviceList list = ReadDevices({kernel.control(), kernel.control(), route}, {{"eth0"}, true}, cancelled);
  CHECK_EQ(list.status.code(), Code::kCancelled);
  CHECK_EQ(list.addresses.size(), size_t{0});
}

TEST(addresses_of_this_host_are_those_that_ioctls_tell) {
  const std::atomic<bool> cancelled(false);
  const DeviceList list = ReadDevices({{"lo"}, true}, cancelled);
  const DeviceList first = ReadDevices({{"lo"}, false}, cancelled);
  if (first.addresses.empty()) throw Skip("no IPv4 address");
  CHECK(list.addresses.size() >= first.addresses.size());
  CHECK_EQ(list.addresses[0].address, first.addresses[0].address);
  CHECK_EQ(list.addresses[0].netmask, first.addresses[0].netmask);
  CHECK_EQ(list.addresses[0].broadcast, first.addresses[0].broadcast);
  CHECK_EQ(list.addresses[0].destination, first.addresses[0].destination);
}

TEST(loopback_is_there) {
  const std::atomic<bool> cancelled(false);
  const DeviceList list = ReadDevices({{"lo", "no such"}, true}, cancelled);
  CHECK(list.status.ok());
  CHECK_EQ(list.list_error, 0);
  CHECK_EQ(list.devices[0].flags & IFF_LOOPBACK, IFF_LOOPBACK);
  CHECK_EQ(list.devices[0].hardware_type, ARPHRD_LOOPBACK);
  CHECK_EQ(list.devices[0].index, if_nametoindex("lo"));
  CHECK_EQ(list.devices[1].error, ENODEV);
}

TEST(no_descriptor_for_a_socket_is_an_outcome) {
  const ChildProcess child([]() -> std::vector<uint32_t> {
    const rlimit none{0, 0};
    if (setrlimit(RLIMIT_NOFILE, &none) != 0) return {};
    const std::atomic<bool> cancelled(false);
    const DeviceList list = ReadDevices({{"lo"}, true}, cancelled);
    return {uint32_t(list.status.code()), uint32_t(list.status.error_number()), uint32_t(list.devices.size())};
  });
  CHECK_EQ(child.numbers().size(), size_t{3});
  CHECK_EQ(child.numbers()[0], uint32_t(Code::kSystem));
  CHECK_EQ(child.numbers()[1], uint32_t(EMFILE));
  CHECK_EQ(child.numbers()[2], 0u);
}

}  // namespace
}  // namespace sockscope
