#include "core/netlink/kernel_transport.h"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <pthread.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "core/diag/inet.h"
#include "core/netlink/dump.h"
#include "test/check.h"
#include "test/live_kernel.h"
#include "test/wire.h"

namespace sockscope {
namespace {

using namespace test;
using Code = Status::Code;

constexpr uint32_t kAllStates = 0xfff;

sockaddr_nl AddressOf(int fd) {
  sockaddr_nl address{};
  socklen_t length = sizeof(address);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) address.nl_family = AF_UNSPEC;
  return address;
}

// Of the transport, while it is this process's only netlink socket. Its port id is 0 until it has sent something.
sockaddr_nl AddressOfTransport() {
  for (int fd = 0; fd < 1024; ++fd) {
    if (const sockaddr_nl address = AddressOf(fd); address.nl_family == AF_NETLINK) return address;
  }
  throw Failure("there is no netlink socket");
}

// Has no answer.
Buffer Nothing() { return NetlinkMessage(NLMSG_NOOP, NLM_F_REQUEST, 1, {}); }

// Who opens it may be a thread that must not wait, and a request can.
TEST(opening_asks_the_kernel_nothing) {
  const auto transport = OpenTransport();
  CHECK_EQ(AddressOfTransport().nl_pid, 0u);
  CHECK(transport->Send(Nothing()).ok());
  CHECK(AddressOfTransport().nl_pid != 0);
}

TEST(datagram_tells_its_sender) {
  const auto transport = OpenTransport();
  CHECK(transport->Send(Nothing()).ok());
  const sockaddr_nl address = AddressOfTransport();
  const UniqueFd other(socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  const Buffer forged = Done(1);
  if (sendto(other.get(), forged.data(), forged.size(), 0, reinterpret_cast<const sockaddr*>(&address),
             sizeof(address)) < 0) {
    throw Skip(std::string("send to a netlink socket: ") + std::strerror(errno));
  }
  Buffer into(kReceiveBytes);
  Datagram datagram;
  CHECK(transport->Receive(into, &datagram).ok());
  CHECK_EQ(datagram.length, forged.size());
  CHECK_EQ(datagram.sender, AddressOf(other.get()).nl_pid);
  CHECK(datagram.sender != 0);
}

TEST(family_without_a_handler_is_not_supported) {
  const auto transport = OpenTransport();
  DumpTally tally;
  Dump dump(transport.get(), 1, &tally);
  struct {
    uint8_t family = AF_ALG;
    uint8_t rest[3] = {};
    uint32_t states = ~0u;
  } body;
  DumpRequest request(SOCK_DIAG_BY_FAMILY, body);
  CHECK(dump.Start(&request).ok());
  Buffer into(kReceiveBytes);
  size_t length = 0;
  const Status answered = dump.Next(into, &length);
  CHECK_EQ(answered.code(), Code::kNotSupported);
  CHECK_EQ(answered.error_number(), ENOENT);
}

// A fresh socket's first datagram would be cut at 3,776 bytes.
TEST(first_datagram_has_the_full_size) {
  std::vector<Opened> sockets;
  for (int count = 0; count < 64; ++count) sockets.push_back(OpenInet(AF_INET, SOCK_DGRAM));
  const auto transport = OpenTransport();
  DumpTally tally;
  Dump dump(transport.get(), 1, &tally);
  DumpRequest request = FamilyRequest({.ip_protocol = IPPROTO_UDP, .inet = true, .states = kAllStates}, AF_INET);
  CHECK(dump.Start(&request).ok());
  Buffer into(kReceiveBytes);
  size_t length = 0;
  CHECK(dump.Next(into, &length).ok());
  CHECK(length > 3776);
  CHECK_EQ(tally.stale, uint64_t{0});
}

TEST(datagram_longer_than_the_buffer_is_reported) {
  const auto transport = OpenTransport();
  DumpRequest request = OneWalkRequest({.ip_protocol = IPPROTO_TCP, .inet = true, .states = kAllStates});
  CHECK(transport->Send(request.Numbered(1)).ok());
  Buffer into(16);
  Datagram datagram{.sender = 7};
  CHECK(transport->Receive(into, &datagram).ok());
  CHECK(datagram.truncated);
  CHECK_EQ(datagram.length, size_t{16});
  CHECK_EQ(datagram.sender, 0u);
}

TEST(silence_is_an_error_in_the_end) {
  (void)OpenTransport();
  Status status;
  const auto transport = KernelTransport::Open(&status, 1);
  Buffer into(kReceiveBytes);
  Datagram datagram;
  const Status received = transport->Receive(into, &datagram);
  CHECK_EQ(received.code(), Code::kSystem);
  CHECK_EQ(received.error_number(), ETIMEDOUT);
}

TEST(cancel_wakes_a_receive_that_signals_did_not_end) {
  struct sigaction ignore {};
  ignore.sa_handler = [](int) {};
  struct sigaction before {};
  sigaction(SIGUSR1, &ignore, &before);   // without SA_RESTART
  const auto transport = OpenTransport();
  Status received;
  std::thread receiver([&] {
    Buffer into(kReceiveBytes);
    Datagram datagram;
    received = transport->Receive(into, &datagram);
  });
  for (int count = 0; count < 20; ++count) {
    pthread_kill(receiver.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  transport->Cancel();
  receiver.join();
  sigaction(SIGUSR1, &before, nullptr);
  CHECK_EQ(received.code(), Code::kCancelled);
}

}  // namespace
}  // namespace sockscope
