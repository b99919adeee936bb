#include "core/interfaces/device_reader.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "test/check.h"
#include "test/child_process.h"
#include "test/made_up_devices.h"

// Interfaces through ioctls: those of a made-up kernel, and this host's loopback.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

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
