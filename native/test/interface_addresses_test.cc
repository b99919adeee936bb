#include "core/interfaces/device_reader.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/netlink/replay_transport.h"
#include "test/check.h"
#include "test/made_up_devices.h"
#include "test/scripted_transport.h"
#include "test/wire.h"

// IPv4 addresses of interfaces through netlink, and through ioctls where it refuses.
namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

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

}  // namespace
}  // namespace sockscope
